"""Blocks that were found: as a mask, as ordinals, and how many of them each report holds. Each is made once.

``b`` is the number of blocks. Knows numbers only.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

SELDOM = 8
"""Of how many blocks one is a hit, at most, for it to be quicker to go through the hits than through all (measured)."""


class Hits:
    """``mask``: over all blocks (``b``). ``report_of``: the report of each (``b``); ``report_starts``: where each
    report's blocks begin, and ``b``.
    """

    def __init__(
        self, mask: npt.NDArray[np.bool_], report_of: npt.NDArray[np.integer], report_starts: npt.NDArray[np.int64]
    ) -> None:
        self.mask = mask
        self._report_of = report_of
        self._starts = report_starts

    @cached_property
    def total(self) -> int:
        """How many they are."""
        return int(np.count_nonzero(self.mask))

    @property
    def are_few(self) -> bool:
        """Whether it is quicker to go through their ordinals than through all blocks."""
        return self.total * SELDOM < len(self.mask)

    @cached_property
    def ordinals(self) -> npt.NDArray[np.int64]:
        """Which they are, ascending."""
        return np.flatnonzero(self.mask)

    @cached_property
    def by_report(self) -> npt.NDArray[np.int64]:
        """How many of them each report holds."""
        reports = len(self._starts) - 1
        if self.are_few:
            return np.bincount(self._report_of[self.ordinals], minlength=reports)
        counts = np.zeros(reports, dtype=np.int64)
        filled = np.diff(self._starts) > 0
        if filled.any():
            counts[filled] = np.add.reduceat(self.mask, self._starts[:-1][filled], dtype=np.int64)
        return counts
