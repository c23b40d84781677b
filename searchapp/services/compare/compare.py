"""Two reports side by side, aligned by heading and then block by block: kept, edited, moved, new, dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from searchapp.errors import RequestError
from searchapp.language import tr
from searchapp.reports.model import Block, Report
from searchapp.services.compare.changes import changes
from searchapp.services.compare.matching import Match, matched
from searchapp.services.compare.values import ROW_KINDS, Comparison, Figures, Row, RowKind, Side
from searchapp.services.library import Library
from searchapp.text.normalize import normalize

MAX_BLOCKS = 5_000
"""Of each report; a longer one would make a page of megabytes, and is a list rather than a report."""


def compare(library: Library, a: str, b: str) -> Comparison:
    """Compares two reports. Raises ``NotFoundError``, and ``RequestError`` when one is too long."""
    of_a, of_b = library.reader.summary(a), library.reader.summary(b)
    for summary in (of_a, of_b):
        if summary.blocks > MAX_BLOCKS:
            raise RequestError(
                tr(
                    "《{title}》有 {blocks:,} 段，超过 {most:,} 段的报告不能对照。",
                    title=summary.meta.title,
                    blocks=summary.blocks,
                    most=MAX_BLOCKS,
                )
            )
    rows, figures = compared(library.reader.report(a), library.reader.report(b))
    return Comparison(of_a, of_b, rows, figures)


def compared(a: Report, b: Report) -> tuple[tuple[Row, ...], Figures]:
    """The rows of two reports, and how much was kept."""
    matches = matched(a.blocks, b.blocks)
    pairs = {match.a: _Pair(match, a.blocks[match.a], b.blocks[match.b]) for match in matches}
    rows = tuple(_rows(a.blocks, b.blocks, pairs))
    return rows, _figures(a.blocks, b.blocks, pairs)


class _Pair:
    """A match with what differs between its blocks."""

    __slots__ = ("alike", "changes_a", "changes_b", "kind", "match")

    def __init__(self, match: Match, a: Block, b: Block) -> None:
        self.match = match
        self.changes_a, self.changes_b, self.alike = changes(a, b, match.similarity)
        self.kind: RowKind = "edited" if self.changes_a or self.changes_b else "kept"
        if match.moved:
            self.kind = "moved"

    def side_a(self, block: Block, apart: bool = False) -> Side:
        return Side(block, self.match.a, self.changes_a, self.match.b if apart else None)

    def side_b(self, block: Block, apart: bool = False) -> Side:
        return Side(block, self.match.b, self.changes_b, self.match.a if apart else None)


def _rows(a: Sequence[Block], b: Sequence[Block], pairs: dict[int, _Pair]) -> Iterator[Row]:
    """Pairs in both orders; between two of them first what only ``a`` has there, then what only ``b`` has."""
    back = {pair.match.b: pair for pair in pairs.values()}
    beside = [pair.match for pair in sorted(pairs.values(), key=lambda pair: pair.match.a) if not pair.match.moved]
    at = to = 0
    for match in (*beside, None):
        until_a, until_b = (len(a), len(b)) if match is None else (match.a, match.b)
        for position in range(at, until_a):
            pair = pairs.get(position)
            if pair is None:
                yield Row("dropped", Side(a[position], position), None)
            else:
                yield Row("moved", pair.side_a(a[position], apart=True), None, pair.match.similarity)
        for position in range(to, until_b):
            pair = back.get(position)
            if pair is None:
                yield Row("new", None, Side(b[position], position))
            else:
                yield Row("moved", None, pair.side_b(b[position], apart=True), pair.match.similarity)
        if match is not None:
            pair = pairs[match.a]
            yield Row(pair.kind, pair.side_a(a[match.a]), pair.side_b(b[match.b]), match.similarity)
            at, to = match.a + 1, match.b + 1


def _figures(a: Sequence[Block], b: Sequence[Block], pairs: dict[int, _Pair]) -> Figures:
    lengths_b = [len(normalize(block.text, block.marks)) for block in b]
    blocks = dict.fromkeys(ROW_KINDS, 0)
    for pair in pairs.values():
        blocks[pair.kind] += 1
    blocks["dropped"] = len(a) - len(pairs)
    blocks["new"] = len(b) - len(pairs)
    return Figures(
        blocks=blocks,
        characters_a=sum(len(normalize(block.text, block.marks)) for block in a),
        characters_b=sum(lengths_b),
        same=sum(lengths_b[pair.match.b] for pair in pairs.values() if not (pair.changes_a or pair.changes_b)),
        alike=sum(pair.alike for pair in pairs.values()),
    )
