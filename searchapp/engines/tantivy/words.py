"""Reads word postings of a build: long lists from arrays, short ones from tantivy, remembered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from searchapp.engines.base import Term
from searchapp.engines.frequent import FrequentWords
from searchapp.engines.holding import Floats, Ordinals, Row
from searchapp.engines.tantivy.lists import PostingLists
from searchapp.engines.tantivy.numbers import Numbering
from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.search.schema import WordField
from searchapp.store.cache import SparseCache

CACHED_POSTINGS = 500_000
"""Postings remembered in all, of the short lists used last (12 bytes each)."""


class TantivyWords:
    """The jieba words of a build. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        self._lists = PostingLists(folder)
        self._numbering = Numbering(folder)
        self._frequent = FrequentWords(folder)
        self._cache = SparseCache(CACHED_POSTINGS)
        if self._lists.documents != self._numbering.blocks:
            raise IndexDamagedError(tr("tantivy 索引与报告对不上"))

    def postings(self, field: WordField, word: str) -> tuple[Ordinals, Floats]:
        """Ordinals of the live blocks whose ``field`` holds ``word``, ascending, and the word's frequency in each."""
        kept = self._frequent.posting(field, word)
        ordinals, times = kept or self._cache.get((field, word), lambda: self._read(field, word))
        return ordinals, times.astype(np.float64)

    def row(self, field: WordField, word: str) -> Row | None:
        """How often the ``field`` of every block holds ``word``, for the most frequent words."""
        return self._frequent.row(field, word)

    def terms(self, prefix: str, limit: int) -> Sequence[Term]:
        """Words that begin with ``prefix``, most frequent first, then by word."""
        counted = self._lists.words("words", prefix, live=self._numbering.has_gaps)
        counted.sort(key=lambda pair: (-pair[1], pair[0]))
        return [Term(word, blocks) for word, blocks in counted[:limit]]

    def close(self) -> None:
        """tantivy lets go of its files when nothing refers to them any more."""

    def _read(self, field: WordField, word: str) -> tuple[Ordinals, Ordinals]:
        return self._numbering.by_ordinal(self._lists.read(field, word))
