"""Which blocks a query tree matches, exactly: masks over all blocks from literal arrays, columns and word postings.

Semantics: docs/semantics.md, section 3. ``b`` is the number of blocks. Knows no engine: the jieba half of a plain word
is asked for through ``all_words``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from searchapp.literal.arrays import LiteralIndex
from searchapp.literal.catalog import Catalog
from searchapp.query.ast import And, Everything, Field, Node, Not, Phrase, Word

Mask = npt.NDArray[np.bool_]
AllWords = Callable[[Sequence[str]], Mask]
"""Jieba words to the blocks that hold all of them."""


class Matcher:
    """Evaluates query trees. ``segment`` cuts a normalized text into jieba words."""

    def __init__(
        self,
        literal: LiteralIndex,
        catalog: Catalog,
        segment: Callable[[str], list[str]],
        all_words: AllWords,
    ) -> None:
        self._literal = literal
        self._catalog = catalog
        self._segment = segment
        self._all_words = all_words

    def mask(self, node: Node, negated: bool = False) -> Mask:
        """The blocks that ``node`` matches; under NOT (``negated``) a word means its literal text only."""
        match node:
            case Everything():
                return np.ones(self._literal.blocks, dtype=bool)
            case Phrase(literal=literal):
                return self._literal.counts(literal) > 0
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
        literally = self._literal.counts(word.literal) > 0
        words = [] if negated else self._segment(word.literal)
        return literally | self._all_words(words) if words else literally
