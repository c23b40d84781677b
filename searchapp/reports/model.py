"""The values of a report understood: source positions, blocks, metadata with evidence.

Knows what a report is made of; must not know how it is read, stored or searched.
Offsets are code points, 0-based, end-exclusive; lines and columns are 1-based.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["title", "addressee", "heading", "paragraph", "table", "signature", "note", "annex"]
BLOCK_KINDS: tuple[BlockKind, ...] = (
    "title",
    "addressee",
    "heading",
    "paragraph",
    "table",
    "signature",
    "note",
    "annex",
)

PieceKind = Literal["contents", "furniture", "marks"]

Evidence = Literal["title", "body", "signature", "file name", "folder", "frequency", "name", "correction", "none"]
"""How a metadata value is known (READING.md 3); ``name``: inferred from the form of the unit's name."""

Span = tuple[int, int]
"""Code points of a block's text, 0-based, end-exclusive."""


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """Where a block begins in its source file.

    ``file`` is the display name (root label and relative path, ``/`` between), never an absolute path.
    ``line`` is the physical line of a text file, or the number of the paragraph (or table row) of a .docx.
    """

    file: str
    line: int
    column: int = 1
    page: int | None = None


@dataclass(frozen=True, slots=True)
class PartSpan:
    """A stretch of a block that plays one part (部分) in the argument; ``cue`` is the text that says so."""

    part: str
    span: Span
    cue: str


@dataclass(frozen=True, slots=True)
class TopicCue:
    """One topic (栏目) of a block and the heading text that says so."""

    topic: str
    cue: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list inside a paragraph (``一是…``): its mark as written, and its span."""

    mark: str
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a report: a paragraph, heading, title, table row and so on.

    ``text`` is as written, without the line terminator and without white space at its ends.
    ``key`` is the lasting half of its address: a hash of its own text, with ``-2``, ``-3`` … for repeats.
    ``headings`` is the heading path, outermost first: the headings above, and for a paragraph that opens with a
    run-in heading (``（一）坚持政治引领。…``) that heading last; a heading block does not list itself.
    ``level`` is 1-6 for a heading block, 0 otherwise. ``run_in`` is the span of a run-in heading.
    ``marks`` are spans of publisher's marks inside the text: shown, but not searched. ``items`` are the items of a list
    inside the paragraph, in order. ``lead`` is the span of a topic sentence (领句) that opens it.
    """

    kind: BlockKind
    text: str
    key: str
    source: SourcePosition
    headings: tuple[str, ...] = ()
    level: int = 0
    run_in: Span | None = None
    parts: tuple[PartSpan, ...] = ()
    topics: tuple[TopicCue, ...] = ()
    marks: tuple[Span, ...] = ()
    items: tuple[Item, ...] = ()
    lead: Span | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a report as a whole; ``None`` is unknown (未注明), never a guess.

    ``unit`` is as written, ``department`` the unit without its body's suffix, ``organ`` what the department is called
    now, where that is another name. ``year`` is the year reported on.
    ``parent`` is the organ above it, as a table of units says. ``unit_type``, ``place`` and ``level`` tell what kind of
    organ it is and of where; ``delivered_by`` is who gave the
    report, post and name as written; ``date`` is ISO 8601 (year, month or day). ``evidence`` tells for each known field
    how it is known.
    """

    title: str
    unit: str | None = None
    department: str | None = None
    body: str | None = None
    year: int | None = None
    review_from: int | None = None
    review_to: int | None = None
    plan_year: int | None = None
    kind: str = "其他"
    organ: str | None = None
    addressee: str | None = None
    unit_type: str | None = None
    place: str | None = None
    level: str | None = None
    delivered_by: str | None = None
    date: str | None = None
    parent: str | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportSource:
    """One place where a report stands: a file and its lines (1-based, inclusive)."""

    file: str
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Report:
    """A report understood. ``id`` is empty until the whole library is known (see ``identity``).

    ``opening`` is what the id is a hash of: title lines or addressee and the first body paragraph, as written,
    white space removed. ``sources`` holds more than one place when the same whole text stands in several files.
    """

    id: str
    meta: Metadata
    blocks: tuple[Block, ...]
    sources: tuple[ReportSource, ...]
    opening: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Source text that belongs to no block (contents list, furniture, marks on a line of their own)."""

    kind: PieceKind
    text: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class ReadWarning:
    """Something a person should know of a file; ``line`` 0 stands for the file as a whole."""

    file: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class FileReading:
    """All that was read from one source file.

    Lossless: the texts of all blocks and of all ``pieces``, in source order, are the source without white space.
    ``characters`` counts the source's characters other than white space.
    """

    file: str
    encoding: str
    reports: tuple[Report, ...]
    pieces: tuple[Piece, ...]
    characters: int
    warnings: tuple[ReadWarning, ...] = ()


def paragraph_id(report_id: str, key: str) -> str:
    """The lasting address of the block ``key`` of a report."""
    return f"{report_id}-{key}"


def split_paragraph_id(text: str) -> tuple[str, str]:
    """``(report_id, key)`` of a paragraph id; two strings that name nothing when it is none."""
    report_id, _, key = text.partition("-")
    return report_id, key
