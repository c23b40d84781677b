"""How often blocks hold a jieba word, for embedded engines: frequent words from arrays, others out of the index.

Knows words and numbers; an engine supplies its lists.
"""

from __future__ import annotations

from collections.abc import Callable

from searchapp.engines.embedded.frequent import FrequentWords
from searchapp.literal.block_counts import Holding, Listed
from searchapp.search.schema import WordField
from searchapp.store.cache import BoundedCache, Sparse

CACHED_BYTES = 6_000_000
"""What is remembered in all of the lists used last: 750,000 postings."""

Read = Callable[[WordField, str], Sparse]
"""Ordinals of the live blocks whose field holds a word, ascending, and how often each does."""


class HeldWords:
    """The words of a build of ``size`` blocks. ``read``: what the engine says of a word that is not ``frequent``."""

    def __init__(self, frequent: FrequentWords | None, read: Read, size: int) -> None:
        self._frequent = frequent
        self._read = read
        self._size = size
        self._cache: BoundedCache[Holding] = BoundedCache(CACHED_BYTES, lambda holding: holding.cost)

    def holding(self, field: WordField, word: str) -> Holding:
        """How often the ``field`` of live blocks holds ``word``."""
        if self._frequent is not None and (kept := self._frequent.holding(field, word)) is not None:
            return kept
        return self._cache.get((field, word), lambda: Listed(*self._read(field, word), self._size))
