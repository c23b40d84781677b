"""The syntax tree of a query: frozen nodes with code point spans, and what is said of a query. Knows no engine.

Programs may build trees themselves (``Phrase.of("两个维护")``); then spans are empty and nothing needs quoting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from searchapp.fields import FIELDS
from searchapp.text.normalize import normalize

Span = tuple[int, int]
NO_SPAN: Span = (0, 0)
NO_WEIGHT = 1.0

FIELD_NAMES: dict[str, str] = {
    **{field.label: field.name for field in FIELDS if field.is_queried},
    **{field.name: field.name for field in FIELDS if field.is_queried},
}
"""Field names as typed, to the field they name: first the Chinese ones."""

GAP_BOUNDS = (0, 12)
"""The characters that ``*`` stands for, least and most."""


@dataclass(frozen=True, slots=True)
class Everything:
    """No condition on the text: every paragraph."""


@dataclass(frozen=True, slots=True)
class _Literal:
    """``text`` as typed; ``literal`` is its normal form, never empty; ``weight`` multiplies its share of a score."""

    text: str
    literal: str
    span: Span = NO_SPAN
    weight: float = NO_WEIGHT

    @classmethod
    def of(cls, text: str) -> Self:
        """Raises ``ValueError`` when nothing of ``text`` is left after normalization."""
        literal = normalize(text)
        if not literal:
            raise ValueError(f"nothing is left of {text!r} after normalization")
        return cls(text, literal)


@dataclass(frozen=True, slots=True)
class Phrase(_Literal):
    """Matches a block in which ``literal`` occurs."""


@dataclass(frozen=True, slots=True)
class Word(_Literal):
    """Matches a block in which ``literal`` occurs, or all of its jieba words; under NOT, ``literal`` alone."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Matches a block in which ``parts`` follow each other, ``bounds[i]`` characters after ``parts[i]``.

    ``parts``: two or more normal forms, none empty. ``bounds``: least and most characters of each gap; none of them may
    be a sentence end (``searchapp.text.punctuation``).
    """

    text: str
    parts: tuple[str, ...]
    bounds: tuple[tuple[int, int], ...]
    span: Span = NO_SPAN
    weight: float = NO_WEIGHT


@dataclass(frozen=True, slots=True)
class Link:
    """How two neighbours in a :class:`Near` stand: at most ``distance`` characters apart, in this order or in any."""

    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Matches a block in which an occurrence of each operand stands near one of the next, as ``links`` say.

    Operands mean their literal text. The distance is the number of characters between nearest edges, overlap is 0; an
    occurrence is not near itself; ``ordered`` asks that the next begins after this one begins.
    """

    text: str
    operands: tuple[Phrase | Word, ...]
    links: tuple[Link, ...]
    span: Span = NO_SPAN
    weight: float = NO_WEIGHT


@dataclass(frozen=True, slots=True)
class YearRange:
    """Calendar years, both ends inclusive; ``None`` leaves that side open."""

    first: int | None
    last: int | None

    def __contains__(self, year: object) -> bool:
        if not isinstance(year, int):
            return False
        return (self.first is None or year >= self.first) and (self.last is None or year <= self.last)


@dataclass(frozen=True, slots=True)
class Field:
    """A condition on what is known of a block or its report.

    ``name`` is a value of :data:`FIELD_NAMES`; ``value`` is normalized text, matched as a substring, or a
    :class:`YearRange` for the year fields.
    """

    name: str
    text: str
    value: str | YearRange
    span: Span = NO_SPAN


@dataclass(frozen=True, slots=True)
class Not:
    """Matches what ``child`` does not match."""

    child: Node
    span: Span = NO_SPAN


@dataclass(frozen=True, slots=True)
class And:
    """Matches what all ``children`` (two or more) match."""

    children: tuple[Node, ...]
    span: Span = NO_SPAN


@dataclass(frozen=True, slots=True)
class Or:
    """Matches what any of ``children`` (two or more) matches."""

    children: tuple[Node, ...]
    span: Span = NO_SPAN


Clause = Phrase | Word | Gap | Near
"""A condition on the text of a block, with occurrences in it."""

Node = Everything | Clause | Field | Not | And | Or


def meaning(clause: Clause) -> tuple[object, ...]:
    """What a clause finds in a text, whatever its spans and weight: equal meanings have equal occurrences."""
    match clause:
        case Phrase(literal=literal) | Word(literal=literal):
            return ("literal", literal)
        case Gap(parts=parts, bounds=bounds):
            return ("gap", parts, bounds)
        case Near(operands=operands, links=links):
            return ("near", tuple(operand.literal for operand in operands), links)


def literals(clause: Clause) -> tuple[str, ...]:
    """The normal forms that a clause is made of, in order."""
    match clause:
        case Phrase(literal=literal) | Word(literal=literal):
            return (literal,)
        case Gap(parts=parts):
            return parts
        case Near(operands=operands):
            return tuple(operand.literal for operand in operands)


def text_clauses(node: Node) -> Iterator[Clause]:
    """The clauses that a block is asked to hold: not those under NOT; each meaning once.

    A phrase and a word of the same literal are two clauses of the answer but one of its occurrences, so the first
    stands for both.
    """
    seen: set[tuple[object, ...]] = set()
    for clause in _walk_positive(node):
        if (of_clause := meaning(clause)) not in seen:
            seen.add(of_clause)
            yield clause


def _walk_positive(node: Node) -> Iterator[Clause]:
    match node:
        case Phrase() | Word() | Gap() | Near():
            yield node
        case And(children=children) | Or(children=children):
            for child in children:
                yield from _walk_positive(child)
        case Everything() | Field() | Not():
            return


def asks_for_text(node: Node) -> bool:
    """Whether any condition is on the text itself (also under NOT); if not, the query only browses."""
    match node:
        case Phrase() | Word() | Gap() | Near():
            return True
        case And(children=children) | Or(children=children):
            return any(asks_for_text(child) for child in children)
        case Not(child=child):
            return asks_for_text(child)
        case Everything() | Field():
            return False


def asks_for_phrases(node: Node) -> bool:
    """Whether blocks are asked to hold exact phrases, and no gap or nearness: whether only punctuation may hide hits.

    Without punctuation a gap runs over the ends of sentences and distances are shorter, so more than that would differ.
    """
    clauses = list(_walk_positive(node))
    if any(isinstance(clause, Gap | Near) for clause in clauses):
        return False
    return any(isinstance(clause, Phrase) for clause in clauses)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What was mended in a query, or is worth knowing of it.

    ``message`` is Chinese, for the reader; ``start``/``end`` are code points of the query, end-exclusive.
    """

    message: str
    start: int = 0
    end: int = 0
