"""The lexer: a query's characters to tokens with spans, in one pass from left to right.

Knows the signs of the query language; must not know what they mean together (that is the parser's). Never raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from searchapp.query.ast import FIELD_NAMES, Span
from searchapp.query.diagnostics import Diagnostic

TokenKind = Literal["phrase", "word", "field", "not"]

_STRAIGHT_QUOTES = '"＂'
_ESCAPABLE = '*{"“”\\＂'
_MINUS = "-－"
_NOT_WORDS = ("NOT", "非")
_FIELD = re.compile(rf"({'|'.join(sorted(FIELD_NAMES, key=len, reverse=True))})[:：]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is the content: a phrase without its quotes and escapes, a field's name as in ``FIELD_NAMES``."""

    kind: TokenKind
    text: str
    span: Span


def tokenize(query: str) -> tuple[list[Token], list[Diagnostic]]:
    """Tokens of ``query`` in order, and what was mended on the way. Linear in the length."""
    return _Lexer(query).run()


class _Lexer:
    def __init__(self, query: str) -> None:
        self.query = query
        self.at = 0
        self.tokens: list[Token] = []
        self.diagnostics: list[Diagnostic] = []

    def run(self) -> tuple[list[Token], list[Diagnostic]]:
        while self.at < len(self.query):
            char = self.query[self.at]
            if char.isspace():
                self.at += 1
            elif char in _STRAIGHT_QUOTES:
                self._straight_phrase()
            elif char == "“":
                self._curly_phrase()
            elif not (self._negation() or self._field()):
                self._word()
        return self.tokens, self.diagnostics

    def _emit(self, kind: TokenKind, text: str, start: int) -> None:
        self.tokens.append(Token(kind, text, (start, self.at)))

    def _straight_phrase(self) -> None:
        """``"`` … up to the next ``"``; curly quotes inside are text."""
        start = self.at
        self.at += 1
        content: list[str] = []
        while self.at < len(self.query) and self.query[self.at] not in _STRAIGHT_QUOTES:
            content.append(self._take_character())
        self._close_phrase(start, content)

    def _curly_phrase(self) -> None:
        """``“`` … up to its own ``”``; pairs inside nest and are text."""
        start = self.at
        self.at += 1
        content: list[str] = []
        depth = 1
        while self.at < len(self.query):
            char = self.query[self.at]
            if char == "“":
                depth += 1
            elif char == "”":
                depth -= 1
                if depth == 0:
                    break
            content.append(self._take_character())
        self._close_phrase(start, content)

    def _close_phrase(self, start: int, content: list[str]) -> None:
        if self.at < len(self.query):
            self.at += 1
        else:
            self.diagnostics.append(Diagnostic("引号没有配对，已按到末尾为止的短语查找", start, self.at))
        self._emit("phrase", "".join(content), start)

    def _take_character(self) -> str:
        """One character of text; a backslash before an escapable one is dropped."""
        char = self.query[self.at]
        if char == "\\" and self.at + 1 < len(self.query) and self.query[self.at + 1] in _ESCAPABLE:
            char = self.query[self.at + 1]
            self.at += 1
        self.at += 1
        return char

    def _negation(self) -> bool:
        """``-A`` after white space or at the start; ``NOT A`` and ``非 A`` between white space."""
        start = self.at
        before = self.query[start - 1] if start else " "
        if not before.isspace():
            return False
        if self.query[start] in _MINUS:
            following = self.query[start + 1 : start + 2]
            if not following or following.isspace() or following in _MINUS:
                return False
            self.at = start + 1
            self._emit("not", self.query[start], start)
            return True
        for operator in _NOT_WORDS:
            end = start + len(operator)
            if self.query.startswith(operator, start) and end < len(self.query) and self.query[end].isspace():
                self.at = end
                self._emit("not", operator, start)
                return True
        return False

    def _field(self) -> bool:
        """``名:`` with a known name at the start of a clause (after white space or a minus sign)."""
        start = self.at
        before = self.query[start - 1] if start else " "
        if not (before.isspace() or before in _MINUS):
            return False
        match = _FIELD.match(self.query, start)
        if match is None:
            return False
        self.at = match.end()
        self._emit("field", FIELD_NAMES[match.group(1).lower()], start)
        return True

    def _word(self) -> None:
        """Text up to white space or a straight quote; curly quotes inside are text."""
        start = self.at
        content: list[str] = []
        while self.at < len(self.query):
            char = self.query[self.at]
            if char.isspace() or char in _STRAIGHT_QUOTES:
                break
            content.append(self._take_character())
        self._emit("word", "".join(content), start)
