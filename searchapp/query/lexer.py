"""The lexer: a query's characters to tokens with spans, in one pass, after one that finds the brackets that group.

Knows the signs of the query language; must not know what they mean together (that is the parser's). Never raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from searchapp.language import tr
from searchapp.query import signs
from searchapp.query.ast import FIELD_NAMES, GAP_BOUNDS, Diagnostic, Link, Span
from searchapp.query.signs import (
    BARS,
    CLOSING,
    ESCAPE,
    FIELD,
    MINUS,
    OPENING,
    OPERATORS,
    STRAIGHT_QUOTES,
    WEIGHT,
    ends_a_clause,
)

TokenKind = Literal["phrase", "word", "field", "and", "or", "not", "near", "open", "close", "weight", "slop"]

Bounds = tuple[int, int]
Piece = str | Bounds


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is the content: a phrase without its quotes and escapes, a field's name as in ``FIELD_NAMES``.

    ``pieces``: a phrase's stretches of text and the gaps between them. ``link``: of ``NEAR`` and ``PRE``. ``number``:
    of a weight or of ``~n``.
    """

    kind: TokenKind
    text: str
    span: Span
    pieces: tuple[Piece, ...] = ()
    link: Link | None = None
    number: float = 0.0


def tokenize(query: str) -> tuple[list[Token], list[Diagnostic]]:
    """Tokens of ``query`` in order, and what was mended on the way. Linear in the length."""
    return _Lexer(query).run()


