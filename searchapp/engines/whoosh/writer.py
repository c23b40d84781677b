"""Writes the Whoosh index of a build, begun as hard links to the base build's files.

Whoosh never changes a segment file once it is written, so builds can share them; what a build no longer needs it
unlinks, and the other build's link stays.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import index as whoosh_index
from whoosh.writing import MERGE_SMALL

from searchapp.engines.embedded.packed_report import ReportWords
from searchapp.engines.embedded.word_postings import FREQUENT_FILES, write_frequent
from searchapp.engines.embedded.writer import Ids
from searchapp.engines.whoosh.reader import WhooshLists
from searchapp.engines.whoosh.schema import DOCUMENT_IDS, DOCUMENT_MAP, OF_REPORT, REPORT_STARTS, whoosh_schema
from searchapp.engines.whoosh.segment import BulkSegment, UnexpectedInsideError
from searchapp.engines.whoosh.unpickling import guard
from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.reports.model import split_paragraph_id
from searchapp.store.mapped_arrays import open_array, save_array

POSTINGS_BYTES = 128 << 20
"""Memory for words of new blocks before they spill to disk; 12,800 blocks need 60 MB (docs/inside/indexing.md)."""
_OWN = (DOCUMENT_MAP, DOCUMENT_IDS, REPORT_STARTS)
_NOT_SHARED = {*(f"{name}.npy" for name in _OWN), *FREQUENT_FILES, "MAIN_WRITELOCK"}


class WhooshWordWriter:
    """The word index of the next build. Raises ``IndexDamagedError``."""

    def __init__(self, folder: Path, base: Path | None) -> None:
        self._folder = folder
        guard()
        folder.mkdir()
        self._ids: Ids = np.zeros(0, dtype="S1")
        if base is None:
            self._index = whoosh_index.create_in(str(folder), whoosh_schema())
        else:
            self._ids = open_array(base, DOCUMENT_IDS)
            _share(base, folder)
            self._index = whoosh_index.open_dir(str(folder), schema=whoosh_schema())
        # Files of their own are mapped; of a compound file Whoosh keeps a copy in every process.
        self._writer = self._index.writer(compound=False)
        self._bulk: BulkSegment | None = None
        with contextlib.suppress(UnexpectedInsideError):
            self._bulk = BulkSegment(self._writer, folder, POSTINGS_BYTES)
        self._added: list[bytes] = []
        self._merged = False

    def add_report(self, report_id: str, block_ids: Sequence[str], words: ReportWords) -> None:
        """Adds the blocks of a report. A field without words is left out, and the title of all blocks but the first."""
        texts = list(map(words.of_text, range(len(words.limits) - 1)))
        text_of = {field: of_field.tolist() for field, of_field in words.text_of.items()}
        for number, block_id in enumerate(block_ids):
            fields = {
                field: texts[of_field[number]]
                for field, of_field in text_of.items()
                if not number or field != OF_REPORT
            }
            self._add_block(report_id, block_id, {field: of_field for field, of_field in fields.items() if of_field})

    def _add_block(self, report_id: str, block_id: str, filled: Mapping[str, list[str]]) -> None:
        if self._bulk is not None:
            self._bulk.add({"id": block_id}, {"report": (report_id,), **filled})
        else:
            self._writer.add_document(id=block_id, report=report_id, **filled)
        self._added.append(block_id.encode())

    def remove_report(self, report_id: str) -> None:
        """Removes all blocks of a report."""
        self._writer.delete_by_term("report", report_id)

    def finish(self, block_ids: Ids) -> None:
        """Commits, and writes which ordinal each Whoosh document has, where reports begin, and the lists of frequent
        words.
        """
        self._writer.commit(mergetype=self._merge)
        with self._index.reader() as reader:
            alive: npt.NDArray[np.int64] = np.fromiter(reader.all_doc_ids(), dtype=np.int64)
            stored = self._document_ids(reader, alive)
        order = np.argsort(block_ids, kind="stable")
        numbers = np.full(len(stored), -1, dtype=np.int64)
        numbers[alive] = order[np.searchsorted(block_ids, stored[alive], sorter=order).clip(max=len(order) - 1)]
        if len(alive) != len(block_ids) or np.any(block_ids[numbers[alive]] != stored[alive]):
            raise IndexDamagedError(tr("Whoosh 索引里的段落与报告对不上"))
        save_array(self._folder, DOCUMENT_MAP, numbers)
        save_array(self._folder, DOCUMENT_IDS, stored)
        save_array(self._folder, REPORT_STARTS, _report_starts(block_ids))
        self._index.close()
        with contextlib.closing(WhooshLists(self._folder)) as lists:
            write_frequent(self._folder, len(block_ids), lists.words, lists.read)

    def abort(self) -> None:
        """Drops what was done."""
        self._writer.cancel()
        self._index.close()

    def _merge(self, writer: Any, segments: list[Any]) -> list[Any]:
        """Whoosh's own policy; merging gives documents other numbers."""
        kept: list[Any] = MERGE_SMALL(writer, segments)
        self._merged = len(kept) != len(segments)
        return kept

    def _document_ids(self, reader: Any, alive: npt.NDArray[np.int64]) -> Ids:
        """The paragraph ids of all documents; those of deleted ones may be empty."""
        ids: Ids = np.concatenate([self._ids, np.array(self._added, dtype="S")])
        if self._merged:
            ids = np.zeros(reader.doc_count_all(), dtype=ids.dtype)
            ids[alive] = [reader.stored_fields(number)["id"].encode() for number in alive.tolist()]
        if len(ids) != reader.doc_count_all():
            raise IndexDamagedError(tr("Whoosh 索引里的段落与报告对不上"))
        return ids


def _report_starts(block_ids: Ids) -> npt.NDArray[np.int64]:
    """Where a report other than that of the block before begins, and the number of blocks."""
    reports = [split_paragraph_id(block_id)[0] for block_id in block_ids.astype(str).tolist()]
    starts = [at for at, report in enumerate(reports) if not at or report != reports[at - 1]]
    return np.array([*starts, len(reports)], dtype=np.int64)


def _share(base: Path, folder: Path) -> None:
    for path in base.iterdir():
        if path.name in _NOT_SHARED:
            continue
        try:
            os.link(path, folder / path.name)
        except OSError:
            shutil.copy2(path, folder / path.name)
