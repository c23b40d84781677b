"""The reports of a file: where one ends and the next begins, and which lines are contents lists or site furniture.

Rule (READING 1): a title starts a report only when its own body follows, at least 300 characters of prose before
the next title, and it names a unit or a year. So a run of titles (furniture, a main title and its second title)
never splits a file. A line that may belong to a report is not furniture; nothing is lost, furniture becomes a Piece.
Knows no metadata.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from searchapp.reports.readers.lines import SourceLine, squeeze
from searchapp.reports.structure.marks import after_marks
from searchapp.reports.structure.numbering import parse_number
from searchapp.reports.structure.titles import is_compilation_title, is_report_title
from searchapp.text.punctuation import FULL_STOPS, SENTENCE_ENDS

MIN_BODY_CHARACTERS = 300
_MIN_PROSE_CHARACTERS = 30
_MIN_CUT_CHARACTERS = 6_000
_MIN_CUT_SHARE = 0.5
_CUT = re.compile(
    rf"(?<=[{FULL_STOPS}：])(?=\s*(?:[一二三四五六七八九十]{{1,3}}、|[（(][一二三四五六七八九十]{{1,3}}[）)]|——|各位代表[！：]"
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


_CONTENTS = re.compile(r"目录|目次")
_PAGE_NUMBER = re.compile(r"[.．…·]*[（(]?\d{0,4}[）)]?$")
_MAX_ENTRY_CHARACTERS = 100
_MAX_ENTRIES = 400
_HEAD_LINES = 5


def find_contents(lines: Sequence[SourceLine]) -> set[int]:
    """Indexes of the lines that list the contents: 目录, its entries, and a compilation's own title before it.

    Entries end where one of them comes again: there the text itself begins. When none does, only lines that look
    like entries (a number before, or a page number behind) count.
    """
    found: set[int] = set()
    for index, line in enumerate(lines):
        if index not in found and len(line.text) <= 10 and _CONTENTS.fullmatch(squeeze(line.text)):
            found.add(index)
            found.update(_entries(lines, index + 1))
    first = min(found, default=min(_HEAD_LINES, len(lines)))
    for index in range(min(first, _HEAD_LINES)):
        if is_compilation_title(lines[index].text):
            found.add(index)
    return found


def _entries(lines: Sequence[SourceLine], start: int) -> range:
    seen: set[str] = set()
    stop = start
    for index in range(start, min(len(lines), start + _MAX_ENTRIES)):
        text = lines[index].text
        if len(text) > _MAX_ENTRY_CHARACTERS or "。" in text:
            break
        name = _bare(text)
        if name in seen:
            return range(start, index)
        seen.add(name)
        if index == stop and (parse_number(text) or _has_page_number(text)):
            stop = index + 1
    return range(start, stop)


def _bare(text: str) -> str:
    """An entry without its number and page number, squeezed."""
    name = squeeze(text)
    number = parse_number(name)
    return _PAGE_NUMBER.sub("", name[number.end :] if number else name)


def _has_page_number(text: str) -> bool:
    return re.search(r"[.．…·\s]{2,}\d{1,4}$", text) is not None


_FURNITURE = re.compile(
    r"(?:&nbsp;|&emsp;|&ensp;|\?{2,}+|\s)+"
    r"|来源\s?[：:].{0,40}"
    r"|(?:【|\[)?\s?字体\s?[：:]?.{0,12}[大中小].{0,12}"
    r"|[（(]?责任编辑\s?[：:].{0,30}"
    r"|分享到?(?:\s?[：:].{0,20})?|【?打印(?:本页|此页|文章)?】?|【?关闭(?:窗口)?】?|上一篇\s?[：:].{0,60}|下一篇\s?[：:].{0,60}"
    r"|内容摘要[：:]|时间\s?[：:]\d{4}-\d\d-\d\d.{0,200}|(?:阅读|评论|浏览次数|点击数?)\s?[：:]\s?\d{0,9}"
    r"|.{0,12}ICP备\d{4,12}.{0,12}|.{0,20}公网安备.{0,30}"
    r"|Public domain(?:Public domain)?(?:false)*|本作品来自.{0,60}公有领域.{0,10}"
    r"|[—－-]\s?\d{1,3}(?:\s?[—－-])?"
)
_COUNTER_LABEL = re.compile(r".*(?:阅读|评论|浏览次数|点击数?)\s?[：:]")
_COUNTER = re.compile(r"\d{1,9}")
_MAX_FURNITURE_CHARACTERS = 260
_TAIL_CHARACTERS = 40
_LICENCE = re.compile("本作品(?:来自|是|在).{0,400}(?:公有领域|著作权法|版权)")
_MAX_LICENCE_LINES = 12
_MIN_TAIL_LINES = 12
_MIN_TAIL_TITLES = 5
_SENTENCE = re.compile(f"[，{SENTENCE_ENDS}]")


def is_furniture(text: str) -> bool:
    """Whether a line is surely the site's: font size, share, editor, counters, licence; or shows nothing at all."""
    if len(text) > _MAX_FURNITURE_CHARACTERS:
        return False
    return _FURNITURE.fullmatch(text) is not None or not (text.isprintable() or any(map(_shows, text)))


def is_counter(text: str, previous: str) -> bool:
    """Whether the line is a bare number below a label of the site (阅读： 175)."""
    return (
        _COUNTER.fullmatch(text) is not None
        and len(previous) <= _MAX_FURNITURE_CHARACTERS
        and (_COUNTER_LABEL.fullmatch(previous) is not None)
    )


def _shows(character: str) -> bool:
    return not (character.isspace() or unicodedata.category(character) in ("Cc", "Cf"))


def tail_start(lines: Sequence[SourceLine]) -> int:
    """Where a licence note or site navigation begins at the end of a file (``len(lines)`` when there is neither).

    Navigation is a run of short lines without sentences that holds many titles of other reports
    (49 of 402 files end so, nearly all with 35 and more titles).
    """
    start = len(lines)
    titles = 0
    while start > 0:
        line = lines[start - 1]
        if line.is_table_row or len(line.text) > _TAIL_CHARACTERS or _SENTENCE.search(line.text):
            break
        start -= 1
        titles += is_report_title(line.text)
    is_navigation = start > 0 and len(lines) - start >= _MIN_TAIL_LINES and titles >= _MIN_TAIL_TITLES
    return start if is_navigation else _licence_start(lines)


def _licence_start(lines: Sequence[SourceLine]) -> int:
    """A licence note (``本作品来自…``) takes the last lines of a file, its footnotes with it."""
    for index in range(max(len(lines) - _MAX_LICENCE_LINES, 1), len(lines)):
        if _LICENCE.match(lines[index].text):
            return index
    return len(lines)
