"""Reads word postings of a build: long lists from arrays, short ones from Whoosh, remembered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from searchapp.engines.base import Term
from searchapp.engines.frequent import FrequentWords, has_frequent
from searchapp.engines.holding import Floats, Ordinals, Row
from searchapp.engines.whoosh.lists import WhooshLists
from searchapp.search.schema import WordField
from searchapp.store.cache import SparseCache

CACHED_POSTINGS = 750_000
"""Postings remembered in all, of the lists used last (8 bytes each)."""


class WhooshWords:
    """The jieba words of a build. Raises ``IndexDamagedError`` on opening.

    A build of an older version has no arrays of frequent words: then all lists come from Whoosh. ``by_block``: as for
    :class:`WhooshLists`.
    """

    def __init__(self, folder: Path, *, by_block: bool = True) -> None:
        self._frequent = FrequentWords(folder) if has_frequent(folder) else None
        self._lists = WhooshLists(folder, by_block=by_block)
        self._cache = SparseCache(CACHED_POSTINGS)

    @property
    def reads_blocks(self) -> bool:
        """Whether posting lists are decoded by block: not when Whoosh turned out to be made otherwise."""
        return self._lists.reads_blocks

    def postings(self, field: WordField, word: str) -> tuple[Ordinals, Floats]:
        """Ordinals of the live blocks whose ``field`` holds ``word``, ascending, and the word's frequency in each."""
        kept = None if self._frequent is None else self._frequent.posting(field, word)
        ordinals, times = kept or self._cache.get((field, word), lambda: self._lists.read(field, word))
        return ordinals, times.astype(np.float64)

    def row(self, field: WordField, word: str) -> Row | None:
        """How often the ``field`` of every block holds ``word``, for the most frequent words."""
        return None if self._frequent is None else self._frequent.row(field, word)

    def terms(self, prefix: str, limit: int) -> Sequence[Term]:
        """Words that begin with ``prefix``, most frequent first, then by word."""
        bounds = sorted(self._lists.words("words", prefix), key=lambda bound: (-bound[1], bound[0]))
        found: list[Term] = []
        for word, most in bounds:
            if len(found) >= limit and most < found[limit - 1].blocks:
                break
            if blocks := len(self.postings("words", word)[0]):
                found.append(Term(word, blocks))
                found.sort(key=lambda term: (-term.blocks, term.word))
        return found[:limit]

    def close(self) -> None:
        """Lets go of Whoosh's files."""
        self._lists.close()
