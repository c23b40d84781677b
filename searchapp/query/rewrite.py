"""Loosened queries: what ``match="any"`` means, and the other ways to ask for more. Trees to trees, no engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from searchapp.query.ast import (
    NO_SPAN,
    And,
    Clause,
    Everything,
    Field,
    Gap,
    Link,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Word,
    literals,
    meaning,
    text_clauses,
)

Segment = Callable[[str], Sequence[str]]
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


def once(query: Node) -> Node:
    """``query`` with each condition of an AND or OR once, the first of equals: what is asked twice is asked once.

    Equal are clauses of one kind and meaning, whatever their spans and weights, fields of one value, exclusions and
    groups of equal parts. What is inside a phrase, gap or nearness stays. Nothing else is found or counted, and the
    clauses that are ranked are the same: a meaning counts once, with the weight of its first clause.

    >>> from searchapp.query import parse_query
    >>> once(parse_query("党建 OR 党建 OR (党建 党建)").root) == parse_query("党建").root
    True
    """
    return _once(query)[0]


def _once(node: Node) -> tuple[Node, tuple[object, ...]]:
    """The node, and what it is known by among others."""
    match node:
        case And(children=children) | Or(children=children):
            distinct: dict[tuple[object, ...], Node] = {}
            for child in children:
                kept, key = _once(child)
                distinct.setdefault(key, kept)
            if len(distinct) == 1:
                key, kept = distinct.popitem()
                return kept, key
            return replace(node, children=tuple(distinct.values())), (type(node), *distinct)
        case Not(child=child):
            kept, key = _once(child)
            return replace(node, child=kept), (Not, key)
        case Field(name=name, value=value):
            return node, (Field, name, value)
        case Everything():
            return node, (Everything,)
        case _:
            return node, (type(node), *meaning(node))


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


def changed(node: Node, change: Callable[[Node], Node | None]) -> Node | None:
    """``node`` with each clause, field and exclusion replaced by what ``change`` gives for it; ``None`` drops it."""
    if isinstance(node, And | Or):
        return joined(type(node), [changed(child, change) for child in node.children])
    return change(node)


def joined(kind: type[And] | type[Or], children: Sequence[Node | None]) -> Node | None:
    """Those of ``children`` that are left, as the parser joins them: no group of one, none inside its own kind."""
    flat: list[Node] = []
    for child in children:
        if child is not None:
            flat.extend(child.children if isinstance(child, kind) else (child,))
    return flat[0] if len(flat) == 1 else kind(tuple(flat)) if flat else None


def without(query: Node, dropped: Collection[Node]) -> Node | None:
    """``query`` without some of its clauses (or operands of nearness), fields, exclusions; ``None``: nothing is left.

    Nearness that loses an operand holds for those on each side of it.
    """

    def change(node: Node) -> Node | None:
        if node in dropped:
            return None
        if not isinstance(node, Near) or not any(operand in dropped for operand in node.operands):
            return node
        runs: list[tuple[list[Phrase | Word], list[Link]]] = [([], [])]
        for operand, link in zip(node.operands, (*node.links, None), strict=True):
            if operand in dropped:
                runs.append(([], []))
                continue
            runs[-1][0].append(operand)
            if link is not None:
                runs[-1][1].append(link)
        return joined(And, [_run(node, operands, links) for operands, links in runs])

    return changed(query, change)


def _run(near: Near, operands: list[Phrase | Word], links: list[Link]) -> Node | None:
    if len(operands) < 2:
        return _freed(operands[0], near) if operands else None
    spanless = tuple(_spanless(operand, near) for operand in operands)
    return Near(near.text, spanless, tuple(links[: len(operands) - 1]), NO_SPAN, near.weight)


def _spanless(operand: Phrase | Word, near: Near) -> Phrase | Word:
    """An operand of ``"… …"~n`` has no span of its own."""
    return replace(operand, span=NO_SPAN) if operand.span == near.span else operand


def _freed(operand: Phrase | Word, near: Near) -> Phrase | Word:
    """An operand as a clause of its own, with its share of the weight."""
    further = near.weight / max(other.weight for other in near.operands)
    return replace(_spanless(operand, near), weight=operand.weight * further)


def replacing(query: Node, clause: Phrase | Word, text: str) -> Node:
    """``query`` with another text in place of one of its words or phrases. Raises ``ValueError`` for an empty one."""
    other = replace(clause, text=text, literal=type(clause).of(text).literal, span=NO_SPAN)

    def change(node: Node) -> Node:
        if node == clause:
            return other
        if isinstance(node, Near) and clause in node.operands:
            operands = tuple(other if operand == clause else _spanless(operand, node) for operand in node.operands)
            return replace(node, operands=operands, span=NO_SPAN)
        return node

    return changed(query, change) or query


def unbound(query: Node) -> Node:
    """``query`` with the parts of gaps and the operands of nearness anywhere in the block."""

    def change(node: Node) -> Node | None:
        if isinstance(node, Near):
            return joined(And, [_freed(operand, node) for operand in node.operands])
        if isinstance(node, Gap):
            return joined(And, [Phrase(part, part, weight=node.weight) for part in node.parts])
        return node

    return changed(query, change) or query


def as_text(query: Node) -> Node:
    """``query`` with the words of ``标题:`` and ``小标题:`` looked for in the text of blocks, as phrases."""

    def change(node: Node) -> Node | None:
        if isinstance(node, Field) and node.name in ("title", "heading") and isinstance(node.value, str):
            return Phrase(node.text, node.value) if node.value else node
        return node

    return changed(query, change) or query


def unquoted(query: Node, words_of: Callable[[str], list[str]]) -> Node:
    """``query`` with words in place of phrases, gaps and ``"… …"~n``; ``words_of``: a text as words to be typed."""

    def change(node: Node) -> Node | None:
        match node:
            case Phrase(text=text):
                texts = [text]
            case Gap(parts=parts):
                texts = [*parts]
            case Near(operands=operands) if all(operand.span == node.span for operand in operands):
                texts = [operand.text for operand in operands]
            case _:
                return node
        words = [Word.of(word) for text in texts for word in words_of(text)]
        return joined(And, [replace(word, weight=node.weight) for word in words]) or node

    return changed(query, change) or query
