"""The start page: what is in the library, and the ways into it without a query."""

from __future__ import annotations

from dataclasses import dataclass

from searchapp.search.result import LibraryStats, SearchResult
from searchapp.web.presenters import labels
from searchapp.web.presenters.facets import FacetView, facet_views
from searchapp.web.presenters.results import CountItem
from searchapp.web.state import SearchState


@dataclass(frozen=True, slots=True)
class StartView:
    """``counts`` in one line; ``years`` such as ``2022—2024 年``, empty when none is known; ``facets`` to browse by."""

    counts: tuple[CountItem, ...]
    years: str
    facets: tuple[FacetView, ...]


def start_view(stats: LibraryStats, everything: SearchResult) -> StartView:
    """``everything`` is the answer to an empty search."""
    told = [(stats.reports, "篇报告"), (stats.paragraphs, "段"), (stats.units, "个单位")]
    facets = {view.name: view for view in facet_views(everything.facets, SearchState())}
    return StartView(
        counts=tuple(CountItem(labels.number(count), noun) for count, noun in told),
        years=_years(stats.years),
        facets=tuple(facets[name] for name in ("year", "unit", "kind") if name in facets),
    )


def _years(years: tuple[int, ...]) -> str:
    if not years:
        return ""
    return f"{years[0]} 年" if years[0] == years[-1] else f"{years[0]}—{years[-1]} 年"
