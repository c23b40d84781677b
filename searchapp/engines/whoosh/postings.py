"""Postings on their way into a Whoosh segment: eight bytes each, where Whoosh's own pool keeps a tuple of five objects.

Stands in for ``whoosh.writing.PostingPool``: ``add`` takes what a segment writer has, ``iter_postings`` gives it back
by field, term and document. Documents come in ascending order, so only terms are ever sorted. What grows beyond the
limit goes to disk, a sorted run at a time, and the runs are merged in the end.
"""

from __future__ import annotations

import functools
import pickle
import tempfile
from array import array
from collections.abc import Iterator
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import IO

from whoosh.system import pack_uint

Posting = tuple[str, bytes, int, float, bytes]
"""Field, term, document, weight, value: here the frequency packed, or nothing where a field has no frequencies."""

_Run = tuple[str, bytes, bytes]

TERM_BYTES = 250
"""What a term takes beside its own bytes: an entry of a dictionary, an array. Measured as 210 to 280."""
_POSTING_BYTES = 9
_UNIT = "I"


class CompactPool:
    """Postings of one segment; ``folder`` is for what does not fit into ``limit_bytes``."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._size = 0
        self._fields: dict[str, dict[bytes, array[int]]] = {}
        self._with_frequency: set[str] = set()
        self._runs: list[IO[bytes]] = []

    @property
    def fieldnames(self) -> set[str]:
        """The fields that have postings."""
        return set(self._fields)

    def add(self, item: Posting) -> None:
        """One posting. Its weight must be its frequency, its document not before an earlier one's."""
        field, term, document, weight, value = item
        terms = self._fields.get(field)
        if terms is None:
            terms = self._fields[field] = {}
        postings = terms.get(term)
        if postings is None:
            postings = terms[term] = array(_UNIT)
            self._size += TERM_BYTES + len(term)
        postings.append(document)
        postings.append(int(weight))
        if value:
            self._with_frequency.add(field)
        self._size += _POSTING_BYTES
        if self._size > self._limit:
            self.save()

    def iter_postings(self) -> Iterator[Posting]:
        """All postings by field, term and document. The pool is empty afterwards."""
        kept = self._sorted()
        for field, term, packed in merge(*map(_read, self._runs), kept, key=itemgetter(0, 1)):
            with_frequency = field in self._with_frequency
            postings = array(_UNIT, packed)
            for at in range(0, len(postings), 2):
                frequency = postings[at + 1]
                yield field, term, postings[at], float(frequency), _packed(frequency) if with_frequency else b""

    def save(self) -> None:
        """Puts what is in memory on disk, as a sorted run."""
        if self._size:
            run = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - it lives until cleanup
            self._runs.append(run)
            for entry in self._sorted():
                pickle.dump(entry, run, pickle.HIGHEST_PROTOCOL)
            self._size = 0

    def cleanup(self) -> None:
        """Drops everything."""
        for run in self._runs:
            run.close()
        self._runs = []
        self._fields = {}

    def _sorted(self) -> Iterator[_Run]:
        """What is in memory, by field and term, taken out as it is given."""
        for field in sorted(self._fields):
            terms = self._fields[field]
            for term in sorted(terms):
                yield field, term, terms.pop(term).tobytes()


def _read(run: IO[bytes]) -> Iterator[_Run]:
    run.seek(0)
    try:
        while True:
            entry: _Run = pickle.load(run)
            yield entry
    except EOFError:
        return


@functools.lru_cache(maxsize=4096)
def _packed(frequency: int) -> bytes:
    packed: bytes = pack_uint(frequency)
    return packed
