"""What is beside a report's text: outline, the unit's other reports, source files, the parts of a very long report.

A report of up to ``PART_BLOCKS`` blocks is one part, and its addresses say nothing of parts. On which part a block is:
``services.addresses``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for

from searchapp.language import from_to, tr, trn
from searchapp.reports.model import Block, Report, ReportSource
from searchapp.search.result import ReportSummary
from searchapp.services.addresses import PART_BLOCKS
from searchapp.services.labels import years_text
from searchapp.services.library import Library
from searchapp.services.siblings import Siblings, siblings
from searchapp.web import labels
from searchapp.web.compare.view import compare_url, last_year_url
from searchapp.web.links import report_url
from searchapp.web.report.body import OutlineEntry, outline
from searchapp.web.search_state import SearchState

_MAX_FIRST_HEADING = 20


@dataclass(frozen=True, slots=True)
class OutlineNode:
    """A heading and the headings below it."""

    text: str
    url: str
    below: tuple[OutlineNode, ...]


@dataclass(frozen=True, slots=True)
class SiblingView:
    """A report of the same unit; ``current`` is the one that is read; ``compare`` leads to both side by side."""

    year: str
    kind: str
    title: str
    url: str
    compare: str | None
    current: bool


@dataclass(frozen=True, slots=True)
class SiblingsView:
    """The unit's reports, the newest first, and the ones before and after this one."""

    unit: str
    reports: tuple[SiblingView, ...]
    previous: SiblingView | None
    next: SiblingView | None
    last_year_url: str | None


@dataclass(frozen=True, slots=True)
class FileView:
    """A source file: its display name, where in it the report stands, and where it can be had."""

    name: str
    where: str
    url: str


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of a long report; ``label`` says which blocks and ``heading`` what it opens with."""

    label: str
    heading: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class PartsView:
    """The parts of a long report with those before and after the one shown; empty for a report that is one part."""

    parts: tuple[PartView, ...]
    previous: PartView | None = None
    next: PartView | None = None


@dataclass(frozen=True, slots=True)
class BesideView:
    """All that stands beside a report's text."""

    parts: PartsView
    siblings: SiblingsView | None
    files: tuple[FileView, ...]


def beside_view(library: Library, report: Report, part: Part, state: SearchState) -> BesideView:
    """What stands beside the text of ``report``, of which ``part`` is shown with what ``state`` marks."""
    return BesideView(
        parts=parts_view(report.id, report.blocks, part, state),
        siblings=siblings_view(siblings(library, report.id)),
        files=file_views(report.id, report.sources, report.blocks),
    )


def outline_tree(entries: Iterable[OutlineEntry]) -> tuple[OutlineNode, ...]:
    """Headings as a tree by their depth; a level that is left out is no level."""
    top: list[_Open] = []
    above: list[_Open] = []
    for entry in entries:
        while above and above[-1].depth >= entry.depth:
            above.pop()
        node = _Open(entry.text, f"#{entry.anchor}", entry.depth, [])
        (above[-1].below if above else top).append(node)
        above.append(node)
    return tuple(_closed(node) for node in top)


@dataclass(slots=True)
class _Open:
    """A node in the making."""

    text: str
    url: str
    depth: int
    below: list[_Open]


def _closed(node: _Open) -> OutlineNode:
    return OutlineNode(node.text, node.url, tuple(_closed(each) for each in node.below))


def siblings_view(beside: Siblings) -> SiblingsView | None:
    """The unit's other reports; ``None`` when there are none."""
    if beside.unit is None or len(beside.reports) < 2:
        return None
    return SiblingsView(
        unit=beside.unit,
        reports=tuple(_sibling(each, beside.report) for each in reversed(beside.reports)),
        previous=None if beside.previous is None else _sibling(beside.previous, beside.report),
        next=None if beside.next is None else _sibling(beside.next, beside.report),
        last_year_url=last_year_url(beside),
    )


def _sibling(each: ReportSummary, read: ReportSummary) -> SiblingView:
    meta, is_read = each.meta, each.report_id == read.report_id
    earlier, later = sorted((each, read), key=lambda report: report.meta.year or 0)
    return SiblingView(
        year=tr("{year}年", year=meta.year) if meta.year is not None else years_text(meta),
        kind=meta.kind,
        title=meta.title or tr("（无题目）"),
        url=report_url(each.report_id),
        compare=None if is_read else compare_url(earlier.report_id, later.report_id),
        current=is_read,
    )


def file_views(report_id: str, sources: Sequence[ReportSource], blocks: Sequence[Block]) -> tuple[FileView, ...]:
    """The source files of a report. Pages are those of its blocks, which know the first of its files."""
    return tuple(
        FileView(
            name=source.file,
            where=_where(source, blocks),
            url=url_for("report.source", report_id=report_id, file=number if number > 1 else None),
        )
        for number, source in enumerate(sources, 1)
    )


def _where(source: ReportSource, blocks: Sequence[Block]) -> str:
    pages = [
        block.source.page for block in blocks if block.source.file == source.file and block.source.page is not None
    ]
    if pages:
        first, last = min(pages), max(pages)
        return trn("第 {numbers} 页", 1 if first == last else last, numbers=_from_to(first, last))
    first, last = source.first_line, source.last_line
    return labels.lines_label(source.file, _from_to(first, last), 1 if first == last else last)


def _from_to(first: int, last: int) -> str:
    return f"{first:,}" if first == last else from_to(f"{first:,}", f"{last:,}")


def parts_view(report_id: str, blocks: Sequence[Block], part: Part, state: SearchState) -> PartsView:
    """The parts of a long report, with what ``state`` marks."""
    if part.count == 1:
        return PartsView(())
    views = []
    for number in range(1, part.count + 1):
        start, end = (number - 1) * part.size, min(number * part.size, len(blocks))
        heading = next((entry.text for entry in outline(blocks[start:end])), "")
        views.append(
            PartView(
                label=tr("第 {start:,}—{end:,} 段", start=start + 1, end=end),
                heading=heading if len(heading) <= _MAX_FIRST_HEADING else heading[:_MAX_FIRST_HEADING] + "…",
                url=report_url(report_id, None, state, part=number),
                current=number == part.number,
            )
        )
    at = part.number - 1
    return PartsView(tuple(views), views[at - 1] if at else None, views[at + 1] if at + 1 < len(views) else None)


_MAX_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """``number`` counts from 1 up to ``count``; ``shown``: positions of its blocks, from 0; ``size`` blocks each."""

    number: int
    count: int
    shown: range
    size: int


def part_asked(text: str, blocks: int, size: int = PART_BLOCKS) -> Part:
    """The part that ``text`` names; the first for what is no number, the last for one that is too large."""
    count = max(1, -(-blocks // size))
    text = text.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else 1
    number = min(max(1, number), count)
    return Part(number, count, range((number - 1) * size, min(number * size, blocks)), size)
