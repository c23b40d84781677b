"""How many characters before a position the blind reading leaves out: a bit for every position, and sums.

``n`` text positions take ``3 n / 16`` bytes, a sixth of what a list of those left out takes in a library of reports,
and no search.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.bits import Words, ones
from searchapp.store.mapped_arrays import open_array, save_array

IntArray = npt.NDArray[np.integer]
PIECE = 1 << 20
"""Positions that are looked at at a time; a multiple of 8."""
_WORD_BITS = 6
_BITS, _SUMS = "left_out", "left_out_before"


def build_left_out(folder: Path, text: IntArray, kept: npt.NDArray[np.bool_]) -> None:
    """Writes the bits and sums. ``kept``: for each code of ``text`` (``n`` codes), whether it is kept."""
    # A word more than is full: the end of the text has a place too.
    bits: Words = np.zeros((len(text) >> _WORD_BITS) + 1, dtype="<u8")
    octets = bits.view(np.uint8)
    for begin in range(0, len(text), PIECE):
        packed = np.packbits(~kept[text[begin : begin + PIECE]], bitorder="little")
        octets[begin >> 3 : (begin >> 3) + len(packed)] = packed
    counts = ones(bits).astype(np.int64)
    sums = np.cumsum(counts) - counts
    save_array(folder, _BITS, bits)
    save_array(folder, _SUMS, sums.astype(np.uint32 if len(text) < np.iinfo(np.uint32).max else np.int64))


class LeftOut:
    """What was left out of a text of ``n`` positions. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path, n: int) -> None:
        self._bits: Words = open_array(folder, _BITS)
        self._before = open_array(folder, _SUMS)
        if not len(self._bits) == len(self._before) == (n >> _WORD_BITS) + 1:
            raise IndexDamagedError(tr("索引的字面数组不完整"))

    def before(self, positions: IntArray) -> npt.NDArray[np.int64]:
        """How many are left out before each position (0 to ``n``)."""
        words = positions >> _WORD_BITS
        inside = (np.uint64(1) << (positions & 63).astype(np.uint64)) - np.uint64(1)
        before: npt.NDArray[np.int64] = self._before[words] + ones(self._bits[words] & inside).astype(np.int64)
        return before
