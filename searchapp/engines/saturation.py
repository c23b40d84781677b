"""What BM25 makes of how often blocks hold something, roughly (single precision) and for many blocks at once.

Knows numbers only. ``b`` is the number of blocks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.literal.holding import Holding

Rough = npt.NDArray[np.float32]

K1 = 1.2
PIECE = 1 << 15
"""Blocks worked on at a time: they stay in the processor's cache."""


def add_to_all(sums: Rough, holding: Holding, factor: float, norms: Rough) -> None:
    """Adds ``factor`` times the saturated frequency of every block to ``sums`` (``b``)."""
    row = holding.row()
    for begin in range(0, len(row), PIECE):
        piece = slice(begin, begin + PIECE)
        sums[piece] += _saturated(row[piece], factor, norms[piece])


def add_to_some(sums: Rough, holding: Holding, wanted: npt.NDArray[np.integer], factor: float, norms: Rough) -> None:
    """The same for the blocks ``wanted`` (ascending) alone, of which ``sums`` are."""
    sums += _saturated(holding.among(wanted), factor, norms[wanted])


def _saturated(times: npt.NDArray[Any], factor: float, norms: Rough) -> Rough:
    """``norms``: what stands below the fraction beside the frequency."""
    shares: Rough = times.astype(np.float32)
    below = shares + norms
    shares *= np.float32(factor * (K1 + 1))
    shares /= below
    return shares
