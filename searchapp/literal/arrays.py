"""The literal index: normalized text and the positions of its character bigrams, sorted by bigram.

Text is kept as dense character codes (``alphabet``: code point of each code; 0 is the separator after every block), so
a phrase is found from its rarest bigram and verified by vector comparison; one character is a range of bigrams.
Sizes: ``n`` text positions, ``b`` blocks, ``g`` distinct bigrams. Knows texts by number only; no report, no engine.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.bigrams import Bigrams, distinct
from searchapp.literal.blind import BlindText
from searchapp.literal.frequent import open_frequent
from searchapp.literal.whereabouts import Whereabouts
from searchapp.store.arrays import open_array
from searchapp.store.cache import Sparse
from searchapp.text.punctuation import ELLIPSIS, SENTENCE_ENDS

WALKED_CHARACTERS = 40
"""Up to so many characters it is quicker to look at each than to look up where sentences end (measured)."""
WINDOW_COST = 4
"""What looking at one position of a window costs, in positions read from a bigram's list (measured)."""
SEARCH_COST = 12
"""What looking up one window in that list costs (measured)."""

VERIFIED_AT_ONCE = 4096
"""Candidates whose characters are looked at one after the other: what was read of the text stays near the processor.
Three times as quick as taking all at once (measured)."""

IntArray = npt.NDArray[np.integer]


