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

from searchapp.engines.whoosh.schema import DOCUMENT_MAP, whoosh_schema
from searchapp.search.schema import WordField
from searchapp.store.arrays import save_array

WRITER_MEMORY_MEGABYTES = 1024
"""Postings held before they spill to disk. At 256, spilling nearly doubled the time for 24,500 blocks."""
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
        self._writer = self._index.writer(limitmb=WRITER_MEMORY_MEGABYTES)

    def add_block(self, report_id: str, block_id: str, words: dict[WordField, Sequence[str]]) -> None:
        """Adds one block; a field without words is left out."""
        filled = {field: list(of_field) for field, of_field in words.items() if of_field}
        self._writer.add_document(id=block_id, report=report_id, **filled)

    def remove_report(self, report_id: str) -> None:
        """Removes all blocks of a report."""
        self._writer.delete_by_term("report", report_id)

    def finish(self, block_ids: Sequence[str]) -> None:
        """Commits, and writes which ordinal each Whoosh document has."""
        self._writer.commit()
        ordinals = {block_id: ordinal for ordinal, block_id in enumerate(block_ids)}
        with self._index.reader() as reader:
            numbers = np.full(reader.doc_count_all(), -1, dtype=np.int64)
            for number in reader.all_doc_ids():
                numbers[number] = ordinals[reader.stored_fields(number)["id"]]
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
