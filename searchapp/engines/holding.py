"""How often blocks hold something, and what BM25 makes of it: as a sparse list, or as a row over all blocks.

A row takes a byte a block and is quicker to go through than a list that names more than a few of them. ``b`` is the
number of blocks. Knows numbers only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
ROW_FROM = 4
"""A list of more than one of so many blocks is quicker made a row than gone through (measured)."""
PIECE = 1 << 15
"""Blocks of a row worked on at a time: they stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Listed:
    """``ordinals`` of the blocks that hold it, ascending, and how often each does."""

    ordinals: Ordinals
    frequencies: npt.NDArray[np.integer] | Floats

    @property
    def blocks(self) -> int:
        """How many hold it."""
        return len(self.ordinals)

    def among(self, wanted: Ordinals, mask: Mask) -> tuple[Ordinals, Floats]:
        """The same of blocks ``wanted`` alone (ascending; as a ``mask`` of ``b`` too)."""
        if len(wanted) * LOOKED_UP < len(self.ordinals):
            return self._looked_up(wanted)
        kept = mask[self.ordinals]
        return self.ordinals[kept], self.frequencies[kept].astype(np.float64)

    def add_to(self, sums: Rough, wanted: Ordinals, factor: float, norms: Rough) -> None:
        """Adds ``factor`` times the saturated frequency to the ``sums`` (``b``) of those ``wanted`` (ascending) that
        hold it, and maybe of others.
        """
        if len(wanted) * LOOKED_UP < len(self.ordinals):
            _add_listed(sums, *self._looked_up(wanted), factor, norms)
        elif len(self.ordinals) * ROW_FROM > len(sums):
            row: npt.NDArray[Any] = np.zeros(len(sums), dtype=self.frequencies.dtype)
            row[self.ordinals] = self.frequencies
            _add_row(sums, row, factor, norms)
        else:
            _add_listed(sums, self.ordinals, self.frequencies, factor, norms)

    def _looked_up(self, wanted: Ordinals) -> tuple[Ordinals, Floats]:
        places = np.searchsorted(self.ordinals, wanted.astype(self.ordinals.dtype))
        places = np.minimum(places, len(self.ordinals) - 1)
        held = self.ordinals[places] == wanted
        return wanted[held], self.frequencies[places[held]].astype(np.float64)


@dataclass(frozen=True, slots=True)
class InRow:
    """``row``: how often every block (``b``) holds it."""

    row: npt.NDArray[np.integer]

    @property
    def blocks(self) -> int:
        """How many hold it."""
        return int(np.count_nonzero(self.row))

    def among(self, wanted: Ordinals, mask: Mask | None = None) -> tuple[Ordinals, Floats]:
        """As :meth:`Listed.among`; needs no mask."""
        frequencies = self.row[wanted]
        held = frequencies > 0
        return wanted[held], frequencies[held].astype(np.float64)

    def add_to(self, sums: Rough, wanted: Ordinals, factor: float, norms: Rough) -> None:
        """As :meth:`Listed.add_to`."""
        if len(wanted) * LOOKED_UP < len(self.row):
            _add_listed(sums, *self.among(wanted), factor, norms)
        else:
            _add_row(sums, self.row, factor, norms)


def _add_listed(sums: Rough, ordinals: Ordinals, frequencies: npt.NDArray[Any], factor: float, norms: Rough) -> None:
    shares = frequencies.astype(np.float32)
    below = norms[ordinals]
    below += shares
    shares *= np.float32(factor * (K1 + 1))
    shares /= below
    sums[ordinals] += shares


def _add_row(sums: Rough, row: npt.NDArray[Any], factor: float, norms: Rough) -> None:
    for begin in range(0, len(row), PIECE):
        piece = slice(begin, begin + PIECE)
        shares = row[piece].astype(np.float32)
        below = shares + norms[piece]
        shares *= np.float32(factor * (K1 + 1))
        shares /= below
        sums[piece] += shares


Holding = Listed | InRow
