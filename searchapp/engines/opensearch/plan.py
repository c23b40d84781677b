"""What one request asks of the cluster: its parts, as queries.

Gaps and nearness, exactly: the cluster names the blocks that may match, their texts are read here.

Intervals of the cluster are no way to say it: nested ones with bounds for each gap lose matches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from searchapp.engines.opensearch import queries
from searchapp.engines.opensearch.queries import (
    ALL,
    Query,
    Segment,
    Trees,
    Verified,
    all_of,
    exclusion_queries,
    group_queries,
    kinds_query,
    none_of,
    verified_as,
)
from searchapp.engines.opensearch.scoring import Shares
from searchapp.engines.opensearch.snapshot import BY_PLACE, Snapshot, texts
from searchapp.errors import QueryRefusedError
from searchapp.language import tr
from searchapp.query.ast import Clause, Node, Word, asks_for_phrases
from searchapp.query.rewrite import any_of
from searchapp.search.occurrences import blinded, starts
from searchapp.search.request import SearchRequest
from searchapp.search.schema import ALL_KINDS, DEFAULT_KINDS, FACETS, FacetField, FilterName
from searchapp.text.punctuation import blind

Sort = list[dict[str, Any]]

_SORTS: dict[str, Sort] = {
    "relevance": [{"_score": "desc"}, {"pid": "asc"}],
    "newest": [{"newest": "asc"}, *BY_PLACE],
    "oldest": [{"oldest": "asc"}, *BY_PLACE],
    "document": BY_PLACE,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """``effective``: the tree that is searched. ``matching``: what it finds, exact under ``always``: the kinds that
    may be asked about, all exclusions, and filters that no facet shows. ``groups``: the other filters.
    """

    request: SearchRequest
    effective: Node
    trees: Trees
    matching: Query
    always: tuple[Query, ...]
    groups: dict[tuple[FilterName, ...], Query]

    @property
    def searched(self) -> Query:
        """The kinds of block that can be hits."""
        return kinds_query(self.request.searched_kinds)

    @property
    def filters(self) -> list[Query]:
        """All that is asked besides the text."""
        return [self.searched, *self.always, *self.groups.values()]

    @property
    def hits(self) -> Query:
        """The hits."""
        return all_of([self.matching, *self.filters])

    def without(self, facet: FacetField) -> list[Query]:
        """What a facet's counts are of, under ``always``."""
        return [self.searched, *(query for group, query in self.groups.items() if group != facet.filters)]

    def sort(self, shares: Shares) -> Sort:
        """The order asked for; without any text asked for, that of documents."""
        if self.request.sort == "relevance" and not shares:
            return _SORTS["document"]
        return _SORTS[self.request.sort]

    def shares(self) -> Shares:
        """What scores are made of."""
        request = self.request
        return Shares(self.trees, request.query, self.effective, request.match == "any", request.explain)


def asks_apart(request: SearchRequest) -> bool:
    """Whether annexes and notes are counted beside the hits."""
    return request.kinds is None and request.searched_kinds == DEFAULT_KINDS


def planned(request: SearchRequest, segment: Segment, snapshot: Snapshot) -> Plan:
    """Reads what must be verified. Raises ``QueryRefusedError`` when that is too much."""
    effective = any_of(request.query, segment) if request.match == "any" else request.query
    return _planned(request, effective, Trees(segment, request.punct == "ignore"), snapshot)


def _planned(request: SearchRequest, effective: Node, trees: Trees, snapshot: Snapshot) -> Plan:
    shown = {facet.filters for facet in FACETS}
    groups = group_queries(request.filters)
    kinds = ALL_KINDS if asks_apart(request) else request.searched_kinds
    always = (
        kinds_query(kinds),
        *exclusion_queries(request.filters),
        *(query for group, query in groups.items() if group not in shown),
    )
    trees = exact_trees(trees, effective, snapshot, always)
    chosen = {group: query for group, query in groups.items() if group in shown}
    return Plan(request, effective, trees, trees.query(effective), always, chosen)


def punctuation_query(plan: Plan, snapshot: Snapshot) -> Query | None:
    """Blocks that would match besides if punctuation were passed over; ``None`` where that is not told."""
    if plan.request.punct != "exact" or not asks_for_phrases(plan.effective):
        return None
    blind = _planned(plan.request, plan.effective, Trees(plan.trees.segment, blind=True), snapshot)
    return all_of([blind.matching, none_of(plan.matching), *plan.filters])


MAX_CANDIDATES = 100_000
"""Blocks that are read to verify one query; beyond it the query is refused."""


def exact_trees(trees: Trees, query: Node, snapshot: Snapshot, others: Sequence[Query]) -> Trees:
    """``trees`` such that the query of ``query`` is exact for blocks that pass ``others``.

    Raises ``QueryRefusedError`` when too many blocks would have to be read.
    """
    clauses = trees.uncertain(query)
    if not clauses:
        return trees
    held: dict[tuple[object, ...], set[str]] = {verified_as(clause): set() for clause in clauses}
    possible = queries.any_of([trees.possible(clause) for clause in clauses])
    candidates = all_of([each for each in (trees.query(query), possible, *others) if each != ALL])
    total = snapshot.search({"query": candidates, "size": 0, "track_total_hits": True})["hits"]["total"]["value"]
    if total > MAX_CANDIDATES:
        raise QueryRefusedError(
            tr(
                "间隔或邻近的条件要逐段核对 {total:,} 段，超过 {most:,} 段；请把其中的文字写长一些，或加上别的条件",
                total=total,
                most=MAX_CANDIDATES,
            )
        )
    for known, text in texts(snapshot, candidates):
        for clause in clauses:
            if holds(clause, text, trees.segment, trees.blind):
                held[verified_as(clause)].add(known)
    return _with(trees, held)


def _with(trees: Trees, verified: Verified) -> Trees:
    return Trees(trees.segment, trees.blind, verified)


def holds(clause: Clause, text: str, segment: Segment, ignore_punctuation: bool) -> bool:
    """Whether a normalized text holds a clause."""
    sought = blinded(clause) if ignore_punctuation else None
    if starts(clause, text) if sought is None else starts(sought, blind(text)):
        return True
    return isinstance(clause, Word) and set(segment(clause.literal)) <= set(segment(text))


def occurrences(clauses: Sequence[Clause], text: str, ignore_punctuation: bool) -> int:
    """How often ``clauses`` stand in a normalized text."""
    total, without = 0, blind(text) if ignore_punctuation else ""
    for clause in clauses:
        sought = blinded(clause) if ignore_punctuation else None
        total += len(starts(clause, text) if sought is None else starts(sought, without))
    return total
