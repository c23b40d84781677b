"""Blocks that were found, and what is counted of them more than once: by value of a column, by report."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from searchapp.literal.block_sets import Blocks

Counted = tuple[npt.NDArray[np.int64], int]
"""How many blocks have each value of a column, and how many have none."""


class Hits:
    """``report_of``: the report of every block (``b``); ``report_starts``: where each one's blocks begin, and ``b``."""

    def __init__(
        self, blocks: Blocks, report_of: npt.NDArray[np.integer], report_starts: npt.NDArray[np.int64]
    ) -> None:
        self.blocks = blocks
        self._report_of = report_of
        self._starts = report_starts
        self._counted: dict[str, Counted] = {}

    def counted(self, name: str, count: Callable[[], Counted]) -> Counted:
        """What was counted under ``name``, else what ``count`` gives."""
        if name not in self._counted:
            self._counted[name] = count()
        return self._counted[name]

    @cached_property
    def by_report(self) -> npt.NDArray[np.int64]:
        """How many of them each report holds."""
        reports = len(self._starts) - 1
        if self.blocks.are_few:
            return np.bincount(self._report_of[self.blocks.ordinals], minlength=reports)
        counts = np.zeros(reports, dtype=np.int64)
        filled = np.diff(self._starts) > 0
        if filled.any():
            counts[filled] = np.add.reduceat(self.blocks.mask, self._starts[:-1][filled], dtype=np.int64)
        return counts
