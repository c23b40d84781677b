"""Hits counted by report, and what sums of them tell: by year, by kind, two searches beside each other.

The reports *in scope* of a search are those that its conditions on whole reports let pass (unit, year, kind …); those
without a hit say nothing of what is sought, and that is told too (docs/inside/semantics.md, section 9).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from searchapp.fields import BLOCK_FIELDS
from searchapp.query.ast import And, Everything, Field, Node, Not, Or
from searchapp.query.synonyms import with_synonyms
from searchapp.search.params import Parameters, parse_request
from searchapp.search.request import Filters, SearchRequest
from searchapp.search.result import ReportSummary
from searchapp.search.schema import ALL_KINDS
from searchapp.services.library import Library
from searchapp.time_limit import watched

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Tallied:
    """A report in scope and the number of its blocks that are hits."""

    summary: ReportSummary
    blocks: int


Tally = tuple[Tallied, ...]
"""Every report in scope, in document order."""


@dataclass(frozen=True, slots=True)
class Sums:
    """``blocks``: hits; ``saying``: reports that hold any; ``reports``: all that are in scope."""

    blocks: int = 0
    saying: int = 0
    reports: int = 0

    @property
    def share(self) -> float | None:
        """The share of reports that hold a hit, 0 to 1; ``None`` without reports."""
        return self.saying / self.reports if self.reports else None


@dataclass(frozen=True, slots=True)
class YearSums:
    """What the reports of one year say; ``None`` is 未注明."""

    year: int | None
    sums: Sums


@dataclass(frozen=True, slots=True)
class KindSums:
    """What the reports of one kind (文种) say."""

    kind: str
    sums: Sums


Series = tuple[YearSums, ...]
"""What is said year by year: years ascending, 未注明 last."""


def counted_request(library: Library, params: Parameters) -> SearchRequest:
    """What the parameters of a search ask for, synonyms included. Raises ``RequestError``."""
    parsed = parse_request(params)
    if not parsed.synonyms:
        return parsed.request
    return replace(parsed.request, query=with_synonyms(parsed.request.query, library.synonyms)[0])


def tally(library: Library, request: SearchRequest) -> Tally:
    """Every report in scope of ``request`` with the number of its hits."""
    found = library.reader.hits_by_report(request)
    return tuple(Tallied(each, found.get(each.report_id, 0)) for each in watched(reports_in_scope(library, request)))


def reports_in_scope(library: Library, request: SearchRequest) -> list[ReportSummary]:
    """The reports that the conditions of ``request`` on whole reports let pass, in document order."""
    summaries = library.reader.reports()
    of_reports = SearchRequest(
        _on_reports(request.query) or Everything(), _filters_on_reports(request.filters), ALL_KINDS
    )
    if isinstance(of_reports.query, Everything) and not of_reports.filters:
        return list(watched(summaries))
    passed = library.reader.hits_by_report(of_reports)
    return [summary for summary in watched(summaries) if summary.report_id in passed]


def summed(tallied: Iterable[Tallied]) -> Sums:
    """The sums over some reports."""
    blocks = [each.blocks for each in tallied]
    return Sums(sum(blocks), len(blocks) - blocks.count(0), len(blocks))


def by_year(tallied: Tally) -> Series:
    """The years that have reports, ascending, 未注明 last."""
    groups = _grouped(tallied, lambda each: each.summary.meta.year)
    years = sorted(groups, key=_unknown_last)
    return tuple(YearSums(year, summed(groups[year])) for year in years)


def by_kind(tallied: Tally) -> tuple[KindSums, ...]:
    """The kinds that have reports, by the number of reports, then by name."""
    groups = _grouped(tallied, lambda each: each.summary.meta.kind)
    sums = [KindSums(kind, summed(each)) for kind, each in groups.items()]
    return tuple(sorted(sums, key=lambda each: (-each.sums.reports, each.kind)))


def compare(library: Library, request: SearchRequest, other: SearchRequest) -> tuple[Series, Series]:
    """Two searches, year by year, over every year in which either has reports in scope."""
    return compared(by_year(tally(library, request)), by_year(tally(library, other)))


def compared(first: Series, second: Series) -> tuple[Series, Series]:
    """Both over the years of either; a year without reports has sums of zero."""
    of_first, of_second = ({each.year: each.sums for each in series} for series in (first, second))
    years = sorted(of_first.keys() | of_second.keys(), key=_unknown_last)
    nothing = Sums()
    return (
        tuple(YearSums(year, of_first.get(year, nothing)) for year in years),
        tuple(YearSums(year, of_second.get(year, nothing)) for year in years),
    )


def _grouped(tallied: Tally, key: Callable[[Tallied], Key]) -> dict[Key, list[Tallied]]:
    groups: dict[Key, list[Tallied]] = {}
    for each in tallied:
        groups.setdefault(key(each), []).append(each)
    return groups


def _unknown_last(year: int | None) -> tuple[bool, int]:
    return (year is None, year or 0)


def _on_reports(node: Node) -> Node | None:
    """What of ``node`` every hit's report must fulfil as a whole; ``None`` when nothing."""
    if _is_on_reports(node):
        return node
    if not isinstance(node, And):
        return None
    kept = tuple(part for child in node.children if (part := _on_reports(child)) is not None)
    return And(kept) if len(kept) > 1 else next(iter(kept), None)


def _is_on_reports(node: Node) -> bool:
    match node:
        case Field(name=name):
            return name not in BLOCK_FIELDS
        case Not(child=child):
            return _is_on_reports(child)
        case And(children=children) | Or(children=children):
            return all(_is_on_reports(child) for child in children)
        case _:
            return False


def _filters_on_reports(filters: Filters) -> Filters:
    return replace(
        filters,
        include={name: values for name, values in filters.include.items() if name not in BLOCK_FIELDS},
        exclude={name: values for name, values in filters.exclude.items() if name not in BLOCK_FIELDS},
    )
