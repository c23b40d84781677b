"""Sets of blocks, as a mask over all blocks or as ascending ordinals: whichever is at hand, the other when needed.

Few blocks are quicker to go through one by one, many all at once: operations take the way that is quicker for what
they are given, and what they give is the same. ``b`` is the number of all blocks. Knows numbers only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Ordinals = npt.NDArray[np.integer]

SELDOM = 8
"""Where at most one of so many blocks is among them, it is quicker to go through them than through all (measured)."""
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
