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
        self._ends = starts[1:]

    def blocks(self, positions: IntArray) -> npt.NDArray[np.uint32]:
        """The ordinal of the block of each position."""
        blocks: npt.NDArray[np.uint32] = self._of_mark[positions >> STRIDE_BITS]
        going = np.flatnonzero(positions >= self._ends[blocks])
        while len(going):
            blocks[going] += 1
            going = going[positions[going] >= self._ends[blocks[going]]]
        return blocks
