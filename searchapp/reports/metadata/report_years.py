"""Years of a report: the year itself, the years looked back on, the year planned for. Knows no units.

Party reports: the year reviewed. Government work reports: the title's year, else the year reviewed plus one, else the
delivery date. Sessions of national congresses have their years by rule (READING.md 3).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from searchapp.reports.metadata import dates, kinds
from searchapp.reports.metadata.evidence_texts import ReportTexts
from searchapp.reports.model import Evidence
from searchapp.reports.structure.titles import is_subtitle

_REVIEWED = re.compile(r"((?:19|20)\d\d)年[，,]?是[^。]{2,60}(?:一年|之年)|刚刚过去的((?:19|20)\d\d)年")
_FIVE_YEARS = re.compile("(?:过去的?|这|本届政府)五年.{0,12}(?:回顾|工作|总结|成就)")


@dataclass(frozen=True, slots=True)
class Dating:
    """The years of a report, the evidence for its year (``none`` without one), and warnings for the reader."""

    year: int | None
    evidence: Evidence
    reviewed: dates.ReviewedYears | None
    plan_year: int | None
    warnings: tuple[str, ...]


def date_report(texts: ReportTexts, kind: str) -> Dating:
    """All years of a report of this kind. Text beats file name beats folder; a conflict is a warning."""
    warnings: list[str] = []
    reviewed = _reviewed(texts, kind)
    year, evidence = _year_in_text(texts, kind, reviewed, warnings)
    named, placed = dates.find_year(texts.stem), dates.find_year(texts.folder)
    if year is None and named:
        year, evidence = named, "file name"
    elif year is None:
        year, evidence = placed, "folder"
    elif named and named != year:
        warnings.append(f"文件名的年份 {named} 与正文的年份 {year} 不一致，以正文为准")
    if kind == kinds.GOVERNMENT:
        reviewed = _reviewed_by_government(texts, reviewed, year)
    elif kind not in kinds.CONGRESS_KINDS and year:
        reviewed = dates.ReviewedYears(year, year)
    return Dating(year, evidence if year else "none", reviewed, _plan_year(texts, kind, year), tuple(warnings))


def _reviewed(texts: ReportTexts, kind: str) -> dates.ReviewedYears | None:
    for heading in texts.headings:
        found = dates.find_review_year(heading)
        if found:
            return dates.ReviewedYears(found, found)
    found = dates.find_marked_year(texts.stated_subject() or "")
    if found is None and kind == kinds.GOVERNMENT:
        found = _review_in_text(texts)
    return dates.ReviewedYears(found, found) if found else None


def _reviewed_by_government(
    texts: ReportTexts, reviewed: dates.ReviewedYears | None, year: int | None
) -> dates.ReviewedYears | None:
    """A new government's report looks back on five years, any other on the year before."""
    if year and any(_FIVE_YEARS.search(heading) for heading in texts.headings):
        return dates.ReviewedYears(year - 5, year - 1)
    return reviewed or (dates.ReviewedYears(year - 1, year - 1) if year else None)


def _review_in_text(texts: ReportTexts) -> int | None:
    """A government report opens its review with the year: 2023年是…的一年."""
    found = _REVIEWED.search(dates.fold_digits(texts.text[:2_000]))
    return int(found[1] or found[2]) if found else None


def _year_in_text(
    texts: ReportTexts, kind: str, reviewed: dates.ReviewedYears | None, warnings: list[str]
) -> tuple[int | None, Evidence]:
    titled = next((year for title in texts.titles if (year := _title_year(title))), None)
    delivered, where = _first_year(dates.find_assembly_year, "\n".join(texts.titles), texts.opening[:300])
    if kind in (kinds.RESOLUTION, kinds.CONGRESS):
        if delivered:
            return delivered, where
        of_congress = dates.congress_year if kind == kinds.RESOLUTION else dates.party_congress_year
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
    return dates.find_marked_year(texts.opening), "body"


def _first_year(find: Callable[[str], int | None], titles: str, opening: str) -> tuple[int | None, Evidence]:
    year = find(titles)
    return (year, "title") if year else (find(opening), "body")


def _title_year(title: str) -> int | None:
    """A title's own year: not the date of a subtitle, which is when it was delivered."""
    return None if is_subtitle(title) else dates.find_year(title)


def _plan_year(texts: ReportTexts, kind: str, year: int | None) -> int | None:
    if kind == kinds.GOVERNMENT:
        return year
    if kind in kinds.CONGRESS_KINDS:
        return None
    for text in (*texts.titles, texts.stated_subject() or "", *texts.headings):
        found = dates.find_plan_year(text)
        if found:
            return found
    return None
