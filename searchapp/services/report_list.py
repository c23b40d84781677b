"""The list of reports: filtered, in some order, page by page. Same filters as a search, for reports as wholes.

A report is listed when its own metadata pass; ``section`` and ``part`` ask that some block of it passes with all the
filters, whatever its kind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from searchapp.errors import ParameterError
from searchapp.language import listed, tr
from searchapp.query import Diagnostic
from searchapp.reports.model import Block, Metadata, SourcePosition
from searchapp.search.params import Parameters, parse_request, printable, values_of
from searchapp.search.request import Filters, SearchRequest
from searchapp.search.result import ReportSummary
from searchapp.search.schema import (
    ALL_KINDS,
    FILTER_GROUPS,
    FILTER_NAMES,
    NONE_VALUE,
    FilterName,
    filter_values,
    organ_of,
)
from searchapp.search.speaking import EXCLUSION_PREFIX, spoken
from searchapp.services import shapes
from searchapp.services.answers import diagnostic_json, report_json
from searchapp.services.library import Library
from searchapp.services.report_order import SORT_VALUES, Order, SortValue, in_order, parse_order, spelled

ListSort = Literal[
    "document",
    "title",
    "unit",
    "year",
    "kind",
    "paragraphs",
    "-title",
    "-unit",
    "-year",
    "-kind",
    "-paragraphs",
]
"""The orders of the list; ``-`` descends."""
LIST_SORTS: tuple[ListSort, ...] = get_args(ListSort)

LISTING_NAMES = frozenset(
    {"year_from", "year_to", "sort", "page", "per_page", *FILTER_NAMES}
    | {EXCLUSION_PREFIX + name for name in FILTER_NAMES}
)
"""The parameters of the list."""

_OF_BLOCKS: frozenset[FilterName] = frozenset({"section", "part"})
_NO_BLOCK = Block("paragraph", "", "", SourcePosition("", 1))


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list; ``total`` counts the reports of all pages, ``page`` counts from 1."""

    build: str
    total: int
    page: int
    per_page: int
    reports: tuple[ReportSummary, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def list_reports(library: Library, params: Parameters) -> Listing:
    """The page of reports that ``params`` ask for; names as of a search, ``sort`` as ``LIST_SORTS``.

    Raises ``ParameterError`` for values that cannot be; unknown names are passed over with a diagnostic.
    """
    order = _order(params)
    known = {name: values for name, values in params.items() if name in LISTING_NAMES and name != "sort"}
    request = replace(parse_request(known).request, kinds=ALL_KINDS, sort="document")
    unknown = sorted(set(params) - LISTING_NAMES)
    listed = _ordered(_passing(library, request), *order)
    first = (request.page - 1) * request.per_page
    return Listing(
        build=library.build,
        total=len(listed),
        page=request.page,
        per_page=request.per_page,
        reports=tuple(listed[first : first + request.per_page]),
        diagnostics=tuple(Diagnostic(tr("不认识的参数“{name}”，已略去", name=printable(name))) for name in unknown),
    )


def listing_json(listing: Listing) -> shapes.ReportsJson:
    """A page of the list."""
    return {
        "build": listing.build,
        "total": listing.total,
        "page": listing.page,
        "per_page": listing.per_page,
        "reports": [report_json(summary) for summary in listing.reports],
        "diagnostics": [diagnostic_json(told) for told in listing.diagnostics],
    }


def _passing(library: Library, request: SearchRequest) -> list[ReportSummary]:
    filters = request.filters
    asked = {*filters.include, *filters.exclude}
    listed = [each for each in library.reader.reports() if _passes(filters, each.meta)]
    if listed and asked & _OF_BLOCKS:
        holding = set(library.reader.hits_by_report(request))
        listed = [each for each in listed if each.report_id in holding]
    return listed


def _passes(filters: Filters, meta: Metadata) -> bool:
    """Whether a report's own metadata pass; filters of blocks are left to the engine."""
    own = [name for name in FILTER_NAMES if name not in _OF_BLOCKS]
    values = {name: set(filter_values(name, meta, _NO_BLOCK)) or {NONE_VALUE} for name in own}
    if any(values[name] & filters.exclude.get(name, frozenset()) for name in own):
        return False
    for group in FILTER_GROUPS:
        names = [name for name in group if name in values and name in filters.include]
        chosen = [bool(values[name] & filters.include[name]) for name in names]
        if "year" in group and filters.years is not None:
            chosen.append(meta.year in filters.years)
        if chosen and not any(chosen):
            return False
    return True


def _ordered(reports: list[ReportSummary], order: Order, descending: bool) -> list[ReportSummary]:
    return reports if order == "document" else in_order(reports, _SORT_VALUES[order], descending)


def _spelled_unit(summary: ReportSummary) -> tuple[tuple[str, ...], str] | None:
    organ = organ_of(summary.meta)
    return None if organ is None else spelled(organ)


_SORT_VALUES: dict[str, SortValue] = {**SORT_VALUES, "unit": _spelled_unit}


def _order(params: Parameters) -> tuple[Order, bool]:
    value = next(reversed(values_of(params, "sort")), "").strip()
    if (asked := parse_order(value)) is None:
        told = tr(
            "{name}没有“{value}”这个值；可用：{choices}。",
            name=spoken("sort"),
            value=printable(value),
            choices=listed(LIST_SORTS),
        )
        raise ParameterError("sort", told)
    return asked
