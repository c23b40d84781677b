"""What one request asks of the cluster, as queries, with gaps and nearness verified on the texts of candidate blocks.

Intervals of the cluster cannot express these: nested ones with bounds for each gap lose matches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from searchapp.engines.opensearch import queries
from searchapp.engines.opensearch.queries import (
    ALL,
    Query,
    Trees,
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
from searchapp.query.ast import Clause, Word, asks_for_phrases
from searchapp.query.rewrite import Segment
from searchapp.search.compiled_query import CompiledQuery
from searchapp.search.occurrences import starts
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
    """``query``: what is searched. ``matching``: what it finds, exact under ``always``: the kinds that
    may be asked about, all exclusions, and filters that no facet shows. ``groups``: the other filters.
    """

    request: SearchRequest
    query: CompiledQuery
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
        return Shares(self.query, self.trees, self.request.explain)


def asks_apart(request: SearchRequest) -> bool:
    """Whether annexes and notes are counted beside the hits."""
    return request.kinds is None and request.searched_kinds == DEFAULT_KINDS


def planned(request: SearchRequest, segment: Segment, snapshot: Snapshot) -> Plan:
    """Reads what must be verified. Raises ``QueryRefusedError`` when that is too much."""
    return _planned(request, CompiledQuery.of(request, segment), snapshot)


def _planned(request: SearchRequest, query: CompiledQuery, snapshot: Snapshot) -> Plan:
    shown = {facet.filters for facet in FACETS}
    groups = group_queries(request.filters)
    kinds = ALL_KINDS if asks_apart(request) else request.searched_kinds
    always = (
        kinds_query(kinds),
        *exclusion_queries(request.filters),
        *(chosen for group, chosen in groups.items() if group not in shown),
    )
    trees = exact_trees(query, snapshot, always)
    of_facets = {group: chosen for group, chosen in groups.items() if group in shown}
    return Plan(request, query, trees, trees.query(query.tree), always, of_facets)


def punctuation_query(plan: Plan, snapshot: Snapshot) -> Query | None:
    """Blocks that would match besides if punctuation were passed over; ``None`` where that is not told."""
    if plan.request.punct != "exact" or not asks_for_phrases(plan.query.tree):
        return None
    blind = _planned(plan.request, plan.query.ignoring_punctuation(), snapshot)
    return all_of([blind.matching, none_of(plan.matching), *plan.filters])


MAX_CANDIDATES = 100_000
"""Blocks that are read to verify one query; beyond it the query is refused."""


def exact_trees(compiled: CompiledQuery, snapshot: Snapshot, others: Sequence[Query]) -> Trees:
    """Trees such that the query of ``compiled`` is exact for blocks that pass ``others``.

    Raises ``QueryRefusedError`` when too many blocks would have to be read.
    """
    trees = Trees(compiled)
    clauses = trees.uncertain(compiled.tree)
    if not clauses:
        return trees
    held: dict[tuple[object, ...], set[str]] = {verified_as(clause): set() for clause in clauses}
    possible = queries.any_of([trees.possible(clause) for clause in clauses])
    candidates = all_of([each for each in (trees.query(compiled.tree), possible, *others) if each != ALL])
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
            if holds(compiled, clause, text):
                held[verified_as(clause)].add(known)
    return Trees(compiled, held)


def holds(query: CompiledQuery, clause: Clause, text: str) -> bool:
    """Whether a normalized text holds a clause of ``query``."""
    compiled = query.compiled(clause)
    if starts(compiled.sought, blind(text) if compiled.is_blind else text):
        return True
    return isinstance(clause, Word) and set(query.words(clause)) <= set(query.segment(text))


def occurrences(query: CompiledQuery, text: str) -> int:
    """How often the clauses of ``query`` stand in a normalized text."""
    without = blind(text) if query.is_blind else ""
    return sum(len(starts(clause.sought, without if clause.is_blind else text)) for clause in query.clauses)
