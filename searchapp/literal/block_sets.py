"""Sets of blocks, as a mask over all blocks or as ascending ordinals, each made when needed; masks as bits.

Few blocks are quicker to go through one by one, many all at once: operations take the way that is quicker for what
they are given; the result is the same. ``b`` is the number of all blocks. Knows numbers only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.integer]
Mask = npt.NDArray[np.bool_]
Ordinals = npt.NDArray[np.integer]

SELDOM = 8
"""Where at most one of so many blocks is among them, it is quicker to go through them than through all (measured)."""
STRIDE_BITS = 6
LOOKED_UP = 16
"""So many times shorter ordinals are looked up in others rather than made a mask of (measured)."""


class Blocks:
    """Never changes, and may be shared by threads; its arrays are not to be written to. ``size`` is ``b``."""

    def __init__(self, size: int, mask: Mask | None = None, ordinals: Ordinals | None = None) -> None:
        """Of ``mask`` (``b``) and ``ordinals`` (ascending, distinct) one at least; without either, all blocks."""
        self.size = size
        self._mask = mask
        self._ordinals = ordinals
        self.are_all = mask is None and ordinals is None
        self._total: int | None = size if self.are_all else None

    @property
    def mask(self) -> Mask:
        """Which of all blocks (``b``) they are."""
        if self._mask is None:
            # Whole before another thread sees it.
            mask = np.full(self.size, self.are_all)
            if self._ordinals is not None:
                mask[self._ordinals] = True
            self._mask = mask
        return self._mask

    @property
    def ordinals(self) -> Ordinals:
        """Which they are, ascending."""
        if self._ordinals is None:
            self._ordinals = np.flatnonzero(self.mask)
        return self._ordinals

    def __len__(self) -> int:
        if self._total is None:
            self._total = int(np.count_nonzero(self.mask)) if self._ordinals is None else len(self._ordinals)
        return self._total

    @property
    def are_few(self) -> bool:
        """Whether it is quicker to go through their ordinals than through all blocks."""
        return len(self) * SELDOM < self.size

    @property
    def _are_listed(self) -> bool:
        return self._ordinals is not None and self.are_few

    def __and__(self, other: Blocks) -> Blocks:
        if self.are_all or other.are_all:
            return other if self.are_all else self
        few, others = (self, other) if self._are_listed else (other, self)
        if not few._are_listed:
            return Blocks(self.size, self.mask & other.mask)
        if others._are_listed and len(others) < len(few):
            few, others = others, few
        return Blocks(self.size, ordinals=few.ordinals[others._hold(few.ordinals)])

    def __sub__(self, other: Blocks) -> Blocks:
        if self._are_listed:
            return Blocks(self.size, ordinals=self.ordinals[~other._hold(self.ordinals)])
        return Blocks(self.size, self.mask & ~other.mask)

    def __or__(self, other: Blocks) -> Blocks:
        if self.are_all or other.are_all:
            return self if self.are_all else other
        if self._are_listed and other._are_listed:
            new = (other - self).ordinals
            if not len(new):
                return self
            # The sort goes over two ascending runs: that is one merge.
            return Blocks(self.size, ordinals=np.sort(np.concatenate((self.ordinals, new)), kind="stable"))
        return Blocks(self.size, self.mask | other.mask)

    def __invert__(self) -> Blocks:
        return Blocks(self.size, ~self.mask)

    def _hold(self, ordinals: Ordinals) -> Mask:
        """Which of ``ordinals`` (ascending) are among these blocks."""
        if self._mask is None and self._ordinals is not None and len(ordinals) * LOOKED_UP < len(self._ordinals):
            return np.equal(self._ordinals[places_in(self._ordinals, ordinals)], ordinals)
        held: Mask = self.mask[ordinals]
        return held


def places_in(listed: Ordinals, wanted: Ordinals) -> Ordinals:
    """Where each of ``wanted`` stands in ``listed`` (ascending, one at least), or would: look whether it does."""
    # Needles of another width would make NumPy copy the whole list.
    return np.minimum(np.searchsorted(listed, wanted.astype(listed.dtype)), len(listed) - 1)


Words = npt.NDArray[np.uint64]


def packed(mask: npt.NDArray[np.bool_]) -> Words:
    """``mask`` (its last axis) as words, the lowest bit first; what is left of the last word is not set."""
    octets = np.packbits(mask, axis=-1, bitorder="little")
    missing = -octets.shape[-1] % 8
    if missing:
        octets = np.concatenate((octets, np.zeros((*octets.shape[:-1], missing), dtype=np.uint8)), axis=-1)
    return octets.view("<u8")


def ones(words: Words) -> npt.NDArray[np.unsignedinteger]:
    """How many bits of each word are set."""
    if hasattr(np, "bitwise_count"):
        return np.bitwise_count(words)
    return _ones_by_sums(words)


def _ones_by_sums(words: Words) -> npt.NDArray[np.unsignedinteger]:
    """The same by sums of neighbours, for NumPy before version 2."""
    pairs, fours, octets, each = map(
        np.uint64, (0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F, 0x0101010101010101)
    )
    words = words - ((words >> np.uint64(1)) & pairs)
    words = (words & fours) + ((words >> np.uint64(2)) & fours)
    words = (words + (words >> np.uint64(4))) & octets
    counts: Words = (words * each) >> np.uint64(56)
    return counts


class Whereabouts:
    """``starts``: where each block begins, and the end of the text (``b + 1``, ascending; no block is empty)."""

    def __init__(self, starts: IntArray) -> None:
        marks = -(-starts // (1 << STRIDE_BITS))
        self._of_mark = np.repeat(np.arange(len(starts) - 1, dtype=np.uint32), np.diff(marks))
        # Of the width of the positions that are compared: half the bytes in all but the greatest libraries.
        self._ends = starts[1:].astype(np.uint32) if starts[-1] <= np.iinfo(np.uint32).max else starts[1:]

    def blocks(self, positions: IntArray) -> npt.NDArray[np.intp]:
        """The ordinal of the block of each position."""
        # ``take`` by indexes of NumPy's own width is several times as quick as by others.
        blocks = self._of_mark.take(positions >> STRIDE_BITS).astype(np.intp)
        going = np.flatnonzero(positions >= self._ends.take(blocks))
        while len(going):
            blocks[going] += 1
            going = going[positions[going] >= self._ends.take(blocks[going])]
        return blocks
