"""Where a text answers a query: spans to mark, and keywords.

Highlights show what a reader should see; a concordance needs one keyword for each occurrence that is counted
(docs/inside/semantics.md, section 3). Plain text work, no engine.
"""

from __future__ import annotations

from itertools import islice

from searchapp.query.ast import Clause, Gap, Near, Phrase, Word
from searchapp.reports.model import Block
from searchapp.search.compiled_query import CompiledClause, CompiledQuery
from searchapp.search.occurrences import gap_spans, joined_spans, occurrences, spans, starts
from searchapp.text.normalize import normalize_with_map
from searchapp.text.punctuation import blind_with_map
from searchapp.time_limit import checkpoint, watched

Span = tuple[int, int]

MOST_OF_CLAUSE = 2_000
"""Spans that are made of one clause in one block, the first ones: no reader looks at more, and each is looked up in the
block as written. What is counted is not bounded by it."""


def highlights(query: CompiledQuery, block: Block) -> tuple[Span, ...]:
    """Spans of ``block.text`` (original code points) that answer the clauses of ``query``, ascending.

    A word that does not stand there literally is shown by its jieba words. Spans are distinct; they may overlap. Of
    each clause there are the first :data:`MOST_OF_CLAUSE`.
    """
    normalized = normalize_with_map(block.text, block.marks)
    text = normalized.text
    without, kept = blind_with_map(text) if query.is_blind else ("", [])
    found: set[Span] = set()
    for clause in watched(query.clauses):
        of_clause = list(islice(spans(clause.sought, without if clause.is_blind else text), MOST_OF_CLAUSE))
        if clause.is_blind:
            of_clause = [(kept[start], kept[end - 1] + 1) for start, end in of_clause]
        if not of_clause and isinstance(clause.clause, Word):
            words = query.words(clause.clause)
            of_words = ((at, at + len(word)) for word in words for at in occurrences(text, word))
            of_clause = list(islice(of_words, MOST_OF_CLAUSE))
        found.update(of_clause)
    return tuple(sorted({normalized.original_span(*span) for span in found}))


def merged(found: tuple[Span, ...]) -> list[Span]:
    """Overlapping or touching spans joined, for marking text."""
    return joined_spans(found)


def keyword_spans(clause: CompiledClause, text: str) -> list[Span]:
    """One span of ``text`` (normalized) for each occurrence of ``clause`` in it, ascending by start.

    A gap from its first part to its last; of nearness the first operand. Read without punctuation, a span begins and
    ends with a character that counts.
    """
    checkpoint()
    if not clause.is_blind:
        return _spans(clause.sought, text)
    without, kept = blind_with_map(text)
    return [(kept[start], kept[end - 1] + 1) for start, end in _spans(clause.sought, without)]


def _spans(clause: Clause, text: str) -> list[Span]:
    match clause:
        case Phrase(literal=literal) | Word(literal=literal):
            return [(at, at + len(literal)) for at in starts(clause, text)]
        case Gap():
            return gap_spans(clause, text)
        case Near(operands=operands):
            return [(at, at + len(operands[0].literal)) for at in starts(clause, text)]
