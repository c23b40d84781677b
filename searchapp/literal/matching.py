"""Which blocks a query tree matches, exactly, from literal arrays, columns and word postings.

Semantics: docs/inside/semantics.md, section 3. Knows no engine: where jieba words stand is
asked for through :class:`WordBlocks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Protocol

from searchapp.literal.block_counts import Holding
from searchapp.literal.block_sets import Blocks
from searchapp.literal.clauses import ClauseIndex
from searchapp.literal.facets import Catalog
from searchapp.query.ast import And, Everything, Field, Gap, Near, Node, Not, Or, Phrase, Word
from searchapp.search.compiled_query import CompiledQuery
from searchapp.search.weights import WordField
from searchapp.time_limit import checkpoint


class WordBlocks(Protocol):
    """What an engine supplies: where a jieba word stands."""

    def holding(self, field: WordField, word: str) -> Holding:
        """How often the ``field`` of blocks holds ``word``."""


class Matcher:
    """Evaluates query trees."""

    def __init__(self, clauses: ClauseIndex, catalog: Catalog, words: WordBlocks) -> None:
        self._clauses = clauses
        self._catalog = catalog
        self._words = words

    def blocks(self, query: CompiledQuery) -> Blocks:
        """The blocks that ``query`` matches."""
        return self._blocks(query.tree, query, negated=False)

    def _blocks(self, node: Node, query: CompiledQuery, negated: bool) -> Blocks:
        """Under NOT (``negated``) a word means its literal text only."""
        checkpoint()
        match node:
            case Everything():
                return Blocks(self._catalog.blocks)
            case Phrase() | Gap() | Near():
                return self._clauses.blocks(query.compiled(node))
            case Word():
                literally = self._clauses.blocks(query.compiled(node))
                words = () if negated else query.words(node)
                # A block that holds a jieba word holds it literally.
                return literally | self._all_words(words) if words and words != (node.literal,) else literally
            case Field():
                return self._catalog.field(node)
            case Not(child=child):
                return ~self._blocks(child, query, negated=True)
            case And(children=children):
                return reduce(and_, (self._blocks(child, query, negated) for child in children))
            case Or(children=children):
                return reduce(or_, (self._blocks(child, query, negated) for child in children))

    def _all_words(self, words: Sequence[str]) -> Blocks:
        return reduce(and_, (self._words.holding("words", word).blocks for word in words))
