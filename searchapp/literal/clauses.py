"""Where clauses occur in the whole library: phrases, gaps and nearness, exact or blind to punctuation, on arrays.

Semantics: docs/inside/semantics.md, section 3; ``search.occurrences`` says the same of one text in plain loops.
``b`` is the number of blocks. Places are positions in the joined text, or counts of kept characters for the blind
reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import pairwise
from operator import and_

import numpy as np
import numpy.typing as npt

from searchapp.literal.bigrams import changes
from searchapp.literal.block_counts import ROW_SHARE, Holding
from searchapp.literal.block_sets import Blocks
from searchapp.literal.text_index import LiteralIndex, ranges
from searchapp.query.ast import Clause, Gap, Link, Near, Phrase, Word, literals, meaning
from searchapp.search.compiled_query import CompiledClause
from searchapp.store.cache import BoundedCache, Sparse
from searchapp.time_limit import checkpoint, watched

IntArray = npt.NDArray[np.integer]
Places = Callable[[IntArray], IntArray]
_Placed = tuple[IntArray, IntArray]
"""Positions in the joined text, ascending, and their places."""
_InBlocks = tuple[IntArray, IntArray]
"""Positions in the joined text, ascending, and their blocks."""

FEWER = 3
"""How many times fewer the following occurrences must be for the search to begin from them (measured)."""
_NOWHERE = np.iinfo(np.int64).max
CACHED_CLAUSES = 100
"""So many clauses that stand in many blocks are remembered, or as much of others: a byte a block for each."""
LEAST_CACHED_BYTES = 4_000_000


class ClauseIndex:
    """Occurrences of clauses by block; safe to share between threads."""

    def __init__(self, literal: LiteralIndex) -> None:
        self._literal = literal
        size = max(LEAST_CACHED_BYTES, CACHED_CLAUSES * literal.blocks)
        self._cache: BoundedCache[Holding] = BoundedCache(size, lambda holding: holding.cost)
        self._exact, self._blind = Reading(literal, is_blind=False), Reading(literal, is_blind=True)

    def occurrences(self, clause: Clause, is_blind: bool = False) -> Holding:
        """How often blocks hold ``clause``; ``is_blind``: one without punctuation, in the text without punctuation."""
        checkpoint()
        if isinstance(clause, Phrase | Word):
            # There is nothing inside one character that could be passed over.
            is_blind = is_blind and len(clause.literal) > 1
            known = self._literal.known(clause.literal) if len(clause.literal) == 2 and not is_blind else None
            if known is not None:
                return known
        reading = self._blind if is_blind else self._exact
        return self._cache.get((meaning(clause), is_blind), lambda: self._counted(clause, reading))

    def blocks(self, clause: CompiledClause) -> Blocks:
        """The blocks that hold a clause."""
        return self._blind_blocks(clause.sought) if clause.is_blind else self.occurrences(clause.sought).blocks

    def _blind_blocks(self, clause: Clause) -> Blocks:
        """The blocks that hold ``clause`` in the text without punctuation: quicker than :meth:`occurrences` where many
        hold it exactly already.
        """
        if not _is_wider_blind(clause):
            return self.occurrences(clause, is_blind=True).blocks
        exactly = self.occurrences(clause).blocks
        return exactly | self._cache.get((meaning(clause), "besides"), lambda: self._besides(clause, exactly)).blocks

    def _besides(self, clause: Clause, exactly: Blocks) -> Holding:
        """What holds ``clause`` only when punctuation is passed over, and maybe some of what holds it ``exactly``."""
        if isinstance(clause, Phrase | Word):
            return self._literal.by_block(self._literal.apart_positions(clause.literal))
        return self._literal.by_block(self._blind.starts(clause, self._holding_all(clause, is_blind=True) - exactly))

    def _holding_all(self, clause: Gap | Near, is_blind: bool) -> Blocks:
        """The blocks that hold all texts of ``clause``: no others can hold it."""
        texts = (Phrase(text, text) for text in literals(clause))
        return reduce(and_, (self._blind_blocks(text) if is_blind else self.occurrences(text).blocks for text in texts))

    def total(self, clause: Clause) -> int:
        """How often ``clause`` occurs in the whole library."""
        if isinstance(clause, Phrase | Word) and len(clause.literal) == 2:
            return self._literal.bigram_total(clause.literal)
        return self.occurrences(clause).total

    def bigrams_held(self, bigrams: Sequence[str]) -> npt.NDArray[np.int64]:
        """How many of ``bigrams`` (distinct, without punctuation) every block holds (``b``), read without punctuation.

        What stands in many blocks is remembered as a row; of the rest the positions are read, all at once.
        """
        many = ROW_SHARE * self._literal.blocks
        frequent = [bigram for bigram in bigrams if self._literal.bigram_total(bigram) > many]
        held = self._literal.bigrams_held([bigram for bigram in bigrams if bigram not in set(frequent)])
        for bigram in frequent:
            held += self._blind_blocks(Phrase(bigram, bigram)).mask
        return held

    def distances(self, pairs: Sequence[tuple[str, str]], among: Blocks) -> Iterator[Sparse]:
        """How near the two texts of each pair come to each other, in characters between them (overlap is 0), in blocks
        ``among`` all.

        Ordinals of those that hold both, ascending, and the least distance in each.
        """
        known: dict[str, _InBlocks] = {}
        for pair in watched(pairs):
            for text in pair:
                if text not in known:
                    known[text] = self._literal.positions_in(text, among)
            yield _distances(known[pair[0]], len(pair[0]), known[pair[1]], len(pair[1]))

    def _counted(self, clause: Clause, reading: Reading) -> Holding:
        if isinstance(clause, Phrase | Word):
            if reading.is_blind:
                # Nearly all of it stands there without punctuation, and is often known already.
                apart = self._literal.by_block(self._literal.apart_positions(clause.literal))
                return self.occurrences(clause).plus(apart.sparse())
            if (known := self._literal.known(clause.literal)) is not None:
                return known
            return self._literal.by_block(reading.positions(clause.literal))
        return self._literal.by_block(reading.starts(clause, self._holding_all(clause, reading.is_blind)))


def _distances(some: _InBlocks, size: int, others: _InBlocks, their_size: int) -> Sparse:
    """Blocks that hold both of two texts, ascending, and the least distance in each. Sizes: characters of the texts."""
    if len(some[0]) > len(others[0]):
        some, size, others, their_size = others, their_size, some, size
    (starts, blocks), (their_starts, their_blocks) = some, others
    nearest = np.full(len(starts), _NOWHERE)
    following = np.searchsorted(their_starts, starts)
    for beside in (following, following - 1) if len(their_starts) else ():
        at = np.clip(beside, 0, len(their_starts) - 1)
        between = np.maximum(their_starts[at] - starts - size, starts - their_starts[at] - their_size)
        together = their_blocks[at] == blocks
        nearest = np.where(together, np.minimum(nearest, np.maximum(between, 0)), nearest)
    found = nearest < _NOWHERE
    blocks, nearest = blocks[found], nearest[found]
    begins = changes(blocks)
    return blocks[begins], np.minimum.reduceat(nearest, begins) if len(begins) else nearest


def _is_wider_blind(clause: Clause) -> bool:
    """Whether what holds ``clause`` holds it without punctuation too: distances only shrink."""
    return not isinstance(clause, Gap) or not any(least for least, _ in clause.bounds)


class LiteralTexts:
    """Plain stretches of text and where they stand, for whoever knows no clauses."""

    def __init__(self, literal: LiteralIndex, clauses: ClauseIndex) -> None:
        self._literal = literal
        self._clauses = clauses

    @property
    def lengths(self) -> npt.NDArray[np.float64]:
        """Normalized characters of every block (``b``)."""
        return self._literal.lengths

    def occurrences(self, literal: str) -> Sparse:
        """Ordinals of the blocks that hold ``literal``, ascending, and how often each does."""
        return self._clauses.occurrences(Phrase(literal, literal)).sparse()

    def total(self, literal: str) -> int:
        """How often the library holds ``literal``."""
        return self._clauses.total(Phrase(literal, literal))

    def text(self, ordinal: int) -> str:
        """The normalized text of one block."""
        return self._literal.text(ordinal)


class Reading:
    """One way to read the text: exact, or blind to punctuation."""

    def __init__(self, literal: LiteralIndex, is_blind: bool) -> None:
        self._literal = literal
        self.is_blind = is_blind
        self._place: Places = literal.blind.rank if is_blind else (lambda positions: positions)

    def starts(self, clause: Gap | Near, among: Blocks) -> IntArray:
        """The distinct starts of ``clause``, positions in the joined text, ascending. Only blocks ``among`` hold it."""
        return self._gap(clause, among) if isinstance(clause, Gap) else self._near(clause, among)

    def positions(self, text: str) -> IntArray:
        """Every start of a plain text, positions in the joined text, ascending."""
        return self._literal.blind_positions(text) if self.is_blind else self._literal.positions(text)

    def _positions_in(self, text: str, among: Blocks) -> IntArray:
        """At least the starts of a plain text in blocks ``among`` all."""
        if not among.are_few:
            return self.positions(text)
        if not self.is_blind:
            return self._literal.positions_in(text, among)[0]
        positions = self.positions(text)
        return positions[among.mask[self._literal.block_of(positions)]]

    def _gap(self, gap: Gap, among: Blocks) -> IntArray:
        starts = self._positions_in(gap.parts[-1], among)
        for part, (least, most) in zip(reversed(gap.parts[:-1]), reversed(gap.bounds), strict=True):
            checkpoint()
            following = self._place(starts)
            starts = self._around(part, starts, most + len(part), -least - len(part), among)
            ends = self._place(starts) + len(part)
            if len(following) * FEWER < len(ends):
                least_end = self._sentence_begins(following, most)
                starts = starts[_covered(ends, least_end, following - least)]
                continue
            nearest = np.searchsorted(following, ends + least)
            within = _at(following, nearest) <= ends + most
            starts, ends, nexts = starts[within], ends[within], following[nearest[within]]
            # Where a sentence ends before the nearest one, it ends before all others.
            starts = starts[~self._sentence_ends_between(ends, nexts, most)]
        return starts

    def _near(self, near: Near, among: Blocks) -> IntArray:
        starts = self._positions_in(near.operands[-1].literal, among)
        places = self._place(starts)
        pairs = list(pairwise(operand.literal for operand in near.operands))
        for (text, other), link in zip(reversed(pairs), reversed(near.links), strict=True):
            checkpoint()
            following = starts, places
            after = -1 if link.ordered else link.distance + len(other)
            starts = self._around(text, starts, link.distance + len(text), after, among)
            places = self._place(starts)
            standing = self._stands_near((starts, places), following, (text, other), link)
            starts, places = starts[standing], places[standing]
        return starts

    def _around(self, text: str, places: IntArray, before: int, after: int, among: Blocks) -> IntArray:
        """At least those occurrences of ``text`` from ``before`` characters before a place to ``after`` after it that
        lie in blocks ``among`` all.

        ``places`` are positions in the joined text: distances blind to punctuation cannot be measured there.
        """
        if self.is_blind:
            return self._positions_in(text, among)
        return self._literal.positions_around(text, places, before, after)

    def _stands_near(self, these: _Placed, following_ones: _Placed, texts: tuple[str, str], link: Link) -> IntArray:
        """Indexes of those of ``these`` that have one of ``following_ones`` in their block as ``link`` says.

        ``texts`` stand at these and at those. Occurrences of one length are nearest where their
        starts are, so only the neighbours of each need be looked at.
        """
        (starts, places), (following, others) = these, following_ones
        size, other = map(len, texts)
        if not len(others):
            return np.zeros(0, dtype=np.int64)
        if len(others) * FEWER < len(places) and texts[0] != texts[1]:
            limits = self._place(self._literal.starts)[self._literal.block_of(following)]
            least = np.maximum(others - link.distance - size, limits)
            most = others - 1 if link.ordered else others + other + link.distance
            # Beyond the end of the block there is its separator: one place more than any text of it.
            ends = self._place(self._literal.starts)[self._literal.block_of(following) + 1] - 1
            return _covered(places, least, np.minimum(most, ends))
        blocks, their_blocks = self._literal.block_of(starts), self._literal.block_of(following)
        next_one = np.searchsorted(others, places, side="right" if link.ordered or size == other else "left")
        found = _at(others, next_one) <= places + size + link.distance
        found &= their_blocks[np.minimum(next_one, len(others) - 1)] == blocks
        if not link.ordered:
            last_one = np.searchsorted(others, places) - 1
            before = (last_one >= 0) & (others[last_one] >= places - link.distance - other)
            found |= before & (their_blocks[last_one] == blocks)
        return np.flatnonzero(found)

    def _sentence_ends_between(self, ends: IntArray, places: IntArray, most: int) -> npt.NDArray[np.bool_]:
        """Whether a gap from each of ``ends`` to its place, ``most`` characters at most, runs over a sentence's end."""
        if self.is_blind:
            return self._sentence_begins(places, most) > ends
        return self._literal.sentence_ends_between(ends, places, most)

    def _sentence_begins(self, places: IntArray, most: int) -> IntArray:
        """How far back a gap before each of ``places`` reaches: ``most`` characters, or where its sentence begins."""
        if self.is_blind:
            limits = self._place(self._literal.starts)
            return np.maximum(places - most, limits[np.searchsorted(limits, places, side="right") - 1])
        return self._literal.sentence_begins(places, most)


def _covered(places: IntArray, least: IntArray, most: IntArray) -> IntArray:
    """Indexes of those of ``places`` (ascending) that lie in one of the windows ``least`` … ``most`` (inclusive).

    Windows ascend by their ends; what two of them cover is given once.
    """
    return ranges(np.searchsorted(places, least), np.searchsorted(places, most, side="right"))


def _at(places: IntArray, indexes: IntArray) -> IntArray:
    """``places`` at each of ``indexes``; beyond their end a place that nothing reaches."""
    found = places[np.minimum(indexes, len(places) - 1)] if len(places) else np.zeros(len(indexes), dtype=np.int64)
    return np.where(indexes < len(places), found, _NOWHERE)
