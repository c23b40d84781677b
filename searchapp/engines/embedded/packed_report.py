"""A report with its analysis as bytes: made where the report is read, taken up by engines without objects in between.

To send the objects of thousands of paragraphs from process to process and take them apart again takes longer than to
read them. What a build keeps (documents, normalized text, columns) is therefore made once, by the process that reads,
in the form in which it is kept. ``b`` blocks, ``w`` words, ``t`` texts, ``f`` fields of words.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from searchapp.engines.base import AnalyzedBlock, AnalyzedReport
from searchapp.literal.builder import EncodedTexts
from searchapp.literal.facets_builder import ReportColumns
from searchapp.reports.model import Metadata, Report, ReportSource
from searchapp.search.weights import WORD_FIELD_WEIGHTS, WordField
from searchapp.store.documents import PackedBlocks
from searchapp.text.word_table import WordTable

Ints = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class ReportWords:
    """The words of a report's texts. ``vocabulary``: its distinct words; ``numbers`` (w): the place there of each word.

    ``limits`` (t + 1): where the words of each text begin. ``text_of`` (b), by field: which text is a block's, since
    blocks share titles and heading paths.
    """

    vocabulary: list[str]
    numbers: Ints
    limits: Ints
    text_of: Mapping[WordField, Ints]

    @classmethod
    def of_table(cls, table: WordTable, text_of: Mapping[WordField, Sequence[int]]) -> ReportWords:
        """From texts that were cut together."""
        places = {field: np.array(texts, dtype=np.int64) for field, texts in text_of.items()}
        numbers = table.numbers.astype(np.min_scalar_type(len(table.vocabulary)))
        return cls(table.vocabulary, numbers, table.limits, places)

    @property
    def lengths(self) -> npt.NDArray[np.uint32]:
        """How many words each field of each block has (f x b)."""
        of_texts = np.diff(self.limits).astype(np.uint32)
        return np.stack([of_texts[self.text_of[field]] for field in WORD_FIELD_WEIGHTS])

    def of_text(self, text: int) -> list[str]:
        """The words of a text."""
        numbers = self.numbers[self.limits[text] : self.limits[text + 1]]
        return list(map(self.vocabulary.__getitem__, numbers.tolist()))

    def of_block(self, block: int) -> dict[WordField, list[str]]:
        """The words of each field of a block."""
        return {field: self.of_text(int(texts[block])) for field, texts in self.text_of.items()}


@dataclass(frozen=True, slots=True)
class KeptReport:
    """What arrays of a build are made of: normalized texts, columns, how many words each field has (f x b)."""

    meta: Metadata
    opening: str
    texts: EncodedTexts
    columns: ReportColumns
    lengths: npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class PackedReport:
    """A report with its analysis. ``keys``: those of its blocks, in order, with spaces between.

    ``kept`` (:class:`KeptReport` and its blocks) and ``words`` (:class:`ReportWords`) are pickles of this run, and stay
    so until they are needed.
    """

    id: str
    sources: tuple[ReportSource, ...]
    keys: str
    kept: bytes
    words: bytes

    @property
    def report(self) -> Report:
        """The report as objects."""
        kept, blocks = unpack_kept(self.kept)
        return Report(self.id, kept.meta, blocks.unpacked(), self.sources, kept.opening)

    def report_words(self) -> ReportWords:
        """The words of its blocks."""
        words: ReportWords = pickle.loads(self.words)
        return words

    def analyzed(self) -> AnalyzedReport:
        """The report with its analysis as objects."""
        words = self.report_words()
        texts = unpack_kept(self.kept)[0].texts.unpacked()
        fields = [words.of_block(block) for block in range(len(texts))]
        blocks = tuple(
            AnalyzedBlock(text, tuple(of_block["words"]), tuple(of_block["headings"]))
            for text, of_block in zip(texts, fields, strict=True)
        )
        return AnalyzedReport(self.report, tuple(fields[0]["title"]) if fields else (), blocks)


def pack(report: Report, texts: EncodedTexts, words: ReportWords) -> PackedReport:
    """``texts``: the normalized texts of the report's blocks; ``words``: theirs, and those of headings and title."""
    columns = ReportColumns.of(report.meta, report.blocks)
    kept = KeptReport(report.meta, report.opening, texts, columns, words.lengths)
    return PackedReport(
        report.id,
        report.sources,
        " ".join([block.key for block in report.blocks]),
        pickle.dumps((kept, PackedBlocks.of(report.blocks)), pickle.HIGHEST_PROTOCOL),
        pickle.dumps(words, pickle.HIGHEST_PROTOCOL),
    )


def unpack_kept(kept: bytes) -> tuple[KeptReport, PackedBlocks]:
    """What stands in :attr:`PackedReport.kept`."""
    report: KeptReport
    blocks: PackedBlocks
    report, blocks = pickle.loads(kept)
    return report, blocks
