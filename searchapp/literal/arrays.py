"""The literal index: normalized text and the positions of its character bigrams, sorted by bigram.

Text is kept as dense character codes (``alphabet``: code point of each code; 0 is the separator after every block), so
a phrase is found from its rarest bigram and verified by vector comparison; one character is a range of bigrams.
Sizes: ``n`` text positions, ``b`` blocks, ``g`` distinct bigrams. Knows texts by number only; no report, no engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.store.arrays import open_array, save_array
from searchapp.store.cache import Sparse, SparseCache

SEPARATOR = 0
CACHED_ENTRIES = 2_000_000
"""Blocks of remembered phrases, in all (12 bytes each)."""

IntArray = npt.NDArray[np.integer]

_ARRAYS = ("text", "alphabet", "starts", "block_of", "bigrams", "bigram_starts", "positions")


def build_literal(folder: Path, texts: Iterable[str]) -> None:
    """Writes the literal index of ``texts`` (normalized, one a block, in document order) into ``folder``."""
    points, starts = _joined(texts)
    alphabet, text = _coded(points)
    lengths = np.diff(starts)
    block_of = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
    bigrams, bigram_starts, positions = _sorted_bigrams(text, len(alphabet))
    arrays: list[IntArray] = [text, alphabet, starts, block_of, bigrams, bigram_starts, positions]
    for name, array in zip(_ARRAYS, arrays, strict=True):
        save_array(folder, name, array)


def _joined(texts: Iterable[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Code points of all texts, each followed by a separator (``n``), and where each begins (``b + 1``)."""
    pieces: list[npt.NDArray[np.uint32]] = []
    starts = [0]
    for text in texts:
        pieces.append(np.frombuffer((text + "\0").encode("utf-32-le"), dtype=np.uint32))
        starts.append(starts[-1] + len(text) + 1)
    points = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.uint32)
    return points, np.array(starts, dtype=np.int64)


def _coded(points: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.uint32], IntArray]:
    """The alphabet (ascending code points, the separator first) and the text in codes."""
    used = np.zeros(0x110000, dtype=bool)
    used[SEPARATOR] = True
    used[points] = True
    alphabet = np.flatnonzero(used).astype(np.uint32)
    dtype = np.uint16 if len(alphabet) <= np.iinfo(np.uint16).max else np.uint32
    codes: IntArray = np.zeros(0x110000, dtype=dtype)
    codes[alphabet] = np.arange(len(alphabet), dtype=dtype)
    return alphabet, codes[points]


def _sorted_bigrams(text: IntArray, alphabet_size: int) -> tuple[IntArray, IntArray, IntArray]:
    """Distinct bigrams ascending (``g``), where each one's positions begin (``g + 1``), all positions by bigram.

    Every character but the separator begins a bigram (its second half may be the separator). Positions of one bigram
    ascend: the sort is stable, and two passes over 16-bit codes make it a radix sort.
    """
    width = np.uint32 if len(text) < np.iinfo(np.uint32).max else np.uint64
    first: IntArray = np.flatnonzero(text != SEPARATOR).astype(width)
    order: IntArray = first[np.argsort(text[first + 1], kind="stable")]
    positions: IntArray = order[np.argsort(text[order], kind="stable")]
    keys = text[positions].astype(np.uint64) * np.uint64(alphabet_size) + text[positions + 1]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    return keys[starts], np.append(starts, len(keys)).astype(np.int64), positions


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
