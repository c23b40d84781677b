"""Character bigrams of a joined text, sorted, with the positions of each.

Sizes: ``n`` text positions, ``g`` distinct bigrams. Knows codes only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.store.mapped_arrays import open_array, open_stretches

IntArray = npt.NDArray[np.integer]

SEPARATOR = 0
"""The code that stands behind every block."""
PIECE = 1 << 20
"""Positions that are looked at at a time."""
SORTED_POSITIONS = 1 << 22
"""Positions that are sorted at a time, but for a character that stands more often; sorting takes 24 bytes for each."""


def text_bigrams(text: IntArray, alphabet_size: int) -> tuple[IntArray, IntArray, IntArray]:
    """Distinct bigrams ascending (``g``), where each one's positions begin (``g + 1``), all positions by bigram.

    Every character but the separator begins a bigram (its second half may be the separator). Positions of one bigram
    ascend. First they are dealt out to ranges of characters, then each range is sorted: four bytes a character, and
    what one range needs.
    """
    frequencies = np.zeros(alphabet_size, dtype=np.int64)
    for start in range(0, len(text), PIECE):
        frequencies += np.bincount(text[start : start + PIECE], minlength=alphabet_size)
    frequencies[SEPARATOR] = 0
    ends = np.cumsum(frequencies)
    # The number of the range that each character falls into, and where the positions of each range begin.
    range_of = ((ends - frequencies) // SORTED_POSITIONS).astype(np.int64)
    range_of[1:] = np.cumsum(np.diff(range_of) > 0)
    range_of[SEPARATOR] = 0
    bounds = np.cumsum([0, *np.bincount(range_of, weights=frequencies).astype(np.int64).tolist()])
    positions = _dealt(text, range_of, bounds)
    bigrams: list[IntArray] = [np.zeros(0, dtype=np.uint64)]
    starts: list[IntArray] = [np.zeros(0, dtype=np.int64)]
    for begin, end in pairwise(bounds.tolist()):
        keys = _sort(text, positions[begin:end], alphabet_size)
        begins = changes(keys)
        bigrams.append(keys[begins])
        starts.append(begins + begin)
    return np.concatenate(bigrams), np.append(np.concatenate(starts), len(positions)).astype(np.int64), positions


def _dealt(text: IntArray, range_of: IntArray, bounds: IntArray) -> IntArray:
    """The positions of all characters but the separator, by range, ascending in each."""
    width = np.uint32 if len(text) < np.iinfo(np.uint32).max else np.uint64
    positions: IntArray = np.empty(int(bounds[-1]), dtype=width)
    if len(bounds) == 2:
        positions[:] = np.flatnonzero(text != SEPARATOR)
        return positions
    numbers = range_of.astype(np.min_scalar_type(len(bounds)))
    filled = bounds[:-1].tolist()
    for start in range(0, len(text), PIECE):
        piece = text[start : start + PIECE]
        places = np.flatnonzero(piece != SEPARATOR)
        ranges = numbers[piece[places]]
        # Numbers of 8 or 16 bits: a radix sort.
        places = places[np.argsort(ranges, kind="stable")] + start
        at = 0
        for number, count in enumerate(np.bincount(ranges, minlength=len(filled)).tolist()):
            positions[filled[number] : filled[number] + count] = places[at : at + count]
            filled[number] += count
            at += count
    return positions


def _sort(text: IntArray, positions: IntArray, alphabet_size: int) -> IntArray:
    """Sorts ascending ``positions`` by their bigrams, in place, and gives the bigrams."""
    keys: IntArray = text[positions].astype(np.uint64)
    keys *= np.uint64(alphabet_size)
    keys += text[positions + positions.dtype.type(1)]
    if positions.dtype != np.uint32 or alphabet_size > np.iinfo(np.uint16).max:
        order = np.argsort(keys, kind="stable")
        positions[:] = positions[order]
        ordered: IntArray = keys[order]
        return ordered
    # Bigram and position as one number: many times as quick as sorting the one by the other.
    keys <<= np.uint64(32)
    keys |= positions
    keys.sort()
    positions[:] = keys.astype(np.uint32)
    keys >>= np.uint64(32)
    return keys


def changes(ordered: IntArray) -> IntArray:
    """Where values other than the ones before begin."""
    return np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(ordered) else np.zeros(0, int)


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
    starts = changes(keys)
    return keys[starts], np.append(starts, len(keys)).astype(np.int64), positions


def distinct(numbers: IntArray) -> IntArray:
    """Those that differ, ascending: what ``np.unique`` gives, which hashes from NumPy 2.3 on and takes 100 times as
    long for a million (measured)."""
    ordered = np.sort(numbers)
    return ordered[changes(ordered)]


class Bigrams:
    """Sorted bigrams, open for reading. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path, alphabet_size: int, prefix: str = "") -> None:
        self._bigrams: IntArray = open_array(folder, prefix + "bigrams")
        self._starts: IntArray = open_array(folder, prefix + "bigram_starts")
        self._positions = open_stretches(folder, prefix + "positions")
        self._size = alphabet_size
        if len(self._starts) != len(self._bigrams) + 1:
            raise IndexDamagedError(tr("索引的字面数组不完整"))

    def of(self, first: int, second: int) -> IntArray:
        """Positions of a bigram, ascending."""
        return self._positions.stretch(*self._range(first, second))

    def of_each(self, keys: IntArray) -> list[IntArray]:
        """For each bigram, by its key, its positions, ascending."""
        if not len(self._bigrams):
            return [self._positions.stretch(0, 0) for _ in keys]
        at = np.minimum(np.searchsorted(self._bigrams, keys), len(self._bigrams) - 1)
        begins, ends = self._starts[at], np.where(self._bigrams[at] == keys, self._starts[at + 1], self._starts[at])
        return [self._positions.stretch(*each) for each in zip(begins.tolist(), ends.tolist(), strict=True)]

    def count(self, first: int, second: int) -> int:
        """How often a bigram stands in the text."""
        start, end = self._range(first, second)
        return end - start

    def key(self, first: int, second: int) -> int:
        """The number that a bigram goes by."""
        return first * self._size + second

    def frequent(self, least: float) -> Iterator[tuple[int, IntArray]]:
        """Keys and positions of the bigrams that stand in the text ``least`` times or more, ascending."""
        for at in np.flatnonzero(np.diff(self._starts) >= least).tolist():
            yield int(self._bigrams[at]), self._positions.stretch(int(self._starts[at]), int(self._starts[at + 1]))

    def by_count(self, codes: Sequence[int]) -> list[int]:
        """Where in ``codes`` (two or more) each bigram begins, the one that stands least often in the text first."""
        counts = [self.count(first, second) for first, second in pairwise(codes)]
        return sorted(range(len(counts)), key=counts.__getitem__)

    def rarest(self, codes: Sequence[int]) -> int:
        """The first of :meth:`by_count`."""
        return self.by_count(codes)[0]

    def least_count(self, codes: Sequence[int]) -> int:
        """How many positions must be read to find ``codes``."""
        if len(codes) == 1:
            start, end = self._range_beginning(codes[0])
            return end - start
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
        return self._positions.stretch(*self._range_beginning(first))

    def _range_beginning(self, first: int) -> tuple[int, int]:
        limits = np.array([first * self._size, (first + 1) * self._size], dtype=np.uint64)
        begin, end = np.searchsorted(self._bigrams, limits)
        return int(self._starts[begin]), int(self._starts[end])

    def _range(self, first: int, second: int) -> tuple[int, int]:
        key = np.uint64(self.key(first, second))
        at = int(np.searchsorted(self._bigrams, key))
        if at == len(self._bigrams) or self._bigrams[at] != key:
            return 0, 0
        return int(self._starts[at]), int(self._starts[at + 1])
