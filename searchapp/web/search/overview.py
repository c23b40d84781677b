"""The page of a search as a whole: its grid in full, its years as a line, a second search beside it.

The drawing of the lines is :data:`WIDTH` x :data:`HEIGHT` units; a year without reports breaks a line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from flask import url_for

from searchapp.language import Labels, later, tr, trn
from searchapp.services.counts import Series, Sums, YearSums
from searchapp.services.unit_year_grid import Grid
from searchapp.web import labels
from searchapp.web.grid import ROWS_SHOWN, Extent, GridView, hits_grid
from searchapp.web.links import search_url
from searchapp.web.search.facets import chips
from searchapp.web.search_state import Pairs, SearchState

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


Measure = Literal["reports", "blocks", "share"]
MEASURES: Mapping[Measure, str] = Labels(
    {"reports": later("篇数"), "blocks": later("段数"), "share": later("占当年报告")}
)

WIDTH, HEIGHT = 760, 240
LEFT, RIGHT, TOP, BOTTOM = 0, 712, 14, 208
_LABEL_WIDTH = 44
_STEPS = (1, 2, 5)
_FEW_YEARS = 30
_YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100, 500)


@dataclass(frozen=True, slots=True)
class Point:
    """A year of a line, in units of the drawing."""

    x: float
    y: float
    spoken: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A search: ``paths`` are the points of each unbroken stretch; ``cells`` the same as text, one for each year."""

    label: str
    number: int
    paths: tuple[str, ...]
    points: tuple[Point, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis and where it stands."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class MeasureLink:
    """What is drawn, or could be."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class TrendView:
    """``years`` head the same numbers as a table. ``size`` of a point: half across a dot, a third across a square."""

    label: str
    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    years: tuple[str, ...]
    measures: tuple[MeasureLink, ...]
    size: int


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What is drawn, between which years, up to which value."""

    measure: Measure
    first: int
    last: int
    top: float

    def x(self, year: int) -> float:
        """Where a year stands: years are at even distances, those without reports among them."""
        if self.first == self.last:
            return (LEFT + RIGHT) / 2
        share = (year - self.first) / (self.last - self.first)
        return round(LEFT + _LABEL_WIDTH / 2 + share * (RIGHT - LEFT - _LABEL_WIDTH), 1)

    def y(self, value: float) -> float:
        """Where a value stands."""
        return round(BOTTOM - (BOTTOM - TOP) * value / self.top, 1)


def trend_view(
    series: Sequence[tuple[str, SearchState, Sequence[YearSums]]], measure: Measure, url: Callable[[Measure], str]
) -> TrendView:
    """``series``: label, state and sums of one or two searches over the same years, 未注明 left out, at least one year.

    ``url`` gives the page by a measure.
    """
    years = _known(series[0][2])
    most = max(_value(each.sums, measure) for _, _, sums in series for each in sums)
    scale = [mark / 100 for mark in range(0, 101, 25)] if measure == "share" else _scale(most)
    drawing = _Drawing(measure, years[0], years[-1], scale[-1])
    span = years[-1] - years[0] + 1
    every = next(step for step in _YEAR_STEPS if span * _LABEL_WIDTH / step <= RIGHT - LEFT or step == _YEAR_STEPS[-1])
    marked = [year for year in range(years[0], years[-1] + 1) if year % every == 0] or [years[-1]]
    return TrendView(
        label=tr("各年份{measure}", measure=MEASURES[measure]),
        lines=tuple(
            _line(number, label, state, sums, drawing) for number, (label, state, sums) in enumerate(series, 1)
        ),
        across=tuple(Tick(drawing.x(year), str(year)) for year in marked),
        up=tuple(Tick(drawing.y(mark), _text(mark, measure)) for mark in scale),
        years=tuple(map(str, years)),
        measures=tuple(MeasureLink(label, url(name), name == measure) for name, label in MEASURES.items()),
        size=3 if span <= _FEW_YEARS else 2,
    )


def _line(number: int, label: str, state: SearchState, sums: Sequence[YearSums], drawing: _Drawing) -> Line:
    stretches: list[list[Point]] = []
    before: int | None = None
    for each in sums:
        if each.year is None or not each.sums.reports:
            continue
        if before is None or each.year != before + 1:
            stretches.append([])
        stretches[-1].append(_point(label, state, each.year, each.sums, drawing))
        before = each.year
    return Line(
        label=label,
        number=number,
        paths=tuple(" ".join(f"{at.x:g},{at.y:g}" for at in points) for points in stretches if len(points) > 1),
        points=tuple(point for points in stretches for point in points),
        cells=tuple(_told(each.sums, drawing.measure) for each in sums),
    )


def _point(label: str, state: SearchState, year: int, sums: Sums, drawing: _Drawing) -> Point:
    narrowed = state.without("year_from").without("year_to").replacing("year", str(year))
    spoken = tr("{label}，{year}年：{told}", label=label, year=year, told=_told(sums, drawing.measure))
    return Point(drawing.x(year), drawing.y(_value(sums, drawing.measure)), spoken, search_url(narrowed))


def _known(sums: Sequence[YearSums]) -> list[int]:
    return [each.year for each in sums if each.year is not None]


def _scale(most: float) -> list[float]:
    """Round marks from 0 to at least ``most``, whole numbers, four steps or fewer."""
    tens = 1
    while True:
        for step in (digit * tens for digit in _STEPS):
            if step * 4 >= most:
                return [float(step * at) for at in range(max(1, -(-int(most) // step)) + 1)]
        tens *= 10


def _value(sums: Sums, measure: Measure) -> float:
    return {"reports": sums.saying, "blocks": sums.blocks, "share": sums.share or 0.0}[measure]


def _told(sums: Sums, measure: Measure) -> str:
    if not sums.reports:
        return tr("缺报告")
    if measure == "share":
        share = _text(sums.share or 0, measure)
        return trn("{share}（{saying}/{count} 篇）", sums.reports, share=share, saying=sums.saying)
    return trn("{count:,} 篇", sums.saying) if measure == "reports" else trn("{count:,} 段", sums.blocks)


def _text(value: float, measure: Measure) -> str:
    return f"{value:.0%}" if measure == "share" else labels.number(int(value))
