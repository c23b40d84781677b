"""The writer of embedded engines: documents, literal arrays and columns in the build folder, words in the engine.

What the base build holds is carried over as it is; only added reports were analyzed anew. Reports come and are needed
again in another order, so those added wait in a spool; one at a time is in memory.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from searchapp.engines.base import AnalyzedBlock, AnalyzedReport, paragraph_id
from searchapp.engines.embedded import LENGTHS, TIES
from searchapp.errors import NotFoundError
from searchapp.language import tr
from searchapp.literal.arrays import LiteralIndex
from searchapp.literal.building import LiteralBuilder
from searchapp.literal.catalog import CatalogBuilder
from searchapp.reports.model import Report
from searchapp.search.schema import WORD_FIELD_WEIGHTS, WordField
from searchapp.store.arrays import open_array, save_array
from searchapp.store.documents import DocumentReader, DocumentWriter
from searchapp.store.spool import Span, Spool

Ids = npt.NDArray[np.bytes_]
"""Paragraph ids (ASCII)."""


class WordIndexWriter(Protocol):
    """The engine's own part: its inverted index, begun as a copy of the base build's."""

    def add_block(self, report_id: str, block_id: str, words: dict[WordField, Sequence[str]]) -> None:
        """Adds one block; ``block_id`` is its paragraph id."""

    def remove_report(self, report_id: str) -> None:
        """Removes all blocks of a report."""

    def finish(self, block_ids: Ids) -> None:
        """Commits. ``block_ids``: the paragraph ids of the build by ordinal."""

    def abort(self) -> None:
        """Drops what was done."""


def field_words(analyzed: AnalyzedReport, block: AnalyzedBlock) -> dict[WordField, Sequence[str]]:
    """The words of each word field of a block."""
    return {"words": block.words, "headings": block.heading_words, "title": analyzed.title_words}


class _Base:
    """What is carried over from the build in ``folder``; its words are the engine's own affair."""

    def __init__(self, folder: Path) -> None:
        self._literal = LiteralIndex(folder)
        self._lengths: npt.NDArray[np.uint32] = open_array(folder, LENGTHS)
        self.documents = DocumentReader(folder)

    def texts(self, ordinals: range) -> Iterator[str]:
        """Normalized texts of blocks."""
        return map(self._literal.text, ordinals)

    def lengths(self, ordinals: range) -> npt.NDArray[np.uint32]:
        """Words in each field (rows) of blocks (columns)."""
        return self._lengths[:, ordinals.start : ordinals.stop]


class EmbeddedWriter:
    """A :class:`searchapp.engines.base.Writer` for a build folder and an engine's word index.

    ``base`` is the folder of the build that it begins with, if any. Raises ``IndexDamagedError``.
    """

    def __init__(self, folder: Path, base: Path | None, words: WordIndexWriter) -> None:
        self._folder = folder
        self._base = None if base is None else _Base(base)
        self._words = words
        self._spool = Spool(folder)
        self._added: dict[str, Span] = {}
        self._removed: set[str] = set()

    def add_report(self, analyzed: AnalyzedReport) -> None:
        report = analyzed.report
        texts = [block.text for block in analyzed.blocks]
        waiting = pickle.dumps((report, texts, _lengths(analyzed)), pickle.HIGHEST_PROTOCOL)
        self._added[report.id] = self._spool.add(waiting)
        for block, analyzed_block in zip(report.blocks, analyzed.blocks, strict=True):
            self._words.add_block(report.id, paragraph_id(report.id, block.key), field_words(analyzed, analyzed_block))

    def remove_report(self, report_id: str) -> None:
        if self._base is None:
            raise NotFoundError(tr("没有这篇报告：{report_id}", report_id=report_id))
        self._base.documents.summary(report_id)
        self._removed.add(report_id)
        self._words.remove_report(report_id)

    def commit(self, order: Sequence[str]) -> None:
        ids: list[Ids] = [np.zeros(0, dtype="S1")]
        lengths: list[npt.NDArray[np.uint32]] = [np.zeros((len(WORD_FIELD_WEIGHTS), 0), dtype=np.uint32)]
        catalog, literal = CatalogBuilder(), LiteralBuilder()
        with DocumentWriter(self._folder) as documents:
            for report_id in order:
                if (span := self._added.get(report_id)) is not None:
                    report, texts, of_report = pickle.loads(self._spool.read(span))
                    documents.add(report)
                else:
                    report, texts, of_report = self._kept(report_id, documents)
                lengths.append(of_report)
                catalog.add(report)
                for text in texts:
                    literal.add(text)
                ids.append(
                    np.array([paragraph_id(report_id, block.key).encode() for block in report.blocks], dtype="S")
                )
        self._spool.close()
        catalog.save(self._folder)
        literal.save(self._folder)
        save_array(self._folder, LENGTHS, np.concatenate(lengths, axis=1))
        block_ids = np.concatenate(ids)
        save_array(self._folder, TIES, _ranks(block_ids))
        self._words.finish(block_ids)
        self._let_go()

    def abort(self) -> None:
        self._words.abort()
        self._let_go()

    def _let_go(self) -> None:
        self._spool.close()
        if self._base is not None:
            self._base.documents.close()

    def _kept(self, report_id: str, documents: DocumentWriter) -> tuple[Report, Iterator[str], npt.NDArray[np.uint32]]:
        """The report, normalized texts and lengths of the base build; its documents are copied as they are."""
        if self._base is None or report_id in self._removed:
            raise NotFoundError(tr("没有这篇报告：{report_id}", report_id=report_id))
        base = self._base
        documents.copy(base.documents, report_id)
        report = base.documents.report(report_id)
        first = base.documents.first_block(report_id)
        ordinals = range(first, first + len(report.blocks))
        return report, base.texts(ordinals), base.lengths(ordinals)


def _lengths(analyzed: AnalyzedReport) -> npt.NDArray[np.uint32]:
    """Words in each field (rows, as in ``WORD_FIELD_WEIGHTS``) of each block (columns)."""
    fields = [field_words(analyzed, block) for block in analyzed.blocks]
    rows = [[len(words[field]) for words in fields] for field in WORD_FIELD_WEIGHTS]
    return np.array(rows, dtype=np.uint32).reshape(len(WORD_FIELD_WEIGHTS), len(fields))


def _ranks(ids: Ids) -> npt.NDArray[np.uint32]:
    """Each id's place among all ids in order: what breaks ties between equal scores, the same in every build."""
    ranks = np.empty(len(ids), dtype=np.uint32)
    ranks[np.argsort(ids, kind="stable")] = np.arange(len(ids), dtype=np.uint32)
    return ranks
