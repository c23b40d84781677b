"""What is known of reports as a whole: the table above a report, and the list of reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from searchapp.language import listed, tr
from searchapp.reports.model import Metadata
from searchapp.search.result import ReportSummary
from searchapp.search.schema import department_of
from searchapp.services.labels import years_text
from searchapp.web import labels
from searchapp.web.links import report_url, search_url
from searchapp.web.search_state import SearchState


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known of a report, how it is known, and the search it leads to (``None``: none)."""

    label: str
    value: str
    evidence: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in a list."""

    url: str
    title: str
    unit: str
    year: str
    kind: str
    paragraphs: str
    source: str


def facts(meta: Metadata) -> tuple[Fact, ...]:
    """What is known of a report; what is not known is left out but for unit and year. Its files stand beside it."""
    told = [
        _fact(meta, "unit", tr("单位"), meta.unit or labels.unknown(), _narrowed("unit", department_of(meta))),
        _fact(meta, "department", tr("部门"), meta.department if meta.department != meta.unit else None),
        _fact(meta, "parent", tr("上级单位"), meta.parent),
        _fact(meta, "organ", tr("现名"), meta.organ, _narrowed("unit", meta.organ)),
        _fact(meta, "body", tr("责任主体"), meta.body),
        _fact(meta, "year", tr("年份"), years_text(meta), _narrowed("year", meta.year)),
        _fact(meta, "kind", tr("文种"), meta.kind, _narrowed("kind", meta.kind)),
        _fact(meta, "addressee", tr("主送"), meta.addressee),
        _fact(meta, "place", tr("地区"), meta.place, _narrowed("place", meta.place)),
        _fact(meta, "level", tr("层级"), meta.level),
        _fact(meta, "unit_type", tr("单位类型"), meta.unit_type, _narrowed("unit_type", meta.unit_type)),
        _fact(meta, "delivered_by", tr("报告人"), meta.delivered_by),
        _fact(meta, "date", tr("日期"), meta.date),
    ]
    return tuple(fact for fact in told if fact is not None)


def report_rows(summaries: Iterable[ReportSummary]) -> tuple[ReportRow, ...]:
    """Rows of the list of reports, in the order given."""
    return tuple(
        ReportRow(
            url=report_url(summary.report_id),
            title=summary.meta.title or tr("（无题目）"),
            unit=summary.meta.unit or labels.unknown(),
            year=years_text(summary.meta),
            kind=summary.meta.kind,
            paragraphs=labels.number(summary.paragraphs),
            source=listed(source.file for source in summary.sources),
        )
        for summary in summaries
    )


def _fact(meta: Metadata, field: str, label: str, value: str | None, url: str | None = None) -> Fact | None:
    if value is None:
        return None
    evidence = meta.evidence.get(field, "none")
    return Fact(label, value, labels.EVIDENCE_LABELS.get(evidence, ""), url)


def _narrowed(name: str, value: str | int | None) -> str | None:
    return None if value is None else search_url(SearchState.of({name: [str(value)]}))
