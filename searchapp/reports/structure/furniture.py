"""Text that is no report: site furniture. Knows single lines, and the tail of a page.

Be conservative: a line that may belong to a report is not furniture. Nothing is lost, it becomes a Piece.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from searchapp.reports.readers.lines import SourceLine
from searchapp.reports.structure.titles import is_report_title

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
_SENTENCE = re.compile("[，。！？；]")


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
