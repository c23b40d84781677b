"""The jieba words of a whoosh build."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from searchapp.engines.base import Term
from searchapp.engines.embedded.frequent import FrequentWords, has_frequent
from searchapp.engines.embedded.word_postings import HeldWords
from searchapp.engines.whoosh.lists import WhooshLists
from searchapp.literal.block_counts import Holding
from searchapp.search.schema import WordField


class WhooshWords:
    """The jieba words of a build. Raises ``IndexDamagedError`` on opening.

    A build of an older version has no arrays of frequent words: then all lists come from Whoosh.
    """

    def __init__(self, folder: Path) -> None:
        self._lists = WhooshLists(folder)
        frequent = FrequentWords(folder) if has_frequent(folder) else None
        self._words = HeldWords(frequent, self._lists.read, self._lists.blocks)

    def holding(self, field: WordField, word: str) -> Holding:
        """How often the ``field`` of live blocks holds ``word``."""
        return self._words.holding(field, word)

    def terms(self, prefix: str, limit: int) -> Sequence[Term]:
        """Words that begin with ``prefix``, most frequent first, then by word."""
        bounds = sorted(self._lists.words("words", prefix), key=lambda bound: (-bound[1], bound[0]))
        found: list[Term] = []
        for word, most in bounds:
            if len(found) >= limit and most < found[limit - 1].blocks:
                break
            if blocks := len(self.holding("words", word)):
                found.append(Term(word, blocks))
                found.sort(key=lambda term: (-term.blocks, term.word))
        return found[:limit]

    def close(self) -> None:
        """Lets go of Whoosh's files."""
        self._lists.close()
