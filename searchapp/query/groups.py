"""Which brackets of a query are groups, and which are text.

Reports are full of brackets (``（一）加强…``), and people paste from them. A pair is a group only when it opens where a
clause can begin, closes where one can end, and holds more than one plain word (or stands behind ``-`` or a field's
name); everything else is text. One pass from left to right, linear in the length.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    """The brackets of ``query`` that group."""
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
