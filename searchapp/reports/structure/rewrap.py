"""Text set in lines of a fixed width: the lines of one paragraph are put together again. Knows lines and their lengths.

Rule (READING 1): most lines have nearly one length and end no sentence. A joined line keeps the source of its first
one; only neighbours are joined, so that blocks and pieces still follow each other as in the source. The number of a
page (— 12 —) between two lines of a paragraph is joined with them, as a mark inside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from searchapp.reports.model import PieceKind
from searchapp.reports.readers.lines import SourceLine
from searchapp.reports.structure.marks import is_page_number
from searchapp.reports.structure.numbering import RANK_SECOND, parse_number
from searchapp.text.punctuation import CLAUSE_ENDS

MIN_LINES = 30
MIN_WIDTH, MAX_WIDTH = 16, 60
_SLACK = 4
_INDENT = 6
_MIN_SHARE = 0.5
_ENDS = frozenset(CLAUSE_ENDS)


def wrapped_width(lines: Sequence[SourceLine]) -> int | None:
    """The width that the lines of a file are broken at, in characters, or None when they are not."""
    lengths = Counter(len(line.text) for line in lines if MIN_WIDTH <= len(line.text) <= MAX_WIDTH)
    if len(lines) < MIN_LINES or not lengths:
        return None
    width = max(lengths, key=lambda length: (sum(lengths[length - step] for step in range(_SLACK)), length))
    longest = sum(len(line.text) > width + _SLACK for line in lines)
    full = sum(_is_full(line, width) for line in lines)
    return width if full >= _MIN_SHARE * len(lines) and longest <= 0.05 * len(lines) else None


def join_wrapped(
    lines: Sequence[SourceLine], kinds: Sequence[PieceKind | None]
) -> tuple[list[SourceLine], list[PieceKind | None]]:
    """The lines with those of one paragraph joined, and their kinds; as they are when the text is not wrapped."""
    width = wrapped_width([line for line, kind in zip(lines, kinds, strict=True) if kind is None])
    if width is None:
        return list(lines), list(kinds)
    groups: list[list[int]] = []
    for index, is_joined in enumerate(_joined(lines, kinds, width)):
        if is_joined:
            groups[-1].append(index)
        else:
            groups.append([index])
    joined = [replace(lines[group[0]], text=_together([lines[each].text for each in group])) for group in groups]
    return joined, [kinds[group[0]] for group in groups]


def _joined(lines: Sequence[SourceLine], kinds: Sequence[PieceKind | None], width: int) -> list[bool]:
    """For each line whether it belongs to the one before it."""
    joined = [False] * len(lines)
    for index in range(1, len(lines)):
        if kinds[index] is not None:
            continue
        before = index - 1
        if index > 1 and kinds[before] is not None and is_page_number(lines[before].text):
            before -= 1
        if kinds[before] is None and _goes_on(lines[before], lines[index], width):
            joined[before + 1 : index + 1] = [True] * (index - before)
    return joined


def _is_full(line: SourceLine, width: int) -> bool:
    return width - _INDENT <= len(line.text) <= width + _SLACK and line.text[-1] not in _ENDS and not line.is_table_row


def _goes_on(line: SourceLine, after: SourceLine, width: int) -> bool:
    if not _is_full(line, width) or after.is_table_row or after.style is not None or line.style is not None:
        return False
    number = parse_number(after.text)
    return (number is None or number.rank > RANK_SECOND) and len(after.text) <= width + _SLACK


def _together(texts: Sequence[str]) -> str:
    parts = [texts[0]]
    for before, text in pairwise(texts):
        is_latin = before[-1].isascii() and before[-1].isalpha() and text[0].isascii() and text[0].isalpha()
        parts.append(f" {text}" if is_latin else text)
    return "".join(parts)
