"""Where clauses occur in the whole library: phrases, gaps and nearness, exact or blind to punctuation, on arrays.

Semantics: docs/semantics.md, section 3; ``searchapp.search.occurring`` says the same of one text in plain loops.
``b`` is the number of blocks. Places are positions in the joined text, or counts of kept characters for the blind
reading.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from searchapp.literal.arrays import LiteralIndex
from searchapp.query.ast import Clause, Gap, Link, Near, Phrase, Word, meaning
from searchapp.search.occurring import blinded
from searchapp.store.cache import Sparse, SparseCache

IntArray = npt.NDArray[np.integer]
Places = Callable[[IntArray], IntArray]

CACHED_ENTRIES = 2_000_000
"""Blocks of remembered clauses, in all (12 bytes each)."""


class ClauseIndex:
    """Occurrences of clauses by block; safe to share between threads."""

    def __init__(self, literal: LiteralIndex) -> None:
        self._literal = literal
        self._cache = SparseCache(CACHED_ENTRIES)
        self._exact, self._blind = Reading(literal, is_blind=False), Reading(literal, is_blind=True)

    def occurrences(self, clause: Clause, ignore_punctuation: bool = False) -> Sparse:
        """Ordinals of the blocks in which ``clause`` occurs, ascending, and how often in each (both of one length)."""
        sought = blinded(clause) if ignore_punctuation else None
        reading = self._exact if sought is None else self._blind
        found = clause if sought is None else sought
        return self._cache.get(
            (meaning(found), reading.is_blind), lambda: self._literal.by_block(reading.starts(found))
        )

    def counts(self, clause: Clause, ignore_punctuation: bool = False) -> npt.NDArray[np.int64]:
        """Occurrences of ``clause`` in every block (``b``)."""
        ordinals, of_each = self.occurrences(clause, ignore_punctuation)
        counts = np.zeros(self._literal.blocks, dtype=np.int64)
        counts[ordinals] = of_each
        return counts


class Reading:
    """One way to read the text: exact, or blind to punctuation."""

    def __init__(self, literal: LiteralIndex, is_blind: bool) -> None:
        self._literal = literal
        self.is_blind = is_blind
        self._place: Places = literal.blind.rank if is_blind else (lambda positions: positions)

    def starts(self, clause: Clause) -> IntArray:
        """The distinct starts of ``clause``, positions in the joined text, ascending."""
        match clause:
            case Phrase(literal=text) | Word(literal=text):
                return self._positions(text)
            case Gap():
                return self._gap(clause)
            case Near():
                return self._near(clause)

    def _positions(self, text: str) -> IntArray:
        return self._literal.blind_positions(text) if self.is_blind else self._literal.positions(text)

    def _gap(self, gap: Gap) -> IntArray:
        starts = self._positions(gap.parts[-1])
        for part, (least, most) in zip(reversed(gap.parts[:-1]), reversed(gap.bounds), strict=True):
            following = self._place(starts)
            starts = self._positions(part)
            ends = self._place(starts) + len(part)
            # The next part may begin at the sentence end itself, but no later.
            last = np.minimum(ends + most, self._next(self._barriers, ends))
            starts = starts[_between(following, ends + least, last) > 0]
        return starts

    def _near(self, near: Near) -> IntArray:
        starts = self._positions(near.operands[-1].literal)
        size = len(near.operands[-1].literal)
        for operand, link in zip(reversed(near.operands[:-1]), reversed(near.links), strict=True):
            following, other = self._place(starts), size
            starts, size = self._positions(operand.literal), len(operand.literal)
            starts = starts[self._stands_near(starts, size, following, other, link)]
        return starts

    def _stands_near(
        self, starts: IntArray, size: int, following: IntArray, other: int, link: Link
    ) -> npt.NDArray[np.bool_]:
        """Which of ``starts`` have one of ``following`` (places) in their block as ``link`` says."""
        places = self._place(starts)
        blocks = self._literal.block_of(starts)
        limits = self._place(self._literal.starts)
        least = places + 1 if link.ordered else places - link.distance - other
        least = np.maximum(least, limits[blocks])
        most = np.minimum(places + size + link.distance, limits[blocks + 1] - 1)
        found = _between(following, least, most)
        if size == other and not link.ordered:
            found -= _between(following, places, places)
        return found > 0

    @cached_property
    def _barriers(self) -> IntArray:
        """Places that a gap cannot run over, ascending: sentence ends and the ends of blocks."""
        if self.is_blind:
            return self._place(self._literal.starts[1:] - 1)
        return self._literal.barriers

    def _next(self, places: IntArray, after: IntArray) -> IntArray:
        """For each of ``after``, the first of ``places`` that is not before it; there always is one."""
        return places[np.searchsorted(places, after)]


def _between(places: IntArray, least: IntArray, most: IntArray) -> npt.NDArray[np.int64]:
    """How many of ``places`` (ascending) lie between each ``least`` and ``most``, both inclusive."""
    return np.searchsorted(places, most, side="right") - np.searchsorted(places, least, side="left")
