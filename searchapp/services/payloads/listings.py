"""The shapes of what is taken along, as types: concordance, headings, citations, excerpts; see ``shapes``.

Meanings: docs/using/export.md and docs/using/citing.md.

A page of a concordance as plain JSON values, for the API and ``--json``.

The list of headings as plain JSON values.
"""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from msgspec import Meta

from searchapp.reports.model import paragraph_id
from searchapp.services.addresses import block_url
from searchapp.services.citation.excerpts import MAX_EXCERPTS, MAX_ID_CHARACTERS, MAX_NOTE_CHARACTERS
from searchapp.services.concordance import MAX_WIDTH, Concordance, KwicLine, LineSort
from searchapp.services.headings import MAX_DEPTH, HeadingsList, ReportHeadings
from searchapp.services.payloads.encode import counts_json, diagnostic_json, placed_json
from searchapp.services.payloads.types import (
    Count,
    CountsJson,
    DiagnosticJson,
    PathJson,
    PlacedJson,
    Position,
    SpanJson,
)

DepthJson = Annotated[int, Meta(ge=1, le=MAX_DEPTH, description="Of the heading path, from 1.")]


class LineJson(PlacedJson):
    """One occurrence and what stands around it, as written."""

    left: str
    keyword: str
    right: str
    clause: Annotated[str, Meta(description="The clause of the query that it is an occurrence of, as typed.")]
    start: Annotated[Count, Meta(description="Of the block's text, in code points.")]
    end: Annotated[Count, Meta(description="Exclusive.")]


class ConcordanceJson(TypedDict):
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


class HeadingJson(TypedDict):
    """A heading of a report."""

    depth: DepthJson
    text: str
    run_in: Annotated[bool, Meta(description="Whether a paragraph opens with it.")]
    paragraph_id: str
    url: PathJson


class ReportHeadingsJson(TypedDict):
    """The headings of one report, in order."""

    report_id: str
    title: str
    unit: str | None
    year: int | None
    kind: str
    hits: Annotated[Position, Meta(description="Blocks of it that match.")]
    headings: list[HeadingJson]


class HeadingsJson(TypedDict):
    """The headings of one page of the reports that have hits."""

    query: Annotated[str, Meta(description="As typed.")]
    build: Annotated[str, Meta(description="The build that answered.")]
    depth: Annotated[DepthJson, Meta(description="The deepest level that is listed.")]
    total: Annotated[Count, Meta(description="Reports, over all pages.")]
    page: Position
    per_page: Position
    reports: list[ReportHeadingsJson]
    diagnostics: list[DiagnosticJson]


class CitationJson(TypedDict):
    """A source, as officials write it and by GB/T 7714."""

    official: str
    gbt7714: str


class CitedJson(TypedDict):
    """A passage and its source."""

    build: str
    paragraph_id: str
    moved: Annotated[bool, Meta(description="The addressed text is gone; this is the nearest that is left.")]
    span: Annotated[SpanJson, Meta(description="Where the passage stands in the block's text.")]
    items: Annotated[list[str], Meta(description="Marks of the items that it touches.")]
    text: str
    citation: CitationJson
    url: PathJson


class ExcerptJson(TypedDict):
    """An excerpt to take along: a paragraph, or a stretch of it, and a note."""

    paragraph_id: Annotated[str, Meta(min_length=1, max_length=MAX_ID_CHARACTERS)]
    start: NotRequired[Annotated[Count | None, Meta(description="With `end`, in code points; neither: all of it.")]]
    end: NotRequired[Annotated[Position | None, Meta(description="Exclusive.")]]
    note: NotRequired[Annotated[str, Meta(max_length=MAX_NOTE_CHARACTERS)] | None]


class ExcerptsJson(TypedDict):
    """The excerpts to take along, in order."""

    excerpts: Annotated[list[ExcerptJson], Meta(min_length=1, max_length=MAX_EXCERPTS)]


def concordance_json(found: Concordance) -> ConcordanceJson:
    """``total`` counts lines; ``counts`` are those of the search."""
    return {
        "query": found.query,
        "build": found.build,
        "total": found.total,
        "page": found.page,
        "per_page": found.per_page,
        "sort": found.sort,
        "width": found.width,
        "counts": counts_json(found.counts),
        "lines": [line_json(line) for line in found.lines],
        "diagnostics": [diagnostic_json(told) for told in found.diagnostics],
    }


def line_json(line: KwicLine) -> LineJson:
    """One line; ``start`` and ``end`` are code points of the block's text, end-exclusive."""
    return {
        **placed_json(line.located),
        "left": line.left,
        "keyword": line.keyword,
        "right": line.right,
        "clause": line.clause,
        "start": line.span[0],
        "end": line.span[1],
    }


def headings_json(found: HeadingsList) -> HeadingsJson:
    """A page of the list; ``total`` counts reports."""
    return {
        "query": found.query,
        "build": found.build,
        "depth": found.depth,
        "total": found.total,
        "page": found.page,
        "per_page": found.per_page,
        "reports": [_report_json(report) for report in found.reports],
        "diagnostics": [diagnostic_json(told) for told in found.diagnostics],
    }


def _report_json(found: ReportHeadings) -> ReportHeadingsJson:
    summary = found.summary
    return {
        "report_id": summary.report_id,
        "title": summary.meta.title,
        "unit": summary.meta.unit,
        "year": summary.meta.year,
        "kind": summary.meta.kind,
        "hits": found.hits,
        "headings": [
            {
                "depth": heading.depth,
                "text": heading.text,
                "run_in": heading.run_in,
                "paragraph_id": paragraph_id(summary.report_id, heading.key),
                "url": block_url(summary.report_id, heading.key, heading.position, summary.blocks),
            }
            for heading in found.headings
        ],
    }
