"""Where in its original text a block answers a query: spans. Plain text work, no engine.

Keywords in their context: every occurrence of a clause in one text as one span, as many as are counted.

Highlights show what a reader should see; a concordance needs one span for each occurrence (docs/inside/semantics.md,
section 3). Plain text work, no engine. Offsets are characters of the normalized text, end-exclusive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from searchapp.query.ast import Clause, Gap, Near, Node, Phrase, Word, text_clauses
from searchapp.reports.model import Block
from searchapp.search.occurrences import blinded, gap_spans, joined_spans, occurrences, spans, starts
from searchapp.text.normalize import normalize_with_map
from searchapp.text.punctuation import blind_with_map

Span = tuple[int, int]
Segment = Callable[[str], list[str]]
"""Normalized text to its jieba words."""


def highlights(query: Node, block: Block, segment: Segment, ignore_punctuation: bool = False) -> tuple[Span, ...]:
    """Spans of ``block.text`` (original code points) that answer the clauses of ``query``, ascending.

    A word that does not stand there literally is shown by its jieba words. Spans are distinct; they may overlap.
    """
    normalized = normalize_with_map(block.text, block.marks)
    text = normalized.text
    without, kept = blind_with_map(text) if ignore_punctuation else ("", [])
    found: set[Span] = set()
    for clause in text_clauses(query):
        of_clause: Iterable[Span]
        if ignore_punctuation and (sought := blinded(clause)) is not None:
            of_clause = [(kept[start], kept[end - 1] + 1) for start, end in spans(sought, without)]
        else:
            of_clause = spans(clause, text)
        if not of_clause and isinstance(clause, Word):
            of_clause = [(at, at + len(word)) for word in segment(clause.literal) for at in occurrences(text, word)]
        found.update(of_clause)
    return tuple(sorted({normalized.original_span(*span) for span in found}))


def merged(found: tuple[Span, ...]) -> list[Span]:
    """Overlapping or touching spans joined, for marking text."""
    return joined_spans(found)


def keyword_spans(clause: Clause, text: str, ignore_punctuation: bool = False) -> list[Span]:
    """One span of ``text`` (normalized) for each occurrence of ``clause`` in it, ascending by start.

    A gap from its first part to its last; of nearness the first operand. Read without punctuation, a span begins and
    ends with a character that counts.
    """
    if not ignore_punctuation or (sought := blinded(clause)) is None:
        return _spans(clause, text)
    without, kept = blind_with_map(text)
    return [(kept[start], kept[end - 1] + 1) for start, end in _spans(sought, without)]


def _spans(clause: Clause, text: str) -> list[Span]:
    match clause:
        case Phrase(literal=literal) | Word(literal=literal):
            return [(at, at + len(literal)) for at in starts(clause, text)]
        case Gap():
            return gap_spans(clause, text)
        case Near(operands=operands):
            return [(at, at + len(operands[0].literal)) for at in starts(clause, text)]
