"""Bars that are links: columns by year, rows by kind. Lengths are shares of the longest, 0 to 100."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from searchapp.language import tr, trn
from searchapp.search.result import FacetValue
from searchapp.search.schema import FACETS, NONE_VALUE
from searchapp.services.tallies import KindSums, YearSums
from searchapp.web.links import search_url
from searchapp.web.presenters import labels
from searchapp.web.presenters.report_list import narrowed_url
from searchapp.web.state import SearchState

MAX_AXIS_YEARS = 120
"""A longer span (a year misread) is shown without its empty years."""
MIN_LENGTH = 3
"""Of a bar that counts something."""
_DENSE = 14
"""From so many bars on, only some are labelled and none shows its number."""

_YEAR = next(facet for facet in FACETS if facet.name == "year")


@dataclass(frozen=True, slots=True)
class Bar:
    """``length`` of 0 is no bar. ``tick`` is the label where there is room, ``shown`` the count where there is.

    ``url`` is ``None`` where there is nothing to look at; ``spoken`` says all of it.
    """

    label: str
    tick: str
    count: str
    shown: str
    length: int
    spoken: str
    url: str | None
    chosen: bool = False

    @property
    def rest(self) -> int:
        """What the bar leaves free."""
        return 100 - self.length


@dataclass(frozen=True, slots=True)
class Bars:
    """``dense``: too many for a number on each."""

    label: str
    bars: tuple[Bar, ...]
    dense: bool


def report_year_bars(years: Sequence[YearSums]) -> Bars:
    """Reports by year, each a link to the list of them; years between without a report are empty places."""
    counted = {_value(each.year): each.sums.reports for each in years}
    return _year_bars(tr("各年份的报告"), counted, _reports, lambda value: narrowed_url("year", value), frozenset())


def report_kind_bars(kinds: Sequence[KindSums]) -> Bars:
    """Reports by kind, each a link to the list of them."""
    most = max((each.sums.reports for each in kinds), default=0)
    bars = tuple(
        Bar(
            label=each.kind,
            tick=each.kind,
            count=labels.number(each.sums.reports),
            shown=labels.number(each.sums.reports),
            length=_length(each.sums.reports, most),
            spoken=_reports(each.kind, each.sums.reports),
            url=narrowed_url("kind", each.kind),
        )
        for each in kinds
    )
    return Bars(tr("各文种的报告"), bars, False)


def facet_year_bars(values: Sequence[FacetValue], state: SearchState) -> Bars:
    """The year facet: blocks by year, each a link that chooses the year or lets it go."""
    chosen = frozenset(each.value for each in values if each.selected)
    counted = {each.value: each.count for each in values}
    return _year_bars(
        tr("各年份的段落"), counted, _blocks, lambda value: search_url(state.toggled(_YEAR, value)), chosen
    )


def _year_bars(
    label: str,
    counted: Mapping[str, int],
    told: Callable[[str, int], str],
    url: Callable[[str], str],
    chosen: frozenset[str],
) -> Bars:
    values = _axis(counted)
    dense = len(values) > _DENSE
    most = max(counted.values(), default=0)
    every = 1 if not dense else 5 if len(values) <= 40 else 10
    bars = tuple(
        Bar(
            label=labels.filter_value_label("year", value),
            tick=_tick(value, every, number == 0),
            count=labels.number(counted[value]) if counted.get(value) else "",
            shown=labels.number(counted[value]) if counted.get(value) and (counted[value] == most or not dense) else "",
            length=_length(counted.get(value, 0), most),
            spoken=told(labels.filter_value_label("year", value), counted.get(value, 0)),
            url=url(value) if value in counted else None,
            chosen=value in chosen,
        )
        for number, value in enumerate(values)
    )
    return Bars(label, bars, dense)


def _reports(name: str, count: int) -> str:
    return trn("{name} {count:,} 篇", count, name=name)


def _blocks(name: str, count: int) -> str:
    return trn("{name} {count:,} 段", count, name=name)


def _axis(counted: Mapping[str, int]) -> list[str]:
    """Every year from the first to the last, 未注明 at the end."""
    years = sorted(int(value) for value in counted if value != NONE_VALUE)
    if years and years[-1] - years[0] < MAX_AXIS_YEARS:
        years = list(range(years[0], years[-1] + 1))
    return [*map(str, years), *([NONE_VALUE] if NONE_VALUE in counted else [])]


def _tick(value: str, every: int, is_first: bool) -> str:
    if value == NONE_VALUE:
        return labels.unknown() if every == 1 else ""
    return value if int(value) % every == 0 or (is_first and 0 < int(value) % every <= every // 5) else ""


def _value(year: int | None) -> str:
    return NONE_VALUE if year is None else str(year)


def _length(count: int, most: int) -> int:
    return max(MIN_LENGTH, round(100 * count / most)) if count else 0
