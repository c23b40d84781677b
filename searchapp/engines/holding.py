"""How often blocks hold something, and what BM25 makes of it: as a sparse list, or as a row over all blocks.

A row takes a byte a block and is quicker to go through than a list that names more than a few of them. ``b`` is the
number of blocks. Knows numbers only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Rough = npt.NDArray[np.float32]
Ordinals = npt.NDArray[np.integer]
Row = npt.NDArray[np.uint8]

K1 = 1.2
LOOKED_UP = 16
"""A list so many times longer than the blocks wanted of it is searched for each of them, not gone through."""
PIECE = 1 << 15
"""Blocks of a row worked on at a time: they stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Listed:
    """``ordinals`` of the blocks that hold it, ascending, and how often each does."""

    ordinals: Ordinals
    frequencies: npt.NDArray[np.generic]

    @property
    def blocks(self) -> int:
        """How many hold it."""
        return len(self.ordinals)

    def among(self, wanted: Ordinals, mask: Mask) -> tuple[Ordinals, Floats]:
        """The same of blocks ``wanted`` alone (ascending; as a ``mask`` of ``b`` too)."""
        if len(wanted) * LOOKED_UP < len(self.ordinals):
            places = np.searchsorted(self.ordinals, wanted.astype(self.ordinals.dtype))
            places = np.minimum(places, len(self.ordinals) - 1)
            held = self.ordinals[places] == wanted
            return wanted[held], self.frequencies[places[held]].astype(np.float64)
        kept = mask[self.ordinals]
        return self.ordinals[kept], self.frequencies[kept].astype(np.float64)

    def add_to(self, sums: Rough, factor: float, norms: Rough) -> None:
        """Adds ``factor`` times the saturated frequency to the ``sums`` (``b``) of the blocks that hold it."""
        frequencies = self.frequencies.astype(np.float32)
        below = norms[self.ordinals]
        below += frequencies
        frequencies *= np.float32(factor * (K1 + 1))
        frequencies /= below
        sums[self.ordinals] += frequencies


@dataclass(frozen=True, slots=True)
class InRow:
    """``row``: how often every block (``b``) holds it."""

    row: Row

    @property
    def blocks(self) -> int:
        """How many hold it."""
        return int(np.count_nonzero(self.row))

    def among(self, wanted: Ordinals, mask: Mask) -> tuple[Ordinals, Floats]:
        """As :meth:`Listed.among`."""
        frequencies = self.row[wanted]
        held = frequencies > 0
        return wanted[held], frequencies[held].astype(np.float64)

    def add_to(self, sums: Rough, factor: float, norms: Rough) -> None:
        """As :meth:`Listed.add_to`."""
        for begin in range(0, len(self.row), PIECE):
            piece = slice(begin, begin + PIECE)
            frequencies = self.row[piece].astype(np.float32)
            below = frequencies + norms[piece]
            frequencies *= np.float32(factor * (K1 + 1))
            frequencies /= below
            sums[piece] += frequencies


Holding = Listed | InRow
