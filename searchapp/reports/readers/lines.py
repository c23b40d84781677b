"""Source lines: what every reader yields and the parser takes.

Knows white space and positions; must not know file formats or what a report is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

BYTE_ORDER_MARK = "\ufeff"
TITLE_STYLE = 0
"""The style hint of a title; headings have 1 to 9."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One physical line of a text file, or one paragraph or table row of a .docx.

    ``number`` is 1-based; ``column`` is the 1-based code point column of ``text[0]`` in that line.
    ``style`` is 0 for a title style, 1-9 for a heading style, ``None`` when the format says nothing. ``page`` is the
    1-based page of formats that have pages. ``is_furniture``: the format itself says that the line is no text of the
    document (header, footer, page number, watermark, comment); it is accounted for and never becomes a block.
    """

    text: str
    number: int
    column: int = 1
    style: int | None = None
    is_table_row: bool = False
    page: int | None = None
    is_furniture: bool = False


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file decoded: its encoding (or format) and its lines in source order."""

    encoding: str
    lines: tuple[SourceLine, ...]


def squeeze(text: str) -> str:
    """``text`` without any white space (``str.isspace``) and without byte order marks."""
    return "".join(text.split()).replace(BYTE_ORDER_MARK, "")


def strip_line(line: SourceLine) -> SourceLine:
    """The line without white space and byte order marks at its ends; its column moves along."""
    text = line.text
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or text[start] == BYTE_ORDER_MARK):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == BYTE_ORDER_MARK):
        end -= 1
    if start == 0 and end == len(text):
        return line
    return replace(line, text=text[start:end], column=line.column + start)


def count_characters(lines: Sequence[SourceLine]) -> int:
    """Characters other than white space in all lines."""
    return sum(sum(map(len, line.text.split())) - line.text.count(BYTE_ORDER_MARK) for line in lines)
