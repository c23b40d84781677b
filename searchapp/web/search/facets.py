"""Facets and chosen filters: the values with counts and links, units by type, and a chip to take each filter off.

A value in the open toggles itself; folded ones are ticked in a form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from searchapp.language import from_to, listed, tr, trn
from searchapp.search.result import FacetValue, Hit
from searchapp.search.schema import EXCLUSION_PREFIX, FACETS, FILTER_NAMES, NONE_VALUE, FacetField, FacetName
from searchapp.services.inferred_values import NOTHING_INFERRED, Inferred, is_inferred
from searchapp.services.labels import BLOCK_LABELS
from searchapp.web import labels
from searchapp.web.bar_chart import Bars, facet_year_bars
from searchapp.web.links import search_url
from searchapp.web.search_state import Pairs, SearchState

VALUES_SHOWN = 12
"""Values of a facet that stand open; the rest is folded."""

FEW_MORE = 3
"""So few values more are not worth folding."""

VALUES_FOLDED = 60
"""Values of a facet that are folded; more are only counted."""

FEWEST_BARS = 3
"""From so many years on they are drawn."""

Facets = Mapping[FacetName, tuple[FacetValue, ...]]


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet: ``shown`` stands open, ``folded`` are ticked one or several at a time, ``unlisted`` are not on the page.

    ``bars``: the years drawn, in place of ``shown``. ``find``: what the box that filters a long facet is called, empty
    for a short one. ``clear_url`` takes the choices of the facet off.
    """

    name: FacetName
    label: str
    bars: Bars | None
    shown: tuple[ValueGroup, ...]
    folded: tuple[ValueGroup, ...]
    summary: str
    unlisted: str
    find: str
    clear_url: str | None


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """All that narrows a search: facets, the range of years, the fields that their forms carry along.

    ``tells_inferred``: whether a value is listed that no report states.
    """

    facets: tuple[FacetView, ...]
    year_range: YearRangeForm
    fields: Pairs
    tells_inferred: bool


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


def facet_column(
    facets: Facets, state: SearchState, inferred: Inferred = NOTHING_INFERRED, hits: Iterable[Hit] = ()
) -> FacetColumn:
    """Every facet that has values or choices, in the order of the page; ``inferred``: values that no report states.

    ``hits``: those of the page, whose units and years may be such.
    """
    views = tuple(facet_view(facet, facets[facet.name], state, inferred) for facet in FACETS)
    listed = ((name, value.value) for name, values in facets.items() for value in values)
    return FacetColumn(
        facets=tuple(view for view in views if view.shown or view.bars or view.clear_url),
        year_range=year_range_form(state),
        fields=state.fields(),
        tells_inferred=any(value in inferred.get(name, ()) for name, value in listed)
        or any(is_inferred(hit.located.report.meta, name) for hit in hits for name in ("unit", "year")),
    )


def facet_view(
    facet: FacetField, values: tuple[FacetValue, ...], state: SearchState, inferred: Inferred = NOTHING_INFERRED
) -> FacetView:
    """One facet. Years stand newest first, other values in the order of the answer; chosen ones are never folded."""
    is_drawn = facet.name == "year" and len(values) >= FEWEST_BARS
    if facet.name == "year":
        values = tuple(sorted(values, key=_newest_first))
    shown, rest = ((), values) if is_drawn else _parted(values)
    folded = rest[:VALUES_FOLDED]
    label = labels.FILTER_LABELS[facet.name]
    cleared = _without_all(state, facet)
    listed = frozenset(value.value for value in values)
    guessed = inferred.get(facet.name, frozenset())

    def grouped(several: Sequence[FacetValue]) -> tuple[ValueGroup, ...]:
        links = [(value, _toggled(facet, value, state, listed)) for value in several]
        return value_groups(facet, links, state, guessed)

    return FacetView(
        name=facet.name,
        label=label,
        bars=facet_year_bars(values, state) if is_drawn else None,
        shown=grouped(shown),
        folded=grouped(folded),
        summary=tr("按年勾选") if is_drawn else trn("其余 {count:,} 个", len(folded)),
        # The page stays light however many units there are.
        unlisted=labels.number(len(rest) - len(folded)) if len(rest) > len(folded) else "",
        find=tr("在{label}里找", label=label) if rest and not is_drawn else "",
        clear_url=search_url(cleared) if cleared != state.without("page") else None,
    )


def _parted(values: Sequence[FacetValue]) -> tuple[Sequence[FacetValue], Sequence[FacetValue]]:
    """Those that stand open, chosen ones among them, and the others."""
    if len(values) <= VALUES_SHOWN + FEW_MORE:
        return values, ()
    first, rest = values[:VALUES_SHOWN], values[VALUES_SHOWN:]
    return (*first, *(each for each in rest if each.selected)), [each for each in rest if not each.selected]


def chips(state: SearchState, facets: Facets) -> tuple[Chip, ...]:
    """Every filter in force, in the order of the parameters."""
    known: dict[tuple[str, str], str] = {
        (name, value.value): label_of(name, value)
        for name, values in facets.items()
        for value in values
        if name != "year"
    }
    found: list[Chip] = []
    for name in (*FILTER_NAMES, *(EXCLUSION_PREFIX + name for name in FILTER_NAMES)):
        field = name.removeprefix(EXCLUSION_PREFIX)
        facet = next((facet.name for facet in FACETS if field in facet.filters), field)
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


GROUPED_BY = "unit_type"
"""The filter that selects a group of units."""


@dataclass(frozen=True, slots=True)
class ValueView:
    """A value of a facet; ``url`` is the state with it chosen, or no longer chosen.

    ``value`` is what a filter takes; ``is_inferred``: no report states it.
    """

    label: str
    count: str
    value: str
    url: str
    chosen: bool
    is_inferred: bool


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """Values that belong together; ``label`` is empty where no groups are told apart.

    ``url`` narrows to the whole group, where a filter can.
    """

    label: str
    url: str | None
    values: tuple[ValueView, ...]


def value_groups(
    facet: FacetField,
    links: Sequence[tuple[FacetValue, SearchState]],
    state: SearchState,
    inferred: AbstractSet[str],
) -> tuple[ValueGroup, ...]:
    """``links``: values, each with the state that it leads to. Groups stand by their best value, without type last."""
    grouped: dict[str | None, list[ValueView]] = {}
    for value, target in links:
        grouped.setdefault(value.group, []).append(_value_view(facet, value, target, value.value in inferred))
    if len(grouped) < 2:
        return tuple(ValueGroup("", None, tuple(values)) for values in grouped.values())
    return tuple(
        ValueGroup(
            group or tr("类型未注明"),
            search_url(state.replacing(GROUPED_BY, group)) if group else None,
            tuple(grouped[group]),
        )
        for group in sorted(grouped, key=lambda group: group is None)
    )


def label_of(name: FacetName, value: FacetValue) -> str:
    """What a value of the facet ``name`` is called: as listed, years and 未注明 in the language of the page."""
    known = name != "year" and value.value != NONE_VALUE
    return value.label if known else labels.filter_value_label(name, value.value)


def _value_view(facet: FacetField, value: FacetValue, target: SearchState, is_inferred: bool) -> ValueView:
    return ValueView(
        label=label_of(facet.name, value),
        count=labels.number(value.count),
        value=value.value,
        url=search_url(target),
        chosen=value.selected,
        is_inferred=is_inferred,
    )
