"""Analysis: the normalized texts of a report and their words, as objects, or packed for engines and lexicon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from searchapp.engines.base import AnalyzedBlock, AnalyzedReport
from searchapp.engines.embedded.packed_report import PackedReport, ReportWords, pack
from searchapp.lexicon import cut_table, pack_cut
from searchapp.literal.builder import LiteralTexts
from searchapp.reports import Report
from searchapp.search.schema import WordField
from searchapp.text.analyzer import Analyzer
from searchapp.text.normalize import normalize, normalize_all, without
from searchapp.text.word_table import BulkCutter, WordTable, table_of


@dataclass(frozen=True, slots=True)
class Analysis:
    """A report packed, and what the lexicon needs of it (``lexicon.pack_cut``)."""

    packed: PackedReport
    cut: bytes


def analyze(report: Report, analyzer: Analyzer) -> AnalyzedReport:
    """Normalized text and jieba words of a report's blocks, headings and title."""
    heading_words: dict[tuple[str, ...], tuple[str, ...]] = {}
    blocks = []
    for block in report.blocks:
        if (path := heading_words.get(block.headings)) is None:
            path = tuple(word for heading in block.headings for word in analyzer.words(normalize(heading)))
            heading_words[block.headings] = path
        text = normalize(block.text, block.marks)
        blocks.append(AnalyzedBlock(text, tuple(analyzer.words(text)), path))
    return AnalyzedReport(report, tuple(analyzer.words(normalize(report.meta.title))), tuple(blocks))


def analyze_packed(report: Report, cutter: BulkCutter) -> Analysis:
    """The same, packed: all texts of the report are cut at once."""
    texts = normalized_texts(report)
    paths = _paths(report)
    heads = [_PATH_BREAK.join(map(normalize, path)) for path in paths]
    return _packed(report, cutter.cut([*texts, *heads, normalize(report.meta.title)]), paths)


def normalized_texts(report: Report) -> list[str]:
    """The normalized text of every block, all made at once."""
    return normalize_all([without(block.text, block.marks) for block in report.blocks])


def pack_analysis(analyzed: AnalyzedReport) -> Analysis:
    """What was analyzed as objects, packed."""
    report = analyzed.report
    paths = _paths(report)
    words = {
        block.headings: of_block.heading_words for block, of_block in zip(report.blocks, analyzed.blocks, strict=True)
    }
    texts = [block.text for block in analyzed.blocks]
    heads = ["".join(words[path]) for path in paths]
    cut = [*(block.words for block in analyzed.blocks), *(words[path] for path in paths), analyzed.title_words]
    return _packed(report, table_of([*texts, *heads, "".join(analyzed.title_words)], cut), paths)


_PATH_BREAK = " "
"""Between the headings of a path: no word goes on over it."""


def _paths(report: Report) -> dict[tuple[str, ...], int]:
    """The distinct heading paths of a report, with the places of their texts, which follow those of the blocks."""
    paths: dict[tuple[str, ...], int] = {}
    for block in report.blocks:
        paths.setdefault(block.headings, len(report.blocks) + len(paths))
    return paths


def _packed(report: Report, table: WordTable, paths: dict[tuple[str, ...], int]) -> Analysis:
    """``table``: the texts of the blocks, of their heading paths, and of the title."""
    size = len(report.blocks)
    text_of: dict[WordField, Sequence[int]] = {
        "words": range(size),
        "headings": [paths[block.headings] for block in report.blocks],
        "title": [size + len(paths)] * size,
    }
    words = ReportWords.of_table(table, text_of)
    texts = LiteralTexts.of(table.points[: table.begins[size]])
    cut = pack_cut(cut_table(table, [block.text for block in report.blocks]))
    return Analysis(pack(report, texts, words), cut)
