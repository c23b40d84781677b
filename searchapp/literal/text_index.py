"""The literal index: normalized text and the positions of its character bigrams, sorted by bigram.

Text is kept as dense character codes (``alphabet``: code point of each code; 0 is the separator after every block), so
a phrase is found from its rarest bigram and verified by vector comparison; one character is a range of bigrams.
Sizes: ``n`` text positions, ``b`` blocks, ``g`` distinct bigrams. Knows texts by number only; no report, no engine.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.bigrams import Bigrams, changes
from searchapp.literal.block_counts import ROW_SHARE, Holding, Listed, holding_of, narrowed
from searchapp.literal.block_sets import Blocks, Whereabouts, places_in
from searchapp.literal.frequent import FrequentRows
from searchapp.literal.punctuation_blind import BlindText
from searchapp.literal.sentence_ends import MOST_BETWEEN, SentenceEnds
from searchapp.store.mapped_arrays import open_array
from searchapp.time_limit import checkpoint, watched

WINDOW_COST = 4
"""What looking at one position of a window costs, in positions read from a bigram's list (measured)."""
SEARCH_COST = 12
"""What looking up one window in that list costs (measured)."""

LISTS_APART = 8
"""A bigram that stands at most so many times as often as what is left to verify is looked up in its list, which lies
close together; else the text is looked at, all over (measured).
"""
VERIFIED_AT_ONCE = 4096
"""Candidates whose characters are looked at one after the other: what was read of the text stays near the processor.
Three times as quick as taking all at once (measured)."""

IntArray = npt.NDArray[np.integer]


