"""Numbering of headings and list items (GB/T 9704 and what occurs besides). Knows one line at a time.

Ranks order the forms from outermost to innermost; a level (1-6) only comes about in an outline.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from searchapp.reports.model import Span
from searchapp.text.punctuation import FULL_STOPS, SENTENCE_ENDS

RANK_ANNEX = 0
RANK_CHAPTER = 10
RANK_SECTION = 20
RANK_UNNUMBERED_PART = 25
RANK_FIRST = 30
RANK_UNNUMBERED = 35
RANK_SECOND = 40
RANK_THIRD = 50
RANK_FOURTH = 60
RANK_FIFTH = 70
RANK_ITEM = 80

_HAN = "一二三四五六七八九十百"
_FORMS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (RANK_CHAPTER, re.compile(rf"第[{_HAN}\d]{{1,4}}(?:章|部分|编|篇)(?![^\s、：:，]*[，。])[\s、：:]*")),
    (RANK_SECTION, re.compile(rf"第[{_HAN}\d]{{1,4}}节[\s、：:]*")),
    (RANK_FIRST, re.compile(rf"[{_HAN}]{{1,3}}\s?[、．.]\s*")),
    # The opening bracket is sometimes lost: 三）.
    (RANK_SECOND, re.compile(rf"[（(〔]?\s?[{_HAN}]{{1,3}}\s?[）)〕][、.]?\s*")),
    # A digit after the point makes it a decimal number: 1.5亿元.
    (RANK_THIRD, re.compile(r"[0-9０-９]{1,2}\s?(?:[、．]|[.](?![0-9]))\s*")),
    (RANK_FOURTH, re.compile(r"[（(]?\s?[0-9０-９]{1,2}\s?[）)][、.]?\s*")),
    (RANK_FIFTH, re.compile(r"[①-⑳⑴-⒇⒈-⒛]\s*")),
    (RANK_ITEM, re.compile(rf"[{_HAN}]{{1,3}}(?:是|要(?![素点件求]))\s*")),
    (RANK_ITEM, re.compile(rf"第[{_HAN}]{{1,2}}[，、,：:]\s*")),
    (RANK_ITEM, re.compile(r"(?:—{1,2}|-{2,4}|－{1,2}|―{1,2})\s*(?=\S)")),
)
_FIRST_CHARACTERS = frozenset(
    "第（(〔①-—－―" + _HAN + "0123456789０１２３４５６７８９①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⒈⒉⒊⒋⒌⒍⒎⒏⒐"
)
_BULLETS = "—-－―"
_RINGED = frozenset(map(chr, [*range(0x2460, 0x249C)]))
_DIGITS = re.compile(r"\d+")
_HAN_NUMBER = re.compile(f"[{_HAN}]+")
_SENTENCE_END = re.compile(f"[{SENTENCE_ENDS}]")
_FULL_STOP = re.compile(f"[{FULL_STOPS}]")

MAX_HEADING_CHARACTERS = 80
"""Longest own-line heading numbered 一、 or （一）; the longest in the reports measured has 62 characters."""
MAX_MINOR_HEADING_CHARACTERS = 50
MAX_RUN_IN_CHARACTERS = 60
MAX_BULLET_CHARACTERS = 40
MAX_STOPPED_HEADING_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number a line begins with: its rank, where the text after it begins, and its value (0: none)."""

    rank: int
    end: int
    is_bullet: bool = False
    value: int = 0


def parse_number(text: str, start: int = 0) -> Numbering | None:
    """The number at ``start``, or None.

    Forms: 第一章 第一部分 第一节 一、 （一） (一) 三） 1. 1． 1、 （1） ① 一是 一要 第一， and dash bullets.
    """
    if start + 1 >= len(text) or text[start] not in _FIRST_CHARACTERS:
        return None
    for rank, form in _FORMS:
        found = form.match(text, start)
        if found:
            return Numbering(rank, found.end(), text[start] in _BULLETS, number_value(found[0]))
    return None


def number_value(mark: str) -> int:
    """The value of a number as written (``十二、`` 12, ``（3）`` 3, ``②`` 2, ``第四，`` 4); 0 when it has none."""
    digits = _DIGITS.search(mark)
    if digits:
        return int(digits[0])
    if mark[0] in _RINGED:
        return int(unicodedata.numeric(mark[0]))
    found = _HAN_NUMBER.search(mark)
    if not found:
        return 0
    tens, ten, ones = found[0].rpartition("十")
    value = _HAN.index(ones[-1]) + 1 if ones else 0
    return value + 10 * (_HAN.index(tens[-1]) + 1 if tens else 1) if ten else value


def is_own_line_heading(text: str, number: Numbering, start: int = 0) -> bool:
    """Whether a numbered line is a heading by itself: short, and no sentence.

    一、 and （一） may end with a full stop when short; bullets and digits with a full stop are list items.
    """
    length = len(text) - start
    if number.is_bullet or number.end >= len(text):
        return False
    is_major = number.rank <= RANK_SECOND
    if length > (MAX_HEADING_CHARACTERS if is_major else MAX_MINOR_HEADING_CHARACTERS):
        return False
    stop = _SENTENCE_END.search(text, number.end)
    if stop is None:
        return text[-1] not in "，,、" and (number.rank != RANK_ITEM or text[-1] not in "：:")
    return is_major and stop.end() == len(text) and length <= MAX_STOPPED_HEADING_CHARACTERS and stop[0] not in "；;"


def find_run_in(text: str, number: Numbering, start: int = 0) -> Span | None:
    """The span of a heading that runs into its paragraph: the first sentence with its number, without its stop.

    There must be text after it, and it must be short enough to be a heading.
    """
    limit = MAX_BULLET_CHARACTERS if number.is_bullet else MAX_RUN_IN_CHARACTERS
    stop = _FULL_STOP.search(text, number.end, number.end + limit + 1)
    if stop is None or stop.start() == number.end or not text[stop.end() :].strip("”’」』）)"):
        return None
    return start, stop.start()


def find_glued(text: str, number: Numbering, start: int = 0) -> Span | None:
    """The span of a heading that names a part and is glued to its text: ``一、2022年工作回顾2022年，我们…``."""
    if number.rank > RANK_SECOND:
        return None
    found = _GLUED.match(text, number.end)
    return (start, found.end(1)) if found else None


_GLUED = re.compile(
    r"((?:关于)?(?:(?:19|20)\d\d年|过去[一五]年|今后五年|今年)?的?(?:政府)?[\u4e00-\u9fff]{0,8}"
    r"(?:回顾|总结|总体要求[和与及][\u4e00-\u9fff]{2,8}|总体(?:要求|思路|安排)|(?:工作|任务)安排|重点(?:工作|任务)|打算|建议))"
    r"\s*(?=(?:19|20)\d\d年|过去|一年来|五年来|刚刚|今年|各位代表)"
)
