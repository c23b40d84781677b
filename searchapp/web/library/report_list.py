"""The list of reports as a page: rows, a form to narrow it, headers that sort, pages. Links are :class:`ListState`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from flask import url_for

from searchapp.language import later, tr
from searchapp.search.schema import NONE_VALUE
from searchapp.services.report_list import NARROWINGS, ListRequest, Narrowing, Order, ReportList
from searchapp.web import labels
from searchapp.web.paging import PageLink, Paging
from searchapp.web.report.facts import ReportRow, report_rows
from searchapp.web.search_state import Pairs

_COLUMNS: tuple[tuple[Order, str], ...] = (
    ("title", later("题目")),
    ("unit", later("单位")),
    ("year", later("年份")),
    ("kind", later("文种")),
    ("paragraphs", later("段数")),
)
_LATEST_FIRST: frozenset[Order] = frozenset({"year", "paragraphs"})
"""Columns of which a reader wants the greatest first."""


@dataclass(frozen=True, slots=True)
class ListState:
    """A list with its conditions, order and page, and its address; what says nothing is left out of it."""

    text: str = ""
    units: tuple[str, ...] = ()
    values: Mapping[Narrowing, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1

    @classmethod
    def of(cls, request: ListRequest) -> ListState:
        """The state of an answered request."""
        values = {name: tuple(sorted(request.chosen(name))) for name in NARROWINGS if request.chosen(name)}
        sort = "" if request.order == "document" else f"-{request.order}" if request.descending else request.order
        return cls(request.text, tuple(sorted(request.chosen("unit"))), values, sort, request.page)

    @property
    def pairs(self) -> Pairs:
        """Names and values of the parameters."""
        chosen = [(str(name), value) for name, values in self.values.items() for value in values]
        told = [("text", self.text), *(("unit", unit) for unit in self.units), *chosen, ("sort", self.sort)]
        return tuple((name, value) for name, value in (*told, ("page", str(self.page))) if (name, value) not in _SILENT)

    def url(self) -> str:
        """The address of the page."""
        query = urlencode(self.pairs, encoding="utf-8", errors="replace")
        path = url_for("library.reports")
        return f"{path}?{query}" if query else path


_SILENT = {("text", ""), ("sort", ""), ("page", "1")}


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a column; ``url`` sorts by it, or the other way round. ``direction``: a value of ``aria-sort``."""

    label: str
    url: str
    direction: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose in the form, and how many reports it gives."""

    value: str
    label: str
    count: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A field of the form with its values."""

    name: Narrowing
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """``total`` of ``library`` reports (empty: of all); ``range`` says which of them this page shows.

    ``fields`` of the form are carried along; ``clear_url`` takes all conditions off, ``None`` when there are none.
    """

    total: str
    library: str
    range: str
    rows: tuple[ReportRow, ...]
    headers: tuple[Header, ...]
    text: str
    selects: tuple[Select, ...]
    fields: Pairs
    units: tuple[str, ...]
    clear_url: str | None
    paging: Paging


def list_view(listed: ReportList) -> ListView:
    """The page of ``listed``."""
    state = ListState.of(listed.request)
    bare = ListState(sort=state.sort)
    first = (listed.request.page - 1) * listed.request.per_page
    rows = report_rows(listed.summaries)
    is_narrowed = bool(state.text or state.units or state.values)
    return ListView(
        total=labels.number(len(listed.found)),
        library=labels.number(listed.library) if len(listed.found) < listed.library else "",
        range=tr("第 {first}—{last} 篇", first=first + 1, last=first + len(rows)) if listed.pages > 1 else "",
        rows=rows,
        headers=tuple(_header(column, label, listed.request, state) for column, label in _COLUMNS),
        text=state.text,
        selects=tuple(_select(name, listed, state) for name in NARROWINGS),
        fields=tuple(("unit", unit) for unit in state.units) + ((("sort", state.sort),) if state.sort else ()),
        units=state.units,
        clear_url=bare.url() if is_narrowed else None,
        paging=_paging(state, listed.pages),
    )


def list_url(units: tuple[str, ...], years: tuple[str, ...]) -> str:
    """The list of the reports of some units in some years."""
    return ListState(units=units, values={"year": years} if years else {}).url()


def narrowed_url(name: Narrowing, value: str) -> str:
    """The list of the reports with one value."""
    return ListState(values={name: (value,)}).url()


def _header(column: Order, label: str, request: ListRequest, state: ListState) -> Header:
    is_current = column == request.order
    descends = (not request.descending) if is_current else column in _LATEST_FIRST
    direction = ("descending" if request.descending else "ascending") if is_current else ""
    sort = f"-{column}" if descends else column
    url = ListState(state.text, state.units, state.values, sort).url()
    return Header(tr(label), url, direction, column == "paragraphs")


def _select(name: Narrowing, listed: ReportList, state: ListState) -> Select:
    chosen = state.values.get(name, ())
    counted = dict.fromkeys(chosen, 0) | dict(listed.choices(name))
    if name == "year":
        order = sorted(counted, key=lambda value: (value == NONE_VALUE, -int(value) if value.isdecimal() else 0, value))
    else:
        order = sorted(counted, key=lambda value: (value == NONE_VALUE, -counted[value], value))
    return Select(
        name,
        labels.filter_name_label(name),
        tuple(
            Option(value, labels.filter_value_label(name, value), labels.number(counted[value]), value in chosen)
            for value in order
        ),
    )


def _paging(state: ListState, pages: int) -> Paging:
    urls = {page: replace(state, page=page).url() for page in range(1, pages + 1)}
    links = tuple(PageLink(str(page), url, page == state.page) for page, url in urls.items())
    return Paging(
        page=state.page,
        pages=pages,
        previous=urls.get(state.page - 1),
        next=urls.get(state.page + 1),
        links=links if pages > 1 else (),
        beyond=False,
        last=urls[pages],
    )
