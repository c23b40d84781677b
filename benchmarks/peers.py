"""What every peer gets and gives. A peer is a module of its own with one class that has the face of :class:`Peer`.

Knows values only; importing it loads no engine, so that a fresh process pays for its own peer alone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

SEARCHAPP = "searchapp"
PLAIN = "plain Whoosh"


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
    """``texts`` are words (all must match) or one phrase; ``facets`` asks every peer for facet counts."""

    texts: tuple[str, ...]
    kind: Literal["words", "phrase"]
    facets: bool = False
    unit: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """Ids of the top ten, the exact number of blocks that match, and how many of them the facets counted."""

    ids: tuple[str, ...]
    total: int
    in_years: int | None = None


class Peer(Protocol):
    """An open index."""

    name: str

    def answer(self, asked: Query) -> PeerAnswer:
        """The answer as a page needs it."""

    def matches(self, asked: Query) -> set[str]:
        """Ids of all blocks that match."""

    def close(self) -> None:
        """Lets go of files."""


def folder_bytes(folder: Path) -> int:
    """Size of all files below ``folder``."""
    return sum((Path(here) / name).stat().st_size for here, _, names in os.walk(folder) for name in names)
