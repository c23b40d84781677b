"""Fragments: the stretch of a block's original text that best shows why it is a hit."""

from __future__ import annotations

from dataclasses import dataclass

MAX_FRAGMENT_CHARACTERS = 160
_LEAD_CHARACTERS = 40
_CLAUSE_ENDS = frozenset("。！？；，、：…\n")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Fragment:
    """``text[start:end]`` of a block; ``marks`` are spans of that text inside it; ``further`` counts the others."""

    start: int
    end: int
    marks: tuple[Span, ...]
    further: int = 0


def best_fragment(text: str, spans: tuple[Span, ...], limit: int = MAX_FRAGMENT_CHARACTERS) -> Fragment:
    """The stretch of at most ``limit`` characters of ``text`` with the most of ``spans`` in it, the first of equals.

    ``spans`` ascend and may overlap. It begins after a clause end when one is near; it is the beginning of the text
    when there is nothing to show. A span longer than ``limit`` is cut.
    """
    if len(text) <= limit:
        return Fragment(0, len(text), spans)
    first = _densest(spans, limit)
    anchor = spans[first][0] if spans else 0
    start = _clause_start(text, anchor, limit)
    end = min(len(text), start + limit)
    inside = tuple(span for span in spans if span[0] >= start and span[1] <= end)
    if not inside and spans:
        start, end = anchor, anchor + limit
        inside = ((anchor, min(spans[first][1], end)),)
    return Fragment(start, end, inside, len(spans) - len(inside))


def _densest(spans: tuple[Span, ...], limit: int) -> int:
    """Index of the span from which the most spans fit into a fragment; two fingers, linear."""
    best, best_count, last = 0, 0, 0
    room = limit - _LEAD_CHARACTERS
    for first in range(len(spans)):
        last = max(last, first)
        while last < len(spans) and spans[last][1] - spans[first][0] <= room:
            last += 1
        if last - first > best_count:
            best, best_count = first, last - first
    return best


def _clause_start(text: str, anchor: int, limit: int) -> int:
    """The first clause beginning in the lead before ``anchor`` (longer near the text's end), else the lead's start."""
    earliest = max(0, min(anchor - _LEAD_CHARACTERS, len(text) - limit))
    for at in range(earliest, anchor + 1):
        if at == 0 or text[at - 1] in _CLAUSE_ENDS:
            return at
    return earliest
