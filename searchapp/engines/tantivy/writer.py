"""Writes the tantivy index of a build, begun as hard links to the base build's files.

tantivy never changes a segment file once it is written, so builds can share them; what a build no longer needs it
unlinks, and the other build's link stays. Its two JSON files are its own in every build.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import tantivy

from searchapp.engines.embedded_writer import Ids
from searchapp.engines.frequent import write_frequent
from searchapp.engines.tantivy.failing import write_failures_told
from searchapp.engines.tantivy.files import index_files, remove_locks
from searchapp.engines.tantivy.lists import PostingLists, damage_told
from searchapp.engines.tantivy.numbers import Numbering, first_numbers, save_numbers
from searchapp.engines.tantivy.schema import (
    NUMBER,
    REPORT,
    SEPARATOR,
    tantivy_schema,
    times_field,
)
from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.search.schema import WordField

HEAP_BYTES = 256 << 20
"""Memory for postings before tantivy writes a segment."""
THREADS = 1
"""Of tantivy's own, beside the one that feeds it: more have nothing to do (measured)."""


class TantivyWordWriter:
    """The word index of the next build. Raises ``OSError`` and ``IndexDamagedError``."""

    def __init__(self, folder: Path, base: Path | None) -> None:
        self._folder = folder
        self._firsts: dict[str, int] = {}
        self._next = 0
        folder.mkdir()
        if base is None:
            with write_failures_told():
                index = tantivy.Index(tantivy_schema(), str(folder))
        else:
            self._firsts, self._next = first_numbers(base)
            _share(base, folder)
            with damage_told():
                index = tantivy.Index.open(str(folder))
        with write_failures_told():
            self._writer = index.writer(HEAP_BYTES, THREADS)

    def add_block(self, report_id: str, block_id: str, words: dict[WordField, Sequence[str]]) -> None:
        """Adds one block."""
        document = tantivy.Document()
        document.add_unsigned(NUMBER, self._next)
        document.add_text(REPORT, report_id)
        for field, of_field in words.items():
            if of_field:
                _add_words(document, field, of_field)
        with write_failures_told():
            self._writer.add_document(document)
        self._firsts.setdefault(report_id, self._next)
        self._next += 1

    def remove_report(self, report_id: str) -> None:
        """Removes all blocks of a report."""
        self._writer.delete_documents_by_term(REPORT, report_id)
        self._firsts.pop(report_id, None)

    def finish(self, block_ids: Ids) -> None:
        """Commits, and writes which ordinal each document has and the lists of frequent words."""
        with write_failures_told():
            self._writer.commit()
            self._writer.wait_merging_threads()
        save_numbers(self._folder, self._firsts, self._next, block_ids)
        lists, numbering = PostingLists(self._folder), Numbering(self._folder)
        if lists.documents != len(block_ids):
            raise IndexDamagedError(tr("tantivy 索引里的段落与报告对不上"))
        write_frequent(
            self._folder,
            len(block_ids),
            partial(lists.words, live=False),
            lambda field, word: numbering.by_ordinal(lists.read(field, word)),
        )
        remove_locks(self._folder)

    def abort(self) -> None:
        """Drops what was done."""
        del self._writer


def _add_words(document: tantivy.Document, field: WordField, words: Sequence[str]) -> None:
    counted = Counter(words)
    document.add_text(field, " ".join(counted))
    if len(counted) < len(words):
        repeated = [f"{word}{SEPARATOR}{times}" for word, times in counted.items() if times > 1]
        document.add_text(times_field(field), " ".join(repeated))


def _share(base: Path, folder: Path) -> None:
    for path, of_segment in index_files(base):
        try:
            if of_segment:
                os.link(path, folder / path.name)
                continue
        except OSError:
            pass
        shutil.copy2(path, folder / path.name)
