"""Character bigrams of a joined text, sorted, with the positions of each.

Sizes: ``n`` text positions, ``g`` distinct bigrams. Knows codes only.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.store.arrays import open_array

IntArray = npt.NDArray[np.integer]

SEPARATOR = 0
"""The code that stands behind every block."""
SORTED_POSITIONS = 1 << 20
"""Positions that are sorted at a time; sorting takes about 40 bytes for each."""


def text_bigrams(text: IntArray, alphabet_size: int) -> tuple[IntArray, IntArray, IntArray]:
    """Distinct bigrams ascending (``g``), where each one's positions begin (``g + 1``), all positions by bigram.

    Every character but the separator begins a bigram (its second half may be the separator). Positions of one bigram
    ascend. Characters are taken in ranges of about ``SORTED_POSITIONS`` positions, so that sorting needs four bytes a
    character and what one range needs.
    """
    width = np.uint32 if len(text) < np.iinfo(np.uint32).max else np.uint64
    frequencies = np.zeros(alphabet_size, dtype=np.int64)
    for start in range(0, len(text), SORTED_POSITIONS):
        frequencies += np.bincount(text[start : start + SORTED_POSITIONS], minlength=alphabet_size)
    frequencies[SEPARATOR] = 0
    ends = np.cumsum(frequencies)
    total = int(ends[-1])
    positions: IntArray = np.empty(total, dtype=width)
    bigrams: list[IntArray] = []
    starts: list[IntArray] = []
    low, done = SEPARATOR + 1, 0
    while done < total:
        high = max(low + 1, int(np.searchsorted(ends, done + SORTED_POSITIONS, side="right")))
        sorted_range = _sorted_range(text, low, high, width)
        positions[done : done + len(sorted_range)] = sorted_range
        keys = text[sorted_range].astype(np.uint64) * np.uint64(alphabet_size) + text[sorted_range + 1]
        begins = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else keys.astype(np.int64)
        bigrams.append(keys[begins])
        starts.append(begins + done)
        low, done = high, int(ends[high - 1])
    joined: IntArray = np.concatenate(bigrams) if bigrams else np.zeros(0, dtype=np.uint64)
    return joined, np.concatenate([*starts, np.array([total])]).astype(np.int64), positions


def _sorted_range(text: IntArray, low: int, high: int, width: type[np.unsignedinteger]) -> IntArray:
    """Positions of the characters ``low`` to ``high`` (exclusive), by bigram.

    The sort is stable, and two passes over 16-bit codes make it a radix sort.
    """
    found = [
        np.flatnonzero((piece >= low) & (piece < high)).astype(width) + width(start)
        for start in range(0, len(text), SORTED_POSITIONS)
        if len(piece := text[start : start + SORTED_POSITIONS])
    ]
    first: IntArray = np.concatenate(found)
    del found
    order: IntArray = first[np.argsort(text[first + 1], kind="stable")]
    del first
    sorted_range: IntArray = order[np.argsort(text[order], kind="stable")]
    return sorted_range


def sorted_bigrams(
    text: IntArray, firsts: IntArray, seconds: IntArray, alphabet_size: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Distinct bigrams ascending (``g``), where each one's positions begin (``g + 1``), all positions by bigram.

    ``firsts`` (ascending) and ``seconds``: positions of the two characters of every bigram. Positions of one bigram
    ascend: the sort is stable, and two passes over 16-bit codes make it a radix sort.
    """
    order = np.argsort(text[seconds], kind="stable")
    order = order[np.argsort(text[firsts[order]], kind="stable")]
    positions: IntArray = firsts[order]
    keys = text[positions].astype(np.uint64) * np.uint64(alphabet_size) + text[seconds[order]]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    return keys[starts], np.append(starts, len(keys)).astype(np.int64), positions


def distinct(numbers: IntArray) -> IntArray:
    """Those that differ, ascending: what ``np.unique`` gives, which hashes from NumPy 2.3 on and takes 100 times as
    long for a million (measured)."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


class Bigrams:
    """Sorted bigrams, open for reading. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path, alphabet_size: int, prefix: str = "") -> None:
        self._bigrams: IntArray = open_array(folder, prefix + "bigrams")
        self._starts: IntArray = open_array(folder, prefix + "bigram_starts")
        self._positions: IntArray = open_array(folder, prefix + "positions")
        self._size = alphabet_size
        if len(self._starts) != len(self._bigrams) + 1:
            raise IndexDamagedError(tr("索引的字面数组不完整"))

    def of(self, first: int, second: int) -> IntArray:
        """Positions of a bigram, ascending."""
        start, end = self._range(first, second)
        return self._positions[start:end]

    def count(self, first: int, second: int) -> int:
        """How often a bigram stands in the text."""
        start, end = self._range(first, second)
        return end - start

    def rarest(self, codes: Sequence[int]) -> int:
        """Where in ``codes`` (two or more) the bigram begins that stands least often in the text."""
        counts = [self.count(first, second) for first, second in pairwise(codes)]
        return counts.index(min(counts))

    def least_count(self, codes: Sequence[int]) -> int:
        """How many positions must be read to find ``codes``."""
        if len(codes) == 1:
            return len(self.beginning_unsorted(codes[0]))
        at = self.rarest(codes)
        return self.count(codes[at], codes[at + 1])

    def totals(self) -> npt.NDArray[np.int64]:
        """How often each character (by its code) begins a bigram."""
        firsts = (self._bigrams // np.uint64(self._size)).astype(np.int64)
        weights = np.diff(self._starts).astype(np.float64)
        return np.bincount(firsts, weights=weights, minlength=self._size).astype(np.int64)

    def beginning(self, first: int) -> IntArray:
        """Positions of all bigrams that begin with ``first``, ascending."""
        return np.sort(self.beginning_unsorted(first)).astype(np.int64)

    def beginning_unsorted(self, first: int) -> IntArray:
        """:meth:`beginning`, ordered by the second character."""
        limits = np.array([first * self._size, (first + 1) * self._size], dtype=np.uint64)
        begin, end = np.searchsorted(self._bigrams, limits)
        return self._positions[int(self._starts[begin]) : int(self._starts[end])]

    def _range(self, first: int, second: int) -> tuple[int, int]:
        key = np.uint64(first * self._size + second)
        at = int(np.searchsorted(self._bigrams, key))
        if at == len(self._bigrams) or self._bigrams[at] != key:
            return 0, 0
        return int(self._starts[at]), int(self._starts[at + 1])
