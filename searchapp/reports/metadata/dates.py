"""Years and dates: how text states them, and a report's own year, the years looked back on and the year planned for.

The title's year comes first. Then party reports: the year reviewed; government work reports: the year reviewed plus
one, else the delivery date. Sessions of national congresses have their years by rule (READING.md 3). Knows no units.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from searchapp.reports.metadata import kinds
from searchapp.reports.metadata.evidence_texts import ReportTexts
from searchapp.reports.model import Evidence
from searchapp.reports.structure.titles import is_subtitle

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


_REVIEWED = re.compile(r"((?:19|20)\d\d)年[，,]?是[^。]{2,60}(?:一年|之年)|刚刚过去的((?:19|20)\d\d)年")
_FIVE_YEARS = re.compile("(?:过去的?|这|本届政府)五年.{0,12}(?:回顾|工作|总结|成就)")


@dataclass(frozen=True, slots=True)
class Dating:
    """The years of a report, the evidence for its year (``none`` without one), and warnings for the reader."""

    year: int | None
    evidence: Evidence
    reviewed: ReviewedYears | None
    plan_year: int | None
    warnings: tuple[str, ...]


def date_report(texts: ReportTexts, kind: str) -> Dating:
    """All years of a report of this kind. Text beats file name beats folder; a conflict is a warning."""
    warnings: list[str] = []
    reviewed = _reviewed(texts, kind)
    year, evidence = _year_in_text(texts, kind, reviewed, warnings)
    named, placed = find_year(texts.stem), find_year(texts.folder)
    if year is None and named:
        year, evidence = named, "file name"
    elif year is None:
        year, evidence = placed, "folder"
    elif named and named != year:
        warnings.append(f"文件名的年份 {named} 与正文的年份 {year} 不一致，以正文为准")
    if kind == kinds.GOVERNMENT:
        reviewed = _reviewed_by_government(texts, reviewed, year)
    elif kind not in kinds.CONGRESS_KINDS and year:
        reviewed = ReviewedYears(year, year)
    return Dating(year, evidence if year else "none", reviewed, _plan_year(texts, kind, year), tuple(warnings))


def _reviewed(texts: ReportTexts, kind: str) -> ReviewedYears | None:
    for heading in texts.headings:
        found = find_review_year(heading)
        if found:
            return ReviewedYears(found, found)
    found = find_marked_year(texts.stated_subject() or "")
    if found is None and kind == kinds.GOVERNMENT:
        found = _review_in_text(texts)
    return ReviewedYears(found, found) if found else None


def _reviewed_by_government(
    texts: ReportTexts, reviewed: ReviewedYears | None, year: int | None
) -> ReviewedYears | None:
    """A new government's report looks back on five years, any other on the year before."""
    if year and any(_FIVE_YEARS.search(heading) for heading in texts.headings):
        return ReviewedYears(year - 5, year - 1)
    return reviewed or (ReviewedYears(year - 1, year - 1) if year else None)


def _review_in_text(texts: ReportTexts) -> int | None:
    """A government report opens its review with the year: 2023年是…的一年."""
    found = _REVIEWED.search(fold_digits(texts.text[:2_000]))
    return int(found[1] or found[2]) if found else None


def _year_in_text(
    texts: ReportTexts, kind: str, reviewed: ReviewedYears | None, warnings: list[str]
) -> tuple[int | None, Evidence]:
    titled = next((year for title in texts.titles if (year := _title_year(title))), None)
    delivered, where = _first_year(find_assembly_year, "\n".join(texts.titles), texts.opening[:300])
    if kind in (kinds.RESOLUTION, kinds.CONGRESS):
        if delivered:
            return delivered, where
        of_congress = congress_year if kind == kinds.RESOLUTION else party_congress_year
        year, where = _first_year(of_congress, "\n".join(texts.titles), texts.opening)
        return (year, where) if year else (titled, "title")
    if kind in kinds.CONGRESS_KINDS:
        following = reviewed.last + 1 if reviewed else None
        if titled and delivered and delivered == following != titled:
            warnings.append(f"标题的年份 {titled} 与作报告的年份 {delivered} 不一致，以后者为准")
            return delivered, where
        if titled:
            return titled, "title"
        return (following, "body") if following else (delivered, where)
    if titled:
        return titled, "title"
    if reviewed:
        return reviewed.last, "body"
    return find_marked_year(texts.opening), "body"


def _first_year(find: Callable[[str], int | None], titles: str, opening: str) -> tuple[int | None, Evidence]:
    year = find(titles)
    return (year, "title") if year else (find(opening), "body")


def _title_year(title: str) -> int | None:
    """A title's own year: not the date of a subtitle, which is when it was delivered."""
    return None if is_subtitle(title) else find_year(title)


def _plan_year(texts: ReportTexts, kind: str, year: int | None) -> int | None:
    if kind == kinds.GOVERNMENT:
        return year
    if kind in kinds.CONGRESS_KINDS:
        return None
    for text in (*texts.titles, texts.stated_subject() or "", *texts.headings):
        found = find_plan_year(text)
        if found:
            return found
    return None
