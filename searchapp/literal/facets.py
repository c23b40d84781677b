"""The catalog: the columns of a build by name, what a field clause or a filter selects in them, and facet counts.

Columns: those of the facets and filters (``search.schema``), the block kind, the report number, the year for sorting,
titles, heading paths and the years reviewed and planned. ``b`` is the number of blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from searchapp.fields import BLOCK_FIELDS
from searchapp.literal.block_sets import Blocks, Mask
from searchapp.literal.facet_columns import Column, Counted, Hits
from searchapp.query.ast import Field, YearRange
from searchapp.reports.model import BlockKind
from searchapp.search.request import Filters, Names
from searchapp.search.result import FacetValue
from searchapp.search.schema import (
    FILTER_NAMES,
    NONE_VALUE,
    FacetField,
    grouped_units,
)
from searchapp.store.mapped_arrays import open_array
from searchapp.text.normalize import normalize

KEPT_KINDS = 8
"""Sets of block kinds whose masks are remembered: nearly all searches share one or two."""

_NORMALIZED_COLUMNS = frozenset({"title", "heading"})
"""Columns with many long values, which are kept in normal form."""
COLUMNS = (*FILTER_NAMES, "organ", "then", "block", "title", "heading", "review_year", "plan_year")
"""Of every build."""
_facet_value = cast("Callable[[tuple[object, ...]], FacetValue]", partial(tuple.__new__, FacetValue))
_OF_REPORTS = frozenset({"organ", "then", *FILTER_NAMES}) - BLOCK_FIELDS
"""Columns whose values are those of the report: they are counted report by report."""


class Catalog:
    """The columns of a build, open for reading. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        self._columns = {name: Column(folder, f"column-{name}") for name in COLUMNS}
        self._of_kinds: dict[frozenset[BlockKind], Blocks] = {}
        self.report_of: npt.NDArray[np.uint32] = open_array(folder, "report_of")
        self.year_of: npt.NDArray[np.int32] = open_array(folder, "year_of")
        numbers = np.arange(int(self.report_of[-1]) + 2 if len(self.report_of) else 1)
        self._report_starts = np.searchsorted(self.report_of, numbers)
        self._filled = np.flatnonzero(np.diff(self._report_starts))
        self._of_reports: dict[str, npt.NDArray[np.intp]] = {}

    @property
    def blocks(self) -> int:
        """The number of blocks."""
        return len(self.report_of)

    def hits(self, blocks: Blocks) -> Hits:
        """Blocks to be counted."""
        return Hits(blocks, self.report_of, self._report_starts)

    def kinds(self, kinds: frozenset[BlockKind]) -> Blocks:
        """Blocks of one of ``kinds``."""
        if (known := self._of_kinds.get(kinds)) is None:
            known = Blocks(self.blocks, self._columns["block"].matching(lambda value: value in kinds))
            if len(self._of_kinds) < KEPT_KINDS:
                self._of_kinds[kinds] = known
        return known

    def field(self, field: Field) -> Blocks:
        """Blocks that a field clause matches: values as normalized substrings, years by range."""
        accepts = _acceptor(field, normalized=field.name in _NORMALIZED_COLUMNS)
        return Blocks(self.blocks, self._columns[field.name].matching(accepts))

    def filtered(self, filters: Filters) -> Blocks:
        """Blocks that ``filters`` let pass."""
        if not filters:
            return Blocks(self.blocks)
        mask = np.ones(self.blocks, dtype=bool)
        for choices in filters.choices().values():
            mask &= np.any([self._selected(name, values) for name, values in choices], axis=0)
        for name, values in filters.exclude.items():
            mask &= ~self._selected(name, values)
        return Blocks(self.blocks, mask)

    def facet(self, facet: FacetField, hits: Hits, selected: frozenset[str], names: Names) -> tuple[FacetValue, ...]:
        """The values of ``facet`` among ``hits``, by count, then value; selected values are listed at zero too.

        ``names``: whether the unit facet goes by the present names of departments or by those of their time.
        """
        column_name = self._column_of(facet, names)
        column = self._columns[column_name]
        counts, missing = self._counts(column_name, hits)
        held = np.flatnonzero(counts)
        held = held[np.lexsort((column.ranks[held], -counts[held]))]
        values, of_each = [column.values[value] for value in held.tolist()], counts[held].tolist()
        chosen = self._facet_selection(facet, selected, column_name)
        besides = dict.fromkeys(chosen.difference(values), 0) if chosen else {}
        if missing:
            besides[NONE_VALUE] = missing
        if besides:
            both = sorted([*zip(values, of_each, strict=True), *besides.items()], key=lambda pair: (-pair[1], pair[0]))
            values, of_each = [value for value, _ in both], [count for _, count in both]
        groups = self._unit_groups if facet.name == "unit" else {}
        labels = [facet.missing_label if value == NONE_VALUE else value for value in values] if besides else values
        # Thousands of values are made at once: a call of Python's for each would take most of a quick answer.
        made = zip(values, labels, of_each, map(chosen.__contains__, values), map(groups.get, values), strict=True)
        return tuple(map(_facet_value, made))

    def units(self, hits: Hits) -> int:
        """Distinct departments, by their present names, among ``hits``; blocks of an unknown one count for none."""
        return int(np.count_nonzero(self._counts("organ", hits)[0]))

    def _counts(self, name: str, hits: Hits) -> Counted:
        """How many of ``hits`` have each value of a column, and how many have none."""
        return hits.counted(name, lambda: self._count(name, hits))

    def _count(self, name: str, hits: Hits) -> Counted:
        column = self._columns[name]
        if name not in _OF_REPORTS:
            return column.counts(hits.blocks)
        of_reports = self._of_reports.get(name)
        if of_reports is None:
            of_reports = self._of_reports[name] = column.sets[self._report_starts[:-1][self._filled]].astype(np.intp)
        by_set = np.bincount(of_reports, hits.by_report[self._filled], len(column))
        return column.counted(by_set.astype(np.int64))

    def years(self) -> list[int]:
        """The years of the library, ascending."""
        return sorted(int(value) for value in self._columns["year"].values)

    def _selected(self, name: str, values: frozenset[str] | YearRange) -> Mask:
        if isinstance(values, YearRange):
            return self._columns[name].matching(lambda value: int(value) in values)
        mask = self._columns[name].matching(lambda value: value in values)
        return mask | self._columns[name].missing if NONE_VALUE in values else mask

    @cached_property
    def _unit_groups(self) -> dict[str, str]:
        """The unit type of departments, by which the unit facet is grouped (``schema.unit_groups``)."""
        firsts = self._report_starts[:-1][np.diff(self._report_starts) > 0]
        columns = [self._columns[name] for name in ("then", "organ", "unit_type")]
        named = Counter(zip(*(column.sets[firsts].tolist() for column in columns), strict=True))
        return grouped_units(
            {
                (columns[0].only(then), columns[1].only(organ), columns[2].only(unit_type)): reports
                for (then, organ, unit_type), reports in named.items()
            }
        )

    def _column_of(self, facet: FacetField, names: Names) -> str:
        if facet.name == "unit":
            return "organ" if names == "now" else "then"
        return facet.name

    def _facet_selection(self, facet: FacetField, selected: frozenset[str], column: str) -> frozenset[str]:
        """``selected`` as values of the facet: any name of a unit selects the value that it goes by there."""
        if facet.name != "unit":
            return selected
        known = set(self._columns[column].values)
        chosen = {value for value in selected if value in known or value == NONE_VALUE}
        for value in selected - chosen:
            blocks = Blocks(self.blocks, self._columns["unit"].matching(value.__eq__))
            counts, _ = self._columns[column].counts(blocks)
            listed = [name for name, count in zip(self._columns[column].values, counts, strict=True) if count]
            chosen.update(listed or [value])
        return frozenset(chosen)


def _acceptor(field: Field, normalized: bool) -> Callable[[str], bool]:
    """Tells of a column's value whether ``field`` matches it.

    A normalized text never holds a line break, so it is never found across two lines of a heading path.
    """
    sought = field.value
    if isinstance(sought, YearRange):
        return lambda value: int(value) in sought
    return (lambda value: sought in value) if normalized else (lambda value: sought in normalize(value))
