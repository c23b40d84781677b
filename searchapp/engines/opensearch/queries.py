"""Query trees and filters as queries of the cluster, exact but for what positions of characters cannot say.

Gaps, nearness and words of very many pieces have no exact query. For those a tree gives the query of a *superset* (all
blocks that may match); :mod:`.plan` reads these and says which do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from searchapp.engines.opensearch.documents import char_tokens, word_token
from searchapp.query.ast import (
    And,
    Clause,
    Everything,
    Field,
    Gap,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Word,
    YearRange,
    literals,
    meaning,
)
from searchapp.reports.model import BlockKind
from searchapp.search.compiled_query import CompiledClause, CompiledQuery
from searchapp.search.request import Filters
from searchapp.search.schema import FilterName

Query = dict[str, Any]
Verified = Mapping[tuple[object, ...], Collection[str]]
"""For the meaning of each clause that had to be verified, the ids of the blocks that hold it."""

ALL: Query = {"match_all": {}}
NONE: Query = {"match_none": {}}

MAX_PIECES = 128
"""Distinct jieba words of one word that are asked of the cluster; with more the rest is verified here."""

_YEAR_FIELDS = {"year": "years", "review_year": "review_years", "plan_year": "plan_years"}


def phrase(literal: str, blind: bool = False) -> Query:
    """Blocks that hold a normal form literally; ``blind``: in the reading without punctuation."""
    name = "blind" if blind else "chars"
    if len(literal) == 1:
        return {"term": {name: {"value": char_tokens(literal)}}}
    return {"match_phrase": {name: {"query": char_tokens(literal)}}}


def all_of(queries: Sequence[Query]) -> Query:
    """What matches all; nothing asked matches everything."""
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"filter": list(queries)}} if queries else ALL


def any_of(queries: Sequence[Query]) -> Query:
    """What matches one or more."""
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": 1}} if queries else NONE


def some_of(queries: Sequence[Query], least: int) -> Query:
    """What matches ``least`` or more; the score is how many."""
    each = [{"constant_score": {"filter": query, "boost": 1.0}} for query in queries]
    return {"bool": {"should": each, "minimum_should_match": least}}


def none_of(query: Query) -> Query:
    """What does not match."""
    return {"bool": {"must_not": [query]}}


def ids(found: Collection[str]) -> Query:
    """Blocks by paragraph id."""
    return {"ids": {"values": sorted(found)}} if found else NONE


@dataclass(frozen=True, slots=True)
class Trees:
    """Makes queries of ``compiled`` and of parts of its tree. ``verified`` ``None``: a superset of what matches."""

    compiled: CompiledQuery
    verified: Verified | None = field(default=None)

    def query(self, node: Node, negated: bool = False, widening: bool = True) -> Query:
        """``negated``: somewhere under NOT, where a word is literal only. ``widening``: what is not known for certain
        counts as matching, else as not; it turns with every NOT.
        """
        match node:
            case Everything():
                return ALL
            case Phrase():
                return self.literal(node)
            case Word() | Gap() | Near():
                return self._clause(node, negated, widening)
            case Field():
                return _field(node)
            case Not(child=child):
                return none_of(self.query(child, True, not widening))
            case And(children=children):
                return all_of([self.query(child, negated, widening) for child in children])
            case Or(children=children):
                return any_of([self.query(child, negated, widening) for child in children])

    def uncertain(self, node: Node, negated: bool = False) -> list[Clause]:
        """The clauses of a tree that must be verified, each meaning once."""
        found: dict[tuple[object, ...], Clause] = {}
        self._collect(node, negated, found)
        return list(found.values())

    def literal(self, clause: Phrase | Word) -> Query:
        """Blocks that hold the text of a clause."""
        compiled = self.compiled.compiled(clause)
        return phrase(literals(compiled.sought)[0], compiled.is_blind)

    def pieces(self, clause: Word) -> tuple[str, ...]:
        """The distinct jieba words of a word; none when its text alone says as much: they stand inside it."""
        words = self.compiled.words(clause)
        return () if words == (clause.literal,) else words

    def _collect(self, node: Node, negated: bool, found: dict[tuple[object, ...], Clause]) -> None:
        match node:
            case Gap() | Near():
                found.setdefault(meaning(node), node)
            case Word() if not negated and len(self.pieces(node)) > MAX_PIECES:
                found.setdefault(_word(node), node)
            case Not(child=child):
                self._collect(child, True, found)
            case And(children=children) | Or(children=children):
                for child in children:
                    self._collect(child, negated, found)
            case _:
                return

    def _clause(self, clause: Word | Gap | Near, negated: bool, widening: bool) -> Query:
        if isinstance(clause, Word):
            pieces = () if negated else self.pieces(clause)
            if len(pieces) <= MAX_PIECES:
                held = [all_of([{"term": {"words": word_token(word)}} for word in pieces])] if pieces else []
                return any_of([self.literal(clause), *held])
        if self.verified is not None:
            return ids(self.verified[verified_as(clause)])
        return self.possible(clause) if widening else NONE

    def possible(self, clause: Clause) -> Query:
        """A superset of the blocks that hold a clause that must be verified."""
        if isinstance(clause, Word):
            pieces = self.pieces(clause)[:MAX_PIECES]
            return any_of([self.literal(clause), all_of([{"term": {"words": word_token(word)}} for word in pieces])])
        return all_of(phrases(self.compiled.compiled(clause)))


def phrases(compiled: CompiledClause) -> list[Query]:
    """The distinct texts of a clause, each as a phrase."""
    return [phrase(text, compiled.is_blind) for text in dict.fromkeys(literals(compiled.sought))]


def verified_as(clause: Clause) -> tuple[object, ...]:
    """What a verified clause is known by."""
    return _word(clause) if isinstance(clause, Word) else meaning(clause)


def _word(clause: Word) -> tuple[object, ...]:
    return ("word", clause.literal)


def _field(node: Field) -> Query:
    if isinstance(node.value, YearRange):
        return _years(_YEAR_FIELDS[node.name], node.value)
    name = f"name_{node.name}"
    if not node.value:
        return {"exists": {"field": name}}
    if len(node.value) == 1:
        return {"term": {name: {"value": char_tokens(node.value)}}}
    return {"match_phrase": {name: {"query": char_tokens(node.value)}}}


def _years(name: str, years: YearRange) -> Query:
    """Open at both ends it asks for any year: a range without bounds would, under NOT, be taken for its opposite."""
    bounds = {"gte": years.first, "lte": years.last}
    given = {bound: year for bound, year in bounds.items() if year is not None}
    return {"range": {name: given}} if given else {"exists": {"field": name}}


def kinds_query(kinds: Collection[BlockKind]) -> Query:
    """Blocks of these kinds."""
    return {"terms": {"block_kind": sorted(kinds)}}


def group_queries(filters: Filters) -> dict[tuple[FilterName, ...], Query]:
    """For every group of filters in which something is chosen, what passes it."""
    return {
        group: any_of([_chosen(name, values) for name, values in choices])
        for group, choices in filters.choices().items()
    }


def exclusion_queries(filters: Filters) -> list[Query]:
    """What no filter excludes."""
    return [none_of(_chosen(name, values)) for name, values in filters.exclude.items()]


def _chosen(name: FilterName, values: frozenset[str] | YearRange) -> Query:
    if isinstance(values, YearRange):
        return _years("years", values)
    return {"terms": {f"filter_{name}": sorted(values)}}
