"""From the glyphs of a page to visual lines in reading order. Knows boxes and gaps, nothing of pdfium or paragraphs.

Units are PDF points; ``top`` is measured downwards from the upper edge of the page as its text is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from searchapp.reports.readers.pdf.glyphs import is_wide, join_lines, joiner, tidy
from searchapp.reports.readers.pdf.tables import Table

CELL_SEPARATOR = " | "
_MIN_FILLED_CELLS = 3
_MAX_CELL_GLYPHS = 1_500
_WORD_GAP = 0.15
_WIDE_GAP = 1.0
_COLUMN_GAP = 4.0
_DOUBLED = "—…"


@dataclass(slots=True)
class Glyph:
    """One character of a page and its box; ``size`` is the height of its line."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


@dataclass(slots=True)
class VisualLine:
    """One line as it is seen on a page; ``size`` is its font size, ``page`` 1-based, ``height`` that of the page.

    The row of a ruled table is one line with its cells joined by ``CELL_SEPARATOR`` (``is_row``).
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    page: int
    height: float
    is_row: bool = False


def page_lines(glyphs: Sequence[Glyph], tables: Sequence[Table], page: int, height: float) -> list[VisualLine]:
    """The lines of a page as they are read, rows of its tables among them; ``page`` is 1-based."""
    return _reading_order(list(_lines(glyphs, tables, page, height)))


def _lines(glyphs: Sequence[Glyph], tables: Sequence[Table], page: int, height: float) -> Iterator[VisualLine]:
    """Lines in the order of the file, with the rows of each table where its first glyph stands."""
    held: dict[int, dict[int, list[Glyph]]] = {}
    for glyph in glyphs if tables else ():
        x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
        for number, table in enumerate(tables):
            if (cell := table.cell_at(x, y)) is not None:
                held.setdefault(number, {}).setdefault(cell, []).append(glyph)
                break
    owners: dict[int, int] = {}
    for number, cells in held.items():
        if _holds_text(cells):
            owners.update((id(glyph), number) for inside in cells.values() for glyph in inside)
    given: set[int] = set()
    for owner, stretch in groupby(glyphs, key=lambda glyph: owners.get(id(glyph))):
        if owner is None:
            yield from (line for run in _runs(list(stretch)) if (line := _line(run, page, height)))
        elif owner not in given:
            given.add(owner)
            yield from _rows(tables[owner], held[owner], page, height)


def _holds_text(cells: Mapping[int, Sequence[Glyph]]) -> bool:
    """Whether what rules enclose is a table: several cells with text, none of them a page of it."""
    sizes = [sum(not glyph.text.isspace() for glyph in inside) for inside in cells.values()]
    return sum(map(bool, sizes)) >= _MIN_FILLED_CELLS and max(sizes) <= _MAX_CELL_GLYPHS


def _rows(table: Table, held: Mapping[int, Sequence[Glyph]], page: int, height: float) -> Iterator[VisualLine]:
    for cells, top, bottom in zip(table.rows(), table.lines, table.lines[1:], strict=False):
        inside = [[] if cell is None else held.get(cell, []) for cell in cells]
        sizes = sorted(glyph.size for glyphs in inside for glyph in glyphs)
        text = CELL_SEPARATOR.join(_cell_text(glyphs) for glyphs in inside)
        if sizes and text.strip(CELL_SEPARATOR):
            size = sizes[len(sizes) // 2]
            yield VisualLine(text, table.columns[0], table.columns[-1], top, bottom, size, page, height, True)


def _cell_text(glyphs: Sequence[Glyph]) -> str:
    text = ""
    for line in _reading_order([line for run in _runs(glyphs) if (line := _line(run, 0, 0))]):
        text = join_lines(text, line.text)
    return tidy(text)


def _runs(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Glyphs that follow each other on one height and from left to right."""
    run: list[Glyph] = []
    for glyph in glyphs:
        if glyph.text in "\r\n":
            continue
        if run and not _continues(run[-1], glyph):
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _continues(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.size, glyph.size, 1.0)
    overlap = min(last.bottom, glyph.bottom) - max(last.top, glyph.top)
    small = max(min(last.bottom - last.top, glyph.bottom - glyph.top), 0.1)
    if overlap <= 0.5 * small:
        return False
    if last.text in _DOUBLED and glyph.text == last.text and glyph.left >= last.left:
        # A dash of two characters may be one glyph, whose box both characters have.
        return True
    return -0.6 * size < glyph.left - last.right < _COLUMN_GAP * size


def _line(run: Sequence[Glyph], page: int, height: float) -> VisualLine | None:
    shown = [glyph for glyph in run if not glyph.text.isspace()]
    if not shown:
        return None
    parts: list[str] = []
    for last, glyph in pairwise([shown[0], *shown]):
        if parts:
            parts.append(_gap(last, glyph))
        parts.append(glyph.text)
    sizes = sorted(glyph.size for glyph in shown)
    return VisualLine(
        "".join(parts),
        min(glyph.left for glyph in shown),
        max(glyph.right for glyph in shown),
        min(glyph.top for glyph in shown),
        max(glyph.bottom for glyph in shown),
        sizes[len(sizes) // 2],
        page,
        height,
    )


def _gap(last: Glyph, glyph: Glyph) -> str:
    """The space between two glyphs: beside Chinese only one that is wide is meant."""
    gap = (glyph.left - last.right) / max(min(last.size, glyph.size), 1.0)
    if is_wide(last.text[-1]) or is_wide(glyph.text[0]):
        return " " if gap > _WIDE_GAP else ""
    return joiner(last.text, glyph.text) if gap > _WORD_GAP else ""


def _reading_order(lines: list[VisualLine]) -> list[VisualLine]:
    """Pieces of one line joined; from top to bottom unless columns stand side by side, which keep the file's order."""
    joined: list[VisualLine] = []
    for line in lines:
        if joined and _same_line(joined[-1], line):
            joined[-1] = _merge(joined[-1], line)
        else:
            joined.append(line)
    ordered = sorted(joined, key=lambda line: (line.top + line.bottom) / 2)
    if any(second.top < first.bottom - 0.5 * min(first.size, second.size) for first, second in pairwise(ordered)):
        return joined
    return ordered


def _same_line(first: VisualLine, second: VisualLine) -> bool:
    if first.is_row or second.is_row:
        return False
    overlap = min(first.bottom, second.bottom) - max(first.top, second.top)
    return overlap > 0.6 * max(first.size, second.size) and second.left >= first.right - 0.5 * first.size


def _merge(first: VisualLine, second: VisualLine) -> VisualLine:
    size = max(first.size, second.size)
    wide = second.left - first.right > _WIDE_GAP * size
    text = first.text + (" " if wide else joiner(first.text, second.text)) + second.text
    top, bottom = min(first.top, second.top), max(first.bottom, second.bottom)
    return VisualLine(text, first.left, second.right, top, bottom, size, first.page, first.height)
