"""Years and dates in report text. Knows numbers, not what kind of report it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WIDE = str.maketrans("０１２３４５６７８９〇○零", "0123456789000")
_HAN_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_HAN_YEAR = re.compile("[一二][一二三四五六七八九0]{3}(?=年)")
_PERIOD = re.compile(r"(?:19|20)\d\d年?\s*[-—–－~～至到]{1,2}\s*(?:19|20)\d\d年?")
# Digits inside a hash or a code (a2019e5) are no year.
_YEAR = re.compile(r"(?<![0-9A-Za-z])((?:19|20)\d\d)(?:年(?:度)?|(?![0-9A-Za-z]))")
_YEAR_MARKED = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_ASSEMBLY_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)年\s?\d{1,2}月\s?\d{1,2}日.{0,40}?"
    r"(?:代表大会|次会议|届会议)|(?:代表大会|次会议).{0,20}?[（(]\s?((?:19|20)\d\d)年\s?\d{1,2}月\s?\d{1,2}日"
)
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)年(\d{1,2}|[一二三四五六七八九十]{1,2})月(?:(\d{1,2}|[一二三四五六七八九十]{1,3})日)?"
)
_REVIEW = re.compile(
    r"((?:19|20)\d\d)年(?:度)?(?:的)?(?:政府)?(?:主要)?(?:工作)?(?:和[^，。]{0,12})?(?:主要工作|工作|政府工作|情况)(?:回顾|总结|情况|完成情况)?"
)
_NPC = re.compile("第([一二三四五六七八九十]{1,3})届全国人民代表大会第([一二三四五六七八九十]{1,2})次会议")
_PLANS = "安排|打算|计划|部署|思路|要点"
_AHEAD = re.compile(f"{_PLANS}|建议|任务|目标|重点|要求|取向")
_BACK = re.compile("回顾|总结|情况")
_PLAN = re.compile(rf"((?:19|20)\d\d)年(?:度)?[^，。；]{{0,12}}?(?:{_PLANS})")
_PARTY_CONGRESS = re.compile("党的?第([一二三四五六七八九十]{1,3})次全国代表大会")
_CENTRAL_COMMITTEE = re.compile("(?:代表|受)(?:中国共产党|党的)?第?([一二三四五六七八九十]{1,3})届中央委员会")
_FIRST_REGULAR_CONGRESS = 5
_FIRST_REGULAR_PARTY_CONGRESS = 12


@dataclass(frozen=True, slots=True)
class ReviewedYears:
    """The years looked back on, inclusive."""

    first: int
    last: int


def fold_digits(text: str) -> str:
    """Full-width digits and Chinese years (二〇二三年) as ASCII digits; length is kept."""
    text = text.translate(_WIDE)
    return _HAN_YEAR.sub(lambda found: found[0].translate(_HAN_DIGITS), text)


def find_year(text: str) -> int | None:
    """The first single year named; periods (2021-2025年) are no years."""
    found = _YEAR.search(_PERIOD.sub("", fold_digits(text)))
    return int(found[1]) if found else None


def find_marked_year(text: str) -> int | None:
    """The first year that is followed by 年, for running text where four digits may be anything."""
    found = _YEAR_MARKED.search(_PERIOD.sub("", fold_digits(text)))
    return int(found[1]) if found else None


def find_assembly_year(text: str) -> int | None:
    """The year of delivery: a full date beside the session of a congress."""
    found = _ASSEMBLY_DATE.search(re.sub(r"\s+", "", fold_digits(text)))
    return int(found[1] or found[2]) if found else None


def find_date(text: str) -> str | None:
    """The first date with a month, ISO 8601 (``2024-01-08``, or ``2024-01`` without a day); Chinese numbers too."""
    found = _DATE.search(re.sub(r"\s+", "", fold_digits(text)))
    if not found:
        return None
    month, day = _number(found[2]), _number(found[3]) if found[3] else 0
    if not 1 <= month <= 12 or day > 31:
        return None
    return f"{found[1]}-{month:02d}-{day:02d}" if day else f"{found[1]}-{month:02d}"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _han_number(text)


def find_plan_year(text: str) -> int | None:
    """The year that a plan is made for (2023年工作安排)."""
    found = _PLAN.search(fold_digits(text))
    return int(found[1]) if found else None


def find_review_year(text: str) -> int | None:
    """The year that a review heading names (2022年工作回顾, 关于2012年政府工作)."""
    folded = re.sub(r"\s+", "", fold_digits(text))
    if _AHEAD.search(folded) and not _BACK.search(folded):
        return None
    found = _REVIEW.search(folded)
    return int(found[1]) if found else None


def congress_year(text: str) -> int | None:
    """The year of a session of the National People's Congress: 1993 + 5 x (term - 8) + (session - 1).

    Regular from the fifth congress on (READING.md 3); before that None.
    """
    found = _NPC.search(text)
    if not found:
        return None
    term, session = _han_number(found[1]), _han_number(found[2])
    if term < _FIRST_REGULAR_CONGRESS:
        return None
    return 1993 + 5 * (term - 8) + (session - 1)


def party_congress_year(text: str) -> int | None:
    """The year of a congress of the party: every five years from the twelfth (1982) on; before that None.

    The committee that reports is the one elected by the congress before.
    """
    committee = _CENTRAL_COMMITTEE.search(text)
    congress = _PARTY_CONGRESS.search(text)
    if committee:
        number = _han_number(committee[1]) + 1
    elif congress:
        number = _han_number(congress[1])
    else:
        return None
    return 1982 + 5 * (number - 12) if number >= _FIRST_REGULAR_PARTY_CONGRESS else None


def _han_number(text: str) -> int:
    tens, _, ones = text.rpartition("十")
    digits = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}
    if "十" not in text:
        return digits.get(text[0], 0)
    return digits.get(tens, 1) * 10 + digits.get(ones, 0)
