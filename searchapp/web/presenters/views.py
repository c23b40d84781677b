"""The views of a search as links, what can be taken along of it, and the frame that its other views stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from searchapp.language import Labels, later, tr, trn
from searchapp.query import Diagnostic
from searchapp.query.ast import asks_for_text
from searchapp.search.result import SearchResult
from searchapp.search.schema import SORTS
from searchapp.services.searching import Answer
from searchapp.web.links import search_url
from searchapp.web.presenters import labels
from searchapp.web.presenters.facets import Chip, FacetView, YearRangeForm, chips, facet_views, year_range_form
from searchapp.web.presenters.results import CountItem
from searchapp.web.presenters.switches import Choice
from searchapp.web.state import Pairs, SearchState

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
    facets: tuple[FacetView, ...]
    year_range: YearRangeForm
    views: ViewsBar


def views_bar(state: SearchState, build: str, asks_text: bool) -> ViewsBar:
    """The views of ``state``, and its files from ``build``; ``asks_text``: whether there is anything to line up."""
    current = view_of(state)
    shown = [view for view in VIEW_LABELS if view != "kwic" or asks_text or current == "kwic"]
    views = tuple(Choice(VIEW_LABELS[view], search_url(in_view(state, view)), view == current) for view in shown)
    if current == "headings":
        files: tuple[TakeAway, ...] = (TakeAway(tr("纯文本"), _url(state, "exporting.plain_outline", "view", "page")),)
        return ViewsBar(views, files, tr("全部小标题，可整篇复制"))
    files = tuple(
        TakeAway(label, f"{_url(state, 'exporting.export_hits', *_NOT_EXPORTED, format=name, build=build)}")
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


def frame_view(answer: Answer, told: Iterable[Diagnostic], state: SearchState) -> Frame:
    """The frame of ``answer``, which was asked for by ``state``; ``told``: what to know of the view itself."""
    asks_text = asks_for_text(answer.request.query)
    return Frame(
        query=state.query,
        heading=state.query.strip() or tr("全部段落"),
        fields=state.fields("q"),
        counts=_counts(answer.result, asks_text),
        told=tuple(dict.fromkeys(each.message for each in (*answer.diagnostics, *told))),
        chips=chips(state, answer.result.facets),
        clear_url=search_url(state.cleared()) if state.is_narrowed else None,
        facets=facet_views(answer.result.facets, state),
        year_range=year_range_form(state),
        views=views_bar(state, answer.build, asks_text),
    )


def _counts(result: SearchResult, asks_text: bool) -> tuple[CountItem, ...]:
    counts = result.counts
    told = [
        (counts.reports, trn("篇报告", counts.reports)),
        (counts.occurrences, trn("处", counts.occurrences)),
        (result.total, trn("段", result.total)),
        (counts.units, trn("个单位", counts.units)),
    ]
    if not asks_text:
        del told[1]
    return tuple(CountItem(labels.number(count), noun) for count, noun in told)


def _url(state: SearchState, endpoint: str, *but: str, **more: str) -> str:
    left = state
    for name in but:
        left = left.without(name)
    return SearchState((*left.pairs, *more.items())).url(url_for(endpoint))