class LiteralIndex:
    """A literal index, open for reading; safe to share between threads. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        self._text: IntArray = open_array(folder, "text")
        self.starts: IntArray = open_array(folder, "starts")
        """Where each block begins, and the end of the text (``b + 1``)."""
        self._whereabouts = Whereabouts(self.starts)
        self.folds: npt.NDArray[np.uint64] = open_array(folder, "folds")
        """Fold key of each block (``b``)."""
        self._alphabet: IntArray = open_array(folder, "alphabet")
        self._bigrams = Bigrams(folder, len(self._alphabet))
        self._codes = {int(point): code for code, point in enumerate(self._alphabet)}
        self._frequent = open_frequent(folder)
        if len(self._text) != int(self.starts[-1]) or len(self.folds) != len(self.starts) - 1:
            raise IndexDamagedError(tr("索引的字面数组不完整"))
        self.blind = BlindText(folder, self._text, self._alphabet, self._bigrams)

    @property
    def blocks(self) -> int:
        """The number of blocks."""
        return len(self.starts) - 1

    @property
    def lengths(self) -> npt.NDArray[np.float64]:
        """Normalized characters of each block (``b``)."""
        return (np.diff(self.starts) - 1).astype(np.float64)

    @cached_property
    def barriers(self) -> IntArray:
        """Positions of sentence ends (``text.punctuation``) and of the separators behind blocks, ascending."""
        dots = self.positions(ELLIPSIS * 2)
        ends = [self.positions(char) for char in sorted(SENTENCE_ENDS)]
        barriers = distinct(np.concatenate((self.starts[1:] - 1, *ends, dots, dots + 1)))
        return barriers.astype(np.uint32 if len(self._text) < np.iinfo(np.uint32).max else np.int64)

    def sentence_begins(self, places: IntArray, most: int) -> IntArray:
        """For each place, the first from which at most ``most`` characters lead to it, none the end of a sentence."""
        if most > WALKED_CHARACTERS:
            # Needles of another width would make NumPy copy the whole list.
            after = np.searchsorted(self.barriers, places.astype(self.barriers.dtype))
            begins = np.where(after > 0, self.barriers[np.maximum(after - 1, 0)].astype(np.int64) + 1, 0)
            latest: IntArray = np.maximum(places - most, begins)
            return latest
        at = places.astype(np.int64)
        going = np.arange(len(at))
        for _ in range(most):
            before = at[going] - 1
            going = going[(before >= 0) & ~self._ends_sentence(np.maximum(before, 0))]
            if not len(going):
                break
            at[going] -= 1
        return at

    def _ends_sentence(self, positions: IntArray) -> npt.NDArray[np.bool_]:
        codes = self._text[positions]
        ends = self._sentence_ends[codes]
        dots = np.flatnonzero(codes == self._dot)
        if len(dots):
            at = positions[dots]
            beside = self._text[np.maximum(at - 1, 0)] == self._dot
            beside &= at > 0
            # The text ends with a separator, so there always is a next position.
            ends[dots] = beside | (self._text[at + 1] == self._dot)
        return ends

    @cached_property
    def _sentence_ends(self) -> npt.NDArray[np.bool_]:
        """For each code, whether it alone ends a sentence; the separator does."""
        ends = np.zeros(len(self._alphabet), dtype=bool)
        ends[[code for char in SENTENCE_ENDS if (code := self._codes.get(ord(char))) is not None]] = True
        ends[:1] = True
        return ends

    @cached_property
    def _dot(self) -> int:
        return self._codes.get(ord(ELLIPSIS), -1)

    def text(self, ordinal: int) -> str:
        """The normalized text of one block."""
        codes = self._text[int(self.starts[ordinal]) : int(self.starts[ordinal + 1]) - 1]
        return self._alphabet[codes].astype("<u4").tobytes().decode("utf-32-le")

    def block_of(self, positions: IntArray) -> IntArray:
        """The ordinal of the block of each position."""
        return self._whereabouts.blocks(positions)

    def positions(self, literal: str) -> IntArray:
        """Every start of ``literal`` (not empty) in the joined text, ascending; overlaps count."""
        codes = self._coded(literal)
        if codes is None:
            return np.zeros(0, dtype=np.int64)
        if len(codes) == 1:
            return self._bigrams.beginning(codes[0])
        rarest = self._bigrams.rarest(codes)
        candidates = self._bigrams.of(codes[rarest], codes[rarest + 1]).astype(np.int64) - rarest
        begin, end = np.searchsorted(candidates, (0, len(self._text) - len(codes) + 1))
        candidates = candidates[begin:end]
        return self._verified(candidates, codes, (rarest, rarest + 1))

    def positions_within(self, literal: str, least: IntArray, most: IntArray) -> IntArray:
        """At least those of :meth:`positions` that lie in one of the windows ``least`` … ``most`` (inclusive).

        Windows ascend by their ends. Where they hold few positions they are looked through; where they are few, they
        are looked up among the occurrences of the rarest bigram; else those are all read.
        """
        codes = self._coded(literal)
        if codes is None or not len(least):
            return np.zeros(0, dtype=np.int64)
        least, most = np.maximum(least, 0), np.minimum(most, len(self._text) - len(codes))
        looking_through = WINDOW_COST * int((most - least + 1).sum())
        looking_up = SEARCH_COST * len(least) if len(codes) > 1 else looking_through
        if min(looking_through, looking_up) > self._bigrams.least_count(codes):
            return self.positions(literal)
        if looking_through <= looking_up:
            return self._verified(ranges(least, most + 1), codes)
        rarest = self._bigrams.rarest(codes)
        listed = self._bigrams.of(codes[rarest], codes[rarest + 1])
        # Needles of another width would make NumPy copy the whole list.
        begins = np.searchsorted(listed, (least + rarest).astype(listed.dtype))
        ends = np.searchsorted(listed, (most + rarest).astype(listed.dtype), side="right")
        return self._verified(listed[ranges(begins, ends)].astype(np.int64) - rarest, codes, (rarest, rarest + 1))

    def _verified(self, candidates: IntArray, codes: list[int], known: tuple[int, ...] = ()) -> IntArray:
        """Those of ``candidates`` where ``codes`` stand; those at the offsets ``known`` are known to."""
        offsets = [offset for offset in range(len(codes)) if offset not in known]
        if not offsets:
            return candidates
        pieces: list[IntArray] = [candidates[:0]]
        for begin in range(0, len(candidates), VERIFIED_AT_ONCE):
            piece = candidates[begin : begin + VERIFIED_AT_ONCE]
            for offset in offsets:
                piece = piece[self._text.take(piece + offset) == codes[offset]]
            pieces.append(piece)
        return np.concatenate(pieces)

    def bigram_total(self, bigram: str) -> int:
        """How often two characters stand beside each other in the whole text."""
        codes = self._coded(bigram)
        return 0 if codes is None else self._bigrams.count(*codes)

    def character_by_block(self, character: str) -> Sparse:
        """:meth:`by_block` of one character's positions; the most frequent ones are counted beforehand."""
        codes = self._coded(character)
        if codes is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        if (known := self._frequent.get(codes[0])) is not None:
            ordinals, counts = known
            return ordinals.astype(np.int64), counts
        counts = np.bincount(self.block_of(self._bigrams.beginning_unsorted(codes[0])), minlength=self.blocks)
        ordinals = np.flatnonzero(counts)
        return ordinals, _narrowed(counts[ordinals])

    def blind_positions(self, literal: str) -> IntArray:
        """Every start of ``literal`` (kept characters only, not empty) where punctuation is passed over, ascending."""
        exact, apart = self.positions(literal), self.apart_positions(literal)
        # The sort goes over two ascending runs: that is one merge.
        return np.sort(np.concatenate((exact, apart)), kind="stable") if len(apart) else exact

    def apart_positions(self, literal: str) -> IntArray:
        """Those of :meth:`blind_positions` where punctuation stands between the characters, ascending."""
        codes = self._coded(literal)
        return np.zeros(0, dtype=np.int64) if codes is None else self.blind.apart(codes)

    def by_block(self, positions: IntArray) -> Sparse:
        """Ordinals of the blocks of ``positions`` (ascending), and how many lie in each.

        Ordinals are of the width that NumPy indexes by, which is twice as quick; counts of the least that holds them.
        """
        # Positions ascend, so those of one block follow each other.
        blocks = self.block_of(positions)
        begins = np.flatnonzero(np.concatenate(([True], blocks[1:] != blocks[:-1]))) if len(blocks) else blocks
        return blocks[begins].astype(np.int64), _narrowed(np.diff(np.append(begins, len(blocks))))

    def _coded(self, literal: str) -> list[int] | None:
        """The codes of a literal; ``None`` when a character of it stands nowhere."""
        codes = [self._codes.get(ord(char), -1) for char in literal]
        return None if -1 in codes or not codes else codes


def _narrowed(counts: IntArray) -> IntArray:
    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))))


def ranges(begins: IntArray, ends: IntArray) -> IntArray:
    """All whole numbers in the half-open ranges ``begins`` … ``ends``, ascending, each once; ``ends`` ascend."""
    begins = np.maximum(begins, np.append(0, ends[:-1])) if len(ends) else begins
    sizes = np.maximum(ends - begins, 0)
    return np.repeat(begins - np.cumsum(sizes) + sizes, sizes) + np.arange(int(sizes.sum()))
