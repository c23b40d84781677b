"""The punctuation-blind reading of the literal index: the same text, with punctuation passed over.

No text is stored twice. Beside the bigrams of direct neighbours there are those of characters that only punctuation
separates; further matches of a phrase are found from these and verified by walking over the text, skipping
punctuation. Where distances matter, places are counted in kept characters (:meth:`BlindText.rank`).
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.bigrams import SEPARATOR, Bigrams, distinct, sorted_bigrams
from searchapp.literal.block_sets import Words, ones
from searchapp.store.mapped_arrays import open_array, save_array
from searchapp.text.punctuation import is_punctuation
from searchapp.time_limit import checkpoint

IntArray = npt.NDArray[np.integer]

PREFIX = "apart_"
PIECE = 1 << 20
"""Positions that are looked at at a time; a multiple of 8."""


def build_blind(folder: Path) -> None:
    """Writes what the blind reading adds, from the text and alphabet already in ``folder``."""
    text, kept = open_array(folder, "text"), kept_codes(open_array(folder, "alphabet"))
    width = np.uint32 if len(text) < np.iinfo(np.uint32).max else np.uint64
    firsts: list[IntArray] = []
    seconds: list[IntArray] = []
    last = np.zeros(0, dtype=np.int64)
    for start in range(0, len(text), PIECE):
        places = np.concatenate((last, np.flatnonzero(kept[text[start : start + PIECE]]) + start))
        before, after = places[:-1], places[1:]
        apart = (after > before + 1) & (text[before] != SEPARATOR) & (text[after] != SEPARATOR)
        firsts.append(before[apart].astype(width))
        seconds.append(after[apart].astype(width))
        last = places[-1:]
    none = np.zeros(0, dtype=width)
    arrays = sorted_bigrams(text, np.concatenate([none, *firsts]), np.concatenate([none, *seconds]), len(kept))
    for name, array in zip(("bigrams", "bigram_starts", "positions"), arrays, strict=True):
        save_array(folder, PREFIX + name, array)
    build_left_out(folder, text, kept)


def kept_codes(alphabet: IntArray) -> npt.NDArray[np.bool_]:
    """For each code of the alphabet, whether the blind reading keeps it; the separator is kept."""
    return np.array([code == 0 or not is_punctuation(chr(point)) for code, point in enumerate(alphabet.tolist())], bool)


class BlindText:
    """The blind reading of an open literal index. Positions are those of the exact text."""

    def __init__(self, folder: Path, text: IntArray, alphabet: IntArray, exact: Bigrams) -> None:
        self._text = text
        self._kept = kept_codes(alphabet)
        self._exact = exact
        self.bigrams = Bigrams(folder, len(alphabet), PREFIX)
        """Those whose characters only punctuation separates; a position is that of the first one."""
        self._left_out = LeftOut(folder, len(text))

    def apart(self, codes: list[int]) -> IntArray:
        """Every start of a literal of kept characters (one at least) with something left out inside it, ascending.

        Two of its characters must stand apart, which few do; or the rarest two are found however they stand.
        """
        pairs = list(pairwise(codes))
        if not pairs:
            return np.zeros(0, dtype=np.int64)
        if len(pairs) == 1:
            return self.bigrams.of(*codes).astype(np.int64)
        far = [self.bigrams.count(*pair) for pair in pairs]
        all_of = [count + self._exact.count(*pair) for count, pair in zip(far, pairs, strict=True)]
        if sum(far) <= min(all_of):
            starts = [self._around(self.bigrams.of(*pair), codes, at) for at, pair in enumerate(pairs)]
            return distinct(np.concatenate(starts))
        rarest = all_of.index(min(all_of))
        both = np.concatenate((self._exact.of(*pairs[rarest]), self.bigrams.of(*pairs[rarest])))
        found = self._around(both, codes, rarest)
        together = np.ones(len(found), dtype=bool)
        for offset, code in enumerate(codes):
            together &= self._text[np.minimum(found + offset, len(self._text) - 1)] == code
        return np.sort(found[~together])

    def _around(self, found: IntArray, codes: list[int], begun: int) -> IntArray:
        """The starts of a literal whose bigram ``begun`` stands at the positions ``found``, where it stands whole."""
        found = found.astype(np.int64)
        at: IntArray = self._agreeing(found, found, codes[begun + 1 :], 1)
        # Backwards the starts are wanted: walk, and keep where the walk ended.
        for code in reversed(codes[:begun]):
            if not len(at):
                break
            before = self._step(at, -1)
            right = self._text[before] == code
            at = before[right]
        return at

    def rank(self, positions: IntArray) -> npt.NDArray[np.int64]:
        """How many kept characters (separators too) stand before each position."""
        return positions.astype(np.int64) - self._left_out.before(positions)

    def _agreeing(self, starts: IntArray, at: IntArray, codes: list[int], direction: int) -> IntArray:
        """Those of ``starts`` from whose ``at`` the kept characters that follow are ``codes``."""
        for code in codes:
            if not len(at):
                break
            at = self._step(at, direction)
            right = self._text[at] == code
            starts, at = starts[right], at[right]
        return starts

    def _step(self, at: IntArray, direction: int) -> IntArray:
        """The next kept position; the text begins after, and ends with, a separator, which is kept."""
        checkpoint()
        at = at + direction
        beyond = at < 0
        at = np.where(beyond, len(self._text) - 1, at)
        skipped = ~self._kept[self._text[at]]
        while skipped.any():
            checkpoint()
            at = np.where(skipped, at + direction, at)
            at = np.where(at < 0, len(self._text) - 1, at)
            skipped = ~self._kept[self._text[at]]
        return at


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
    """What was left out of a text of ``n`` positions. Raises ``IndexDamagedError`` on opening.

    A bit for every position, and sums: ``3 n / 16`` bytes, a sixth of what a list of those left out takes in a library
    of reports, and no search.
    """

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
