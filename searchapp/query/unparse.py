"""A query tree as text to be typed, made from the text that it, or most of it, was typed as.

Clauses keep the spelling that their spans have in the typed text; what has no span is spelled anew. For what cannot be
spelled (an operator that is meant as a word) the text means something else: compare with :func:`same_meaning`.
"""

from __future__ import annotations

from searchapp.query.ast import (
    FIELD_NAMES,
    NO_SPAN,
    NO_WEIGHT,
    And,
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
    meaning,
)
from searchapp.query.lexer import Token, tokenize
from searchapp.query.signs import ESCAPABLE, ESCAPE, FIELD, MINUS, OPERATORS

_WEIGHT_DECIMALS = 6
_CLOSING_QUOTES = ('"', "”", "””")


def write(node: Node, typed: str = "") -> str:
    """The text of ``node``, whose spans are those of ``typed``; empty for ``Everything``."""
    return Writer(typed).of(node)


def same_meaning(one: Node, other: Node) -> bool:
    """Whether two trees ask the same in the same way, whatever their spans and spelling."""
    return _bare(one) == _bare(other)


def is_slop(near: Near) -> bool:
    """Whether nearness was typed as ``"… …"~n``: then all operands have the span of the whole."""
    return near.span != NO_SPAN and all(operand.span == near.span for operand in near.operands)


class Writer:
    """Writes trees whose spans are those of one typed text."""

    def __init__(self, typed: str) -> None:
        self._typed = typed
        self._tokens: list[Token] = tokenize(typed)[0]

    def of(self, node: Node, inside: type[Node] | None = None) -> str:
        """The text of ``node``. ``inside``: what it is a child of, which says whether it needs brackets."""
        match node:
            case Everything():
                return ""
            case And(children=children):
                return self._in_brackets(
                    self._operator("and", " ").join(self.of(c, And) for c in children), inside is Not
                )
            case Or(children=children):
                text = self._operator("or", " OR ").join(self.of(c, Or) for c in children)
                return self._in_brackets(text, inside in (And, Not))
            case Not(child=child):
                return self._in_brackets(self._sign(node) + self.of(child, Not), inside is Not)
            case Near():
                return self._near(node, inside is Not)
            case Field():
                return self._field(node)
            case Phrase() | Word() | Gap():
                return self._leaf(node) + _weight(node.weight)

    def _in_brackets(self, text: str, needed: bool) -> str:
        return f"({text})" if needed else text

    def _operator(self, kind: str, usual: str) -> str:
        """An operator with its spaces, in the first spelling that was typed."""
        return next((f" {token.text} " for token in self._tokens if token.kind == kind), usual)

    def _sign(self, node: Not) -> str:
        written = self._typed[slice(*node.span)]
        if written[:1] in (*MINUS,):
            return written[0]
        names = (name for name, kind in OPERATORS.items() if kind == "not" and written.startswith(name))
        return next((f"{name} " for name in names), "-")

    def _near(self, near: Near, negated: bool) -> str:
        if is_slop(near):
            return f"{self._closed(near.span)}~{near.links[0].distance}{_weight(near.weight)}"
        text = self.of(near.operands[0])
        for link, operand in zip(near.links, near.operands[1:], strict=True):
            text += f" {self._nearness(link)} {self.of(operand)}"
        further = near.weight / max(operand.weight for operand in near.operands)
        return self._in_brackets(text, negated or _weight(further) != "") + _weight(further)

    def _nearness(self, link: Link) -> str:
        usual = f"{'PRE' if link.ordered else 'NEAR'}/{link.distance}"
        return next((token.text for token in self._tokens if token.link == link), usual)

    def _field(self, field: Field) -> str:
        if field.span == NO_SPAN:
            return _field_name(field) + _quoted(field.text)
        written = self._closed(field.span)
        return written if FIELD.match(written) else _field_name(field) + written

    def _leaf(self, clause: Phrase | Word | Gap) -> str:
        if clause.span != NO_SPAN:
            return self._closed(clause.span)
        match clause:
            case Word():
                return clause.text
            case Phrase():
                return _quoted(clause.text)
            case Gap():
                gaps = zip(clause.bounds, clause.parts[1:], strict=True)
                rest = (f"{{{least},{most}}}{_escaped(part)}" for (least, most), part in gaps)
                return f'"{_escaped(clause.parts[0])}{"".join(rest)}"'

    def _closed(self, span: tuple[int, int]) -> str:
        """What stands at ``span``, with the quotation mark that it may lack at the end of the text."""
        written = self._typed[slice(*span)]
        if span[1] < len(self._typed):
            return written
        for closing in ("", *_CLOSING_QUOTES):
            if tokenize(f"{written}{closing} x")[0][-1].text == "x":
                return written + closing
        return written


def _field_name(field: Field) -> str:
    return next(name for name, meant in FIELD_NAMES.items() if meant == field.name) + ":"


def _escaped(text: str) -> str:
    return "".join(ESCAPE + char if char in ESCAPABLE else char for char in text)


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _weight(weight: float) -> str:
    return "" if round(weight, _WEIGHT_DECIMALS) == NO_WEIGHT else f"^{weight:.6f}".rstrip("0").rstrip(".")


def _bare(node: Node) -> tuple[object, ...]:
    match node:
        case Everything():
            return ("everything",)
        case Field(name=name, value=value):
            return ("field", name, value)
        case Not(child=child):
            return ("not", _bare(child))
        case And(children=children) | Or(children=children):
            return (type(node).__name__, *(_bare(child) for child in children))
        case Phrase() | Word() | Gap() | Near():
            return (type(node).__name__, meaning(node), round(node.weight, _WEIGHT_DECIMALS))
