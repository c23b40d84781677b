"""小标题清单: the headings of all reports in which a search finds anything, by level, as values and as plain text.

Headings are those of the report's own argument: heading blocks, and the run-in headings of paragraphs. Their depth is
that of their heading path. Reports stand in document order, or by year (``sort`` newest, oldest).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from searchapp.language import tr
from searchapp.query import Diagnostic
from searchapp.reports.model import Report
from searchapp.search.params import MAX_PAGE, Parameters
from searchapp.search.request import MAX_PER_PAGE
from searchapp.search.result import ReportSummary
from searchapp.services.labels import years_text
from searchapp.services.library import Library
from searchapp.services.result_set import number_of, whole_request
from searchapp.time_limit import watched

DEFAULT_REPORTS = 10
MAX_DEPTH = 6
INDENT = "　　"
"""Two full-width spaces for each level, as a paragraph is indented in Chinese."""


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """``depth`` from 1; ``key`` of its block, ``position`` from 0; ``run_in``: whether it opens a paragraph."""

    depth: int
    text: str
    key: str
    run_in: bool
    position: int


@dataclass(frozen=True, slots=True)
class ReportHeadings:
    """The headings of one report in order; ``hits``: how many blocks of it the search finds."""

    summary: ReportSummary
    hits: int
    headings: tuple[HeadingLine, ...]


@dataclass(frozen=True, slots=True)
class HeadingsList:
    """One page of reports. ``total`` counts reports; ``depth``: the deepest level listed."""

    query: str
    build: str
    depth: int
    total: int
    page: int
    per_page: int
    reports: tuple[ReportHeadings, ...]
    diagnostics: tuple[Diagnostic, ...]


def headings(library: Library, params: Parameters) -> HeadingsList:
    """A page of the list: the parameters of a search, and ``depth`` (1-6). Raises ``RequestError``."""
    depth = number_of(params, "depth", MAX_DEPTH, MAX_DEPTH)
    page = number_of(params, "page", 1, MAX_PAGE)
    per_page = number_of(params, "per_page", DEFAULT_REPORTS, MAX_PER_PAGE)
    query, found, diagnostics = _found(library, params)
    shown = found[(page - 1) * per_page : page * per_page]
    return HeadingsList(
        query=query,
        build=library.build,
        depth=depth,
        total=len(found),
        page=page,
        per_page=per_page,
        reports=tuple(_of_report(library, summary, hits, depth) for summary, hits in shown),
        diagnostics=diagnostics,
    )


def headings_text(library: Library, params: Parameters) -> Iterator[str]:
    """The whole list as plain text, a report at a time. Raises ``RequestError`` at once."""
    depth = number_of(params, "depth", MAX_DEPTH, MAX_DEPTH)
    found = _found(library, params)[1]
    return (_as_text(_of_report(library, summary, hits, depth)) for summary, hits in found)


def headings_of_report(report: Report, depth: int = MAX_DEPTH) -> Iterator[HeadingLine]:
    """The headings of ``report`` down to ``depth``, in order."""
    for position, block in enumerate(report.blocks):
        if block.kind == "heading":
            line = HeadingLine(min(len(block.headings) + 1, MAX_DEPTH), block.text, block.key, False, position)
        elif block.kind == "paragraph" and block.run_in is not None:
            text = block.text[slice(*block.run_in)].rstrip("。")
            line = HeadingLine(min(max(len(block.headings), 1), MAX_DEPTH), text, block.key, True, position)
        else:
            continue
        if line.depth <= depth:
            yield line


def _found(
    library: Library, params: Parameters
) -> tuple[str, Sequence[tuple[ReportSummary, int]], tuple[Diagnostic, ...]]:
    """Reports with hits, and how many each, in order."""
    wanted = whole_request(library, params, "page", "per_page")
    hits = library.reader.hits_by_report(wanted.request)
    found = [(library.reader.summary(report_id), count) for report_id, count in watched(hits.items())]
    match wanted.request.sort:
        case "newest":
            found.sort(key=lambda each: -(each[0].meta.year or 0))
        case "oldest":
            found.sort(key=lambda each: each[0].meta.year or 1 << 30)
    return wanted.query, found, wanted.diagnostics


def _of_report(library: Library, summary: ReportSummary, hits: int, depth: int) -> ReportHeadings:
    report = library.reader.report(summary.report_id)
    return ReportHeadings(summary, hits, tuple(headings_of_report(report, depth)))


def _as_text(found: ReportHeadings) -> str:
    meta = found.summary.meta
    head = tr("{title}（{unit}，{year}）", title=meta.title, unit=meta.unit or tr("单位未注明"), year=years_text(meta))
    lines = [f"{INDENT * heading.depth}{' '.join(heading.text.split())}" for heading in found.headings]
    return "\n".join([head, *(lines or [INDENT + tr("（没有小标题）")]), "", ""])
