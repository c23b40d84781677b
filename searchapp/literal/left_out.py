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
from searchapp.store.arrays import open_array, save_array

IntArray = npt.NDArray[np.integer]
Words = npt.NDArray[np.uint64]

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
    ones = _ones(bits)
    sums = np.cumsum(ones) - ones
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
        before: npt.NDArray[np.int64] = self._before[words] + _ones(self._bits[words] & inside).astype(np.int64)
        return before


def _ones(words: Words) -> Words:
    """How many bits of each are set, by sums of neighbours: NumPy counts bits from version 2 on only."""
    pairs, fours, octets, each = map(
        np.uint64, (0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F, 0x0101010101010101)
    )
    words = words - ((words >> np.uint64(1)) & pairs)
    words = (words & fours) + ((words >> np.uint64(2)) & fours)
    words = (words + (words >> np.uint64(4))) & octets
    ones: Words = (words * each) >> np.uint64(56)
    return ones
