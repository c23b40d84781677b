"""Loosened queries: what ``match="any"`` means, and the other ways to ask for more. Trees to trees, no engine."""

from __future__ import annotations

from collections.abc import Callable

from searchapp.query.ast import And, Clause, Gap, Near, Node, Or, Phrase, Word, literals, text_clauses

Segment = Callable[[str], list[str]]
"""Normalized text to its jieba words."""

MAX_WORDS = 512
"""Distinct words of a loosened query, in the order of the text: as many as a text of 5,000 characters has."""

_LEAST_CHARACTERS = 2
"""Shorter words stand nearly everywhere; they count only in a text that has no others."""


def any_of(query: Node, segment: Segment) -> Node:
    """``query`` with any of its words and phrases enough; what is no text (fields, exclusions) stays required.

    A word is loosened to its jieba words of two or more characters, or to all of them when it has no such.
    """
    required = [child for child in _children(query) if not _is_positive_text(child)]
    asked = [child for child in _children(query) if _is_positive_text(child)]
    alternatives = list(dict.fromkeys(piece for child in asked for piece in _pieces(child, segment)))[:MAX_WORDS]
    if not alternatives:
        return query
    loosened: Node = alternatives[0] if len(alternatives) == 1 else Or(tuple(alternatives))
    return And((*required, loosened)) if required else loosened


def question_text(query: Node) -> str:
    """The text that is asked for, as one normalized question: what ``match="any"`` is ranked by."""
    return " ".join(literal for clause in text_clauses(query) for literal in literals(clause))


def _children(query: Node) -> tuple[Node, ...]:
    return query.children if isinstance(query, And) else (query,)


def _is_positive_text(node: Node) -> bool:
    """Whether a node is made of text clauses only."""
    if isinstance(node, And | Or):
        return all(_is_positive_text(child) for child in node.children)
    return isinstance(node, Phrase | Word | Gap | Near)


def _pieces(node: Node, segment: Segment) -> list[Clause]:
    pieces: list[Clause] = []
    for clause in text_clauses(node):
        match clause:
            case Word():
                words = [word for word in dict.fromkeys(segment(clause.literal)) if word.strip()]
                longer = [word for word in words if len(word) >= _LEAST_CHARACTERS]
                found = longer or words or [clause.literal]
                pieces += [Word(word, word, clause.span, clause.weight) for word in found]
            case Phrase() | Gap() | Near():
                pieces.append(clause)
    return pieces
