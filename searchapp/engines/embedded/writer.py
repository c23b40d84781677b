"""The writer of embedded engines: documents, literal arrays and columns in the build folder, words in the engine.

What the base build holds is carried over as it is; only added reports were analyzed anew. Reports come and are needed
again in another order, so those added wait in a spool; one at a time is in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from searchapp.engines.embedded.packed_report import KeptReport, PackedReport, ReportWords, unpack_kept
from searchapp.engines.embedded.reader import LENGTHS, TIES
from searchapp.errors import NotFoundError
from searchapp.language import tr
from searchapp.literal.builder import KeptTexts, LiteralBuilder
from searchapp.literal.facets_builder import CatalogBuilder, ReportColumns
from searchapp.reports.model import Report, ReportSource, paragraph_id
from searchapp.search.weights import WORD_FIELD_WEIGHTS
from searchapp.store.documents import DocumentReader, DocumentWriter
from searchapp.store.files import Span, Spool
from searchapp.store.mapped_arrays import open_array, save_array

Ids = npt.NDArray[np.bytes_]
"""Paragraph ids (ASCII)."""


class WordIndexWriter(Protocol):
    """The engine's own part: its inverted index, begun as a copy of the base build's."""

    def add_report(self, report_id: str, block_ids: Sequence[str], words: ReportWords) -> None:
        """Adds the blocks of a report; ``block_ids`` are their paragraph ids."""

    def remove_report(self, report_id: str) -> None:
        """Removes all blocks of a report."""

    def finish(self, block_ids: Ids) -> None:
        """Commits. ``block_ids``: the paragraph ids of the build by ordinal."""

    def abort(self) -> None:
        """Drops what was done."""


@dataclass(frozen=True, slots=True)
class _Added:
    """A report that is added: where in the spool what is kept of it lies, and what only this build knows of it."""

    kept: Span
    sources: tuple[ReportSource, ...]
    keys: str


class _Base:
    """What is carried over from the build in ``folder``; its words are the engine's own affair."""

    def __init__(self, folder: Path) -> None:
        self._texts = KeptTexts(folder)
        self._lengths: npt.NDArray[np.uint32] = open_array(folder, LENGTHS)
        self.documents = DocumentReader(folder)

    def kept(self, report: Report) -> KeptReport:
        """What it keeps of one of its reports, but for the documents, which are copied as they are."""
        first = self.documents.first_block(report.id)
        ordinals = range(first, first + len(report.blocks))
        return KeptReport(
            report.meta,
            report.opening,
            self._texts.of(ordinals),
            ReportColumns.of(report.meta, report.blocks),
            self._lengths[:, ordinals.start : ordinals.stop],
        )


class EmbeddedWriter:
    """A :class:`searchapp.engines.base.Writer` for a build folder and an engine's word index.

    ``base`` is the folder of the build that it begins with, if any. Raises ``IndexDamagedError``.
    """

    def __init__(self, folder: Path, base: Path | None, words: WordIndexWriter) -> None:
        self._folder = folder
        self._base = None if base is None else _Base(base)
        self._words = words
        self._spool = Spool(folder)
        self._added: dict[str, _Added] = {}
        self._removed: set[str] = set()

    def add_report(self, packed: PackedReport) -> None:
        self._added[packed.id] = _Added(self._spool.add(packed.kept), packed.sources, packed.keys)
        block_ids = [paragraph_id(packed.id, key) for key in packed.keys.split()]
        self._words.add_report(packed.id, block_ids, packed.report_words())

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
                keys, kept = self._taken(report_id, documents)
                lengths.append(kept.lengths)
                catalog.add(kept.columns)
                literal.add(kept.texts)
                ids.append(np.array([paragraph_id(report_id, key).encode() for key in keys], dtype="S"))
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

    def _taken(self, report_id: str, documents: DocumentWriter) -> tuple[Sequence[str], KeptReport]:
        """The keys of a report's blocks and what is kept of it; its documents are written."""
        if (added := self._added.get(report_id)) is not None:
            kept, blocks = unpack_kept(self._spool.read(added.kept))
            documents.add(blocks.summary(report_id, kept.meta, added.sources), kept.opening, blocks)
            return added.keys.split(), kept
        if self._base is None or report_id in self._removed:
            raise NotFoundError(tr("没有这篇报告：{report_id}", report_id=report_id))
        report = self._base.documents.report(report_id)
        documents.copy(self._base.documents, report_id)
        return [block.key for block in report.blocks], self._base.kept(report)


def _ranks(ids: Ids) -> npt.NDArray[np.uint32]:
    """Each id's place among all ids in order: what breaks ties between equal scores, the same in every build."""
    ranks = np.empty(len(ids), dtype=np.uint32)
    ranks[np.argsort(ids, kind="stable")] = np.arange(len(ids), dtype=np.uint32)
    return ranks
