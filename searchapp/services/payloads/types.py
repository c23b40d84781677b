"""The shapes of JSON answers, as types: what is answered and what is documented cannot drift apart.

Answers are made as values of these types (``shape.shaped``), the OpenAPI document from the types themselves. Names and
meanings: docs/inside/semantics.md, section 5. Spans are code points, 0-based, end-exclusive. In the document the names
go without ``Json``. Further types are in the modules beside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from searchapp.reports.model import BlockKind, Evidence
from searchapp.search.schema import FACET_NAMES, FacetName
from searchapp.services.payloads.shape import Shape

if TYPE_CHECKING:
    FacetKey = FacetName
else:
    FacetKey = Literal[FACET_NAMES]
Count = Annotated[int, Meta(ge=0)]
Position = Annotated[int, Meta(ge=1)]
SpanJson = Annotated[list[Count], Meta(min_length=2, max_length=2, description="Code points, end-exclusive.")]
PathJson = Annotated[str, Meta(description="An address below the site's root.")]
_PART = "Which part of the block text is, when the block is too long for a list: its address gives all of it."


class CountsJson(Shape):
    """Over all hits, exact."""

    occurrences: Annotated[Count | None, Meta(description="null: too many hits to count them (distributed engines).")]
    paragraphs: Annotated[Count, Meta(description="Blocks that match.")]
    reports: Count
    units: Annotated[Count, Meta(description="Known departments.")]


class GroupJson(Shape):
    """The hits of one report, when they are grouped."""

    report_id: str
    shown: Position
    others: Count


class SectionJson(Shape):
    """Where in its report a block stands."""

    headings: Annotated[list[str], Meta(description="The heading path, outermost first.")]
    parts: list[str]
    topics: list[str]


class SourceJson(Shape):
    """Where a block begins in its source file."""

    file: Annotated[str, Meta(description="Root label and relative path, never an absolute path.")]
    line: Position
    column: Position
    page: Position | None


class ContributionJson(Shape):
    """What one clause adds to a score."""

    clause: str
    matched: Literal["literal", "words"]
    parts: dict[str, float]


class PlacedJson(Shape):
    """A block, the report that it stands in, and its address: what every answer that names a block says of it."""

    paragraph_id: str
    report_id: str
    block: BlockKind
    title: str
    unit: str | None
    department: str | None
    year: int | None
    kind: str
    url: PathJson


class HitJson(PlacedJson):
    """A block that matches."""

    organ: str | None
    section: SectionJson
    evidence: Annotated[dict[str, Evidence], Meta(description="How each known field of the report is known.")]
    text: Annotated[str, Meta(description="The block as written; of a very long one the part that `part` tells.")]
    highlights: Annotated[list[SpanJson], Meta(description="What matches in text, ascending; spans may overlap.")]
    marks: Annotated[list[SpanJson], Meta(description="Shown, but not searched.")]
    occurrences: Count
    score: float
    alike: Annotated[Count, Meta(description="Hits that this one stands for besides itself, when folded.")]
    explanation: list[ContributionJson]
    source: SourceJson
    part: Annotated[SpanJson, Meta(description=_PART)] | UnsetType = UNSET


class FacetValueJson(Shape):
    """A value of a facet; the count is what choosing it gives."""

    value: str
    label: str
    count: Count
    selected: bool


class OfferJson(Shape):
    """Another search that finds something, or more."""

    kind: str
    label: str
    changes: Annotated[dict[str, list[str]], Meta(description="Values to set; an empty list removes the parameter.")]
    total: Annotated[int, Meta(ge=1)]


class WidenedJson(Shape):
    """A clause that was widened by synonyms."""

    clause: str
    members: list[str]


class FillerJson(Shape):
    """What fills a gap, and how often."""

    text: str
    count: Position


class FillersJson(Shape):
    """What fills the gaps of one phrase."""

    clause: str
    total: Count
    distinct: Count
    values: list[FillerJson]


class DiagnosticJson(Shape):
    """What a person should know of the query or the answer; the span is in the query, 0 to 0 for all of it."""

    message: str
    start: Count
    end: Count


class SearchJson(Shape):
    """One page of hits, with counts and facets over all pages."""

    query: Annotated[str, Meta(description="As typed.")]
    build: Annotated[str, Meta(description="The build that answered.")]
    total: Annotated[Count, Meta(description="Blocks that match, over all pages.")]
    page: Position
    per_page: Position
    counts: CountsJson
    apart: Annotated[Count, Meta(description="Blocks that match in annexes and notes, when these were not searched.")]
    punctuation: Annotated[Count, Meta(description="Blocks that would match besides, punctuation passed over.")]
    groups: Annotated[Count | None, Meta(description="What the pages are of, when grouped or folded.")]
    grouped: list[GroupJson]
    took_ms: float
    hits: list[HitJson]
    facets: dict[FacetKey, list[FacetValueJson]]
    unit_types: Annotated[dict[str, str], Meta(description="The unit type of each value of the unit facet.")]
    offers: list[OfferJson]
    synonyms: list[WidenedJson]
    fillers: list[FillersJson]
    diagnostics: list[DiagnosticJson]


class FacetsJson(Shape):
    """Counts and facets of a search, without its hits."""

    query: Annotated[str, Meta(description="As typed.")]
    build: Annotated[str, Meta(description="The build that answered.")]
    total: Annotated[Count, Meta(description="Blocks that match.")]
    counts: CountsJson
    apart: Count
    took_ms: float
    facets: dict[FacetKey, list[FacetValueJson]]
    unit_types: dict[str, str]
    diagnostics: list[DiagnosticJson]


class ReportSourceJson(Shape):
    """A place where a report stands: a file, and its first and last line."""

    file: str
    lines: Annotated[list[int], Meta(min_length=2, max_length=2)]


class ReportJson(Shape):
    """A report without its text; ``null`` is unknown."""

    report_id: str
    title: str
    unit: str | None
    department: str | None
    organ: str | None
    parent: str | None
    body: str | None
    year: int | None
    review_from: int | None
    review_to: int | None
    plan_year: int | None
    kind: str
    addressee: str | None
    unit_type: str | None
    place: str | None
    level: str | None
    delivered_by: str | None
    date: str | None
    evidence: dict[str, Evidence]
    sources: list[ReportSourceJson]
    blocks: Count
    paragraphs: Count
    headings: Count


class ReportsJson(Shape):
    """One page of the list of reports."""

    build: str
    total: Annotated[Count, Meta(description="Reports, over all pages.")]
    page: Position
    per_page: Position
    reports: list[ReportJson]
    diagnostics: list[DiagnosticJson]


class BlockJson(Shape, kw_only=True):
    """A block, whatever the query."""

    paragraph_id: str
    report_id: str
    position: Annotated[Count, Meta(description="Its place in the report, from 0.")]
    block: BlockKind
    level: Annotated[int, Meta(ge=0, le=6, description="Of a heading; 0 otherwise.")]
    section: SectionJson
    text: str
    run_in: Annotated[SpanJson | None, Meta(description="The heading that a paragraph opens with.")]
    marks: list[SpanJson]
    source: SourceJson
    url: PathJson


class WholeReportJson(Shape):
    """A report with all its blocks, in order."""

    build: str
    report: ReportJson
    blocks: list[BlockJson]


# Keyword-only fields are written after the others: those of a block stand between these and ``report``.
class _FoundBlockJson(BlockJson):
    build: str
    moved: Annotated[bool, Meta(description="The addressed text is gone; this is the nearest that is left.")]


class LocatedBlockJson(_FoundBlockJson, kw_only=True):
    """A block and its report."""

    report: ReportJson


class StatsJson(Shape):
    """The size of the library."""

    build: str
    reports: Count
    blocks: Count
    paragraphs: Count
    characters: Annotated[Count, Meta(description="Normalized characters.")]
    units: Count
    years: list[int]


class SuggestionJson(Shape):
    """A word or a set phrase, and the blocks that hold it."""

    text: str
    blocks: Count
    kind: str


class SuggestJson(Shape):
    """What goes on from what was typed."""

    query: str
    build: str
    suggestions: list[SuggestionJson]


class PhraseJson(Shape):
    """A set phrase."""

    text: str
    frequency: Position
    blocks: Position
    cohesion: float
    left_entropy: float
    right_entropy: float


class ProblemJson(Shape):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: Annotated[str, Meta(description="For the reader, in the language that was asked for.")]
    parameter: Annotated[str, Meta(description="The parameter at fault.")] | UnsetType = UNSET
    choices: Annotated[list[str], Meta(description="Reports that an earlier build's id may mean.")] | UnsetType = UNSET
