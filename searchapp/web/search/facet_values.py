"""The values of a facet: what each is called, how many blocks it has, where it leads; units by the type of unit."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from searchapp.language import tr
from searchapp.search.result import FacetValue
from searchapp.search.schema import NONE_VALUE, FacetField, FacetName
from searchapp.web import labels
from searchapp.web.links import search_url
from searchapp.web.state import SearchState

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
