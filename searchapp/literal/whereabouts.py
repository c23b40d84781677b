"""Which block each position of the joined text lies in, from where blocks begin.

A number for every position would be the greatest file of an index but one, read all over for every text that is
counted. Here the block of every 64th position is known, which is a hundredth of it; from there blocks are counted up.
``b`` is the number of blocks.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.integer]

STRIDE_BITS = 6


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
