"""Where one report ends and the next begins inside a file. Knows titles and bodies, no metadata.

Rule (READING 1): a title starts a report only when its own body follows, at least 300 characters of prose before
the next title, and it names a unit or a year. So a run of titles (furniture, a main title and its second title)
never splits a file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from searchapp.reports.readers.lines import SourceLine
from searchapp.reports.structure.marks import after_marks
from searchapp.reports.structure.numbering import parse_number
from searchapp.reports.structure.titles import is_report_title

MIN_BODY_CHARACTERS = 300
_MIN_PROSE_CHARACTERS = 30
_MIN_CUT_CHARACTERS = 6_000
_MIN_CUT_SHARE = 0.5
_CUT = re.compile(
    r"(?<=[。！？：])(?=\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|——|各位代表[！：]"
    r"|\d{1,2}(?:[．、]|[.](?!\d))))|(?<=[^。；：，、（(\s])(?=[一二三四五六七八九十]、(?:关于)?(?:19|20)\d\d年)"
)


def split_reports(lines: Sequence[SourceLine]) -> list[range]:
    """Ranges of line indexes, one for each report; together they are all lines."""
    if not lines:
        return []
    starts = _report_starts(lines)
    if not starts or len(starts) == 1:
        return [range(len(lines))]
    bounds = [0, *starts[1:], len(lines)]
    return [range(first, stop) for first, stop in pairwise(bounds)]


def _report_starts(lines: Sequence[SourceLine]) -> list[int]:
    titles = [index for index, line in enumerate(lines) if _may_start(line)]
    starts: list[int] = []
    run_start: int | None = None
    for position, index in enumerate(titles):
        stop = titles[position + 1] if position + 1 < len(titles) else len(lines)
        if run_start is None:
            run_start = index
        if _prose(lines, index + 1, stop) >= MIN_BODY_CHARACTERS:
            starts.append(run_start)
            run_start = None
        elif stop - index > 3:
            # Titles of one head stand together; a title with other lines after it and no body is no head.
            run_start = None
    return starts


def _may_start(line: SourceLine) -> bool:
    return (
        not line.is_table_row and is_report_title(line.text) and parse_number(line.text, after_marks(line.text)) is None
    )


def _prose(lines: Sequence[SourceLine], start: int, stop: int) -> int:
    total = 0
    for index in range(start, stop):
        length = len(lines[index].text)
        if length >= _MIN_PROSE_CHARACTERS and not lines[index].is_table_row:
            total += length
            if total >= MIN_BODY_CHARACTERS:
                break
    return total


def cut_long_line(line: SourceLine, total: int) -> list[SourceLine]:
    """A whole report on one line is cut at numbering marks after a sentence end; other lines stay as they are.

    ``total`` is the length of the file in characters.
    """
    text = line.text
    if len(text) < _MIN_CUT_CHARACTERS or len(text) < total * _MIN_CUT_SHARE or line.is_table_row:
        return [line]
    bounds = [0, *(found.start() for found in _CUT.finditer(text)), len(text)]
    return [
        replace(line, text=text[start:stop], column=line.column + start)
        for start, stop in pairwise(bounds)
        if stop > start
    ]