class _Lexer:
    def __init__(self, query: str) -> None:
        self.query = query
        self.at = 0
        self.tokens: list[Token] = []
        self.diagnostics: list[Diagnostic] = []
        self.groups = find_groups(query)

    def run(self) -> tuple[list[Token], list[Diagnostic]]:
        for at in self.groups.unclosed:
            self._tell(tr("括号没有配对，已当作文字"), (at, at + 1))
        while self.at < len(self.query):
            char = self.query[self.at]
            if char.isspace():
                self.at += 1
            elif char in signs.BARS:
                self._take("or", 1)
            elif self.at in self.groups.opening:
                self._take("open", 1)
            elif self.at in self.groups.closing:
                self._take("close", 1)
                self._weight()
            elif char in signs.STRAIGHT_QUOTES or char == "“":
                self._phrase()
            elif not (self._minus() or self._operator() or self._nearness() or self._field()):
                self._word()
        return self.tokens, self.diagnostics

    def _tell(self, message: str, span: Span) -> None:
        self.diagnostics.append(Diagnostic(message, *span))

    def _take(self, kind: TokenKind, length: int, text: str | None = None, link: Link | None = None) -> None:
        start = self.at
        self.at += length
        written = self.query[start : self.at] if text is None else text
        self.tokens.append(Token(kind, written, (start, self.at), link=link))

    def _begins(self) -> bool:
        """Whether an operator or a field can stand here: at the start, after white space, ``|``, a bracket or ``-``."""
        if self.at == 0 or self.query[self.at - 1].isspace() or self.query[self.at - 1] in signs.BARS:
            return True
        return self.at - 1 in self.groups.opening or (
            bool(self.tokens) and self.tokens[-1].kind == "not" and self.tokens[-1].span[1] == self.at
        )

    def _ends(self, at: int) -> bool:
        """Whether an operator that is a word can end here."""
        return at >= len(self.query) or self.query[at].isspace() or at in self.groups.opening | self.groups.closing

    def _phrase(self) -> None:
        """``"`` … up to the next ``"``, ``“`` … up to its own ``”``; then ``~n`` and a weight."""
        start = self.at
        nested = self.query[start] == "“"
        self.at += 1
        pieces: list[Piece] = []
        text: list[str] = []
        depth = 1
        while self.at < len(self.query):
            char = self.query[self.at]
            if nested and char in "“”":
                depth += 1 if char == "“" else -1
            elif not nested and char in signs.STRAIGHT_QUOTES:
                depth = 0
            if depth == 0:
                break
            if gap := self._gap():
                pieces += ["".join(text), gap]
                text = []
            else:
                text.append(self._character())
        pieces.append("".join(text))
        if self.at < len(self.query):
            self.at += 1
        else:
            self._tell(tr("引号没有配对，已按到末尾为止的短语查找"), (start, self.at))
        content = "".join(piece for piece in pieces if isinstance(piece, str))
        self.tokens.append(Token("phrase", content, (start, self.at), tuple(pieces)))
        if slop := signs.SLOP.match(self.query, self.at):
            self._suffix("slop", slop.end(), float(slop["distance"]))
        self._weight()

    def _gap(self) -> Bounds | None:
        """The bounds of the gap that stands here, taken; ``None`` when it is text."""
        char = self.query[self.at]
        if char in signs.STARS:
            self.at += 1
            return GAP_BOUNDS
        if char not in signs.BRACES or (match := signs.BOUNDS.match(self.query, self.at)) is None:
            return None
        if not match["least"] and not match["most"]:
            return None
        least = int(match["least"] or 0)
        most = (int(match["most"]) if match["most"] else signs.MAX_GAP) if match["comma"] else least
        span = (self.at, match.end())
        if least > most:
            least, most = most, least
            self._tell(tr("间隔的下限比上限大，已调换"), span)
        if most > signs.MAX_GAP:
            least, most = min(least, signs.MAX_GAP), signs.MAX_GAP
            self._tell(tr("间隔最多 {most} 个字，已按此查找", most=signs.MAX_GAP), span)
        self.at = match.end()
        return least, most

    def _character(self) -> str:
        """One character of text; a backslash before an escapable one is dropped."""
        char = self.query[self.at]
        if char == signs.ESCAPE and self.at + 1 < len(self.query) and self.query[self.at + 1] in signs.ESCAPABLE:
            char = self.query[self.at + 1]
            self.at += 1
        self.at += 1
        return char

    def _suffix(self, kind: TokenKind, end: int, number: float) -> None:
        self.tokens.append(Token(kind, self.query[self.at : end], (self.at, end), number=number))
        self.at = end

    def _weight(self) -> None:
        """``^3`` directly behind a phrase, a word or a group."""
        match = signs.WEIGHT.match(self.query, self.at)
        if match is None:
            return
        least, most = signs.WEIGHTS
        weight = min(max(float(match["weight"]), least), most)
        if weight != float(match["weight"]):
            self._tell(
                tr("权重在 {least} 到 {most:g} 之间，已按 {weight:g} 计", least=least, most=most, weight=weight),
                match.span(),
            )
        self._suffix("weight", match.end(), weight)

    def _minus(self) -> bool:
        """``-A`` where a clause can begin."""
        following = self.query[self.at + 1 : self.at + 2]
        if self.query[self.at] not in signs.MINUS or not following or following.isspace() or following in signs.MINUS:
            return False
        if not self._begins() or (self.tokens and self.tokens[-1].span[1] == self.at and self.tokens[-1].kind == "not"):
            return False
        self._take("not", 1)
        return True

    def _operator(self) -> bool:
        """``AND OR NOT`` and 且 或 非, each between white space or brackets."""
        if not self._begins():
            return False
        for name, kind in signs.OPERATORS.items():
            if self.query.startswith(name, self.at) and self._ends(self.at + len(name)):
                self._take(kind, len(name))
                return True
        return False

    def _nearness(self) -> bool:
        """``NEAR/20``, ``PRE/20``, 邻近/20, 先后/20 between white space."""
        match = signs.NEARNESS.match(self.query, self.at) if self._begins() else None
        if match is None or not self._ends(match.end()):
            return False
        name, written = match["name"] or match["any"], match["distance"] or match["of"]
        if written is None:
            self._tell(
                tr("没有写距离，按 {distance} 个字以内查找", distance=signs.DEFAULT_DISTANCE),
                match.span(),
            )
        distance = min(int(written or signs.DEFAULT_DISTANCE), signs.MAX_DISTANCE)
        self._take("near", match.end() - self.at, link=Link(distance, name in signs.ORDERED))
        return True

    def _field(self) -> bool:
        """``名:`` with a known name where a clause can begin."""
        match = signs.FIELD.match(self.query, self.at) if self._begins() else None
        if match is None:
            return False
        self._take("field", match.end() - self.at, FIELD_NAMES[match.group(1).lower()])
        return True

    def _word(self) -> None:
        """Text up to white space, a straight quote, ``|``, a group's bracket or a weight; curly quotes are text."""
        start = self.at
        content: list[str] = []
        while self.at < len(self.query):
            char = self.query[self.at]
            if char.isspace() or char in signs.STRAIGHT_QUOTES + signs.BARS or self.at in self.groups.closing:
                break
            weight = signs.WEIGHT.match(self.query, self.at) if content else None
            if weight is not None and signs.ends_a_clause(self.query, weight.end()):
                break
            content.append(self._character())
        self.tokens.append(Token("word", "".join(content), (start, self.at)))
        self._weight()


