"""What BM25 makes of how often blocks hold something, roughly (single precision) and for many blocks at once.

Knows numbers only. ``b`` is the number of blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from searchapp.literal.block_counts import Holding
from searchapp.literal.block_sets import Blocks

Rough = npt.NDArray[np.float32]

K1 = 1.2
PIECE = 1 << 16
"""Blocks worked on at a time: they stay in the processor's cache (measured)."""


class RoughPart(NamedTuple):
    """What holds something counts ``factor`` times the saturated frequency. ``norms``: what stands below the fraction
    beside the frequency, for every block (``b``).
    """

    holding: Holding
    factor: float
    norms: Rough


def rough_scores(parts: Sequence[RoughPart], priors: Rough, hits: Blocks) -> Rough:
    """The sum of ``parts``, times ``priors`` (``b``): of ``hits`` in their order when they are few, else of all blocks,
    0 for those that are no hits.
    """
    if hits.are_few:
        return _of_some(parts, priors, hits.ordinals)
    rows = [(holding.row(), factor, norms) for holding, factor, norms in parts]
    scores = np.empty(hits.size, dtype=np.float32)
    share, below = np.empty(PIECE, dtype=np.float32), np.empty(PIECE, dtype=np.float32)
    for begin in range(0, hits.size, PIECE):
        piece = slice(begin, begin + PIECE)
        score = scores[piece]
        score.fill(0)
        for row, factor, norms in rows:
            score += _saturated(row[piece], factor, norms[piece], share[: len(score)], below[: len(score)])
        score *= priors[piece]
        score *= hits.mask[piece]
    return scores


def _of_some(parts: Sequence[RoughPart], priors: Rough, wanted: npt.NDArray[np.integer]) -> Rough:
    """The same of the blocks ``wanted`` (ascending) alone."""
    scores, share, below = (np.zeros(len(wanted), dtype=np.float32) for _ in range(3))
    for holding, factor, norms in parts:
        scores += _saturated(holding.among(wanted), factor, norms[wanted], share, below)
    scores *= priors[wanted]
    return scores


def _saturated(times: npt.NDArray[Any], factor: float, norms: Rough, share: Rough, below: Rough) -> Rough:
    """``share`` and ``below`` are written to: making new arrays would take as long as filling them."""
    np.copyto(share, times, casting="same_kind")
    np.add(share, norms, out=below)
    np.multiply(share, np.float32(factor * (K1 + 1)), out=share)
    np.divide(share, below, out=share)
    return share
