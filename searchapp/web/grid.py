"""The unit × year grid as a table: cells as links, sums, and how much of it is shown.

A number says how many paragraphs, 0 that there are reports which say nothing of it, a blank that there is no report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, log1p
from typing import Literal, Protocol

from searchapp.language import from_to, later, tr, trn
from searchapp.search.schema import NONE_VALUE
from searchapp.services.counts import Sums
from searchapp.services.unit_year_grid import Grid, Row
from searchapp.web import labels
from searchapp.web.library.report_list import list_url
from searchapp.web.links import report_url, search_url
from searchapp.web.search_state import SearchState

ROWS_SHOWN = 40
YEARS_SHOWN = 16
SHADES = 4
"""Depths of colour; a cell's is its share of the greatest number of one year, by the square of logarithms."""

Years = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a grid is shown: ``rows`` (``None``: every unit), the latest ``years``, units by type or by hits."""

    rows: int | None = ROWS_SHOWN
    years: int = YEARS_SHOWN
    by_type: bool = True


@dataclass(frozen=True, slots=True)
class CellView:
    """``text`` is a number, ``0`` or empty (no report); ``told`` says the rest; ``shade`` from 0 to :data:`SHADES`."""

    text: str
    told: str = ""
    url: str | None = None
    shade: int = 0


_MISSING = later("缺报告")
_NOTHING = Sums()


@dataclass(frozen=True, slots=True)
class RowView:
    """A unit: its cells, one for each column, and its sums; ``said``: reports that say it of those there are."""

    label: str
    url: str | None
    cells: tuple[CellView, ...]
    total: str
    said: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """The units of one type; ``label`` is empty where types are not told apart."""

    label: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A year, or the earlier years together; ``url`` is ``None`` where there is nothing to look at."""

    label: str
    spoken: str
    url: str | None


@dataclass(frozen=True, slots=True)
class GridView:
    """``of``: what numbers count. ``rest``: the units that are not shown, summed. ``whole_url``: where more is shown.

    ``span``: the number of columns, heads and sums included.
    """

    of: Literal["blocks", "reports"]
    caption: str
    columns: tuple[ColumnView, ...]
    groups: tuple[GroupView, ...]
    rest: RowView | None
    whole_url: str | None
    totals: RowView
    has_said: bool
    span: int


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its years, and whether it stands for all before the others."""

    years: Years
    is_earlier: bool = False


class _Counted(Protocol):
    """What the numbers of a grid count, and where they lead."""

    of: Literal["blocks", "reports"]
    caption: str
    has_said: bool

    def cell(self, sums: Sums, row: Row | None, column: _Column) -> CellView:
        """A cell with reports; of a sum where there is no ``row``."""

    def number(self, sums: Sums) -> int:
        """What is counted."""

    def row_url(self, row: Row) -> str | None:
        """Where a unit's name leads."""

    def column_url(self, column: _Column, sums: Sums) -> str | None:
        """Where a year leads."""


class _Hits:
    """Hits of a search; cells narrow it, a 0 opens the reports that say nothing."""

    of: Literal["blocks", "reports"] = "blocks"
    caption = later("各单位、各年份的段数")
    has_said = True

    def __init__(self, grid: Grid, state: SearchState) -> None:
        self._state = state
        self._most = max((cell.sums.blocks for row in grid.rows for cell in row.cells.values()), default=0)

    def cell(self, sums: Sums, row: Row | None, column: _Column) -> CellView:
        text, told = labels.number(sums.blocks), _said(sums)
        if row is None:
            return CellView(text, told)
        if not sums.blocks:
            return CellView("0", tr("没提"), _reports_url(row, column))
        return CellView(text, told, search_url(_in_years(_of_row(self._state, row), column)), self._shade(sums.blocks))

    def number(self, sums: Sums) -> int:
        return sums.blocks

    def row_url(self, row: Row) -> str | None:
        return search_url(_of_row(self._state, row)) if row.sums.blocks else None

    def column_url(self, column: _Column, sums: Sums) -> str | None:
        return search_url(_in_years(self._state, column)) if sums.blocks else None

    def _shade(self, count: int) -> int:
        return min(SHADES, ceil(SHADES * (log1p(count) / log1p(self._most)) ** 2))


class _Reports:
    """Reports of a library; a cell opens its report, or the list of several."""

    of: Literal["blocks", "reports"] = "reports"
    caption = later("各单位、各年份的报告篇数")
    has_said = False

    def cell(self, sums: Sums, row: Row | None, column: _Column) -> CellView:
        text = labels.number(sums.reports)
        if row is None:
            return CellView(text, trn("篇", sums.reports))
        return CellView(text, trn("篇", sums.reports), _reports_url(row, column), min(SHADES, sums.reports + 1))

    def number(self, sums: Sums) -> int:
        return sums.reports

    def row_url(self, row: Row) -> str | None:
        return list_url((row.unit or NONE_VALUE,), ())

    def column_url(self, column: _Column, sums: Sums) -> str | None:
        return list_url((), _values(column.years))


def hits_grid(grid: Grid, state: SearchState, whole_url: str | None, extent: Extent) -> GridView:
    """The grid of a search, whose links are states made from ``state``: hits by unit and year."""
    return _grid_view(grid, _Hits(grid, state), whole_url, extent)


def reports_grid(grid: Grid, whole_url: str | None, extent: Extent) -> GridView:
    """The grid of a library: reports by unit and year."""
    return _grid_view(grid, _Reports(), whole_url, extent)


