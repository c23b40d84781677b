"""The parser: tokens to a syntax tree. What a person types never raises but for the documented limits.

Grammar (docs/query.md; white space between clauses means AND)::

    query   = { clause }
    clause  = [ not ] ( phrase | word | field )
    field   = name ":" ( phrase | word )
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from searchapp.errors import QueryRefusedError
from searchapp.query.ast import YEAR_FIELDS, And, Everything, Field, Node, Not, Phrase, Word, YearRange
from searchapp.query.diagnostics import Diagnostic
from searchapp.query.lexer import Token, tokenize
from searchapp.text.normalize import normalize

MAX_QUERY_CHARACTERS = 512
MAX_CLAUSES = 64

_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR_RANGE = re.compile(r"(\d{4})?(\.\.|-|~|至|到)(\d{4})?")
_YEAR = re.compile(r"(\d{4})年?")


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """``text`` as typed, the tree it means, and what was mended to get there."""

    text: str
    root: Node
    diagnostics: tuple[Diagnostic, ...] = ()


def parse_query(text: str) -> ParsedQuery:
    """Parses ``text``, mending what does not fit, each mending with a diagnostic.

    Raises :class:`QueryRefusedError` over 512 characters or 64 clauses. Linear in the length.
    """
    if len(text) > MAX_QUERY_CHARACTERS:
        raise QueryRefusedError(
            f"检索式太长：{len(text)} 个字符，最多 {MAX_QUERY_CHARACTERS} 个。请缩短，或分几次查找。"
        )
    tokens, diagnostics = tokenize(text)
    clauses = _Parser(tokens, diagnostics).clauses()
    if len(clauses) > MAX_CLAUSES:
        raise QueryRefusedError(f"检索式太复杂：{len(clauses)} 个条件，最多 {MAX_CLAUSES} 个。请减少条件。")
    return ParsedQuery(text, _conjunction(clauses), tuple(diagnostics))


def _conjunction(clauses: list[Node]) -> Node:
    if not clauses:
        return Everything()
    if len(clauses) == 1:
        return clauses[0]
    return And(tuple(clauses), (_start(clauses[0]), _end(clauses[-1])))


def _start(node: Node) -> int:
    return 0 if isinstance(node, Everything) else node.span[0]


def _end(node: Node) -> int:
    return 0 if isinstance(node, Everything) else node.span[1]


class _Parser:
    def __init__(self, tokens: list[Token], diagnostics: list[Diagnostic]) -> None:
        self.tokens = tokens
        self.diagnostics = diagnostics
        self.at = 0

    def clauses(self) -> list[Node]:
        clauses: list[Node] = []
        while self.at < len(self.tokens):
            clause = self._clause()
            if clause is not None:
                clauses.append(clause)
        return clauses

    def _next(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _clause(self) -> Node | None:
        token = self._next()
        if token.kind == "not":
            return self._negated(token)
        return self._positive(token)

    def _negated(self, token: Token) -> Node | None:
        """``not clause``; signs in a row count together, one without a clause after it is text."""
        negations = 1
        while self.at < len(self.tokens) and self.tokens[self.at].kind == "not":
            self.at += 1
            negations += 1
        if self.at == len(self.tokens):
            self._mended(f"“{token.text}”后面没有内容，已当作文字", token)
            return self._text(token, Word)
        child = self._positive(self._next())
        if child is None or negations % 2 == 0:
            return child
        return Not(child, (token.span[0], _end(child)))

    def _positive(self, token: Token) -> Node | None:
        if token.kind == "field":
            return self._field(token)
        return self._text(token, Phrase if token.kind == "phrase" else Word)

    def _text(self, token: Token, make: Callable[[str, str, tuple[int, int]], Node]) -> Node | None:
        literal = normalize(token.text)
        if not literal:
            self._mended("这里没有可查找的文字，已略去", token)
            return None
        return make(token.text, literal, token.span)

    def _field(self, name: Token) -> Node | None:
        """``name ":" value``; a name without a value, or a year that is none, is text."""
        if self.at == len(self.tokens) or self.tokens[self.at].kind not in ("phrase", "word"):
            self._mended("字段后面没有值，已略去", name)
            return None
        value = self._next()
        span = (name.span[0], value.span[1])
        text = normalize(value.text)
        if not text:
            self._mended("字段后面没有值，已略去", name)
            return None
        if name.text not in YEAR_FIELDS:
            return Field(name.text, value.text, text, span)
        years = parse_years(text)
        if years is None:
            self._mended(f"“{value.text}”不是年份，已当作文字", value)
            return self._text(value, Word)
        return Field(name.text, value.text, years, span)

    def _mended(self, message: str, token: Token) -> None:
        self.diagnostics.append(Diagnostic(message, *token.span))


def parse_years(text: str) -> YearRange | None:
    """``2023``, ``2021..2023``, ``2021..``, ``..2023`` (also ``-``, ``~``, 至); ``None`` for anything else."""
    text = text.translate(_CHINESE_DIGITS)
    if match := _YEAR.fullmatch(text):
        return YearRange(int(match.group(1)), int(match.group(1)))
    match = _YEAR_RANGE.fullmatch(text.replace("年", ""))
    if match is None or not (match.group(1) or match.group(3)):
        return None
    first, last = (int(group) if group else None for group in (match.group(1), match.group(3)))
    if first is not None and last is not None and first > last:
        first, last = last, first
    return YearRange(first, last)
