"""Keywords in their context: every occurrence of a clause in one text as one span, as many as are counted.

Highlights show what a reader should see; a concordance needs one span for each occurrence (docs/semantics.md, section
3). Plain text work, no engine. Offsets are characters of the normalized text, end-exclusive.
"""

from __future__ import annotations

from searchapp.query.ast import Clause, Gap, Near, Phrase, Word
from searchapp.search.occurrences import blinded, gap_spans, starts
from searchapp.text.punctuation import blind_with_map

Span = tuple[int, int]


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
