"""The syntax tree of a query: frozen nodes with code point spans. Knows no engine.

Programs may build trees themselves (``Phrase.of("两个维护")``); then spans are empty and nothing needs quoting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from searchapp.text.normalize import normalize

Span = tuple[int, int]
NO_SPAN: Span = (0, 0)

FIELD_NAMES: dict[str, str] = {
    "单位": "unit",
    "年份": "year",
    "栏目": "section",
    "部分": "part",
    "文种": "kind",
    "小标题": "heading",
    "标题": "title",
    "回顾年": "review_year",
    "计划年": "plan_year",
    "部门": "department",
    "地区": "place",
    "层级": "level",
    "主送": "addressee",
    "unit": "unit",
    "year": "year",
    "section": "section",
    "part": "part",
    "kind": "kind",
    "heading": "heading",
    "title": "title",
    "department": "department",
    "place": "place",
    "level": "level",
    "addressee": "addressee",
}
"""Field names as typed, to the field they name."""

YEAR_FIELDS = frozenset({"year", "review_year", "plan_year"})


@dataclass(frozen=True, slots=True)
class Everything:
    """No condition on the text: every paragraph."""


@dataclass(frozen=True, slots=True)
class _Literal:
    """``text`` as typed; ``literal`` is its normal form, never empty."""

    text: str
    literal: str
    span: Span = NO_SPAN

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


Node = Everything | Phrase | Word | Field | Not | And


def text_clauses(node: Node) -> Iterator[Phrase | Word]:
    """The phrases and words that a matching block is asked to hold: not those under NOT; each literal once.

    A phrase and a word of the same literal are two clauses of the answer but one of its occurrences, so the first
    stands for both.
    """
    seen: set[str] = set()
    for clause in _walk_positive(node):
        if clause.literal not in seen:
            seen.add(clause.literal)
            yield clause


def _walk_positive(node: Node) -> Iterator[Phrase | Word]:
    match node:
        case Phrase() | Word():
            yield node
        case And(children=children):
            for child in children:
                yield from _walk_positive(child)
        case Everything() | Field() | Not():
            return


def asks_for_text(node: Node) -> bool:
    """Whether any condition is on the text itself (also under NOT); if not, the query only browses."""
    match node:
        case Phrase() | Word():
            return True
        case And(children=children):
            return any(asks_for_text(child) for child in children)
        case Not(child=child):
            return asks_for_text(child)
        case Everything() | Field():
            return False
