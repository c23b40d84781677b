"""Makes the catalog of a build: the columns of each report, then those of all reports. Knows reports, no engine."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import numpy as np

from searchapp.literal.facet_columns import ColumnBuilder
from searchapp.literal.facets import COLUMNS
from searchapp.reports.model import Block, Metadata
from searchapp.search.schema import (
    department_of,
    headings_of,
    organ_of,
    parts_of,
    report_values,
    review_years,
    sections_of,
)
from searchapp.store.mapped_arrays import save_array
from searchapp.text.normalize import normalize

NO_YEAR = -1


@dataclass(frozen=True, slots=True)
class ReportColumns:
    """The columns of one report: for each its distinct sets of values, in the order in which they come, and for each
    block the place of its set.
    """

    blocks: int
    year: int
    columns: dict[str, tuple[tuple[tuple[str, ...], ...], Sequence[int]]]

    @classmethod
    def of(cls, meta: Metadata, blocks: Sequence[Block]) -> ReportColumns:
        """The columns of these blocks."""
        columns: dict[str, tuple[tuple[tuple[str, ...], ...], Sequence[int]]] = {}
        for name in COLUMNS:
            if name in _OF_BLOCKS:
                values = _OF_BLOCKS[name](blocks)
                places: dict[tuple[str, ...], int] = {}
                codes = array("I", [places.setdefault(of_block, len(places)) for of_block in values])
                columns[name] = tuple(places), codes
            else:
                columns[name] = (_of_report(name, meta),), range(len(blocks))
        return cls(len(blocks), NO_YEAR if meta.year is None else meta.year, columns)


def _of_report(name: str, meta: Metadata) -> tuple[str, ...]:
    """The values of a column that all blocks of a report share."""
    match name:
        case "organ" | "then":
            value = organ_of(meta) if name == "organ" else department_of(meta)
            return () if value is None else (value,)
        case "title":
            return (normalize(meta.title),)
        case "review_year":
            return tuple(map(str, review_years(meta)))
        case "plan_year":
            return () if meta.plan_year is None else (str(meta.plan_year),)
        case _:
            return report_values(name, meta)


def _headings(blocks: Sequence[Block]) -> Iterator[tuple[str, ...]]:
    """What ``小标题:`` looks in, normalized, one a line."""
    known: dict[str, str] = {}
    for block in blocks:
        lines = headings_of(block)
        for line in lines:
            if line not in known:
                known[line] = normalize(line)
        yield ("\n".join([known[line] for line in lines]),)


_OF_BLOCKS: dict[str, Callable[[Sequence[Block]], Iterable[tuple[str, ...]]]] = {
    "section": lambda blocks: map(sections_of, blocks),
    "part": lambda blocks: map(parts_of, blocks),
    "block": lambda blocks: ((block.kind,) for block in blocks),
    "heading": _headings,
}
"""Columns whose values are a block's own."""


class CatalogBuilder:
    """Collects the columns of a build, report by report in document order."""

    def __init__(self) -> None:
        self._columns = {name: ColumnBuilder() for name in COLUMNS}
        self._report_of = array("I")
        self._year_of = array("i")
        self._reports = 0

    def add(self, report: ReportColumns) -> None:
        """The columns of one report's blocks."""
        for name, (sets, codes) in report.columns.items():
            self._columns[name].add(sets, codes)
        self._report_of.extend(repeat(self._reports, report.blocks))
        self._year_of.extend(repeat(report.year, report.blocks))
        self._reports += 1

    def save(self, folder: Path) -> None:
        """Writes all columns."""
        for name, column in self._columns.items():
            column.save(folder, f"column-{name}")
        save_array(folder, "report_of", np.array(self._report_of, dtype=np.uint32))
        save_array(folder, "year_of", np.array(self._year_of, dtype=np.int32))
