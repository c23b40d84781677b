"""The literal index: normalized text and the positions of its character bigrams, sorted by bigram.

Text is kept as dense character codes (``alphabet``: code point of each code; 0 is the separator after every block), so
a phrase is found from its rarest bigram and verified by vector comparison; one character is a range of bigrams.
Sizes: ``n`` text positions, ``b`` blocks, ``g`` distinct bigrams. Knows texts by number only; no report, no engine.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.store.arrays import open_array, save_array
from searchapp.store.cache import Sparse, SparseCache

SEPARATOR = 0
CODE_POINTS = 0x110000
JOINED_CHARACTERS = 1 << 18
"""Characters of texts that are kept as they come before they are joined."""
SORTED_POSITIONS = 1 << 20
"""Positions that are sorted at a time; sorting takes about 40 bytes for each."""
CACHED_ENTRIES = 2_000_000
"""Blocks of remembered phrases, in all (12 bytes each)."""

IntArray = npt.NDArray[np.integer]

_ARRAYS = ("text", "alphabet", "starts", "block_of", "bigrams", "bigram_starts", "positions")


def build_literal(folder: Path, texts: Iterable[str]) -> None:
    """Writes the literal index of ``texts`` (normalized, one a block, in document order) into ``folder``."""
    builder = LiteralBuilder()
    for text in texts:
        builder.add(text)
    builder.save(folder)


class LiteralBuilder:
    """Collects the texts of a build, block by block in document order: four bytes a character, eight a block."""

    def __init__(self) -> None:
        self._joined: list[npt.NDArray[np.uint32]] = []
        self._waiting: list[str] = []
        self._waiting_size = 0
        self._starts = array("q", [0])

    def add(self, text: str) -> None:
        """The normalized text of the next block."""
        self._starts.append(self._starts[-1] + len(text) + 1)
        self._waiting.append(text)
        self._waiting_size += len(text) + 1
        if self._waiting_size >= JOINED_CHARACTERS:
            self._join()

    def save(self, folder: Path) -> None:
        """Writes the literal index into ``folder``. The builder is empty afterwards."""
        self._join()
        alphabet, text = _coded(self._joined, self._starts[-1])
        starts = np.array(self._starts, dtype=np.int64)
        lengths = np.diff(starts)
        for name, array_of in (("text", text), ("alphabet", alphabet), ("starts", starts)):
            save_array(folder, name, array_of)
        save_array(folder, "block_of", np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths))
        for name, array_of in zip(
            ("bigrams", "bigram_starts", "positions"), _sorted_bigrams(text, len(alphabet)), strict=True
        ):
            save_array(folder, name, array_of)

    def _join(self) -> None:
        """Texts to code points, each followed by a separator."""
        if self._waiting:
            joined = "\0".join(self._waiting) + "\0"
            self._joined.append(np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32))
            self._waiting, self._waiting_size = [], 0


def _coded(joined: list[npt.NDArray[np.uint32]], size: int) -> tuple[npt.NDArray[np.uint32], IntArray]:
    """The alphabet (ascending code points, the separator first) and the text (``n``, ``size``) in codes.

    ``joined``, the code points piece by piece, is emptied on the way, so that they and the codes are not both there.
    """
    used = np.zeros(CODE_POINTS, dtype=bool)
    used[SEPARATOR] = True
    for points in joined:
        used[points] = True
    alphabet = np.flatnonzero(used).astype(np.uint32)
    dtype = np.uint16 if len(alphabet) <= np.iinfo(np.uint16).max else np.uint32
    codes: IntArray = np.zeros(CODE_POINTS, dtype=dtype)
    codes[alphabet] = np.arange(len(alphabet), dtype=dtype)
    text: IntArray = np.empty(size, dtype=dtype)
    end = size
    while joined:
        points = joined.pop()
        text[end - len(points) : end] = codes[points]
        end -= len(points)
    return alphabet, text


def _sorted_bigrams(text: IntArray, alphabet_size: int) -> tuple[IntArray, IntArray, IntArray]:
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


class LiteralIndex:
    """A literal index, open for reading; safe to share between threads. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        arrays = {name: open_array(folder, name) for name in _ARRAYS}
        self._text: IntArray = arrays["text"]
        self._starts: IntArray = arrays["starts"]
        self._block_of: IntArray = arrays["block_of"]
        self._bigrams: IntArray = arrays["bigrams"]
        self._bigram_starts: IntArray = arrays["bigram_starts"]
        self._positions: IntArray = arrays["positions"]
        self._alphabet: IntArray = arrays["alphabet"]
        self._codes = {int(point): code for code, point in enumerate(self._alphabet)}
        if len(self._text) != int(self._starts[-1]) or len(self._bigram_starts) != len(self._bigrams) + 1:
            raise IndexDamagedError("索引的字面数组不完整")
        self._cache = SparseCache(CACHED_ENTRIES)

    @property
    def blocks(self) -> int:
        """The number of blocks."""
        return len(self._starts) - 1

    @property
    def lengths(self) -> npt.NDArray[np.float64]:
        """Normalized characters of each block (``b``)."""
        return (np.diff(self._starts) - 1).astype(np.float64)

    def text(self, ordinal: int) -> str:
        """The normalized text of one block."""
        codes = self._text[int(self._starts[ordinal]) : int(self._starts[ordinal + 1]) - 1]
        return self._alphabet[codes].astype("<u4").tobytes().decode("utf-32-le")

    def positions(self, literal: str) -> IntArray:
        """Every start of ``literal`` (not empty) in the joined text, ascending; overlaps count."""
        codes = [self._codes.get(ord(char), -1) for char in literal]
        if -1 in codes or not codes:
            return np.zeros(0, dtype=np.int64)
        if len(codes) == 1:
            return np.sort(self._single(codes[0]))
        ranges = [self._bigram(codes[at], codes[at + 1]) for at in range(len(codes) - 1)]
        rarest = min(range(len(ranges)), key=lambda at: ranges[at][1] - ranges[at][0])
        start, end = ranges[rarest]
        candidates = self._positions[start:end].astype(np.int64) - rarest
        candidates = candidates[(candidates >= 0) & (candidates + len(codes) <= len(self._text))]
        for offset, code in enumerate(codes):
            if len(candidates) and offset not in (rarest, rarest + 1):
                candidates = candidates[self._text[candidates + offset] == code]
        return candidates

    def occurrences(self, literal: str) -> tuple[IntArray, IntArray]:
        """Ordinals of the blocks that hold ``literal``, ascending, and how often each does (both of one length)."""
        return self._cache.get(literal, lambda: self._occurrences(literal))

    def counts(self, literal: str) -> npt.NDArray[np.int64]:
        """Occurrences of ``literal`` in every block (``b``)."""
        ordinals, of_each = self.occurrences(literal)
        counts = np.zeros(self.blocks, dtype=np.int64)
        counts[ordinals] = of_each
        return counts

    def _occurrences(self, literal: str) -> Sparse:
        # Positions ascend, so those of one block follow each other.
        blocks = self._block_of[self.positions(literal)]
        begins = np.flatnonzero(np.concatenate(([True], blocks[1:] != blocks[:-1]))) if len(blocks) else blocks
        return blocks[begins], np.diff(np.append(begins, len(blocks))).astype(np.int64)

    def _bigram(self, first: int, second: int) -> tuple[int, int]:
        key = np.uint64(first * len(self._alphabet) + second)
        at = int(np.searchsorted(self._bigrams, key))
        if at == len(self._bigrams) or self._bigrams[at] != key:
            return 0, 0
        return int(self._bigram_starts[at]), int(self._bigram_starts[at + 1])

    def _single(self, code: int) -> IntArray:
        size = len(self._alphabet)
        first, last = np.searchsorted(self._bigrams, np.array([code * size, (code + 1) * size], dtype=np.uint64))
        return self._positions[int(self._bigram_starts[first]) : int(self._bigram_starts[last])].astype(np.int64)
