"""Reports in the order asked for: Chinese texts as a dictionary has them, what is unknown last."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, Literal, get_args

from searchapp.lexicon.readings import syllables
from searchapp.search.result import ReportSummary

Order = Literal["document", "title", "unit", "year", "kind", "paragraphs"]
ORDERS: tuple[Order, ...] = get_args(Order)

SortValue = Callable[[ReportSummary], Any]
"""What a report is sorted by; ``None`` is unknown."""


@functools.lru_cache(maxsize=1 << 14)
def spelled(text: str) -> tuple[tuple[str, ...], str]:
    """The order of a Chinese dictionary: by pinyin, then by the characters themselves."""
    return tuple(syllables(text)), text


SORT_VALUES: dict[str, SortValue] = {
    "title": lambda summary: spelled(summary.meta.title) if summary.meta.title else None,
    "year": lambda summary: summary.meta.year,
    "kind": lambda summary: spelled(summary.meta.kind),
    "paragraphs": lambda summary: summary.paragraphs,
}
"""The orders that every list of reports has. By which name a unit is sorted, each list says itself."""


def parse_order(text: str) -> tuple[Order, bool] | None:
    """An order by its name, and whether it descends: ``-year``. Empty is document order, which never descends.

    ``None`` for what is no order: what becomes of that, each list says itself (an API refuses, a page is shown).
    """
    name, descending = text.removeprefix("-"), text.startswith("-")
    order = next((each for each in ORDERS if each == (name or ORDERS[0])), None)
    return None if order is None or (descending and (not name or order == ORDERS[0])) else (order, descending)


def in_order(reports: Iterable[ReportSummary], value: SortValue, descending: bool) -> list[ReportSummary]:
    """``reports`` by ``value``; what is unknown stands last either way, equals as they came."""
    keyed = [(value(each), each) for each in reports]
    known = [(key, each) for key, each in keyed if key is not None]
    known.sort(key=lambda pair: pair[0], reverse=descending)  # stable either way
    return [each for _, each in known] + [each for key, each in keyed if key is None]
