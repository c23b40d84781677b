"""Lists of reports: narrowed, in some order, page by page. Knows reports as wholes; reads no text of theirs.

Web API and page ask for one list in two ways. The API takes the filters of a search and refuses what cannot be
(:func:`parse_list_request`); a page reads leniently, for a reader has to get some list (:func:`lenient_list_request`).

A report is listed when its own metadata pass; ``section`` and ``part`` ask that some block of it passes with all the
filters, whatever its kind.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from searchapp.errors import ParameterError
from searchapp.fields import BLOCK_FIELDS
from searchapp.language import listed, tr
from searchapp.lexicon.pinyin import syllables
from searchapp.query import Diagnostic, YearRange
from searchapp.reports.model import Metadata
from searchapp.search.params import Parameters, parse_request, printable, values_of
from searchapp.search.request import Filters, SearchRequest
from searchapp.search.result import ReportSummary
from searchapp.search.schema import (
    ALL_KINDS,
    EXCLUSION_PREFIX,
    FILTER_NAMES,
    NONE_VALUE,
    FilterName,
    organ_of,
    report_values,
    spoken,
)
from searchapp.services.library import Library
from searchapp.services.payloads import types
from searchapp.services.payloads.encode import report_json
from searchapp.services.payloads.shape import shaped
from searchapp.text.normalize import normalize
from searchapp.time_limit import watched

PER_PAGE = 100
"""Reports on a page of the web pages."""
MAX_TEXT_CHARACTERS = 200
"""As much of ``text`` as is looked for; the rest is passed over."""

Order = Literal["document", "title", "unit", "year", "kind", "paragraphs"]
ORDERS: tuple[Order, ...] = get_args(Order)
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

Narrowing = Literal["unit_type", "year", "kind"]
"""Filters whose values a page offers to choose from."""
NARROWINGS: tuple[Narrowing, ...] = get_args(Narrowing)

LISTING_NAMES = frozenset(
    {"year_from", "year_to", "sort", "page", "per_page", *FILTER_NAMES}
    | {EXCLUSION_PREFIX + name for name in FILTER_NAMES}
)
"""The parameters of the API's list."""


@dataclass(frozen=True, slots=True)
class ListRequest:
    """Which reports, in which order. ``text``: words that must stand in title, unit or file name, each of them.

    ``by_organ``: the order ``unit`` is that of departments by their present names, else of units. ``page`` counts
    from 1. ``diagnostics``: what was passed over.
    """

    filters: Filters = field(default_factory=Filters)
    text: str = ""
    order: Order = "document"
    descending: bool = False
    by_organ: bool = False
    page: int = 1
    per_page: int = PER_PAGE
    diagnostics: tuple[Diagnostic, ...] = ()

    def chosen(self, name: FilterName) -> frozenset[str]:
        """The values chosen under ``name``."""
        return self.filters.include.get(name, frozenset())


