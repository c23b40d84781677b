"""Two reports side by side, aligned by heading and then block by block: kept, edited, moved, new, dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from rapidfuzz.distance import Indel

from searchapp.errors import RequestError
from searchapp.language import tr
from searchapp.reports.model import Block, Report, Span
from searchapp.services.compare.matching import Match, matched
from searchapp.services.compare.values import ROW_KINDS, Comparison, Figures, Row, RowKind, Side
from searchapp.services.library import Library
from searchapp.text.normalize import Normalized, normalize, normalize_with_map
from searchapp.text.punctuation import SENTENCE_ENDS
from searchapp.time_limit import watched

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
    pairs = {match.a: _Pair(match, a.blocks[match.a], b.blocks[match.b]) for match in watched(matches)}
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


_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*%?|[a-z]+|.", re.DOTALL)
_SENTENCE = re.compile(rf"[^{SENTENCE_ENDS}\n]*[{SENTENCE_ENDS}\n]|[^{SENTENCE_ENDS}\n]+")
MAX_CELLS = 10**8
"""Longer pairs of paragraphs are compared by sentences: the comparison keeps a bit for every pair of tokens."""
MIN_SAME, MIN_SAME_OF_LITTLE, MUCH_SIMILARITY = 2, 4, 0.7
"""A shorter stretch that both share, between two changes, is no help to a reader: it joins them. The second number is
for wordings less similar than the third."""
MIN_SIMILARITY_TO_MARK = 0.25
"""Where less is the same the whole wording is another, and single characters are not worth marking."""


def changes(a: Block, b: Block, similarity: float) -> tuple[tuple[Span, ...], tuple[Span, ...], int]:
    """The stretches of each that the other lacks, and how many normalized characters of ``b`` both share.

    Compared in N, numbers and Latin words whole; stretches are code points of both texts as written.
    """
    left, right = normalize_with_map(a.text, a.marks), normalize_with_map(b.text, b.marks)
    if left.text == right.text:
        return (), (), len(right.text)
    if similarity < MIN_SIMILARITY_TO_MARK:
        return _whole(left), _whole(right), 0
    token = _TOKEN if len(left.text) * len(right.text) <= MAX_CELLS else _SENTENCE
    tokens_a, tokens_b = token.findall(left.text), token.findall(right.text)
    if len(tokens_a) * len(tokens_b) > MAX_CELLS:
        return _whole(left), _whole(right), 0
    ends_a, ends_b = _ends(tokens_a), _ends(tokens_b)
    least = MIN_SAME if similarity >= MUCH_SIMILARITY else MIN_SAME_OF_LITTLE
    same = _same_stretches(tokens_a, tokens_b, ends_a, ends_b, least)
    spans_a = _between([(start, stop) for start, stop, _, _ in same], left)
    spans_b = _between([(start, stop) for _, _, start, stop in same], right)
    return spans_a, spans_b, sum(stop - start for _, _, start, stop in same)


def _ends(tokens: Sequence[str]) -> list[int]:
    """Where each token begins, and the end of the text."""
    return list(accumulate(map(len, tokens), initial=0))


def _same_stretches(
    a: Sequence[str], b: Sequence[str], ends_a: Sequence[int], ends_b: Sequence[int], least: int
) -> list[tuple[int, int, int, int]]:
    """Stretches that are the same, in characters of both, without those shorter than ``least`` between two changes."""
    codes = [code for code in Indel.opcodes(a, b) if code.tag == "equal"]
    found = [
        (ends_a[code.src_start], ends_a[code.src_end], ends_b[code.dest_start], ends_b[code.dest_end]) for code in codes
    ]
    return [
        each
        for each in found
        if each[1] - each[0] >= least
        or (each[0] == 0 and each[2] == 0)
        or (each[1] == ends_a[-1] and each[3] == ends_b[-1])
    ]


def _between(same: Sequence[Span], text: Normalized) -> tuple[Span, ...]:
    """What lies between the stretches that are the same, as code points of the original."""
    edges = [0, *(edge for span in same for edge in span), len(text.text)]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return tuple(text.original_span(start, stop) for start, stop in gaps if start < stop)


def _whole(text: Normalized) -> tuple[Span, ...]:
    return (text.original_span(0, len(text.text)),) if text.text else ()
