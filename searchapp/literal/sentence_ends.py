"""Where sentences end in the joined text: a bit for every position, so that how far back a gap reaches is looked up.

What ends a sentence: ``text.punctuation``, and the separator behind every block. ``n`` is the number of positions.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.bigrams import SEPARATOR
from searchapp.store.mapped_arrays import open_array, save_array
from searchapp.text.punctuation import ELLIPSIS, NORMALIZED_ENDS

IntArray = npt.NDArray[np.integer]

NAME = "sentence_ends"
WORD_BITS = 5
"""Positions are kept 32 in a word: such numbers are exact as floats, whose exponent is the highest bit."""
MOST_BETWEEN = 32
"""So far apart a sentence end is looked for in one go: two words hold it wherever it begins in the first."""
PIECE = 1 << 20
"""Positions that are looked at at a time; whole words."""


def build_sentences(folder: Path) -> None:
    """Writes the sentence ends, from the text and alphabet already in ``folder``."""
    text, alphabet = open_array(folder, "text"), open_array(folder, "alphabet")
    alone = np.isin(alphabet, [ord(char) for char in NORMALIZED_ENDS])
    alone[SEPARATOR] = True
    dots = alphabet == ord(ELLIPSIS)
    words: list[npt.NDArray[np.uint32]] = []
    for begin in range(0, len(text), PIECE):
        piece = text[begin : begin + PIECE]
        is_dot = dots[text[max(0, begin - 1) : begin + PIECE + 1]]
        beside = np.zeros(len(piece) + 2, dtype=bool)
        beside[1 if begin == 0 else 0 :][: len(is_dot)] = is_dot
        # The text begins after, and ends with, a separator: beyond it stands no dot.
        ends = alone[piece] | (beside[1:-1] & (beside[:-2] | beside[2:]))
        bits = np.zeros(-(-len(ends) // 32) * 4, dtype=np.uint8)
        packed = np.packbits(ends, bitorder="little")
        bits[: len(packed)] = packed
        words.append(bits.view("<u4"))
    save_array(folder, NAME, np.concatenate([np.zeros(0, dtype="<u4"), *words]))


class SentenceEnds:
    """The sentence ends of a text of ``n`` positions. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path, n: int) -> None:
        self._words: npt.NDArray[np.uint32] = open_array(folder, NAME)
        if len(self._words) != -(-n >> WORD_BITS):
            raise IndexDamagedError(tr("索引的字面数组不完整"))

    def end_between(self, starts: IntArray, ends: IntArray) -> npt.NDArray[np.bool_]:
        """Whether a sentence ends at one of the positions from each of ``starts`` to before the one of ``ends``.

        They lie :data:`MOST_BETWEEN` apart at most.
        """
        if not len(self._words):
            return np.zeros(len(starts), dtype=bool)
        at = starts >> WORD_BITS
        bits = self._words.take(np.minimum(at + 1, len(self._words) - 1)).astype(np.uint64) << np.uint64(32)
        bits |= self._words.take(np.minimum(at, len(self._words) - 1))
        bits >>= (starts & 31).astype(np.uint64)
        bits &= (np.uint64(1) << (ends - starts).astype(np.uint64)) - np.uint64(1)
        over: npt.NDArray[np.bool_] = bits != 0
        return over

    def begins(self, places: IntArray, most: int) -> npt.NDArray[np.int64]:
        """For each place, the first from which at most ``most`` characters lead to it, none the end of a sentence."""
        places = places.astype(np.int64)
        begins = np.maximum(places - most, 0)
        at = places >> WORD_BITS
        before = np.left_shift(np.uint32(1), (places & 31).astype(np.uint32)) - np.uint32(1)
        # A place may be the end of the text, which has no word when the words are full.
        bits = self._words.take(np.minimum(at, len(self._words) - 1)) & before if len(self._words) else before[:0]
        going = np.arange(len(begins))
        while len(going):
            found = np.flatnonzero(bits)
            # An exponent is one more than the highest bit, and so the place behind the sentence end.
            behind = (at[going[found]] << WORD_BITS) + np.frexp(bits[found].astype(np.float64))[1]
            begins[going[found]] = np.maximum(begins[going[found]], behind)
            going = going[(bits == 0) & (at[going] << WORD_BITS > begins[going])]
            at[going] -= 1
            bits = self._words.take(at[going])
        return begins
