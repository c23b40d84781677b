"""The writer of embedded engines: documents, literal arrays and columns in the build folder, words in the engine.

What the base build holds is carried over as it is; only added reports were analyzed anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from searchapp.engines.base import AnalyzedBlock, AnalyzedReport, paragraph_id
from searchapp.engines.embedded import LENGTHS, TIES, EmbeddedReader
from searchapp.errors import NotFoundError
from searchapp.literal.arrays import build_literal
from searchapp.literal.catalog import CatalogBuilder
from searchapp.reports.model import Report
from searchapp.search.schema import WORD_FIELD_WEIGHTS, WordField
from searchapp.store.arrays import save_array
from searchapp.store.documents import DocumentWriter


class WordIndexWriter(Protocol):
    """The engine's own part: its inverted index, begun as a copy of the base build's."""

    def add_block(self, report_id: str, block_id: str, words: dict[WordField, Sequence[str]]) -> None:
        """Adds one block; ``block_id`` is its paragraph id."""

    def remove_report(self, report_id: str) -> None:
        """Removes all blocks of a report."""

    def finish(self, block_ids: Sequence[str]) -> None:
        """Commits. ``block_ids``: the paragraph ids of the build by ordinal."""

    def abort(self) -> None:
        """Drops what was done."""


def field_words(analyzed: AnalyzedReport, block: AnalyzedBlock) -> dict[WordField, Sequence[str]]:
    """The words of each word field of a block."""
    return {"words": block.words, "headings": block.heading_words, "title": analyzed.title_words}


class EmbeddedWriter:
    """A :class:`searchapp.engines.base.Writer` for a build folder and an engine's word index."""

    def __init__(self, folder: Path, base: EmbeddedReader | None, words: WordIndexWriter) -> None:
        self._folder = folder
        self._base = base
        self._words = words
        self._added: dict[str, AnalyzedReport] = {}
        self._removed: set[str] = set()

    def add_report(self, analyzed: AnalyzedReport) -> None:
        report = analyzed.report
        self._added[report.id] = analyzed
        for block, analyzed_block in zip(report.blocks, analyzed.blocks, strict=True):
            self._words.add_block(report.id, paragraph_id(report.id, block.key), field_words(analyzed, analyzed_block))

    def remove_report(self, report_id: str) -> None:
        if self._base is None:
            raise NotFoundError(f"没有这份报告：{report_id}")
        self._base.summary(report_id)
        self._removed.add(report_id)
        self._words.remove_report(report_id)

    def commit(self, order: Sequence[str]) -> None:
        texts: list[str] = []
        ids: list[str] = []
        lengths: list[npt.NDArray[np.uint32]] = [np.zeros((len(WORD_FIELD_WEIGHTS), 0), dtype=np.uint32)]
        catalog = CatalogBuilder()
        with DocumentWriter(self._folder) as documents:
            for report_id in order:
                if (analyzed := self._added.get(report_id)) is not None:
                    report = analyzed.report
                    texts.extend(block.text for block in analyzed.blocks)
                    lengths.append(_lengths(analyzed))
                else:
                    report = self._kept(report_id, texts, lengths)
                documents.add(report)
                catalog.add(report)
                ids.extend(paragraph_id(report_id, block.key) for block in report.blocks)
        catalog.save(self._folder)
        build_literal(self._folder, texts)
        save_array(self._folder, LENGTHS, np.concatenate(lengths, axis=1))
        save_array(self._folder, TIES, _ranks(ids))
        self._words.finish(ids)
        self._let_go()

    def abort(self) -> None:
        self._words.abort()
        self._let_go()

    def _let_go(self) -> None:
        if self._base is not None:
            self._base.close()

    def _kept(self, report_id: str, texts: list[str], lengths: list[npt.NDArray[np.uint32]]) -> Report:
        if self._base is None or report_id in self._removed:
            raise NotFoundError(f"没有这份报告：{report_id}")
        report = self._base.report(report_id)
        first = self._base.documents.first_block(report_id)
        ordinals = range(first, first + len(report.blocks))
        texts.extend(self._base.text(ordinal) for ordinal in ordinals)
        lengths.append(self._base.lengths[:, first : ordinals.stop])
        return report


def _lengths(analyzed: AnalyzedReport) -> npt.NDArray[np.uint32]:
    """Words in each field (rows, as in ``WORD_FIELD_WEIGHTS``) of each block (columns)."""
    fields = [field_words(analyzed, block) for block in analyzed.blocks]
    rows = [[len(words[field]) for words in fields] for field in WORD_FIELD_WEIGHTS]
    return np.array(rows, dtype=np.uint32).reshape(len(WORD_FIELD_WEIGHTS), len(fields))


def _ranks(ids: Sequence[str]) -> npt.NDArray[np.uint32]:
    """Each id's place among all ids in order: what breaks ties between equal scores, the same in every build."""
    ranks = np.empty(len(ids), dtype=np.uint32)
    ranks[np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)] = np.arange(len(ids), dtype=np.uint32)
    return ranks
