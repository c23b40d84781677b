"""Characters that stand in nearly every block, counted by block when the index is built.

To count 的 in a million paragraphs means reading seven million positions; its counts by block are a tenth of that. Only
characters that stand in every second block on average are kept: some dozens.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.literal.bigrams import Bigrams
from searchapp.literal.whereabouts import Whereabouts
from searchapp.store.arrays import open_array, open_stretches, save_array
from searchapp.store.cache import Sparse

IntArray = npt.NDArray[np.integer]

LEAST_BLOCKS = 1_000
"""In smaller libraries nothing is gained."""
LEAST_SHARE = 0.5
"""Occurrences a block on average, from which on a character is counted beforehand."""
_CODES, _STARTS, _ORDINALS, _COUNTS = (f"frequent_{name}" for name in ("codes", "starts", "ordinals", "counts"))


def build_frequent(folder: Path) -> None:
    """Writes the counts of frequent characters, from the arrays already in ``folder``."""
    starts = open_array(folder, "starts")
    blocks, whereabouts = len(starts) - 1, Whereabouts(starts)
    bigrams = Bigrams(folder, len(open_array(folder, "alphabet")))
    frequent = bigrams.totals() >= LEAST_SHARE * blocks
    codes = np.flatnonzero(frequent) if blocks >= LEAST_BLOCKS else np.zeros(0, dtype=np.int64)
    ordinals: list[IntArray] = []
    counts: list[IntArray] = []
    for code in codes.tolist():
        of_block = np.bincount(whereabouts.blocks(bigrams.beginning_unsorted(code)), minlength=blocks)
        ordinals.append(np.flatnonzero(of_block).astype(np.uint32))
        counts.append(of_block[ordinals[-1]].astype(np.min_scalar_type(int(of_block.max()))))
    save_array(folder, _CODES, codes)
    save_array(folder, _STARTS, np.cumsum([0, *map(len, ordinals)]))
    save_array(folder, _ORDINALS, np.concatenate([*ordinals, np.zeros(0, np.uint32)]))
    save_array(folder, _COUNTS, np.concatenate([*counts, np.zeros(0, np.uint8)]))


class FrequentCharacters:
    """The counts that :func:`build_frequent` wrote. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        starts = open_array(folder, _STARTS).tolist()
        self._spans = dict(zip(open_array(folder, _CODES).tolist(), pairwise(starts), strict=True))
        self._ordinals, self._counts = open_stretches(folder, _ORDINALS), open_stretches(folder, _COUNTS)

    def get(self, code: int) -> Sparse | None:
        """The blocks that hold a frequent character, by its code, and how often; nothing for another one."""
        span = self._spans.get(code)
        return None if span is None else (self._ordinals.stretch(*span), self._counts.stretch(*span))
