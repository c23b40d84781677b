"""The page of a search as a whole: its grid in full, its years as a line, a second search beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for

from searchapp.language import tr, trn
from searchapp.services.counts import Series
from searchapp.services.unit_year_grid import Grid
from searchapp.web import labels
from searchapp.web.grid import ROWS_SHOWN, Extent, GridView, hits_grid
from searchapp.web.links import search_url
from searchapp.web.search.facets import chips
from searchapp.web.search.trend import MEASURES, Measure, TrendView, trend_view
from searchapp.web.state import Pairs, SearchState

VIEWING_NAMES = ("page", "per_page", "sort", "group", "fold", "explain", "fillers")
"""Parameters of a search that change how hits are shown, which an overview does not show."""


@dataclass(frozen=True, slots=True)
class OverviewState:
    """A search, what it is compared with (empty: nothing), what is drawn, and whether every unit is listed."""

    search: SearchState
    other: str = ""
    measure: Measure = "reports"
    is_whole: bool = False

    @classmethod
    def of(cls, params: Mapping[str, Sequence[str]]) -> OverviewState:
        """The state of a request: the parameters of a search, and ``with``, ``by`` and ``rows=all``."""
        search = SearchState.of({name: values for name, values in params.items() if name not in VIEWING_NAMES})
        measure: Measure = next((each for each in MEASURES if each in params.get("by", ())), "reports")
        other = next(iter(params.get("with", ())), "").strip()
        return cls(search, other, measure, "all" in params.get("rows", ()))

    @property
    def params(self) -> dict[str, list[str]]:
        """The parameters of the search."""
        return {name: list(self.search.values(name)) for name, _ in self.search.pairs}

    @property
    def extra(self) -> Pairs:
        """The parameters besides those of the search, without what is usual."""
        told = (
            ("with", self.other),
            ("by", "" if self.measure == "reports" else self.measure),
            ("rows", "all" if self.is_whole else ""),
        )
        return tuple((name, value) for name, value in told if value)

    def url(self) -> str:
        """The address of the page."""
        return SearchState((*self.search.pairs, *self.extra)).url(url_for("search.overview"))


@dataclass(frozen=True, slots=True)
class OverviewView:
    """``search_url`` leads back to the hits; ``fields`` are carried along by the form that compares."""

    query: str
    heading: str
    search_url: str
    said: str
    other: str
    fields: Pairs
    alone_url: str | None
    trend: TrendView | None
    grid: GridView
    conditions: tuple[str, ...]


def overview_url(state: SearchState) -> str:
    """The overview of a search."""
    return OverviewState.of({name: state.values(name) for name, _ in state.pairs}).url()


def overview_view(state: OverviewState, grid: Grid, first: Series, second: Series | None) -> OverviewView:
    """``first`` and ``second`` (``None``: nothing is compared) over the same years."""
    series = [(_label(state.search.query), state.search, first)]
    if second is not None:
        series.append((_label(state.other), state.search.replacing("q", state.other), second))
    drawn = [(label, of, [each for each in sums if each.year is not None]) for label, of, sums in series]
    has_lines = len(drawn[0][2]) > 1
    sums = grid.sums
    return OverviewView(
        query=state.search.query,
        heading=_label(state.search.query),
        search_url=search_url(state.search),
        said=(
            trn(
                "{saying} / {reports} 篇报告提到，共 {count:,} 段",
                sums.blocks,
                saying=labels.number(sums.saying),
                reports=labels.number(sums.reports),
            )
        ),
        other=state.other,
        fields=(*state.search.pairs, *(pair for pair in state.extra if pair[0] != "with")),
        alone_url=replace(state, other="").url() if state.other else None,
        trend=trend_view(drawn, state.measure, lambda measure: replace(state, measure=measure).url())
        if has_lines
        else None,
        grid=hits_grid(
            grid,
            state.search,
            replace(state, is_whole=True).url(),
            Extent(rows=None if state.is_whole else ROWS_SHOWN),
        ),
        conditions=tuple(f"{chip.label} {chip.value}" for chip in chips(state.search, {})),
    )


def _label(query: str) -> str:
    return query or tr("全部段落")