def is_worth_showing(grid: Grid) -> bool:
    """Whether there is anything to compare: more than one unit or year."""
    return len(grid.rows) > 1 or len(grid.years) > 1


def _grid_view(grid: Grid, counted: _Counted, whole_url: str | None, extent: Extent) -> GridView:
    columns = _columns(grid.years, extent.years)
    whole = {column: _added(grid.columns[year] for year in column.years) for column in columns}
    shown, rest = _shown(grid.rows, extent)
    several = extent.by_type and len({row.unit_type for row in grid.rows}) > 1

    missing = CellView("", tr(_MISSING))

    def row_view(label: str, sums: Mapping[_Column, Sums], row: Row | None = None) -> RowView:
        over = _added(sums.values())
        return RowView(
            label=label,
            url=None if row is None else counted.row_url(row),
            cells=tuple(
                counted.cell(sums[column], row, column) if sums[column].reports else missing for column in columns
            ),
            total=labels.number(counted.number(over)),
            said=f"{labels.number(over.saying)}/{labels.number(over.reports)}",
        )

    def of_unit(row: Row) -> RowView:
        return row_view(_unit_label(row.unit), {column: _summed(row, column) for column in columns}, row)

    left = {column: _without(whole[column], (_summed(row, column) for row in shown)) for column in columns}
    return GridView(
        of=counted.of,
        caption=tr(counted.caption),
        columns=tuple(_column_view(column, counted.column_url(column, whole[column])) for column in columns),
        groups=tuple(
            GroupView((unit_type or tr("类型未注明")) if several else "", tuple(map(of_unit, members)))
            for unit_type, members in groupby(shown, lambda row: row.unit_type if several else None)
        ),
        rest=row_view(trn("其余 {count:,} 个单位", len(rest)), left) if rest else None,
        whole_url=whole_url if rest or not extent.by_type else None,
        totals=row_view(tr("合计"), whole),
        has_said=counted.has_said,
        span=len(columns) + (3 if counted.has_said else 2),
    )


def _columns(years: Years, shown: int) -> tuple[_Column, ...]:
    """The latest years, each alone, with the earlier ones together before them; 未注明 last."""
    known = tuple(year for year in years if year is not None)
    earlier = known[: max(0, len(known) - shown)]
    unknown: tuple[_Column, ...] = (_Column((None,)),) if None in years else ()
    together = (_Column(earlier, is_earlier=True),) if earlier else ()
    return (*together, *(_Column((year,)) for year in known[len(earlier) :]), *unknown)


def _shown(rows: Sequence[Row], extent: Extent) -> tuple[list[Row], list[Row]]:
    """The rows with the most hits (then reports), in the order of the grid or by their hits, and the others."""
    best = sorted(rows, key=lambda row: (row.unit is None, -row.sums.blocks, -row.sums.reports, row.unit or ""))
    number = len(best) if extent.rows is None or len(best) <= extent.rows + 1 else extent.rows
    kept = {row.unit for row in best[:number]}
    return [row for row in (rows if extent.by_type else best) if row.unit in kept], best[number:]


def _summed(row: Row, column: _Column) -> Sums:
    if not column.is_earlier:
        cell = row.cells.get(column.years[0])
        return _NOTHING if cell is None else cell.sums
    return _added(row.cells[year].sums for year in column.years if year in row.cells)


def _added(several: Iterable[Sums]) -> Sums:
    blocks = saying = reports = 0
    for each in several:
        blocks += each.blocks
        saying += each.saying
        reports += each.reports
    return Sums(blocks, saying, reports)


def _without(whole: Sums, parts: Iterable[Sums]) -> Sums:
    taken = _added(parts)
    return Sums(whole.blocks - taken.blocks, whole.saying - taken.saying, whole.reports - taken.reports)


def _column_view(column: _Column, url: str | None) -> ColumnView:
    if column.is_earlier:
        first, last = column.years[0], column.years[-1]
        label = str(last) if first == last else from_to(first, last)
        return ColumnView(label, tr("{year}年", year=label), url)
    year = column.years[0]
    if year is None:
        return ColumnView(labels.unknown(), tr("年份未注明"), url)
    return ColumnView(str(year), tr("{year}年", year=year), url)


def _of_row(state: SearchState, row: Row) -> SearchState:
    state = state.without("unit").without("department")
    for name, values in row.include.items():
        state = state.replacing(name, *values)
    return state.replacing("not_unit", *state.values("not_unit"), *row.exclude) if row.exclude else state


def _in_years(state: SearchState, column: _Column) -> SearchState:
    """``state`` in the years of a column. All earlier years are a range, which keeps addresses short."""
    if column.is_earlier and not state.values("year"):
        return state.replacing("year_to", str(column.years[-1]))
    return state.without("year_from").without("year_to").replacing("year", *_values(column.years))


def _reports_url(row: Row, column: _Column) -> str:
    years = tuple(year for year in column.years if year in row.cells)
    ids = [each for year in years for each in row.cells[year].report_ids]
    return report_url(ids[0]) if len(ids) == 1 else list_url((row.unit or NONE_VALUE,), _values(years))


def _values(years: Years) -> tuple[str, ...]:
    return tuple(NONE_VALUE if year is None else str(year) for year in years)


def _said(sums: Sums) -> str:
    """Beside the number of paragraphs: in how many of how many reports they stand, where some say nothing."""
    if sums.saying == sums.reports:
        return ""
    return trn("段，{saying}/{count} 篇", sums.reports, saying=sums.saying)


def _unit_label(unit: str | None) -> str:
    return unit or tr("单位未注明")