@dataclass(frozen=True, slots=True)
class Groups:
    """Positions of the brackets that are signs; ``unclosed`` are those that look like a group without an end."""

    opening: frozenset[int]
    closing: frozenset[int]
    unclosed: tuple[int, ...]


@dataclass(slots=True)
class _Bracket:
    at: int
    begins: bool
    """Whether a clause can begin here."""
    signed: bool
    """Whether a minus sign or a field's name stands directly before it."""
    rich: bool = False
    """Whether there is more than one plain word in it."""


def find_groups(query: str) -> Groups:
    """The brackets of ``query`` that group; all others are text. One pass, linear in the length.

    Reports are full of brackets (``（一）加强…``), and people paste from them. A pair is a group only when it opens
    where a clause can begin, closes where one can end, and holds more than one plain word (or follows ``-`` or a
    field's name).
    """
    return _Finder(query).run()


class _Finder:
    def __init__(self, query: str) -> None:
        self.query = query
        self.at = 0
        self.begins = True
        """Whether a clause can begin at the present character."""
        self.signed = False
        self.open: list[_Bracket] = []
        self.pairs: list[tuple[int, int]] = []

    def run(self) -> Groups:
        while self.at < len(self.query):
            self._step(self.query[self.at])
        return Groups(
            frozenset(first for first, _ in self.pairs),
            frozenset(last for _, last in self.pairs),
            tuple(bracket.at for bracket in self.open if bracket.begins),
        )

    def _step(self, char: str) -> None:
        if char.isspace() or char in BARS:
            self._advance(1, begins=True, rich=True)
        elif char in STRAIGHT_QUOTES or (char == "“" and self.begins):
            self._advance(self._quoted() - self.at, begins=True, rich=True)
        elif char in OPENING:
            self.open.append(_Bracket(self.at, self.begins, self.signed))
            self._advance(1, begins=self.begins)
        elif char in CLOSING:
            self._close()
        elif self.begins and char in MINUS:
            self._advance(1, begins=True, signed=True)
        elif self.begins and (field := FIELD.match(self.query, self.at)):
            self._advance(field.end() - self.at, begins=True, signed=True, rich=True)
        elif self.begins and (operator := self._operator()):
            self._advance(len(operator), begins=True, signed=True, rich=True)
        else:
            self._advance(2 if char == ESCAPE else 1, begins=False)

    def _advance(self, by: int, begins: bool, signed: bool = False, rich: bool = False) -> None:
        self.at += by
        self.begins, self.signed = begins, signed
        if rich and self.open:
            self.open[-1].rich = True

    def _operator(self) -> str | None:
        """An operator directly before a bracket: ``NOT(…)``."""
        for name in OPERATORS:
            after = self.at + len(name)
            if self.query.startswith(name, self.at) and self.query[after : after + 1] in (*OPENING,):
                return name
        return None

    def _quoted(self) -> int:
        """Where the phrase that begins here ends."""
        nested = self.query[self.at] == "“"
        depth, at = 1, self.at + 1
        while at < len(self.query):
            char = self.query[at]
            if char == ESCAPE:
                at += 1
            elif nested and char in "“”":
                depth += 1 if char == "“" else -1
                if not depth:
                    return at + 1
            elif not nested and char in STRAIGHT_QUOTES:
                return at + 1
            at += 1
        return len(self.query)

    def _close(self) -> None:
        after = self.at + 1
        ends = ends_a_clause(self.query, after) or WEIGHT.match(self.query, after) is not None
        ends = ends or self.query[after] in STRAIGHT_QUOTES
        grouped = False
        if self.open:
            bracket = self.open.pop()
            grouped = bracket.begins and ends and (bracket.rich or bracket.signed)
            if grouped:
                self.pairs.append((bracket.at, self.at))
        self._advance(1, begins=grouped, rich=grouped)
