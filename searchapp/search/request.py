"""What is asked of an engine: a query tree, filters, order and page. Plain values, no engine type, no raw dict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from searchapp.query.ast import Everything, Node, YearRange, asks_for_text
from searchapp.reports.model import BlockKind
from searchapp.search.schema import (
    BROWSE_KINDS,
    DEFAULT_KINDS,
    FILTER_GROUPS,
    FacetField,
    FilterName,
    Sort,
)

Names = Literal["now", "then"]
"""By which names departments are listed: the present ones, or those of the time of the report."""

Match = Literal["all", "any"]
"""Whether a block must hold all that is asked for, or any of its words (``searchapp.query.rewrite``)."""

Punct = Literal["exact", "ignore"]
"""Whether punctuation counts, or text is read without it."""

Group = Literal["report"]
GROUP_HITS = 3
"""The hits shown of each report under ``group="report"``."""

Choice = tuple[FilterName, frozenset[str] | YearRange]
"""A filter and the values of which one is enough."""

DEFAULT_PER_PAGE = 10
MAX_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """Selections: OR inside a facet, AND across facets; ``exclude`` (``not_unit`` …) removes what has a value.

    Names that select in the same facet belong together: a block passes when ``unit`` or ``department`` holds its
    value; ``years``, the range of ``year_from``/``year_to``, widens the years chosen under ``year``.
    """

    include: Mapping[FilterName, frozenset[str]] = field(default_factory=dict)
    exclude: Mapping[FilterName, frozenset[str]] = field(default_factory=dict)
    years: YearRange | None = None

    def choices(self) -> dict[tuple[FilterName, ...], list[Choice]]:
        """What is chosen, by group of filters: of every group one choice must hold. Exclusions are apart."""
        chosen: dict[tuple[FilterName, ...], list[Choice]] = {}
        for group in FILTER_GROUPS:
            of_group: list[Choice] = [(name, self.include[name]) for name in group if name in self.include]
            if "year" in group and self.years is not None:
                of_group.append(("year", self.years))
            if of_group:
                chosen[group] = of_group
        return chosen

    def without_facet(self, facet: FacetField) -> Filters:
        """The filters under which ``facet`` is counted: all but its own selection. Exclusions stay."""
        include = {name: values for name, values in self.include.items() if name not in facet.filters}
        return replace(self, include=include, years=None if facet.name == "year" else self.years)

    def selected(self, facet: FacetField) -> frozenset[str]:
        """The values chosen in ``facet``."""
        chosen: frozenset[str] = frozenset()
        return chosen.union(*(self.include.get(name, frozenset()) for name in facet.filters))

    def __bool__(self) -> bool:
        return bool(self.include or self.exclude or self.years)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """``page`` counts from 1. ``kinds``: the kinds of block searched; ``None`` takes the default for the query.

    ``group``: pages are of reports, each with its best three hits. ``fold``: near-identical blocks are shown once. Both
    change what is shown, never what is counted. ``explain``: hits say what their score is made of.
    """

    query: Node = field(default_factory=Everything)
    filters: Filters = field(default_factory=Filters)
    kinds: frozenset[BlockKind] | None = None
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = DEFAULT_PER_PAGE
    names: Names = "now"
    match: Match = "all"
    punct: Punct = "exact"
    group: Group | None = None
    fold: bool = False
    explain: bool = False

    @property
    def searched_kinds(self) -> frozenset[BlockKind]:
        """The kinds of block that can be hits (docs/inside/semantics.md, section 1)."""
        if self.kinds is not None:
            return self.kinds
        return DEFAULT_KINDS if asks_for_text(self.query) else BROWSE_KINDS
