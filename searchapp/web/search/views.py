"""The views of a search as links, what can be taken along of it, and the frame that its other views stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from searchapp.language import Labels, later, tr
from searchapp.query import Diagnostic
from searchapp.query.ast import asks_for_text
from searchapp.search.schema import SORTS
from searchapp.services.inferred_values import NOTHING_INFERRED, Inferred
from searchapp.services.search import Answer
from searchapp.web.links import search_url
from searchapp.web.search.facets import Chip, FacetColumn, chips, facet_column
from searchapp.web.search.results import CountItem, count_items
from searchapp.web.search.switches import Choice
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
