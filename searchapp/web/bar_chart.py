"""Bars that are links: columns by year, rows by kind. Lengths are shares of the longest, 0 to 100."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from searchapp.language import tr, trc, trn
from searchapp.search.result import FacetValue
from searchapp.search.schema import FACETS, NONE_VALUE
from searchapp.services.counts import KindSums, YearSums
from searchapp.web import labels
from searchapp.web.library.report_list import narrowed_url
from searchapp.web.links import search_url
from searchapp.web.search_state import SearchState

MAX_AXIS_YEARS = 120
"""A longer span (a year misread) is shown without its empty years."""
MIN_LENGTH = 3
"""Of a bar that counts something."""


@dataclass(frozen=True, slots=True)
class _Room:
    """How much room there is: for ``bars`` that are all labelled; with more only each so-manieth of ``steps`` is."""

    bars: int
    steps: tuple[int, ...]

    def step(self, count: int) -> int:
        """Each so-manieth of ``count`` years is labelled."""
        return 1 if count <= self.bars else next((step for step in self.steps if count <= 8 * step), self.steps[-1])


_PAGE, _COLUMN = _Room(14, (5, 10)), _Room(7, (2, 5, 10, 20))

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
    return _year_bars(
        tr("各年份的报告"), counted, _reports, lambda value: narrowed_url("year", value), frozenset(), _PAGE
    )


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

    def url(value: str) -> str:
        return search_url(state.toggled(_YEAR, value))

    return _year_bars(tr("各年份的段落"), counted, _blocks, url, chosen, _COLUMN)


def _year_bars(  # noqa: PLR0917
    label: str,
    counted: Mapping[str, int],
    told: Callable[[str, int], str],
    url: Callable[[str], str],
    chosen: frozenset[str],
    room: _Room,
) -> Bars:
    values = _axis(counted)
    every = room.step(len(values))
    most = max(counted.values(), default=0)
    numbered = {most} if every > 1 else set(counted.values()) - {0}
    bars = tuple(
        Bar(
            label=labels.filter_value_label("year", value),
            tick=tick,
            count=labels.number(counted[value]) if counted.get(value) else "",
            shown=labels.number(counted[value]) if counted.get(value) in numbered else "",
            length=_length(counted.get(value, 0), most),
            spoken=told(labels.filter_value_label("year", value), counted.get(value, 0)),
            url=url(value) if value in counted else None,
            chosen=value in chosen,
        )
        for value, tick in zip(values, _ticks(values, every), strict=True)
    )
    return Bars(label, bars, every > 1)


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


def _ticks(values: Sequence[str], every: int) -> list[str]:
    """The labels of the bars; 未注明 stands at the end and is wide."""
    ticks = [
        trc("tick", "未注明")
        if value == NONE_VALUE
        else value
        if int(value) % every == 0 or (number == 0 and 0 < int(value) % every <= every // 5)
        else ""
        for number, value in enumerate(values)
    ]
    if every > 1 and values[-1] == NONE_VALUE:
        ticks[-3:-1] = ["", ""]
    return ticks


def _value(year: int | None) -> str:
    return NONE_VALUE if year is None else str(year)


def _length(count: int, most: int) -> int:
    return max(MIN_LENGTH, round(100 * count / most)) if count else 0