@dataclass(frozen=True, slots=True)
class ReportList:
    """The answer to ``request``: ``found`` are the reports of all pages in order, ``named`` those that hold its text,
    ``library`` is the number of all that there are.
    """

    build: str
    request: ListRequest
    found: Sequence[ReportSummary]
    named: Sequence[ReportSummary]
    library: int

    @property
    def pages(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-len(self.found) // self.request.per_page))

    @property
    def summaries(self) -> tuple[ReportSummary, ...]:
        """The reports of the page asked for; none when it is too far."""
        first = (self.request.page - 1) * self.request.per_page
        return tuple(self.found[first : first + self.request.per_page])

    def within(self) -> ReportList:
        """The same; the last page in place of one too far."""
        return replace(self, request=replace(self.request, page=min(self.request.page, self.pages)))

    def choices(self, name: Narrowing) -> Mapping[str, int]:
        """The values to choose from under ``name``, and how many reports each gives (or adds) under the other
        conditions.
        """
        include = {other: values for other, values in self.request.filters.include.items() if other != name}
        filters = replace(self.request.filters, include=include)
        others = [each.meta for each in watched(self.named) if _passes(filters, each.meta)]
        return Counter(value for meta in others for value in _values_of(name, meta))


def parse_list_request(params: Parameters) -> ListRequest:
    """Names as of a search, ``sort`` as ``LIST_SORTS``. Unknown names are passed over with a diagnostic.

    Raises ``ParameterError`` for values that cannot be.
    """
    sort = _last(params, "sort")
    if (order := parse_order(sort)) is None:
        reason = tr(
            "{name}没有“{value}”这个值；可用：{choices}。",
            name=spoken("sort"),
            value=printable(sort),
            choices=listed(LIST_SORTS),
        )
        raise ParameterError("sort", reason)
    known = {name: values for name, values in params.items() if name in LISTING_NAMES and name != "sort"}
    request = parse_request(known).request
    unknown = sorted(set(params) - LISTING_NAMES)
    return ListRequest(
        filters=request.filters,
        order=order[0],
        descending=order[1],
        by_organ=True,
        page=request.page,
        per_page=request.per_page,
        diagnostics=tuple(Diagnostic(tr("不认识的参数“{name}”，已略去", name=printable(name))) for name in unknown),
    )


def lenient_list_request(params: Parameters) -> ListRequest:
    """Reads ``text``, ``unit``, ``unit_type``, ``year``, ``kind``, ``sort`` (``-year`` descends) and ``page``.

    What cannot be is passed over: a list is there in any case.
    """
    order, descending = parse_order(_last(params, "sort")) or ("document", False)
    page = _last(params, "page")
    names: tuple[FilterName, ...] = ("unit", *NARROWINGS)
    chosen = {name: frozenset(value.strip() for value in values_of(params, name)) - {""} for name in names}
    return ListRequest(
        filters=Filters({name: values for name, values in chosen.items() if values}),
        text=_last(params, "text")[:MAX_TEXT_CHARACTERS],
        order=order,
        descending=descending,
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 and int(page) else 1,
    )


def list_reports(library: Library, request: ListRequest) -> ReportList:
    """The reports that ``request`` asks for."""
    everything = library.reader.reports()
    words = [word for each in request.text.split() if (word := normalize(each))]
    named = [each for each in watched(everything) if _holds(each, words)]
    found = [each for each in watched(named) if _passes(request.filters, each.meta)]
    if found and not BLOCK_FIELDS.isdisjoint({*request.filters.include, *request.filters.exclude}):
        search = SearchRequest(filters=request.filters, kinds=ALL_KINDS, sort="document")
        holding = set(library.reader.hits_by_report(search))
        found = [each for each in found if each.report_id in holding]
    return ReportList(library.build, request, _in_order(found, request), named, len(everything))


def report_list_json(listing: ReportList) -> types.ReportsJson:
    """A page of the list."""
    reports = [report_json(summary) for summary in listing.summaries]
    return shaped(types.ReportsJson, listing.request, build=listing.build, total=len(listing.found), reports=reports)


def parse_order(text: str) -> tuple[Order, bool] | None:
    """An order by its name, and whether it descends: ``-year``. Empty is document order, which never descends.

    ``None`` for what is no order.
    """
    name, descending = text.removeprefix("-"), text.startswith("-")
    order = next((each for each in ORDERS if each == (name or ORDERS[0])), None)
    return None if order is None or (descending and (not name or order == ORDERS[0])) else (order, descending)


def _in_order(reports: list[ReportSummary], request: ListRequest) -> list[ReportSummary]:
    """``reports``, which are in document order, in the one asked for: Chinese texts as a dictionary has them, what is
    unknown last either way.
    """
    if request.order == "document":
        return reports
    value = _SORT_VALUES["organ" if request.order == "unit" and request.by_organ else request.order]
    keyed = [(value(each), each) for each in watched(reports)]
    known = [(key, each) for key, each in keyed if key is not None]
    known.sort(key=lambda pair: pair[0], reverse=request.descending)  # stable either way
    return [each for _, each in known] + [each for key, each in keyed if key is None]


@functools.lru_cache(maxsize=1 << 14)
def _spelled(text: str | None) -> tuple[tuple[str, ...], str] | None:
    """The order of a Chinese dictionary: by pinyin, then by the characters themselves."""
    return None if text is None else (tuple(syllables(text)), text)


_SORT_VALUES: dict[str, Callable[[ReportSummary], Any]] = {
    "title": lambda summary: _spelled(summary.meta.title or None),
    "unit": lambda summary: _spelled(summary.meta.unit),
    "organ": lambda summary: _spelled(organ_of(summary.meta)),
    "year": lambda summary: summary.meta.year,
    "kind": lambda summary: _spelled(summary.meta.kind),
    "paragraphs": lambda summary: summary.paragraphs,
}
"""What a report is sorted by; ``None`` is unknown."""


def _passes(filters: Filters, meta: Metadata) -> bool:
    """Whether a report's own metadata pass; filters of blocks are left to the engine."""
    if any(_values_of(name, meta) & values for name, values in filters.exclude.items() if name not in BLOCK_FIELDS):
        return False
    return all(
        any(name in BLOCK_FIELDS or _has(meta, name, values) for name, values in choices)
        for choices in filters.choices().values()
    )


def _has(meta: Metadata, name: FilterName, values: frozenset[str] | YearRange) -> bool:
    return meta.year in values if isinstance(values, YearRange) else bool(_values_of(name, meta) & values)


def _values_of(name: FilterName, meta: Metadata) -> set[str]:
    return set(report_values(name, meta)) or {NONE_VALUE}


def _holds(summary: ReportSummary, words: Sequence[str]) -> bool:
    if not words:
        return True
    meta = summary.meta
    names = (meta.title, meta.unit, meta.department, meta.organ, *(source.file for source in summary.sources))
    text = "\n".join(normalize(each) for each in names if each)
    return all(word in text for word in words)


def _last(params: Parameters, name: str) -> str:
    values = values_of(params, name)
    return values[-1].strip() if values else ""
