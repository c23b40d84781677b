"""The shapes of what is taken along, as types: concordance, headings, citations, excerpts; see ``shapes``.

Meanings: docs/export.md and docs/citing.md.
"""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from msgspec import Meta

from searchapp.services.citation.excerpts import MAX_EXCERPTS, MAX_ID_CHARACTERS, MAX_NOTE_CHARACTERS
from searchapp.services.concordance import MAX_WIDTH, LineSort
from searchapp.services.headings import MAX_DEPTH
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
