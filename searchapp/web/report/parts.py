"""Very long reports in parts: which blocks a page shows (on which page a block stands: ``services.addresses``).

A report of up to ``PART_BLOCKS`` blocks is one part, and its addresses say nothing of parts.
"""

from __future__ import annotations

from dataclasses import dataclass

from searchapp.services.addresses import PART_BLOCKS

_MAX_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """``number`` counts from 1 up to ``count``; ``shown``: positions of its blocks, from 0; ``size`` blocks each."""

    number: int
    count: int
    shown: range
    size: int


def part_asked(text: str, blocks: int, size: int = PART_BLOCKS) -> Part:
    """The part that ``text`` names; the first for what is no number, the last for one that is too large."""
    count = max(1, -(-blocks // size))
    text = text.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else 1
    number = min(max(1, number), count)
    return Part(number, count, range((number - 1) * size, min(number * size, blocks)), size)
