"""The stretch of a block that is shown and copied around what was found: an item, a few sentences, or all of it.

Offsets are code points of the block's text, 0-based, end-exclusive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from searchapp.reports.model import Block, Item, Span
from searchapp.text.punctuation import FULL_STOPS

LONG_BLOCK_CHARACTERS = 400
"""A longer block is shown by its item or sentence."""

_SENTENCE_END = re.compile(rf"[{FULL_STOPS}…\n]+[”’」』）)》〉\]］】]*")
"""What ends a sentence, with the quotes and brackets that close behind it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a block; ``items`` are the items of the block's list that it touches, in order."""

    span: Span
    items: tuple[Item, ...] = ()


def passage_around(block: Block, found: Span, longest: int = LONG_BLOCK_CHARACTERS) -> Passage:
    """What to show and copy of ``block`` for ``found``: all of a block of up to ``longest`` characters.

    Of a longer one the items that ``found`` touches, where it stands in items only and they are not all of them, else
    the sentences that it touches. ``found`` may be empty: then it is a place between two characters.
    """
    length = len(block.text)
    start, end = _inside(found, length)
    items = items_touched(block, (start, end))
    if length <= longest:
        return Passage((0, length), items)
    if items and items[0].span[0] <= start and end <= items[-1].span[1] and len(items) < len(block.items):
        return Passage((items[0].span[0], items[-1].span[1]), items)
    return Passage(_sentences(block.text, start, end), items)


def items_touched(block: Block, found: Span) -> tuple[Item, ...]:
    """The items of the block's list (一是 二是 …) that ``found`` stands in, wholly or in part."""
    start, end = found
    last = max(end, start + 1)
    return tuple(item for item in block.items if item.span[0] < last and start < item.span[1])


def _inside(found: Span, length: int) -> Span:
    start = min(max(0, found[0]), length)
    return start, min(max(start, found[1]), length)


def _sentences(text: str, start: int, end: int) -> Span:
    """The whole sentences around a stretch, without white space at their ends."""
    begin, stop = 0, len(text)
    for match in _SENTENCE_END.finditer(text):
        if match.end() <= start:
            begin = match.end()
        elif match.end() >= max(end, start + 1):
            stop = match.end()
            break
    while begin < stop and text[begin].isspace():
        begin += 1
    while stop > begin and text[stop - 1].isspace():
        stop -= 1
    return begin, stop
