"""Document order as numbers that outlast changes: gaps are left between reports, so that most keep theirs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

STEP = 1 << 20
"""Between one report and the next, when both are new."""


def numbered(order: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """A number for every report of ``order``, ascending; as many as possible keep the one that is ``known``.

    New ones are spread evenly between their neighbours. Where no room is left all get new numbers.
    """
    kept = _ascending([known.get(report_id) for report_id in order])
    numbers: dict[str, int] = {}
    before: int | None = None
    waiting: list[str] = []
    for at, report_id in enumerate(order):
        if at not in kept:
            waiting.append(report_id)
            continue
        number = known[report_id]
        start = number - STEP * (len(waiting) + 1) if before is None else before
        if number - start <= len(waiting):
            return {each: STEP * place for place, each in enumerate(order)}
        for place, each in enumerate(waiting, 1):
            numbers[each] = start + (number - start) * place // (len(waiting) + 1)
        numbers[report_id] = before = number
        waiting = []
    for place, each in enumerate(waiting, 1):
        numbers[each] = (-STEP if before is None else before) + STEP * place
    return numbers


def _ascending(values: Sequence[int | None]) -> set[int]:
    """The places of a longest run of known values that ascends; the others must move."""
    ends: list[int] = []
    places: list[int] = []
    previous: dict[int, int | None] = {}
    for at, value in enumerate(values):
        if value is None:
            continue
        length = bisect_left(ends, value)
        previous[at] = places[length - 1] if length else None
        ends[length:] = [value, *ends[length + 1 :]]
        places[length:] = [at, *places[length + 1 :]]
    found: set[int] = set()
    at_end = places[-1] if places else None
    while at_end is not None:
        found.add(at_end)
        at_end = previous[at_end]
    return found
