"""The list of reports as a page shows it: narrowed, sorted, paged. Knows reports as a whole; reads no text of theirs.

What is asked for is read leniently, for a reader has to get some list; it searches titles and files and tells what
could be chosen. The API's list (``report_list``) takes the filters of a search, and refuses what cannot be. Both have
their orders from ``report_order``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from searchapp.reports.model import Metadata
from searchapp.search.params import Parameters, values_of
from searchapp.search.result import ReportSummary
from searchapp.search.schema import NONE_VALUE, department_of, organ_of
from searchapp.services.report_order import SORT_VALUES, Order, SortValue, in_order, parse_order, spelled
from searchapp.text.normalize import normalize

PER_PAGE = 100
MAX_TEXT_CHARACTERS = 200
"""As much of ``text`` as is looked for; the rest is passed over."""

Narrowing = Literal["unit_type", "year", "kind"]
NARROWINGS: tuple[Narrowing, ...] = get_args(Narrowing)


@dataclass(frozen=True, slots=True)
class ListRequest:
    """Which reports, in which order. ``text``: words that must stand in title, unit or file name, each of them.

    ``values``: chosen values, OR inside a name, ``none`` for 未注明; ``units``: names of units, now or then. ``page``
    counts from 1.
    """

    text: str = ""
    units: frozenset[str] = frozenset()
    values: Mapping[Narrowing, frozenset[str]] | None = None
    order: Order = "document"
    descending: bool = False
    page: int = 1

    def chosen(self, name: Narrowing) -> frozenset[str]:
        """The values chosen under ``name``."""
        return (self.values or {}).get(name, frozenset())


@dataclass(frozen=True, slots=True)
class ReportList:
    """One page of a list. ``total``: reports on all pages; ``library``: all that there are.

    ``request`` is what was answered: its page is the last when a later one was asked for. ``choices``: for each name
    the values to choose from, and how many reports each would give (or add) under the other conditions.
    """

    request: ListRequest
    summaries: tuple[ReportSummary, ...]
    total: int
    library: int
    choices: Mapping[Narrowing, Mapping[str, int]]

    @property
    def pages(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-self.total // PER_PAGE))


def list_request(params: Parameters) -> ListRequest:
    """Reads ``text``, ``unit``, ``unit_type``, ``year``, ``kind``, ``sort`` (``-year`` descends) and ``page``.

    What cannot be is passed over: a list is there in any case.
    """
    order, descending = parse_order(_last(params, "sort")) or ("document", False)
    page = _last(params, "page")
    return ListRequest(
        text=_last(params, "text")[:MAX_TEXT_CHARACTERS],
        units=_values(params, "unit"),
        values={name: values for name in NARROWINGS if (values := _values(params, name))},
        order=order,
        descending=descending,
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 and int(page) else 1,
    )


def list_reports(summaries: Sequence[ReportSummary], request: ListRequest) -> ReportList:
    """The page of ``request`` among ``summaries``, which stand in document order."""
    words = normalize_words(request.text)
    named = [each for each in summaries if _is_of(each, request.units) and _holds(each, words)]
    found = [each for each in named if all(_fits(each, request, name) for name in NARROWINGS)]
    choices = {
        name: Counter(
            narrowing_value(each.meta, name)
            for each in named
            if all(_fits(each, request, other) for other in NARROWINGS if other != name)
        )
        for name in NARROWINGS
    }
    answered = ReportList(request, (), len(found), len(summaries), choices)
    page = min(request.page, answered.pages)
    first = (page - 1) * PER_PAGE
    shown = tuple(_sorted(found, request)[first : first + PER_PAGE])
    return replace(answered, request=replace(request, page=page), summaries=shown)


def narrowing_value(meta: Metadata, name: Narrowing) -> str:
    """The value by which a report is chosen under ``name``."""
    value = {"unit_type": meta.unit_type, "year": meta.year, "kind": meta.kind}[name]
    return NONE_VALUE if value is None else str(value)


def normalize_words(text: str) -> tuple[str, ...]:
    """The words of ``text`` between white space, in normal form."""
    return tuple(word for each in text.split() if (word := normalize(each)))


def _fits(summary: ReportSummary, request: ListRequest, name: Narrowing) -> bool:
    chosen = request.chosen(name)
    return not chosen or narrowing_value(summary.meta, name) in chosen


def _is_of(summary: ReportSummary, units: frozenset[str]) -> bool:
    meta = summary.meta
    names = {meta.unit, department_of(meta), organ_of(meta)} - {None}
    return not units or bool(units & (names or {NONE_VALUE}))


def _holds(summary: ReportSummary, words: tuple[str, ...]) -> bool:
    if not words:
        return True
    meta = summary.meta
    told = (meta.title, meta.unit, meta.department, meta.organ, *(source.file for source in summary.sources))
    text = "\n".join(normalize(each) for each in told if each)
    return all(word in text for word in words)


def _sorted(found: list[ReportSummary], request: ListRequest) -> list[ReportSummary]:
    if request.order == "document":
        return found
    return in_order(found, _SORT_VALUES[request.order], request.descending)


_SORT_VALUES: dict[str, SortValue] = {
    **SORT_VALUES,
    "unit": lambda summary: None if summary.meta.unit is None else spelled(summary.meta.unit),
}


def _values(params: Parameters, name: str) -> frozenset[str]:
    return frozenset(value.strip() for value in values_of(params, name)) - {""}


def _last(params: Parameters, name: str) -> str:
    values = values_of(params, name)
    return values[-1].strip() if values else ""
