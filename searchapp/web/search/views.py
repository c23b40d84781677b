"""The views of a search: links to them and to its files, the frame around them, list of headings and concordance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from werkzeug.urls import uri_to_iri

from searchapp.language import Labels, later, tr
from searchapp.query import Diagnostic
from searchapp.query.ast import asks_for_text
from searchapp.search.schema import SORTS
from searchapp.services.addresses import part_of
from searchapp.services.concordance import Concordance, KwicLine, LineSort
from searchapp.services.headings import MAX_DEPTH, HeadingsList, ReportHeadings
from searchapp.services.inferred_values import NOTHING_INFERRED, Inferred
from searchapp.services.labels import years_text
from searchapp.services.search import Answer
from searchapp.web import labels
from searchapp.web.links import located_url, report_url, search_url
from searchapp.web.paging import Paging, paging
from searchapp.web.search.facets import Chip, FacetColumn, chips, facet_column
from searchapp.web.search.results import CountItem, count_items
from searchapp.web.search.switches import Choice
from searchapp.web.search_state import Pairs, SearchState

VIEW_LABELS = Labels({"blocks": later("段落"), "kwic": later("逐处"), "headings": later("小标题")})
EXPORT_LABELS = {"xlsx": "Excel", "csv": "CSV", "jsonl": "JSON Lines"}

_NOT_EXPORTED = ("page", "per_page", "group", "fold", "explain", "fillers", "depth")
_OF_VIEW = {"kwic": ("group", "fold", "explain", "fillers"), "headings": ("group", "fold", "explain", "fillers")}
"""What a view does not have: links to it leave these out."""


@dataclass(frozen=True, slots=True)
class TakeAway:
    """A file of all that is found."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ViewsBar:
    """The views of this search, the current one among them; ``files`` are empty where there is nothing to take."""

    views: tuple[Choice, ...]
    files: tuple[TakeAway, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a view as it does around the list of hits."""

    query: str
    heading: str
    fields: Pairs
    counts: tuple[CountItem, ...]
    told: tuple[str, ...]
    chips: tuple[Chip, ...]
    clear_url: str | None
    column: FacetColumn
    views: ViewsBar


def views_bar(state: SearchState, build: str, asks_text: bool) -> ViewsBar:
    """The views of ``state``, and its files from ``build``; ``asks_text``: whether there is anything to line up."""
    current = view_of(state)
    shown = [view for view in VIEW_LABELS if view != "kwic" or asks_text or current == "kwic"]
    views = tuple(Choice(VIEW_LABELS[view], search_url(in_view(state, view)), view == current) for view in shown)
    if current == "headings":
        files: tuple[TakeAway, ...] = (TakeAway(tr("纯文本"), _url(state, "export.plain_outline", "view", "page")),)
        return ViewsBar(views, files, tr("全部小标题，可整篇复制"))
    files = tuple(
        TakeAway(label, f"{_url(state, 'export.export_hits', *_NOT_EXPORTED, format=name, build=build)}")
        for name, label in EXPORT_LABELS.items()
    )
    return ViewsBar(views, files, tr("导出全部各处") if current == "kwic" else tr("导出全部段落"))


def view_of(state: SearchState) -> str:
    """The view that ``state`` is in."""
    return next(iter(state.values("view")), "blocks")


def in_view(state: SearchState, view: str) -> SearchState:
    """``state`` in another view: query and filters stay, and the order where that view has it."""
    left = state.replacing("view", view)
    for name in _OF_VIEW.get(view, ()):
        left = left.without(name)
    if view != "kwic":
        left = left.without("width")
        left = left if set(left.values("sort")) <= set(SORTS) else left.without("sort")
    return left if view == "headings" else left.without("depth")


def frame_view(
    answer: Answer,
    told: Iterable[Diagnostic],
    state: SearchState,
    scope: int,
    inferred: Inferred = NOTHING_INFERRED,
) -> Frame:
    """The frame of ``answer``, which was asked for by ``state``; ``told``: what to know of the view itself.

    ``scope``: how many reports there are under its filters; ``inferred``: values of facets that no report states.
    """
    asks_text = asks_for_text(answer.request.query)
    return Frame(
        query=state.query,
        heading=state.query.strip() or tr("全部段落"),
        fields=state.fields("q"),
        counts=count_items(answer.result, asks_text, scope),
        told=tuple(dict.fromkeys(each.message for each in (*answer.diagnostics, *told))),
        chips=chips(state, answer.result.facets),
        clear_url=search_url(state.cleared()) if state.is_narrowed else None,
        column=facet_column(answer.result.facets, state, inferred),
        views=views_bar(state, answer.build, asks_text),
    )


def _url(state: SearchState, endpoint: str, *but: str, **more: str) -> str:
    left = state
    for name in but:
        left = left.without(name)
    return SearchState((*left.pairs, *more.items())).url(url_for(endpoint))


DEPTH_LABELS = Labels({1: later("一级"), 2: later("到二级"), 3: later("到三级"), MAX_DEPTH: later("全部")})


@dataclass(frozen=True, slots=True)
class HeadingView:
    """A heading; ``depth`` from 1."""

    depth: int
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class OutlineView:
    """A report and its headings; ``hits``: how many of its blocks are found."""

    title: str
    url: str
    unit: str
    year: str
    hits: str
    headings: tuple[HeadingView, ...]


@dataclass(frozen=True, slots=True)
class HeadingsView:
    """``total`` reports, those of this page, and the levels to choose from."""

    reports: tuple[OutlineView, ...]
    total: str
    depths: tuple[Choice, ...]
    paging: Paging


def headings_view(found: HeadingsList, state: SearchState) -> HeadingsView:
    """The page of ``found``, which was asked for by ``state``."""
    return HeadingsView(
        reports=tuple(_outline(report, state) for report in found.reports),
        total=labels.number(found.total),
        depths=tuple(
            Choice(label, search_url(state.replacing("depth", str(depth))), depth == found.depth)
            for depth, label in DEPTH_LABELS.items()
        ),
        paging=paging(state, found.page, found.per_page, found.total),
    )


def _outline(found: ReportHeadings, state: SearchState) -> OutlineView:
    summary = found.summary
    report_id, meta = summary.report_id, summary.meta
    return OutlineView(
        title=meta.title or tr("（无题目）"),
        url=report_url(report_id, state=state),
        unit=meta.unit or tr("单位未注明"),
        year=years_text(meta) if meta.year is not None else tr("年份未注明"),
        hits=labels.number(found.hits),
        headings=tuple(
            HeadingView(
                heading.depth,
                heading.text,
                # Chinese as it is weighs a third of what it weighs percent-encoded, and there are hundreds of these.
                uri_to_iri(report_url(report_id, heading.key, state, part=part_of(heading.position, summary.blocks))),
            )
            for heading in found.headings
        ),
    )


SORT_LABELS: Mapping[LineSort, str] = Labels(
    {"document": later("按原文次序"), "left": later("按左文"), "right": later("按右文")}
)
WIDTHS = (10, 20, 40)


@dataclass(frozen=True, slots=True)
class LineView:
    """One occurrence. White space of the original is shown as single spaces; ``where`` is the report's title."""

    left: str
    keyword: str
    right: str
    url: str
    unit: str
    year: str
    where: str


@dataclass(frozen=True, slots=True)
class KwicView:
    """``first``, ``last`` and ``total`` number the lines of this page among all."""

    lines: tuple[LineView, ...]
    first: str
    last: str
    total: str
    width: int
    sorts: tuple[Choice, ...]
    widths: tuple[Choice, ...]
    paging: Paging


def kwic_view(found: Concordance, state: SearchState) -> KwicView:
    """The page of ``found``, which was asked for by ``state``."""
    begun = (found.page - 1) * found.per_page
    return KwicView(
        lines=tuple(_line(line, state) for line in found.lines),
        first=labels.number(begun + 1),
        last=labels.number(begun + len(found.lines)),
        total=labels.number(found.total),
        width=found.width,
        sorts=tuple(
            Choice(label, search_url(state.replacing("sort", sort)), sort == found.sort)
            for sort, label in SORT_LABELS.items()
        ),
        widths=tuple(
            Choice(
                tr("{width} 字", width=width), search_url(state.replacing("width", str(width))), width == found.width
            )
            for width in WIDTHS
        ),
        paging=paging(state, found.page, found.per_page, found.total),
    )


def _line(line: KwicLine, state: SearchState) -> LineView:
    # Every line repeats the query in its address: Chinese as it is weighs a third of what it weighs percent-encoded.
    located = line.located
    meta = located.report.meta
    return LineView(
        left=_one_line(line.left),
        keyword=_one_line(line.keyword),
        right=_one_line(line.right),
        url=uri_to_iri(located_url(located, state)),
        unit=meta.unit or labels.unknown(),
        year=labels.unknown() if meta.year is None else str(meta.year),
        where=meta.title or tr("（无题目）"),
    )


def _one_line(text: str) -> str:
    return "".join(" " if char.isspace() else char for char in text)
