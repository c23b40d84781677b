"""The shapes of what is taken along, as types: concordance, headings, citations, excerpts; see ``types``.

Meanings: docs/using/export.md and docs/using/citing.md.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from searchapp.reports.model import paragraph_id
from searchapp.services.addresses import block_url
from searchapp.services.citation.excerpts import MAX_EXCERPTS, MAX_ID_CHARACTERS, MAX_NOTE_CHARACTERS
from searchapp.services.concordance import MAX_WIDTH, Concordance, KwicLine, LineSort
from searchapp.services.headings import MAX_DEPTH, HeadingsList, ReportHeadings
from searchapp.services.payloads.encode import placed_json
from searchapp.services.payloads.shape import Shape, shaped
from searchapp.services.payloads.types import (
    Count,
    CountsJson,
    DiagnosticJson,
    PathJson,
    PlacedJson,
    Position,
    SpanJson,
)

_Start = Annotated[Count | None, Meta(description="With `end`, in code points; neither: all of it.")]
DepthJson = Annotated[int, Meta(ge=1, le=MAX_DEPTH, description="Of the heading path, from 1.")]


class LineJson(PlacedJson):
    """One occurrence and what stands around it, as written."""

    left: str
    keyword: str
    right: str
    clause: Annotated[str, Meta(description="The clause of the query that it is an occurrence of, as typed.")]
    start: Annotated[Count, Meta(description="Of the block's text, in code points.")]
    end: Annotated[Count, Meta(description="Exclusive.")]


class ConcordanceJson(Shape):
    """One page of a concordance; the counts are those of the search."""

    query: Annotated[str, Meta(description="As typed.")]
    build: Annotated[str, Meta(description="The build that answered.")]
    total: Annotated[Count, Meta(description="Lines, over all pages.")]
    page: Position
    per_page: Position
    sort: LineSort
    width: Annotated[int, Meta(ge=1, le=MAX_WIDTH, description="Characters on either side, at most.")]
    counts: CountsJson
    lines: list[LineJson]
    diagnostics: list[DiagnosticJson]


class HeadingJson(Shape):
    """A heading of a report."""

    depth: DepthJson
    text: str
    run_in: Annotated[bool, Meta(description="Whether a paragraph opens with it.")]
    paragraph_id: str
    url: PathJson


class ReportHeadingsJson(Shape):
    """The headings of one report, in order."""

    report_id: str
    title: str
    unit: str | None
    year: int | None
    kind: str
    hits: Annotated[Position, Meta(description="Blocks of it that match.")]
    headings: list[HeadingJson]


class HeadingsJson(Shape):
    """The headings of one page of the reports that have hits."""

    query: Annotated[str, Meta(description="As typed.")]
    build: Annotated[str, Meta(description="The build that answered.")]
    depth: Annotated[DepthJson, Meta(description="The deepest level that is listed.")]
    total: Annotated[Count, Meta(description="Reports, over all pages.")]
    page: Position
    per_page: Position
    reports: list[ReportHeadingsJson]
    diagnostics: list[DiagnosticJson]


class CitationJson(Shape):
    """A source, as officials write it and by GB/T 7714."""

    official: str
    gbt7714: str


class CitedJson(Shape):
    """A passage and its source."""

    build: str
    paragraph_id: str
    moved: Annotated[bool, Meta(description="The addressed text is gone; this is the nearest that is left.")]
    span: Annotated[SpanJson, Meta(description="Where the passage stands in the block's text.")]
    items: Annotated[list[str], Meta(description="Marks of the items that it touches.")]
    text: str
    citation: CitationJson
    url: PathJson


class ExcerptJson(Shape):
    """An excerpt to take along: a paragraph, or a stretch of it, and a note."""

    paragraph_id: Annotated[str, Meta(min_length=1, max_length=MAX_ID_CHARACTERS)]
    start: _Start | UnsetType = UNSET
    end: Annotated[Position | None, Meta(description="Exclusive.")] | UnsetType = UNSET
    note: Annotated[str, Meta(max_length=MAX_NOTE_CHARACTERS)] | UnsetType | None = UNSET


class ExcerptsJson(Shape):
    """The excerpts to take along, in order."""

    excerpts: Annotated[list[ExcerptJson], Meta(min_length=1, max_length=MAX_EXCERPTS)]


def concordance_json(found: Concordance) -> ConcordanceJson:
    """``total`` counts lines; ``counts`` are those of the search."""
    return shaped(ConcordanceJson, found, lines=[line_json(line) for line in found.lines])


def line_json(line: KwicLine) -> LineJson:
    """One line; ``start`` and ``end`` are code points of the block's text, end-exclusive."""
    start, end = line.span
    return placed_json(LineJson, line.located, line, start=start, end=end)


def headings_json(found: HeadingsList) -> HeadingsJson:
    """A page of the list; ``total`` counts reports."""
    return shaped(HeadingsJson, found, reports=[_report_json(report) for report in found.reports])


def _report_json(found: ReportHeadings) -> ReportHeadingsJson:
    summary = found.summary
    headings = [
        shaped(
            HeadingJson,
            heading,
            paragraph_id=paragraph_id(summary.report_id, heading.key),
            url=block_url(summary.report_id, heading.key, heading.position, summary.blocks),
        )
        for heading in found.headings
    ]
    return shaped(ReportHeadingsJson, summary, summary.meta, hits=found.hits, headings=headings)
