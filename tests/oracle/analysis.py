"""The oracle of analysis: the normalized texts of a report and their words, cut text by text, as objects."""

from __future__ import annotations

from searchapp.engines.base import AnalyzedBlock, AnalyzedReport
from searchapp.reports import Report
from searchapp.text.analyzer import Analyzer
from searchapp.text.normalize import normalize


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
