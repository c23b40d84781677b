"""Writes the tantivy index of a build, begun as hard links to the base build's files.

tantivy never changes a segment file once it is written, so builds can share them; what a build no longer needs it
unlinks, and the other build's link stays. Its two JSON files are its own in every build.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tantivy

from searchapp.engines.embedded.packed_report import ReportWords
from searchapp.engines.embedded.word_postings import write_frequent
from searchapp.engines.embedded.writer import Ids
from searchapp.engines.tantivy.files import (
    NUMBER,
    REPORT,
    SEPARATOR,
    index_files,
    remove_locks,
    tantivy_schema,
    times_field,
)
from searchapp.engines.tantivy.reader import Numbering, PostingLists, damage_told, first_numbers, save_numbers
from searchapp.errors import IndexDamagedError
from searchapp.language import later, tr

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

    def add_report(self, report_id: str, block_ids: Sequence[str], words: ReportWords) -> None:
        """Adds the blocks of a report."""
        tokens = _tokens(words)
        self._firsts.setdefault(report_id, self._next)
        texts = [(field, times_field(field), text_of.tolist()) for field, text_of in words.text_of.items()]
        with write_failures_told():
            for block in range(len(block_ids)):
                document = tantivy.Document()
                document.add_unsigned(NUMBER, self._next)
                document.add_text(REPORT, report_id)
                for field, times, text_of in texts:
                    once, often = tokens[text_of[block]]
                    if once:
                        document.add_text(field, once)
                    if often:
                        document.add_text(times, often)
                self._writer.add_document(document)
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
            lists.words,
            lambda field, word: numbering.by_ordinal(lists.read(field, word)),
        )
        remove_locks(self._folder)

    def abort(self) -> None:
        """Drops what was done."""
        del self._writer


def _tokens(words: ReportWords) -> list[tuple[str, str]]:
    """For each text of a report its words, each once, and those that stand there more than once with how often."""
    size = max(len(words.vocabulary), 1)
    texts = np.repeat(np.arange(len(words.limits) - 1), np.diff(words.limits))
    held = np.sort(texts * size + words.numbers)
    firsts = np.flatnonzero(np.concatenate(([True], held[1:] != held[:-1]))) if len(held) else held
    times = np.diff(np.append(firsts, len(held)))
    held = held[firsts]
    once = list(map(words.vocabulary.__getitem__, (held % size).tolist()))
    repeated = np.flatnonzero(times > 1)
    often = [
        f"{once[at]}{SEPARATOR}{number}" for at, number in zip(repeated.tolist(), times[repeated].tolist(), strict=True)
    ]
    bounds = np.arange(len(words.limits)) * size
    ends, often_ends = np.searchsorted(held, bounds).tolist(), np.searchsorted(held[repeated], bounds).tolist()
    return [
        (" ".join(once[ends[text] : ends[text + 1]]), " ".join(often[often_ends[text] : often_ends[text + 1]]))
        for text in range(len(words.limits) - 1)
    ]


def _share(base: Path, folder: Path) -> None:
    for path, of_segment in index_files(base):
        try:
            if of_segment:
                os.link(path, folder / path.name)
                continue
        except OSError:
            pass
        shutil.copy2(path, folder / path.name)


STOPPED = later("tantivy 写到一半停了（磁盘满了，或内存不足）")
_SYSTEM_NUMBER = re.compile(r"\(os error (\d+)\)")


@contextmanager
def write_failures_told() -> Iterator[None]:
    """What tantivy raises, as ``OSError``: a ``ValueError`` that may name the system's number, or a panic."""
    try:
        yield
    except ValueError as exc:
        found = _SYSTEM_NUMBER.search(str(exc))
        number = int(found[1]) if found else 0
        raise OSError(number, os.strerror(number) if number else tr(STOPPED)) from exc
    except BaseException as exc:
        # A Rust panic is no Exception, and its class has no importable name.
        if type(exc).__name__ != "PanicException":
            raise
        raise OSError(0, tr(STOPPED)) from exc
