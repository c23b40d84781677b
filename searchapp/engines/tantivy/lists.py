"""Posting lists out of a tantivy index: documents by number, ascending, and how often each holds the word.

A document costs 0.2 µs, nearly all of it the Python objects on the way (docs/tantivy.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tantivy

from searchapp.engines.tantivy.files import opened
from searchapp.engines.tantivy.schema import NUMBER, SEPARATOR, times_field
from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.search.schema import WordField

Numbers = npt.NDArray[np.uint32]


class PostingLists:
    """The lists of one commit; safe to share between threads. Raises ``IndexDamagedError``."""

    def __init__(self, folder: Path) -> None:
        with damage_told(), opened(folder) as index:
            # Builds never change: no thread need watch for a new commit.
            index.config_reader("manual")
            self._schema = index.schema
            self._searcher = index.searcher()

    @property
    def documents(self) -> int:
        """How many are live."""
        return int(self._searcher.num_docs)

    def read(self, field: WordField, word: str) -> tuple[Numbers, Numbers]:
        """Numbers of the live documents whose ``field`` holds ``word``, ascending, and the word's frequencies."""
        with damage_told():
            numbers = self._numbers(field, word)
            times = np.ones(len(numbers), dtype=np.uint32)
            for token, _ in self._searcher.terms_with_prefix(times_field(field), word + SEPARATOR):
                often = self._numbers(times_field(field), token)
                times[np.searchsorted(numbers, often)] = int(token.rpartition(SEPARATOR)[2])
        return numbers, times

    def words(self, field: WordField, prefix: str = "", *, live: bool) -> list[tuple[str, int]]:
        """Words of ``field`` with this beginning, and the documents that hold each.

        Unless ``live``, documents that are deleted but not yet merged away count too: faster, an upper bound.
        """
        with damage_told():
            among = tantivy.Query.all_query() if live else None
            return [(word, count) for word, count in self._searcher.terms_with_prefix(field, prefix, among) if count]

    def _numbers(self, field: str, token: str) -> Numbers:
        most = self._searcher.doc_freq(field, token)
        if not most:
            return np.zeros(0, dtype=np.uint32)
        query = tantivy.Query.term_query(self._schema, field, token)
        found = self._searcher.search(query, most, count=False, order_by_field=NUMBER, order=tantivy.Order.Asc)
        return np.array([number for number, _ in found.hits], dtype=np.uint32)


@contextmanager
def damage_told() -> Iterator[None]:
    """Whatever tantivy says of its files, panics included, as ``IndexDamagedError``."""
    try:
        yield
    except Exception as exc:
        raise IndexDamagedError(tr("tantivy 索引缺失或损坏")) from exc
    except BaseException as exc:
        # A Rust panic is no Exception, and its class has no importable name.
        if type(exc).__name__ != "PanicException":
            raise
        raise IndexDamagedError(tr("tantivy 索引已损坏")) from exc
