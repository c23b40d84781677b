"""Which blocks a query tree matches, exactly: masks over all blocks from literal arrays, columns and word postings.

Semantics: docs/semantics.md, section 3. ``b`` is the number of blocks. Knows no engine: where jieba words stand is
asked for through :class:`WordBlocks`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from searchapp.literal.catalog import Catalog
from searchapp.literal.clauses import ClauseIndex
from searchapp.query.ast import And, Everything, Field, Gap, Near, Node, Not, Or, Phrase, Word
from searchapp.search.schema import WordField

Mask = npt.NDArray[np.bool_]


class WordBlocks(Protocol):
    """What an engine supplies: where a jieba word stands."""

    def postings(self, field: WordField, word: str) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.float64]]:
        """Ordinals of the blocks whose ``field`` holds ``word``, and how often each does."""

    def row(self, field: WordField, word: str) -> npt.NDArray[np.uint8] | None:
        """How often the ``field`` of every block holds ``word``, when the engine has it at hand in this form."""


class Matcher:
    """Evaluates query trees. ``segment`` cuts a normalized text into jieba words."""

    def __init__(
        self,
        clauses: ClauseIndex,
        catalog: Catalog,
        segment: Callable[[str], list[str]],
        words: WordBlocks,
    ) -> None:
        self._clauses = clauses
        self._catalog = catalog
        self._segment = segment
        self._words = words

    def mask(self, node: Node, ignore_punctuation: bool = False, negated: bool = False) -> Mask:
        """The blocks that ``node`` matches; under NOT (``negated``) a word means its literal text only."""
        match node:
            case Everything():
                return np.ones(self._catalog.blocks, dtype=bool)
            case Phrase() | Gap() | Near():
                return self._holding(self._clauses.occurrences(node, ignore_punctuation)[0])
            case Word():
                literally = self._holding(self._clauses.occurrences(node, ignore_punctuation)[0])
                words = [] if negated else self._segment(node.literal)
                # A block that holds a jieba word holds it literally.
                return literally | self._all_words(words) if words and words != [node.literal] else literally
            case Field():
                return self._catalog.field(node)
            case Not(child=child):
                return ~self.mask(child, ignore_punctuation, negated=True)
            case And(children=children):
                mask = self.mask(children[0], ignore_punctuation, negated)
                for child in children[1:]:
                    mask &= self.mask(child, ignore_punctuation, negated)
                return mask
            case Or(children=children):
                mask = self.mask(children[0], ignore_punctuation, negated)
                for child in children[1:]:
                    mask |= self.mask(child, ignore_punctuation, negated)
                return mask

    def _all_words(self, words: Sequence[str]) -> Mask:
        mask = np.ones(self._catalog.blocks, dtype=bool)
        for word in dict.fromkeys(words):
            row = self._words.row("words", word)
            mask &= self._holding(self._words.postings("words", word)[0]) if row is None else row > 0
        return mask

    def _holding(self, ordinals: npt.NDArray[np.integer]) -> Mask:
        mask = np.zeros(self._catalog.blocks, dtype=bool)
        mask[ordinals] = True
        return mask
