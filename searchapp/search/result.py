"""What an engine answers: hits, counts, facets. Plain values; offsets are code points of the original text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from searchapp.reports.model import Block, Metadata, ReportSource, paragraph_id
from searchapp.search.schema import FacetName

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """A report without its text. ``paragraphs`` counts body blocks only, ``headings`` heading blocks."""

    report_id: str
    meta: Metadata
    sources: tuple[ReportSource, ...]
    blocks: int
    paragraphs: int
    headings: int


@dataclass(frozen=True, slots=True)
class LocatedBlock:
    """A block in its report; ``position`` is its place in the report, from 0."""

    report: ReportSummary
    block: Block
    position: int

    @property
    def paragraph_id(self) -> str:
        """The block's lasting address: ``<report_id>-<key>``."""
        return paragraph_id(self.report.report_id, self.block.key)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one clause of the query (``text`` as typed) adds to a hit's score.

    ``literal``: whether the clause stands there literally; else it matches by its jieba words. ``parts``: share of the
    score by what it comes from (docs/inside/ranking.md), in a fixed order, zeros left out.
    """

    text: str
    literal: bool
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """The hits of one report under ``group="report"``: those shown on this page, and how many there are besides."""

    report_id: str
    shown: int
    others: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A block that matches. ``highlights``: spans of its original text, ascending, they may overlap.

    ``occurrences`` counts the literal occurrences of all asked-for phrases and words; 0 when a block matches only by
    the jieba words of a word (then the highlights show those words). ``alike``: hits that differ from this one only in
    digits, masks and punctuation, when they are folded. ``explanation``: what the score is made of, when it was asked
    for.
    """

    located: LocatedBlock
    highlights: tuple[Span, ...]
    occurrences: int
    score: float
    alike: int = 0
    explanation: tuple[Contribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Over all hits, exact: literal occurrences, blocks, and the reports and departments that they stand in.

    ``occurrences`` is ``None`` where they were not asked for, or where a distributed engine has more hits than it reads
    to count them.
    """

    occurrences: int | None
    paragraphs: int
    reports: int
    units: int


class FacetValue(NamedTuple):
    """``value`` is what a filter takes, ``label`` what a reader sees; ``count`` counts blocks.

    ``group`` is the unit type of a department, the most frequent one of its reports; ``None`` elsewhere. A tuple, as an
    answer may hold thousands of them.
    """

    value: str
    label: str
    count: int  # type: ignore[assignment]  # tuple's own is not wanted
    selected: bool = False
    group: str | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits with totals over all pages. ``total`` counts blocks.

    ``apart`` counts the blocks that match in every way but stand in an annex or a note, when those were not searched;
    ``punctuation`` those that would match besides if punctuation were passed over (asked of phrases only). Under
    ``fold`` and ``group`` pages are of ``groups``, so many in all; ``grouped`` says whose the hits of this page are.
    """

    total: int
    page: int
    per_page: int
    counts: Counts
    hits: tuple[Hit, ...]
    facets: Mapping[FacetName, tuple[FacetValue, ...]]
    apart: int = 0
    punctuation: int = 0
    groups: int | None = None
    grouped: tuple[ReportGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """The size of a library. ``characters`` counts normalized characters; ``years`` are those known, ascending."""

    reports: int
    blocks: int
    paragraphs: int
    characters: int
    units: int
    years: tuple[int, ...]
