"""The head of a report: how many of its first lines are title lines. Knows the first lines only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.reports.readers.lines import TITLE_STYLE, SourceLine
from searchapp.reports.structure.marks import without_marks
from searchapp.reports.structure.numbering import parse_number
from searchapp.reports.structure.titles import is_addressee, is_subtitle, is_title_line
from searchapp.reports.topics.parts import is_part_heading

MAX_HEAD_LINES = 12
_MAX_HEAD_CHARACTERS = 80
_MAIN_TITLE_END = re.compile("(?:报告|汇报|总结)$")
_BODY_END = re.compile("[。；：，;,:]$")


def head_extent(lines: Sequence[SourceLine]) -> int:
    """How many lines from the first on are title lines: title, subtitle, date and place, who delivered it.

    The head ends at an addressee, a heading, or a line that reads like body text. Without any line that looks like
    a title there is no head.
    """
    extent = 0
    has_title = False
    for line in lines[:MAX_HEAD_LINES]:
        if not _may_be_head(line, has_title):
            break
        has_title = has_title or is_title_line(line)
        extent += 1
    return extent if has_title else 0


def _may_be_head(line: SourceLine, has_title: bool) -> bool:
    text = without_marks(line.text)
    if line.is_table_row or is_addressee(text):
        return False
    if line.style is not None:
        return line.style == TITLE_STYLE or (not has_title and is_title_line(line))
    if is_subtitle(text):
        return True
    if len(text) > _MAX_HEAD_CHARACTERS or _BODY_END.search(text):
        return False
    if is_part_heading(text):
        # A summary of a year may be the title itself, but only as the first line.
        return not has_title and _MAIN_TITLE_END.search(text) is not None
    return parse_number(text) is None
