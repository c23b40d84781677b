"""What a paragraph holds inside: the items of a list (``一是…二是…``) and the topic sentence (领句) that opens it.

Knows one paragraph's text. The paragraph stays the unit; items are anchors with spans (READING 1).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from searchapp.reports.model import Item, Span
from searchapp.reports.structure.marks import after_marks
from searchapp.reports.structure.numbering import number_value, parse_number
from searchapp.reports.structure.titles import is_greeting
from searchapp.text.punctuation import CLAUSE_ENDS, STATEMENT_ENDS

MIN_LEAD_CHARACTERS = 4
MAX_LEAD_CHARACTERS = 16
MIN_ITEMS = 2
_MIN_LIST_CHARACTERS = 6

_HAN = "一二三四五六七八九十"
_BREAK = r"(?:(?<=[。；;：:，,！!？?、])|(?<=[”）])|^)\s*"
# Each form of mark with the ways its first mark is written: without one of these there is no row. A row counts up from
# one.
_FORMS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (("一是", "一要"), re.compile(rf"{_BREAK}([{_HAN}]{{1,2}}(?:是|要(?![素点件求])))")),
    (("第一，", "第一、", "第一,", "第一：", "第一:"), re.compile(rf"{_BREAK}(第[{_HAN}]{{1,2}}[，、,：:])")),
    (("（一", "(一"), re.compile(rf"{_BREAK}([（(][{_HAN}]{{1,2}}[）)])")),
    (("（1", "(1", "（１"), re.compile(rf"{_BREAK}([（(]\d{{1,2}}[）)])")),
    (("1．", "1、", "1.", "１．", "１、"), re.compile(rf"{_BREAK}(\d{{1,2}}(?:[．、]|[.](?!\d)))")),
    (("①",), re.compile(rf"{_BREAK}([①-⑳])")),
)
_FIRST = re.compile("|".join(re.escape(first) for firsts, _ in _FORMS for first in firsts))
_SIDES = re.compile(r"(?:(?<=[。；;：:，,])|^)(另?一方面)[，,]?")
_STOP = re.compile(f"[{STATEMENT_ENDS}]")
_LEAD = re.compile(rf"[^{CLAUSE_ENDS}]{{{MIN_LEAD_CHARACTERS},{MAX_LEAD_CHARACTERS}}}[。：:]")


def find_items(text: str) -> tuple[Item, ...]:
    """The items of the list inside a paragraph, in order; of several forms the one with most items.

    A row counts up from one; it may begin again. An item ends where the next begins. The last one ends with its
    sentence when the items before it are parts of one sentence, else with the paragraph.
    """
    if len(text) < _MIN_LIST_CHARACTERS:
        return ()
    best: list[Item] = []
    for firsts, form in _FORMS if _FIRST.search(text) else ():
        if any(first in text for first in firsts):
            row = _rows(text, [found.span(1) for found in form.finditer(text)])
            best = max(best, row, key=len)
    return tuple(best or _sides(text))


def _rows(text: str, marks: Sequence[Span]) -> list[Item]:
    items: list[Item] = []
    row: list[Span] = []
    for mark in marks:
        value = number_value(text[slice(*mark)])
        if value == len(row) + 1:
            row.append(mark)
        elif value == 1:
            items.extend(_items(text, row, mark[0]))
            row = [mark]
    items.extend(_items(text, row, len(text)))
    return items


def _items(text: str, row: Sequence[Span], limit: int) -> list[Item]:
    if len(row) < MIN_ITEMS:
        return []
    starts = [start for start, _ in row]
    is_one_sentence = all(_STOP.search(text, start, stop) is None for start, stop in pairwise(starts))
    stop = _STOP.search(text, starts[-1], limit)
    last = stop.end() if is_one_sentence and stop else limit
    bounds = [*starts, last]
    return [
        Item(text[start:end], (start, _trimmed(text, start, bounds[number + 1])))
        for number, (start, end) in enumerate(row)
    ]


def _sides(text: str) -> list[Item]:
    if "一方面" not in text:
        return []
    marks = [found.span(1) for found in _SIDES.finditer(text)]
    is_pair = len(marks) >= MIN_ITEMS and text[slice(*marks[0])] == "一方面"
    return _items(text, marks, len(text)) if is_pair else []


def _trimmed(text: str, start: int, stop: int) -> int:
    while stop > start + 1 and text[stop - 1].isspace():
        stop -= 1
    return stop


def find_lead(text: str) -> Span | None:
    """The span of the topic sentence that opens a paragraph, without its stop: 4 to 16 characters, ended by 。or ：.

    Not numbered, not a greeting, and with text after it.
    """
    if len(text) <= MIN_LEAD_CHARACTERS:
        return None
    start = after_marks(text)
    found = _LEAD.match(text, start)
    if not found or not text[found.end() :].strip("”’」』）)"):
        return None
    if parse_number(text, start) or is_greeting(found[0].strip()):
        return None
    return start, found.end() - 1
