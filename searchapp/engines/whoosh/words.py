"""Reads word postings from a Whoosh index, through its public matchers.

Whoosh readers keep file positions, so one lock guards them; postings come out as arrays and are remembered.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from whoosh import index as whoosh_index
from whoosh.reading import TermNotFound

from searchapp.engines.base import Term
from searchapp.engines.ranking import Floats, Ordinals
from searchapp.engines.whoosh.schema import DOCUMENT_MAP
from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.search.schema import WordField
from searchapp.store.arrays import open_array
from searchapp.store.cache import SparseCache

CACHED_POSTINGS = 4_000_000
"""Postings remembered in all, of the lists used last (16 bytes each)."""

Posting = tuple[Ordinals, Floats]


class WhooshWords:
    """The jieba words of a build. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        try:
            self._index = whoosh_index.open_dir(str(folder), readonly=True)
            self._reader = self._index.reader()
            self._ordinals: npt.NDArray[np.int64] = open_array(folder, DOCUMENT_MAP)
        except Exception as exc:  # Whoosh raises whatever its unpickling meets
            raise IndexDamagedError(tr("Whoosh 索引缺失或损坏")) from exc
        self._lock = threading.Lock()
        self._cache = SparseCache(CACHED_POSTINGS)

    def postings(self, field: WordField, word: str) -> Posting:
        """Ordinals of the live blocks whose ``field`` holds ``word``, ascending, and the word's frequency in each."""
        return self._cache.get((field, word), lambda: self._read(field, word))

    def terms(self, prefix: str, limit: int) -> Sequence[Term]:
        """Words that begin with ``prefix``. Whoosh's document frequency counts deleted documents: an upper bound."""
        with self._lock:
            words = [term.decode("utf-8") for term in self._reader.expand_prefix("words", prefix)]
            bounds = {word: int(self._reader.doc_frequency("words", word)) for word in words}
        found: list[Term] = []
        for word in sorted(words, key=lambda word: (-bounds[word], word)):
            if len(found) >= limit and bounds[word] < found[limit - 1].blocks:
                break
            if blocks := len(self.postings("words", word)[0]):
                found.append(Term(word, blocks))
                found.sort(key=lambda term: (-term.blocks, term.word))
        return found[:limit]

    def close(self) -> None:
        """Lets go of Whoosh's files."""
        with self._lock:
            self._reader.close()
            self._index.close()

    def _read(self, field: str, word: str) -> Posting:
        numbers: list[int] = []
        frequencies: list[float] = []
        with self._lock, contextlib.suppress(TermNotFound):
            matcher = self._reader.postings(field, word)
            while matcher.is_active():
                numbers.append(matcher.id())
                frequencies.append(matcher.weight())
                matcher.next()
        ordinals = self._ordinals[np.array(numbers, dtype=np.int64)]
        order = np.argsort(ordinals)
        return ordinals[order], np.array(frequencies, dtype=np.float64)[order]
