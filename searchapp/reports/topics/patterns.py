"""Many patterns looked for at once, quickly: only those are tried of which a text holds a piece that each match holds.

Nearly no paragraph has a cue, and to look for a plain piece of text is many times as quick as to try every alternative
of a pattern at every character. Knows how patterns are written, not what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Name = TypeVar("Name")

_SPECIAL = frozenset("\\.^$|?*+{}()[]")
_QUANTIFIERS = frozenset("?*+{")


@dataclass(frozen=True, slots=True)
class _Alternative(Generic[Name]):
    """One alternative of a pattern; ``literal`` stands in each of its matches, and may be empty."""

    name: Name
    literal: str
    pattern: re.Pattern[str]


class Patterns(Generic[Name]):
    """Patterns (without flags and groups that capture) by name, each tried before those that follow it."""

    def __init__(self, patterns: Sequence[tuple[Name, str]]) -> None:
        self._alternatives = [
            _Alternative(name, _literal(alternative), re.compile(alternative))
            for name, pattern in patterns
            for alternative in _parted(pattern)
        ]

    def finditer(self, text: str) -> Iterator[tuple[Name, re.Match[str]]]:
        """What ``re.finditer`` finds for all of them with ``|`` between, each match with the name of its pattern."""
        trying = [each for each in self._alternatives if each.literal in text]
        found = [(each, match) for each in trying if (match := each.pattern.search(text))]
        while found:
            # Of two that begin at one place the earlier alternative comes first.
            first, match = min(found, key=lambda pair: pair[1].start())
            yield first.name, match
            # A match of nothing is not found again where it was.
            end = max(match.end(), match.start() + 1)
            found = [
                (each, following)
                for each, before in found
                if (following := before if before.start() >= end else each.pattern.search(text, end))
            ]


def _parted(pattern: str) -> list[str]:
    """The alternatives of a pattern at its outermost level."""
    bounds = [at for at, depth in _depths(pattern) if depth == 0 and pattern[at] == "|"]
    return [pattern[start:end] for start, end in zip([0, *(at + 1 for at in bounds)], [*bounds, None], strict=True)]


def _literal(alternative: str) -> str:
    """The longest run of plain characters, outside of all groups, that every match holds; may be empty."""
    runs = [""]
    for at, depth in _depths(alternative):
        char = alternative[at]
        if depth == 0 and char not in _SPECIAL and alternative[at + 1 : at + 2] not in _QUANTIFIERS:
            runs[-1] += char
        else:
            runs.append("")
    return max(runs, key=len)


def _depths(pattern: str) -> list[tuple[int, int]]:
    """The places of a pattern's characters, each with the number of groups and sets around it.

    What follows a backslash, or stands in the braces of a quantifier, counts as inside of one.
    """
    found: list[tuple[int, int]] = []
    depth, escaped = 0, False
    # Where the members of the set around the place begin: a bracket that comes first is one of them.
    members: int | None = None
    for at, char in enumerate(pattern):
        if escaped or char == "\\":
            found.append((at, depth + 1))
            escaped = not escaped
        elif members is not None:
            found.append((at, depth))
            if char == "^" and at == members:
                members += 1
            elif char == "]" and at > members:
                members, depth = None, depth - 1
        elif char in "([{":
            depth += 1
            members = at + 1 if char == "[" else None
            found.append((at, depth))
        else:
            found.append((at, depth))
            depth -= char in ")}"
    return found
