"""Counts over all hits, each exact: reports, units, the values of facets. Never an estimate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from searchapp.engines.opensearch.library_heads import UnitNames
from searchapp.engines.opensearch.plan import Plan, asks_apart
from searchapp.engines.opensearch.queries import Query, all_of, kinds_query
from searchapp.engines.opensearch.snapshot import Snapshot
from searchapp.errors import EngineUnavailableError
from searchapp.language import tr
from searchapp.search.result import FacetValue
from searchapp.search.schema import APART_KINDS, FACETS, NONE_VALUE, FacetField, FacetName

FIRST_VALUES = 1_000
"""Values of a facet asked for at first."""

FIRST_REPORTS = 5_000
MOST_VALUES = 40_000
"""Values asked for at once at most (a cluster gives 65,535 in one answer); more are read in pages."""


@dataclass(frozen=True, slots=True)
class Tally:
    """``facets``: how many blocks hold each value, under the other facets' filters."""

    total: int
    reports: int
    units: int
    apart: int
    facets: Mapping[FacetName, Mapping[str, int]]


def counts_body(plan: Plan, facets: bool) -> dict[str, Any]:
    """The search whose answer :func:`tally` reads."""
    full = all_of([plan.searched, *plan.groups.values()])
    aggregations: dict[str, Any] = {
        "hits": {
            "filter": full,
            "aggs": {"reports": _values("order", FIRST_REPORTS), "units": _values("organ", FIRST_VALUES)},
        }
    }
    if facets:
        for facet in FACETS:
            values = _values(_field(facet, plan), FIRST_VALUES)
            aggregations[facet.name] = {"filter": all_of(plan.without(facet)), "aggs": {"values": values}}
        if asks_apart(plan.request):
            apart = all_of([kinds_query(APART_KINDS), *plan.groups.values()])
            aggregations["apart"] = {"filter": apart}
    query = all_of([plan.matching, *plan.always])
    return {"query": query, "size": 0, "track_total_hits": False, "aggs": aggregations}


def tally(plan: Plan, answer: Mapping[str, Any], snapshot: Snapshot) -> Tally:
    """The counts; what did not fit into the answer is asked for again."""
    found = answer["aggregations"]
    hits = found["hits"]
    units = _counted(hits["units"], "organ", plan.hits, snapshot)
    facets: dict[FacetName, Mapping[str, int]] = {}
    for facet in FACETS:
        if facet.name in found:
            query = all_of([plan.matching, *plan.always, *plan.without(facet)])
            facets[facet.name] = _counted(found[facet.name]["values"], _field(facet, plan), query, snapshot)
    return Tally(
        total=hits["doc_count"],
        reports=len(_counted(hits["reports"], "order", plan.hits, snapshot)),
        units=len(units.keys() - {NONE_VALUE}),
        apart=found["apart"]["doc_count"] if "apart" in found else 0,
        facets=facets,
    )


def facet_values(plan: Plan, counts: Tally, names: UnitNames) -> dict[FacetName, tuple[FacetValue, ...]]:
    """The facets as they are shown: by count, then value; what is chosen stays listed at zero."""
    facets: dict[FacetName, tuple[FacetValue, ...]] = {}
    for facet in FACETS:
        chosen = set(plan.request.filters.selected(facet))
        groups: Mapping[str, str] = {}
        if facet.name == "unit":
            chosen, groups = names.selected(chosen, plan.request.names), names.groups
        counted = Counter(counts.facets[facet.name])
        facets[facet.name] = tuple(
            FacetValue(
                value, facet.missing_label if value == NONE_VALUE else value, count, value in chosen, groups.get(value)
            )
            for value, count in sorted(
                ((value, counted[value]) for value in set(counted) | chosen), key=lambda item: (-item[1], item[0])
            )
        )
    return facets


def hits_by_order(query: Query, snapshot: Snapshot) -> Iterator[tuple[str, int]]:
    """How many blocks of each report match, by report id, in document order."""
    sources = [{"order": {"terms": {"field": "order"}}}, {"report": {"terms": {"field": "report"}}}]
    for key, count in snapshot.composite(query, sources):
        yield key["report"], count


def _field(facet: FacetField, plan: Plan) -> str:
    if facet.name == "unit":
        return "organ" if plan.request.names == "now" else "then"
    return f"filter_{facet.name}"


def _values(field: str, size: int) -> dict[str, Any]:
    return {"terms": {"field": field, "size": size, "shard_size": size}}


def _counted(found: Mapping[str, Any], field: str, query: Query, snapshot: Snapshot) -> Mapping[str, int]:
    """Every value with its exact count: asked for with more room until nothing is left out, at last in pages."""
    size = FIRST_VALUES
    while not _is_whole(found):
        size *= 8
        if size > MOST_VALUES:
            sources = [{"value": {"terms": {"field": field}}}]
            return {str(key["value"]): count for key, count in snapshot.composite(query, sources)}
        body = {"query": query, "size": 0, "track_total_hits": False, "aggs": {"values": _values(field, size)}}
        found = snapshot.search(body)["aggregations"]["values"]
    if found["doc_count_error_upper_bound"] != 0:
        raise EngineUnavailableError(tr("搜索集群的分面计数不准，没有采用"))
    return {str(bucket["key"]): bucket["doc_count"] for bucket in found["buckets"]}


def _is_whole(found: Mapping[str, Any]) -> bool:
    return bool(found["doc_count_error_upper_bound"] == 0 and found["sum_other_doc_count"] == 0)