class LiteralIndex:
    """A literal index, open for reading; safe to share between threads. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        self._text: IntArray = open_array(folder, "text", soon=True)
        self.starts: IntArray = open_array(folder, "starts")
        """Where each block begins, and the end of the text (``b + 1``)."""
        self._whereabouts = Whereabouts(self.starts)
        self.folds: npt.NDArray[np.uint64] = open_array(folder, "folds")
        """Fold key of each block (``b``)."""
        self._alphabet: IntArray = open_array(folder, "alphabet")
        self._bigrams = Bigrams(folder, len(self._alphabet))
        self._codes = {int(point): code for code, point in enumerate(self._alphabet)}
        self._frequent = FrequentRows(folder, self.blocks)
        self._sentences = SentenceEnds(folder, len(self._text))
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

    def sentence_begins(self, places: IntArray, most: int) -> IntArray:
        """For each place, the first from which at most ``most`` characters lead to it, none the end of a sentence."""
        return self._sentences.begins(places, most)

    def sentence_ends_between(self, starts: IntArray, ends: IntArray, most: int) -> npt.NDArray[np.bool_]:
        """Whether a sentence ends at one of the positions from each of ``starts`` to before the one of ``ends``, which
        lie ``most`` apart at most.
        """
        if most <= MOST_BETWEEN:
            return self._sentences.end_between(starts, ends)
        return self._sentences.begins(ends, most) > starts

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
        rarest, *others = self._bigrams.by_count(codes)
        candidates = self._bigrams.of(codes[rarest], codes[rarest + 1]).astype(np.int64)
        candidates -= rarest
        begin, end = np.searchsorted(candidates, (0, len(self._text) - len(codes) + 1))
        candidates, known = candidates[begin:end], {rarest, rarest + 1}
        for at in watched(others):
            if not known.issuperset((at, at + 1)):
                listed = self._bigrams.of(codes[at], codes[at + 1])
                if len(listed) > LISTS_APART * len(candidates):
                    # Those that follow stand still more often.
                    break
                sought = (candidates + at).astype(listed.dtype)
                candidates = candidates[listed[places_in(listed, sought)] == sought] if len(listed) else candidates[:0]
                known.update((at, at + 1))
        return self._verified(candidates, codes, known)

    def positions_around(self, literal: str, places: IntArray, before: int, after: int) -> IntArray:
        """:meth:`positions_within` windows from ``before`` characters before each place to ``after`` after it."""
        codes = self._coded(literal)
        if codes is not None and min(WINDOW_COST, SEARCH_COST) * len(places) > self._bigrams.least_count(codes):
            # However wide windows are: there is no need to make them.
            return self.positions(literal)
        return self.positions_within(literal, places - before, places + after)

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

    def positions_in(self, literal: str, among: Blocks) -> tuple[IntArray, IntArray]:
        """Those of :meth:`positions` in blocks ``among`` all, and the block of each."""
        if not among.are_few:
            positions = self.positions(literal)
        else:
            begins, ends = self.starts[among.ordinals], self.starts[among.ordinals + 1]
            positions = self.positions_within(literal, begins, ends - 1 - len(literal))
        blocks = self.block_of(positions)
        held = among.mask[blocks]
        return positions[held], blocks[held]

    def _verified(self, candidates: IntArray, codes: list[int], known: Collection[int] = ()) -> IntArray:
        """Those of ``candidates`` where ``codes`` stand; those at the offsets ``known`` are known to."""
        offsets = [offset for offset in range(len(codes)) if offset not in known]
        if not offsets:
            return candidates
        pieces: list[IntArray] = [candidates[:0]]
        for begin in range(0, len(candidates), VERIFIED_AT_ONCE):
            checkpoint()
            piece = candidates[begin : begin + VERIFIED_AT_ONCE]
            for offset in offsets:
                piece = piece[self._text.take(piece + offset) == codes[offset]]
            pieces.append(piece)
        return np.concatenate(pieces)

    def bigram_total(self, bigram: str) -> int:
        """How often two characters stand beside each other in the whole text."""
        codes = self._coded(bigram)
        return 0 if codes is None else self._bigrams.count(*codes)

    def known(self, literal: str) -> Holding | None:
        """How often blocks hold ``literal`` (not empty), if it is one of those counted beforehand, or one character."""
        codes = self._coded(literal)
        if codes is None:
            return self.by_block(np.zeros(0, dtype=np.int64))
        if len(codes) == 1:
            known = self._frequent.character(codes[0])
            return self._counted(self._bigrams.beginning_unsorted(codes[0])) if known is None else known
        return self._frequent.bigram(self._bigrams.key(*codes)) if len(codes) == 2 else None

    def blind_positions(self, literal: str) -> IntArray:
        """Every start of ``literal`` (kept characters only, not empty) where punctuation is passed over, ascending."""
        exact, apart = self.positions(literal), self.apart_positions(literal)
        # The sort goes over two ascending runs: that is one merge.
        return np.sort(np.concatenate((exact, apart)), kind="stable") if len(apart) else exact

    def apart_positions(self, literal: str) -> IntArray:
        """Those of :meth:`blind_positions` where punctuation stands between the characters, ascending."""
        codes = self._coded(literal)
        return np.zeros(0, dtype=np.int64) if codes is None else self.blind.apart(codes)

    def bigrams_held(self, bigrams: Sequence[str]) -> npt.NDArray[np.int64]:
        """How many of ``bigrams`` (distinct, kept characters only) every block holds (``b``) where punctuation is
        passed over."""
        coded = [codes for bigram in bigrams if (codes := self._coded(bigram)) is not None]
        keys = np.array([self._bigrams.key(*codes) for codes in coded], dtype=np.uint64)
        exact, apart = (self._by_bigram(self._bigrams, keys), self._by_bigram(self.blind.bigrams, keys))
        if len(exact) and len(apart):
            apart = apart[exact[places_in(exact, apart)] != apart]
        return np.bincount(np.concatenate((exact, apart)) % self.blocks, minlength=self.blocks)

    def _by_bigram(self, listed: Bigrams, keys: IntArray) -> IntArray:
        """The blocks that hold each bigram, as its number times ``b`` and the block, ascending, distinct."""
        positions = listed.of_each(keys)
        if not positions:
            return np.zeros(0, dtype=np.int64)
        numbers = np.repeat(np.arange(len(positions)), [len(each) for each in positions])
        blocks = self.block_of(np.concatenate(positions)) + numbers * self.blocks
        return blocks[changes(blocks)]

    def by_block(self, positions: IntArray) -> Holding:
        """The blocks of ``positions`` (ascending), and how many lie in each."""
        if len(positions) > ROW_SHARE * self.blocks:
            return self._counted(positions)
        # Positions ascend, so those of one block follow each other.
        blocks = self.block_of(positions)
        begins = changes(blocks)
        return Listed(blocks[begins], narrowed(np.diff(np.append(begins, len(blocks)))), self.blocks)

    def _counted(self, positions: IntArray) -> Holding:
        """:meth:`by_block` of ``positions`` in any order."""
        return holding_of(np.bincount(self.block_of(positions), minlength=self.blocks))

    def _coded(self, literal: str) -> list[int] | None:
        """The codes of a literal; ``None`` when a character of it stands nowhere."""
        codes = [self._codes.get(ord(char), -1) for char in literal]
        return None if -1 in codes or not codes else codes


def ranges(begins: IntArray, ends: IntArray) -> IntArray:
    """All whole numbers in the half-open ranges ``begins`` … ``ends``, ascending, each once; ``ends`` ascend."""
    begins = np.maximum(begins, np.append(0, ends[:-1])) if len(ends) else begins
    sizes = np.maximum(ends - begins, 0)
    return np.repeat(begins - np.cumsum(sizes) + sizes, sizes) + np.arange(int(sizes.sum()))
