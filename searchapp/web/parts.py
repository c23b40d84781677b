"""Very long reports in parts: which blocks a page shows, and on which page a block stands.

A report of up to ``PART_BLOCKS`` blocks is one part, and its addresses say nothing of parts.
"""

from __future__ import annotations

from dataclasses import dataclass

PART_BLOCKS = 2_000
"""Blocks of one part: about 600 kB of page."""
_MAX_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """``number`` counts from 1 up to ``count``; ``shown``: positions of its blocks, from 0; ``size`` blocks each."""

    number: int
    count: int
    shown: range
    size: int


def part_of(position: int, blocks: int, size: int = PART_BLOCKS) -> int | None:
    """The number of the part that holds the block at ``position``; ``None`` when the report is one part."""
    return None if blocks <= size else min(max(0, position), blocks - 1) // size + 1


def part_asked(text: str, blocks: int, size: int = PART_BLOCKS) -> Part:
    """The part that ``text`` names; the first for what is no number, the last for one that is too large."""
    count = max(1, -(-blocks // size))
    text = text.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else 1
    number = min(max(1, number), count)
    return Part(number, count, range((number - 1) * size, min(number * size, blocks)), size)
