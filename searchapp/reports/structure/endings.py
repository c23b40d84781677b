"""The end of a report: signature, notes, annexes. Knows the lines of one report's body."""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.reports.cue_tables import organ_table
from searchapp.reports.readers.lines import SourceLine, squeeze

_DATE = re.compile(
    r"(?:\d{4}|[二一][〇○零oO九\d]?[一二三四五六七八九〇○零\d]{2})年(?:\d{1,2}|[一二三四五六七八九十]{1,3})月"
    r"(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})日)?"
)
_SIGNATURE_LINES = 4
_MAX_SIGNATURE_CHARACTERS = 30
_ANNEX = re.compile(
    r"附件?\d{0,2}[一二三四五六七八九十]{0,2}[：:]?|[※*【［\[]{0,2}(?:名词解释|名词注释|注释|有关名词解释)[※*】］\]]{0,2}[：:]?"
)
_LATE_ANNEX = re.compile(r"(?:附[：:])?.{0,20}(?:民生实事|惠民实事).{0,12}")
_LATE_SHARE = 0.6
_NOTE = re.compile(r"注[：:]|[［\[〔]\d{1,3}[］\]〕]|附件[：:]\S|附[：:]\S")


def is_note(text: str) -> bool:
    """Whether the line is a note below the text (注：…, [1] …, 附件：…)."""
    return _NOTE.match(text) is not None


def is_note_list_title(text: str) -> bool:
    """Whether an annex with this title explains note marks of the text."""
    return "解释" in squeeze(text) or "注" in text


def annex_starts(lines: Sequence[SourceLine]) -> set[int]:
    """Indexes of lines that open an annex: 附件, 名词解释, 注释, or late in the report 民生实事."""
    found: set[int] = set()
    for index, line in enumerate(lines):
        if len(line.text) > 40 or line.is_table_row or index == 0:
            continue
        text = squeeze(line.text)
        is_late = index > len(lines) * _LATE_SHARE
        if _ANNEX.fullmatch(text) or (
            is_late and _LATE_ANNEX.fullmatch(text) and "，" not in text and "。" not in text
        ):
            found.add(index)
    return found


def find_signature(lines: Sequence[SourceLine]) -> range:
    """Indexes of the signature: a date line near the end, with the names of organs just before it; else empty."""
    last = len(lines) - 1
    for index in range(last, max(last - 3, 0), -1):
        if _DATE.fullmatch(squeeze(lines[index].text)):
            start = index
            while start > max(index - _SIGNATURE_LINES, 1) and _is_signatory(lines[start - 1].text):
                start -= 1
            return range(start, index + 1)
    if last > 0 and len(lines[last].text) <= _MAX_SIGNATURE_CHARACTERS and _is_signatory(lines[last].text):
        return range(last, last + 1)
    return range(0)


def _is_signatory(text: str) -> bool:
    name = squeeze(text)
    if not 2 <= len(name) <= _MAX_SIGNATURE_CHARACTERS or re.search("[，。！？；：、]", name):
        return False
    organs = organ_table()
    return organs.ending.search(name) is not None or name.endswith(organs.body_suffixes)
