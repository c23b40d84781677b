"""Facets and chosen filters as links: each value toggles itself, each chip takes its filter off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from searchapp.language import from_to, listed, tr
from searchapp.search.params import EXCLUSION_PREFIX
from searchapp.search.result import FacetValue
from searchapp.search.schema import FACETS, FILTER_NAMES, NONE_VALUE, FacetField, FacetName
from searchapp.services.answers import BLOCK_LABELS
from searchapp.web.links import search_url
from searchapp.web.presenters import labels
from searchapp.web.state import Pairs, SearchState

VALUES_SHOWN = 12
"""Values of a facet that stand open; the rest is folded."""

VALUES_FOLDED = 100
"""Values of a facet that are folded; more are only counted."""

Facets = Mapping[FacetName, tuple[FacetValue, ...]]


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a facet; ``url`` is the state with it chosen, or no longer chosen."""

    label: str
    count: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet: what stands open, what is folded, how many are not on the page; ``clear_url`` takes its choices off."""

    name: FacetName
    label: str
    shown: tuple[FacetLink, ...]
    folded: tuple[FacetLink, ...]
    unlisted: str
    folded_open: bool
    clear_url: str | None


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force and the state without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class YearRangeForm:
    """The range of years as a small form; ``fields`` are carried along."""

    first: str
    last: str
    fields: Pairs


def facet_views(facets: Facets, state: SearchState) -> tuple[FacetView, ...]:
    """Every facet that has values or choices, in the order of the page."""
    views = (facet_view(facet, facets[facet.name], state) for facet in FACETS)
    return tuple(view for view in views if view.shown or view.clear_url)


def facet_view(facet: FacetField, values: tuple[FacetValue, ...], state: SearchState) -> FacetView:
    """One facet. Years stand newest first, other values in the order of the answer."""
    if facet.name == "year":
        values = tuple(sorted(values, key=_newest_first))
    listed = frozenset(value.value for value in values)
    shown = tuple(_facet_link(facet, value, state, listed) for value in values)
    rest = shown[VALUES_SHOWN:]
    # The page stays light however many units there are; what was chosen is always on it.
    folded = (*rest[:VALUES_FOLDED], *(link for link in rest[VALUES_FOLDED:] if link.chosen))
    cleared = _without_all(state, facet)
    return FacetView(
        name=facet.name,
        label=labels.FACET_LABELS[facet.name],
        shown=shown[:VALUES_SHOWN],
        folded=folded,
        unlisted=labels.number(len(rest) - len(folded)) if len(rest) > len(folded) else "",
        folded_open=any(link.chosen for link in folded),
        clear_url=search_url(cleared) if cleared != state.without("page") else None,
    )


def _facet_link(facet: FacetField, value: FacetValue, state: SearchState, listed: frozenset[str]) -> FacetLink:
    return FacetLink(
        label=_label(facet.name, value),
        count=labels.number(value.count),
        url=search_url(_toggled(facet, value, state, listed)),
        chosen=value.selected,
    )


def chips(state: SearchState, facets: Facets) -> tuple[Chip, ...]:
    """Every filter in force, in the order of the parameters."""
    known: dict[tuple[str, str], str] = {
        (name, value.value): _label(name, value)
        for name, values in facets.items()
        for value in values
        if name != "year"
    }
    found: list[Chip] = []
    for name in (*FILTER_NAMES, *(EXCLUSION_PREFIX + name for name in FILTER_NAMES)):
        field = name.removeprefix(EXCLUSION_PREFIX)
        facet = "unit" if field == "department" else field
        for value in state.values(name):
            shown = known.get((facet, value)) or labels.filter_value_label(field, value)
            found.append(Chip(labels.filter_name_label(name), shown, search_url(state.without(name, value))))
    return (*found, *_year_range_chip(state), *_block_chip(state))


def year_range_form(state: SearchState) -> YearRangeForm:
    """The form that sets ``year_from`` and ``year_to``."""
    first, last = ("".join(state.values(name)) for name in ("year_from", "year_to"))
    return YearRangeForm(first, last, state.fields("year_from", "year_to"))


def _year_range_chip(state: SearchState) -> tuple[Chip, ...]:
    form = year_range_form(state)
    if not (form.first or form.last):
        return ()
    shown = from_to(form.first or tr("最早"), form.last or tr("最近"))
    return (Chip(tr("年份"), shown, search_url(state.without("year_from").without("year_to"))),)


def _block_chip(state: SearchState) -> tuple[Chip, ...]:
    chosen = state.values("block")
    if not chosen:
        return ()
    known: dict[str, str] = dict(BLOCK_LABELS.items())
    shown = tr("全部") if "all" in chosen else listed(known.get(value, value) for value in chosen)
    return (Chip(tr("范围"), shown, search_url(state.without("block"))),)


def _label(name: FacetName, value: FacetValue) -> str:
    known = name != "year" and value.value != NONE_VALUE
    return value.label if known else labels.filter_value_label(name, value.value)


def _toggled(facet: FacetField, value: FacetValue, state: SearchState, listed: frozenset[str]) -> SearchState:
    """A unit as written (市水务局党组) selects its department (市水务局), so it comes off with it."""
    chosen = {value for name in facet.filters for value in state.values(name)}
    if not value.selected or value.value in chosen:
        return state.toggled(facet, value.value)
    for name in facet.filters:
        for alias in chosen - listed:
            state = state.without(name, alias)
    return state


def _without_all(state: SearchState, facet: FacetField) -> SearchState:
    """Without any choice in ``facet``; the range of years is a choice of years."""
    for name in (*facet.filters, *(("year_from", "year_to") if facet.name == "year" else ())):
        state = state.without(name)
    return state


def _newest_first(value: FacetValue) -> tuple[bool, str, int]:
    """Years descend, 未注明 last."""
    year = int(value.value) if value.value.isascii() and value.value.isdigit() else 0
    return (value.value == NONE_VALUE, "" if year else value.value, -year)
