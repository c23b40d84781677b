"""The other reports of the same unit: of other years, the one before and the one after, last year's."""

from __future__ import annotations

from dataclasses import dataclass

from searchapp.search.result import ReportSummary
from searchapp.search.schema import organ_of
from searchapp.services.library import Library
from searchapp.time_limit import watched


@dataclass(frozen=True, slots=True)
class Siblings:
    """The reports of one unit around one of them.

    ``unit`` is what the unit is called now, ``None`` when it is not known: then there are no others. ``reports`` are
    all of the unit's, this one among them, oldest first, those without a year last. ``previous`` and ``next`` stand
    beside this one there. ``last_year`` is what to compare it with: of the year before, else of an earlier year (the
    latest), and in both cases one of the same kind before others.
    """

    report: ReportSummary
    unit: str | None
    reports: tuple[ReportSummary, ...]
    previous: ReportSummary | None = None
    next: ReportSummary | None = None
    last_year: ReportSummary | None = None

    @property
    def others(self) -> tuple[ReportSummary, ...]:
        """The unit's reports but this one."""
        return tuple(each for each in self.reports if each.report_id != self.report.report_id)


def siblings(library: Library, report_id: str) -> Siblings:
    """The siblings of a report. Raises ``NotFoundError``."""
    report = library.reader.summary(report_id)
    unit = organ_of(report.meta)
    if unit is None:
        return Siblings(report, None, (report,))
    known = [each for each in watched(library.reader.reports()) if organ_of(each.meta) == unit]
    # Sorting is stable: within a year document order stays.
    known.sort(key=lambda each: (each.meta.year is None, each.meta.year or 0))
    at = next(number for number, each in enumerate(known) if each.report_id == report_id)
    return Siblings(
        report=report,
        unit=unit,
        reports=tuple(known),
        previous=known[at - 1] if at else None,
        next=known[at + 1] if at + 1 < len(known) else None,
        last_year=_last_year(report, known),
    )


def _last_year(report: ReportSummary, known: list[ReportSummary]) -> ReportSummary | None:
    year = report.meta.year
    if year is None:
        return None
    earlier = [each for each in known if each.meta.year is not None and each.meta.year < year]

    def nearness(each: ReportSummary) -> tuple[bool, int]:
        """Last year's of the same kind, last year's, then the latest of the same kind."""
        return each.meta.kind == report.meta.kind, each.meta.year or 0

    just_before = [each for each in earlier if each.meta.year == year - 1]
    return max(just_before or earlier, key=nearness, default=None)
