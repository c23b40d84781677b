"""A query made ready to be searched: the tree that is searched, its clauses, their words and their reading without
punctuation, worked out once.

Engines, highlights and lists of occurrences all take them from here. Semantics: docs/inside/semantics.md, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache, partial

from searchapp.query.ast import Clause, Node, literals, text_clauses
from searchapp.query.rewrite import MAX_WORDS, Segment, any_of, once, question_text
from searchapp.search.occurrences import blinded
from searchapp.search.request import SearchRequest


@dataclass(frozen=True, slots=True)
class CompiledClause:
    """``clause`` as asked and ``sought``, as it is looked for: in the text, or (``is_blind``) in the text without its
    punctuation.
    """

    clause: Clause
    sought: Clause
    is_blind: bool

    @classmethod
    def of(cls, clause: Clause, ignore_punctuation: bool) -> CompiledClause:
        """A clause with a part that is punctuation only keeps its exact meaning."""
        blind = blinded(clause) if ignore_punctuation else None
        return cls(clause, clause if blind is None else blind, blind is not None)


class CompiledQuery:
    """``any_word``: any word or phrase of ``query`` is enough (``match=any``). ``segment`` cuts into jieba words."""

    def __init__(self, query: Node, segment: Segment, any_word: bool = False, ignore_punctuation: bool = False) -> None:
        self.segment = lru_cache(maxsize=MAX_WORDS)(segment)
        self.is_blind = ignore_punctuation
        self.tree = once(any_of(query, self.segment) if any_word else query)
        """What is searched, each condition once."""
        self.compiled = cache(partial(CompiledClause.of, ignore_punctuation=ignore_punctuation))
        """A clause of the tree, also one under NOT, as it is looked for."""
        self.clauses = tuple(map(self.compiled, text_clauses(self.tree)))
        """Those that blocks are asked to hold, each meaning once: what is counted, shown and ranked."""
        self.words = cache(partial(_words, self.segment))
        """The distinct jieba words of a clause, in order."""
        self.question = question_text(query) if any_word and self.clauses else ""
        """What hits are ranked by in place of clauses; empty where it is by clauses."""

    @classmethod
    def of(cls, request: SearchRequest, segment: Segment) -> CompiledQuery:
        """The query of a request."""
        return cls(request.query, segment, request.match == "any", request.punct == "ignore")

    def ignoring_punctuation(self) -> CompiledQuery:
        """The same tree, read without punctuation."""
        return CompiledQuery(self.tree, self.segment, ignore_punctuation=True)


def _words(segment: Segment, clause: Clause) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for literal in literals(clause) for word in segment(literal)))
