"""Which blocks a query tree matches, exactly: masks over all blocks from literal arrays, columns and word postings.

Semantics: docs/semantics.md, section 3. ``b`` is the number of blocks. Knows no engine: where jieba words stand is
asked for through :class:`WordBlocks`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from searchapp.literal.arrays import LiteralIndex
from searchapp.literal.catalog import Catalog
from searchapp.query.ast import And, Everything, Field, Node, Not, Phrase, Word
from searchapp.search.schema import WordField

Mask = npt.NDArray[np.bool_]


class WordBlocks(Protocol):
    """What an engine supplies: where a jieba word stands."""

    def postings(self, field: WordField, word: str) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.float64]]:
        """Ordinals of the blocks whose ``field`` holds ``word``, and how often each does."""


class Matcher:
    """Evaluates query trees. ``segment`` cuts a normalized text into jieba words."""

    def __init__(
        self,
        literal: LiteralIndex,
        catalog: Catalog,
        segment: Callable[[str], list[str]],
        words: WordBlocks,
    ) -> None:
        self._literal = literal
        self._catalog = catalog
        self._segment = segment
        self._words = words

    def mask(self, node: Node, negated: bool = False) -> Mask:
        """The blocks that ``node`` matches; under NOT (``negated``) a word means its literal text only."""
        match node:
            case Everything():
                return np.ones(self._literal.blocks, dtype=bool)
            case Phrase(literal=literal):
                return self._holding(self._literal.occurrences(literal)[0])
            case Word():
                return self._word(node, negated)
            case Field():
                return self._catalog.field(node)
            case Not(child=child):
                return ~self.mask(child, negated=True)
            case And(children=children):
                mask = np.ones(self._literal.blocks, dtype=bool)
                for child in children:
                    mask &= self.mask(child, negated)
                return mask

    def _word(self, word: Word, negated: bool) -> Mask:
        literally = self._holding(self._literal.occurrences(word.literal)[0])
        words = [] if negated else self._segment(word.literal)
        return literally | self._all_words(words) if words else literally

    def _all_words(self, words: Sequence[str]) -> Mask:
        mask = np.ones(self._literal.blocks, dtype=bool)
        for word in dict.fromkeys(words):
            mask &= self._holding(self._words.postings("words", word)[0])
        return mask

    def _holding(self, ordinals: npt.NDArray[np.integer]) -> Mask:
        mask = np.zeros(self._literal.blocks, dtype=bool)
        mask[ordinals] = True
        return mask
