"""Writes the Whoosh index of a build, begun as hard links to the base build's files.

Whoosh never changes a segment file once it is written, so builds can share them; what a build no longer needs it
unlinks, and the other build's link stays.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from whoosh import index as whoosh_index

from searchapp.engines.embedded_writer import Ids
from searchapp.engines.whoosh.postings import CompactPool
from searchapp.engines.whoosh.schema import DOCUMENT_MAP, whoosh_schema
from searchapp.errors import IndexDamagedError
from searchapp.search.schema import WordField
from searchapp.store.arrays import save_array

POSTINGS_BYTES = 128 << 20
"""Memory for postings before they spill to disk; 12,800 blocks need 25 MB (docs/indexing.md)."""
_NOT_SHARED = {f"{DOCUMENT_MAP}.npy", "MAIN_WRITELOCK"}


class WhooshWordWriter:
    """The word index of the next build."""

    def __init__(self, folder: Path, base: Path | None) -> None:
        self._folder = folder
        folder.mkdir()
        if base is None:
            self._index = whoosh_index.create_in(str(folder), whoosh_schema())
        else:
            _share(base, folder)
            self._index = whoosh_index.open_dir(str(folder))
        self._writer = self._index.writer()
        # Whoosh takes a class for its pool and passes it over; the pool that it has made is still empty here.
        self._writer.pool = CompactPool(folder, POSTINGS_BYTES)

    def add_block(self, report_id: str, block_id: str, words: dict[WordField, Sequence[str]]) -> None:
        """Adds one block; a field without words is left out."""
        filled = {field: list(of_field) for field, of_field in words.items() if of_field}
        self._writer.add_document(id=block_id, report=report_id, **filled)

    def remove_report(self, report_id: str) -> None:
        """Removes all blocks of a report."""
        self._writer.delete_by_term("report", report_id)

    def finish(self, block_ids: Ids) -> None:
        """Commits, and writes which ordinal each Whoosh document has."""
        self._writer.commit()
        with self._index.reader() as reader:
            numbers = np.full(reader.doc_count_all(), -1, dtype=np.int64)
            stored = np.zeros(len(numbers), dtype=block_ids.dtype)
            for number in reader.all_doc_ids():
                stored[number] = reader.stored_fields(number)["id"].encode()
        alive = np.flatnonzero(stored != b"")
        order = np.argsort(block_ids, kind="stable")
        numbers[alive] = order[np.searchsorted(block_ids, stored[alive], sorter=order).clip(max=len(order) - 1)]
        if len(alive) != len(block_ids) or np.any(block_ids[numbers[alive]] != stored[alive]):
            raise IndexDamagedError("Whoosh 索引里的段落与报告对不上")
        save_array(self._folder, DOCUMENT_MAP, numbers)
        self._index.close()

    def abort(self) -> None:
        """Drops what was done."""
        self._writer.cancel()
        self._index.close()


def _share(base: Path, folder: Path) -> None:
    for path in base.iterdir():
        if path.name in _NOT_SHARED:
            continue
        try:
            os.link(path, folder / path.name)
        except OSError:
            shutil.copy2(path, folder / path.name)
