"""The unit × year grid of a search: who says it, when, and who does not (docs/inside/semantics.md, section 9).

Knows reports and sums; must not know how a grid is shown or how much of it.

Invariant: all cells together are the search's total; a report in scope is in exactly one cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from searchapp.reports.model import Metadata
from searchapp.search.request import SearchRequest
from searchapp.search.schema import FACETS, NONE_VALUE, FilterName, department_of, organ_of, unit_groups
from searchapp.services.counts import Sums, Tallied, Tally, summed
from searchapp.time_limit import watched

UNIT_FILTERS = next(facet.filters for facet in FACETS if facet.name == "unit")

Reached = Mapping[tuple[FilterName, str], Set[str | None]]
"""For a filter and its value, the rows in which it selects reports."""

UnitNames = tuple[str | None, str | None, str | None]
"""A unit as written, its department then, its department now."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit in a year that has reports; a unit without one has no cell there. ``report_ids`` in document order."""

    year: int | None
    report_ids: tuple[str, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Row:
    """A unit by its name in the unit facet (``None``: 未注明), of the type that most of its reports say.

    A search with the values ``include`` under ``unit`` and ``department``, in place of those it has, and ``exclude``
    besides under ``not_unit``, finds the hits of this row (and more only where names cannot keep two rows apart).
    """

    unit: str | None
    unit_type: str | None
    cells: Mapping[int | None, Cell]
    sums: Sums
    include: Mapping[FilterName, tuple[str, ...]]
    exclude: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """``years`` ascending, 未注明 (``None``) last; ``rows`` by unit type, then by hits; ``columns``: sums by year."""

    years: tuple[int | None, ...]
    rows: tuple[Row, ...]
    columns: Mapping[int | None, Sums]
    sums: Sums


def grid(tallied: Tally, request: SearchRequest) -> Grid:
    """The grid of the reports in scope of ``request``.

    Unit types stand by the number of hits of their units, then of reports; so do units within a type. 未注明 is last.
    """
    of_units: dict[str | None, list[Tallied]] = {}
    columns: dict[int | None, list[Tallied]] = {}
    for each in watched(tallied):
        meta = each.summary.meta
        of_units.setdefault(_unit_of(meta, request), []).append(each)
        columns.setdefault(meta.year, []).append(each)
    types = unit_groups(each.summary.meta for each in tallied)
    reached = _reached(tallied, request)
    rows = [
        _row(unit, None if unit is None else types.get(unit), members, request, reached)
        for unit, members in watched(of_units.items())
    ]
    return Grid(
        years=tuple(sorted(columns, key=lambda year: (year is None, year or 0))),
        rows=tuple(_ordered(rows)),
        columns={year: summed(each) for year, each in columns.items()},
        sums=summed(tallied),
    )


def _row(
    unit: str | None, unit_type: str | None, members: list[Tallied], request: SearchRequest, reached: Reached
) -> Row:
    include = _include(unit, members, request, reached)
    others = {other for name in include for value in include[name] for other in reached[name, value]} - {unit}
    # A name that reports of this row have too would take them out as well: then the search finds more than the row.
    own = {name for each in members for name in _names("unit", _unit_names(each.summary.meta))} if others else set()
    years: dict[int | None, list[Tallied]] = {}
    for each in members:
        years.setdefault(each.summary.meta.year, []).append(each)
    return Row(
        unit=unit,
        unit_type=unit_type,
        cells={
            year: Cell(year, tuple([each.summary.report_id for each in there]), summed(there))
            for year, there in years.items()
        },
        sums=summed(members),
        include=include,
        exclude=tuple(sorted({other or NONE_VALUE for other in others} - own)),
    )


def _include(
    unit: str | None, members: list[Tallied], request: SearchRequest, reached: Reached
) -> dict[FilterName, tuple[str, ...]]:
    """The values chosen that select reports of the row (one unit may have many names); else its own.

    Of values chosen those are enough that select all of its reports and no others.
    """
    if not any(request.filters.include.get(name) for name in UNIT_FILTERS):
        return {"unit": (unit or NONE_VALUE,)}
    chosen = [(name, value) for name in UNIT_FILTERS for value in sorted(request.filters.include.get(name, ()))]
    of_row = [key for key in chosen if unit in reached.get(key, ())]
    alone = [key for key in of_row if len(reached[key]) == 1]
    if all(any(value in _names(name, _unit_names(each.summary.meta)) for name, value in alone) for each in members):
        of_row = alone
    found = {name: tuple(value for of, value in of_row if of == name) for name in UNIT_FILTERS}
    return {name: values for name, values in found.items() if values}


def _reached(tallied: Iterable[Tallied], request: SearchRequest) -> Reached:
    """For each filter and value, the rows of which it selects reports: a former name may be that of another now."""
    reached: dict[tuple[FilterName, str], set[str | None]] = {}
    # Reports are many, ways of naming a unit few.
    for unit, names in {(_unit_of(each.summary.meta, request), _unit_names(each.summary.meta)) for each in tallied}:
        for name in UNIT_FILTERS:
            for value in _names(name, names):
                reached.setdefault((name, value), set()).add(unit)
    return reached


def _unit_names(meta: Metadata) -> UnitNames:
    return meta.unit, department_of(meta), organ_of(meta)


def _names(name: FilterName, names: UnitNames) -> set[str]:
    """The values by which ``unit=`` or ``department=`` selects a report (``searchapp.search.schema.report_values``)."""
    found = {each for each in (names if name == "unit" else names[1:]) if each is not None}
    return found or {NONE_VALUE}


def _unit_of(meta: Metadata, request: SearchRequest) -> str | None:
    return department_of(meta) if request.names == "then" else organ_of(meta)


def _ordered(rows: list[Row]) -> list[Row]:
    blocks: Counter[str | None] = Counter()
    reports: Counter[str | None] = Counter()
    for row in rows:
        blocks[row.unit_type] += row.sums.blocks
        reports[row.unit_type] += row.sums.reports

    def place(row: Row) -> tuple[object, ...]:
        of_type = (row.unit_type is None, -blocks[row.unit_type], -reports[row.unit_type], row.unit_type or "")
        return (*of_type, row.unit is None, -row.sums.blocks, -row.sums.reports, row.unit or "")

    return sorted(rows, key=place)
