"""The start page: what is in the library at a glance, and the ways into it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from searchapp.language import from_to, trn
from searchapp.search.result import LibraryStats
from searchapp.services.counts import KindSums, Series
from searchapp.services.unit_year_grid import Grid
from searchapp.web import labels
from searchapp.web.bars import Bars, report_kind_bars, report_year_bars
from searchapp.web.grid import Extent, GridView, reports_grid

ROWS_ON_START = 24
YEARS_ON_START = 14
NARROW_YEARS = 7
"""With so many years or fewer the grid leaves room beside it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it counts, and where to look at it."""

    number: str
    noun: str
    url: str | None


@dataclass(frozen=True, slots=True)
class HomeView:
    """``grid`` is ``None`` for an empty library; bars with one value only are left out (``None``)."""

    figures: tuple[Figure, ...]
    grid: GridView | None
    years: Bars | None
    kinds: Bars | None
    is_narrow: bool


def home_view(
    stats: LibraryStats,
    grid: Grid,
    years: Series,
    kinds: tuple[KindSums, ...],
    is_whole: bool = False,
) -> HomeView:
    """``grid``, ``years`` and ``kinds`` are those of the whole library; ``is_whole``: every unit is listed."""
    by_year, by_kind = report_year_bars(years), report_kind_bars(kinds)
    extent = Extent(None if is_whole else ROWS_ON_START, YEARS_ON_START)
    return HomeView(
        figures=_figures(stats),
        grid=reports_grid(grid, url_for("library.start", rows="all", _anchor="grid"), extent) if grid.rows else None,
        years=by_year if len(by_year.bars) > 1 else None,
        kinds=by_kind if len(by_kind.bars) > 1 else None,
        is_narrow=len(grid.years) <= NARROW_YEARS,
    )


def _figures(stats: LibraryStats) -> tuple[Figure, ...]:
    years = stats.years
    span = "" if not years else str(years[0]) if years[0] == years[-1] else from_to(years[0], years[-1])
    told = [
        Figure(labels.number(stats.reports), trn("篇报告", stats.reports), url_for("library.reports")),
        Figure(labels.number(stats.paragraphs), trn("段", stats.paragraphs), url_for("search.results")),
        Figure(labels.number(stats.units), trn("个单位", stats.units), None),
        Figure(span, trn("年", len(set(years))), None),
    ]
    return tuple(figure for figure in told if figure.number)
