"""What every peer gets and gives. A peer is a module of its own with one class that has the face of :class:`Peer`.

Knows values only, with the standard library alone: it is also imported by a Python that has none of searchapp's
dependencies, and importing it loads no engine, so that a fresh process pays for its own peer alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

TEN = 10
FACETS = ("unit", "year", "section")
GAP_MOST = 12
"""Characters that the gap of a query may hold: what ``*`` means in searchapp."""
SNIPPET_CHARACTERS = 120

Kind = Literal["words", "phrase", "gap"]


@dataclass(frozen=True, slots=True)
class Passage:
    """One block as every peer gets it; ``text`` is normalized, an empty string stands for an unknown value."""

    id: str
    text: str
    unit: str
    year: str
    section: str


@dataclass(frozen=True, slots=True)
class Query:
    """``texts`` are words (all must match), one phrase, or the two sides of a gap of 0 to ``GAP_MOST`` characters.

    ``cut`` holds plain jieba's words of each text, for peers that do not cut by themselves. ``true`` is how many blocks
    match by brute force, where that can be told: of phrases and gaps.
    """

    texts: tuple[str, ...]
    kind: Kind
    unit: str = ""
    year: str = ""
    cut: tuple[tuple[str, ...], ...] = ()
    true: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Query:
        """From what :meth:`plain` gave."""
        cut = tuple(tuple(words) for words in given["cut"])
        return cls(**({**given, "texts": tuple(given["texts"]), "cut": cut}))

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    @property
    def filtered(self) -> bool:
        """Whether a unit or a year is chosen."""
        return bool(self.unit or self.year)


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """Ids and snippets of the top ten, the exact number of blocks that match, how many of them the years count."""

    ids: tuple[str, ...]
    total: int
    in_years: int
    snippets: tuple[str, ...] = ()


class Peer(Protocol):
    """An open index."""

    def answer(self, asked: Query) -> PeerAnswer:
        """Ten hits with snippets, the exact total, counts of all values of three facets."""

    def count(self, asked: Query) -> int:
        """The exact number of blocks that match, and nothing else (searchapp: occurrences and reports as well)."""

    def close(self) -> None:
        """Lets go of files."""


def snippet(text: str, sought: Iterable[str]) -> str:
    """A stretch of the text around the first of what is sought that stands in it, which is marked."""
    for each in sought:
        at = text.find(each)
        if at >= 0:
            start = max(0, at - (SNIPPET_CHARACTERS - len(each)) // 2)
            marked = f"{text[start:at]}<b>{each}</b>"
            return marked + text[at + len(each) : start + SNIPPET_CHARACTERS]
    return text[:SNIPPET_CHARACTERS]


def words_of(asked: Query) -> list[str]:
    """All words of the query that a text may be marked by, the texts themselves first."""
    return [*asked.texts, *(word for words in asked.cut for word in words)]


def folder_bytes(folder: Path) -> int:
    """Size of all files below ``folder``."""
    return sum(path.stat().st_size for path in files_below(folder))


def files_below(folder: Path) -> Sequence[Path]:
    """All files below ``folder``."""
    return [Path(here) / name for here, _, names in os.walk(folder) for name in names]
