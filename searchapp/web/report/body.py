"""The report page: the original in reading order, each block with its lasting address and its searched words marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Literal

from markupsafe import Markup

from searchapp.reports.model import Block, BlockKind, Report, paragraph_id
from searchapp.search.compiled_query import CompiledQuery
from searchapp.search.highlight import highlights, merged
from searchapp.services.addresses import anchor
from searchapp.web import labels
from searchapp.web.links import paragraph_url
from searchapp.web.markup import Places, placed

Span = tuple[int, int]
Shape = Literal["title", "table", "block"]

_CELL_SEPARATOR = " | "
"""Between the cells of a table row, as readers of source files write it."""


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block; ``tag`` is its element, ``number`` its place in the report from 1, ``cells`` those of a table row.

    ``subtitle``: a title line that is no part of the report's title (who speaks, when and where).
    """

    anchor: str
    number: int
    kind: BlockKind
    tag: str
    html: Markup
    cells: tuple[Markup, ...]
    permalink: str
    where: str
    hits: int
    subtitle: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks set together: the title lines, the rows of a table, or one block alone."""

    shape: Shape
    blocks: tuple[BlockView, ...]


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A heading of the report; ``depth`` counts from 1."""

    text: str
    depth: int
    anchor: str


@dataclass(frozen=True, slots=True)
class MarkedBlock:
    """A block in which searched words are marked."""

    anchor: str
    number: int


@dataclass(frozen=True, slots=True)
class ReportBody:
    """The text of a report as shown."""

    groups: tuple[Group, ...]
    outline: tuple[OutlineEntry, ...]
    has_title: bool
    marks: int
    marked_blocks: tuple[MarkedBlock, ...]


def report_body(report: Report, query: CompiledQuery, shown: range | None = None) -> ReportBody:
    """``report`` with what ``query`` asks for marked.

    ``shown``: positions of the blocks that the page shows, all by default; outline and marks are theirs.
    """
    positions = range(len(report.blocks)) if shown is None else shown
    blocks = [report.blocks[at] for at in positions]
    hits = [tuple(merged(highlights(query, block))) if query.clauses else () for block in blocks]
    firsts = accumulate(map(len, hits), initial=1)
    total = sum(map(len, hits))
    views = tuple(
        _block_view(report, block, at, Places(block.key, found, first, total, block.items))
        for at, block, found, first in zip(positions, blocks, hits, firsts, strict=False)
    )
    return ReportBody(
        groups=tuple(_groups(views)),
        outline=tuple(outline(blocks)),
        has_title=bool(views) and views[0].kind == "title",
        marks=sum(view.hits for view in views),
        marked_blocks=tuple(MarkedBlock(view.anchor, view.number) for view in views if view.hits),
    )


def outline(blocks: Iterable[Block]) -> Iterator[OutlineEntry]:
    """Headings of their own line and run-in headings, in order."""
    for block in blocks:
        if block.kind == "heading":
            yield OutlineEntry(block.text, max(1, block.level), anchor(block.key))
        elif block.run_in is not None:
            start, end = block.run_in
            yield OutlineEntry(block.text[start:end].rstrip("。："), max(1, len(block.headings)), anchor(block.key))


def _block_view(report: Report, block: Block, position: int, places: Places) -> BlockView:
    run_in = (block.run_in,) if block.run_in is not None else ()

    def shown(start: int, end: int) -> Markup:
        return placed(block.text, {"run_in": run_in, "dim": block.marks}, places, start, end)

    return BlockView(
        anchor=anchor(block.key),
        number=position + 1,
        kind=block.kind,
        tag=f"h{min(6, max(1, block.level) + 1)}" if block.kind == "heading" else "p",
        html=shown(0, len(block.text)),
        cells=tuple(shown(*span) for span in _cells(block.text)) if block.kind == "table" else (),
        permalink=paragraph_url(paragraph_id(report.id, block.key)),
        where=labels.source_label(block.source),
        hits=len(places.hits),
        subtitle=block.kind == "title" and _squeezed(block.text) not in _squeezed(report.meta.title),
    )


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _cells(text: str) -> Iterator[Span]:
    start = 0
    for cell in text.split(_CELL_SEPARATOR):
        yield (start, start + len(cell))
        start += len(cell) + len(_CELL_SEPARATOR)


def _groups(views: tuple[BlockView, ...]) -> Iterator[Group]:
    """The title lines a report opens with are one heading; rows in a row are one table."""
    at = 0
    for shape, members in groupby(views, _shape):
        blocks = tuple(members)
        if shape == "table" or (shape == "title" and at == 0):
            yield Group(shape, blocks)
        else:
            yield from (Group("block", (block,)) for block in blocks)
        at += len(blocks)


def _shape(view: BlockView) -> Shape:
    match view.kind:
        case "title" | "table":
            return view.kind
        case _:
            return "block"
