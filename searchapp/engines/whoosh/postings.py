"""Postings on their way into a Whoosh segment: four bytes a word as it comes, where Whoosh's own pool keeps a tuple of
five objects for each.

Stands in for ``whoosh.writing.PostingPool``, for what Whoosh itself adds (``add``, when it merges segments); words of
documents come many at a time (``add_words``) and leave by list (``lists``), in the order of field, term and document.
Documents come in ascending order. What grows beyond the limit goes to disk, a sorted run at a time, and the runs are
merged in the end.
"""

from __future__ import annotations

import pickle
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

Posting = tuple[str, bytes, int, float, bytes]
"""Field, term, document, weight, value: the weight is the frequency, the value says so again and is not kept."""

Numbers = npt.NDArray[np.uint32]
PostingList = tuple[str, bytes, Numbers, Numbers]
"""Field, term, documents (ascending) and the frequency in each."""

TERM_BYTES = 250
"""What a term takes beside its own bytes: an entry of a dictionary, a number. Measured as 210 to 280."""
WORD_BYTES = 24
"""What a word takes: four bytes while it waits, and twenty for a moment when its field is sorted."""
_DOCUMENT_BYTES = 8
_UNIT = "I"


class _Terms(dict[str, int]):
    """Numbers of terms in the order in which they came."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class _Field:
    """The words of one field: numbers of terms, and for each document how many of them are its own."""

    def __init__(self) -> None:
        self.terms = _Terms()
        self.words = array(_UNIT)
        self.documents = array(_UNIT)
        self.sizes = array(_UNIT)

    def lists(self, field: str) -> Iterator[PostingList]:
        """All posting lists, by term."""
        terms = sorted(self.terms)
        places = np.empty(len(terms), dtype=np.uint64)
        places[[self.terms[term] for term in terms]] = np.arange(len(terms), dtype=np.uint64)
        keys = places[np.frombuffer(self.words, dtype=np.uint32)] << np.uint64(32)
        keys |= np.repeat(np.array(self.documents, dtype=np.uint64), np.array(self.sizes))
        keys.sort()
        begins = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        frequencies = np.diff(np.append(begins, len(keys))).astype(np.uint32)
        keys = keys[begins]
        documents = (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
        ends = np.searchsorted(keys, np.arange(1, len(terms) + 1, dtype=np.uint64) << np.uint64(32)).tolist()
        start = 0
        for term, end in zip(terms, ends, strict=True):
            yield field, term.encode("utf-8"), documents[start:end], frequencies[start:end]
            start = end


class CompactPool:
    """Postings of one segment; ``folder`` is for what does not fit into ``limit_bytes``."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._size = 0
        self._fields: dict[str, _Field] = {}
        self._runs: list[IO[bytes]] = []

    @property
    def fieldnames(self) -> set[str]:
        """The fields that have postings in memory."""
        return set(self._fields)

    def add_words(self, field: str, document: int, words: Iterable[str]) -> None:
        """The words of a document's field, repeats and all; no document comes before an earlier one."""
        into = self._fields.get(field)
        if into is None:
            into = self._fields[field] = _Field()
        terms, size = len(into.terms), len(into.words)
        into.words.extend(map(into.terms.__getitem__, words))
        size = len(into.words) - size
        into.documents.append(document)
        into.sizes.append(size)
        self._size += (len(into.terms) - terms) * TERM_BYTES + size * WORD_BYTES + _DOCUMENT_BYTES
        if self._size > self._limit:
            self.save()

    def add(self, item: Posting) -> None:
        """One posting, as Whoosh gives it. Its weight must be its frequency."""
        field, term, document, weight, _ = item
        self.add_words(field, document, [term.decode("utf-8")] * int(weight))

    def iter_postings(self) -> Iterator[Posting]:
        """Nothing: whoever stands in for this pool's reader takes :meth:`lists`."""
        return iter(())

    def lists(self) -> Iterator[PostingList]:
        """All posting lists by field and term. The pool is empty afterwards."""
        runs = [*map(_read, self._runs), self._taken()]
        if len(runs) == 1:
            yield from runs[0]
            return
        for (field, term), parts in groupby(merge(*runs, key=itemgetter(0, 1)), key=itemgetter(0, 1)):
            found = list(parts)
            # A run ends between two documents or in the middle of one: then its last document begins the next run.
            documents = np.concatenate([part[2] for part in found])
            yield field, term, *_summed(documents, np.concatenate([part[3] for part in found]))

    def save(self) -> None:
        """Puts what is in memory on disk, as a sorted run."""
        if self._size:
            run = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - it lives until cleanup
            self._runs.append(run)
            for entry in self._taken():
                pickle.dump(entry, run, pickle.HIGHEST_PROTOCOL)
            self._size = 0

    def cleanup(self) -> None:
        """Drops everything."""
        for run in self._runs:
            run.close()
        self._runs = []
        self._fields = {}

    def _taken(self) -> Iterator[PostingList]:
        """What is in memory, by field and term, taken out field by field."""
        for field in sorted(self._fields):
            yield from self._fields.pop(field).lists(field)


def _summed(documents: Numbers, frequencies: Numbers) -> tuple[Numbers, Numbers]:
    """Each document once."""
    begins = np.flatnonzero(np.concatenate(([True], documents[1:] != documents[:-1])))
    return documents[begins], np.add.reduceat(frequencies, begins).astype(np.uint32)


def _read(run: IO[bytes]) -> Iterator[PostingList]:
    run.seek(0)
    try:
        while True:
            entry: PostingList = pickle.load(run)
            yield entry
    except EOFError:
        return
