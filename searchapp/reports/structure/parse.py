"""From source lines to reports and pieces: the whole way of parsing in one place. Knows the order of the steps.

Lossless: every line that shows anything becomes a block or a piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from searchapp.reports.identity import block_keys, opening_of
from searchapp.reports.metadata.metadata import read_metadata
from searchapp.reports.model import (
    Block,
    PartSpan,
    Piece,
    PieceKind,
    ReadWarning,
    Report,
    ReportSource,
    SourcePosition,
)
from searchapp.reports.readers.lines import SourceLine, strip_line
from searchapp.reports.structure.list_items import find_items, find_lead
from searchapp.reports.structure.marks import find_marks, find_note_marks, is_marks_only
from searchapp.reports.structure.outline import Draft, has_note_list, outline
from searchapp.reports.structure.rewrap import join_wrapped
from searchapp.reports.structure.split import (
    cut_long_line,
    find_contents,
    is_counter,
    is_furniture,
    split_reports,
    tail_start,
)
from searchapp.reports.topics.part_assignment import assign_parts
from searchapp.reports.topics.topics import with_topics


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """Reports, pieces and warnings of one file."""

    reports: tuple[Report, ...]
    pieces: tuple[Piece, ...]
    warnings: tuple[ReadWarning, ...]


def parse_lines(source: Sequence[SourceLine], file: str) -> ParsedFile:
    """Parse the lines of one file; ``file`` is its display name. Never raises, whatever the text."""
    total = sum(len(line.text) for line in source)
    lines = [stripped for line in source for cut in cut_long_line(line, total) if (stripped := strip_line(cut)).text]
    lines, kinds = join_wrapped(lines, _piece_kinds(lines))
    pieces = tuple(
        Piece(kind, line.text, line.number, line.column) for line, kind in zip(lines, kinds, strict=True) if kind
    )
    kept = [line for line, kind in zip(lines, kinds, strict=True) if kind is None]
    reports: list[Report] = []
    warnings: list[ReadWarning] = []
    for extent in split_reports(kept):
        report, messages = _parse_report(kept[extent.start : extent.stop], file)
        reports.append(report)
        warnings.extend(ReadWarning(file, report.sources[0].first_line, message) for message in messages)
    if not reports:
        warnings.append(ReadWarning(file, 0, "文件里没有可收录的正文"))
    return ParsedFile(tuple(reports), pieces, tuple(warnings))


def _piece_kinds(lines: Sequence[SourceLine]) -> list[PieceKind | None]:
    """For each line the kind of piece it is, or None when it belongs to a report."""
    kinds: list[PieceKind | None] = []
    previous = ""
    for line in lines:
        if line.is_furniture:
            kinds.append("furniture")
        elif is_marks_only(line.text):
            kinds.append("marks")
        elif not line.is_table_row and (is_furniture(line.text) or is_counter(line.text, previous)):
            kinds.append("furniture")
        else:
            kinds.append(None)
        previous = line.text
    rest = [index for index, kind in enumerate(kinds) if kind is None]
    kept = [lines[index] for index in rest]
    for position in find_contents(kept):
        kinds[rest[position]] = "contents"
    for position in range(tail_start(kept), len(kept)):
        kinds[rest[position]] = "furniture"
    return kinds


def _parse_report(lines: Sequence[SourceLine], file: str) -> tuple[Report, tuple[str, ...]]:
    drafts = outline(lines)
    reading = read_metadata(drafts, file)
    keys = block_keys(draft.line.text for draft in drafts)
    parts = assign_parts(drafts)
    blocks = tuple(
        _block(draft, key, spans, reading.meta.kind, file)
        for draft, key, spans in zip(drafts, keys, parts, strict=True)
    )
    if has_note_list(drafts):
        blocks = tuple(_with_note_marks(block) for block in blocks)
    titles = [draft.line.text for draft in drafts if draft.kind == "title"]
    addressee = next((draft.line.text for draft in drafts if draft.kind == "addressee"), None)
    first = next((draft.line.text for draft in drafts if draft.kind == "paragraph"), "")
    source = ReportSource(file, lines[0].number, lines[-1].number)
    opening = opening_of(titles, addressee, first)
    return Report("", reading.meta, blocks, (source,), opening), reading.warnings


def _block(draft: Draft, key: str, parts: tuple[PartSpan, ...], kind: str, file: str) -> Block:
    line = draft.line
    headings = tuple(heading for heading, _ in draft.path)
    is_prose = draft.kind in ("paragraph", "annex", "note")
    lead = find_lead(line.text) if draft.kind == "paragraph" and draft.run_in is None else None
    block = Block(
        kind=draft.kind,
        text=line.text,
        key=key,
        source=SourcePosition(file, line.number, line.column, line.page),
        headings=headings,
        level=draft.level,
        run_in=draft.run_in,
        parts=parts,
        marks=find_marks(line.text),
        items=find_items(line.text) if is_prose else (),
        lead=lead,
    )
    return with_topics(block, kind)


def _with_note_marks(block: Block) -> Block:
    found = find_note_marks(block.text)
    return replace(block, marks=tuple(sorted(block.marks + found))) if found else block
