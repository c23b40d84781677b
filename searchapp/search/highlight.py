"""Where in its original text a block answers a query: spans and counts. Plain text work, no engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from searchapp.query.ast import Node, Word, text_clauses
from searchapp.reports.model import Block
from searchapp.text.normalize import Normalized, normalize_with_map

Span = tuple[int, int]
Segment = Callable[[str], list[str]]
"""Normalized text to its jieba words."""


def occurrences(text: str, literal: str) -> Iterator[int]:
    """Every start of ``literal`` in ``text``, overlaps counted, ascending."""
    at = text.find(literal)
    while at >= 0:
        yield at
        at = text.find(literal, at + 1)


def highlights(query: Node, block: Block, segment: Segment) -> tuple[Span, ...]:
    """Spans of ``block.text`` (original code points) that answer the phrases and words of ``query``, ascending.

    A word that does not stand there literally is shown by its jieba words. Spans are distinct; they may overlap.
    """
    normalized = normalize_with_map(block.text, block.marks)
    spans: set[Span] = set()
    for clause in text_clauses(query):
        found = set(_spans(normalized, clause.literal))
        if not found and isinstance(clause, Word):
            for word in segment(clause.literal):
                found |= set(_spans(normalized, word))
        spans |= found
    return tuple(sorted(spans))


def _spans(normalized: Normalized, literal: str) -> Iterator[Span]:
    for start in occurrences(normalized.text, literal):
        yield normalized.original_span(start, start + len(literal))


def merged(spans: tuple[Span, ...]) -> list[Span]:
    """Overlapping or touching spans joined, for marking text."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
