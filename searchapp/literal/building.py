"""Writes the literal index of a build, text by text, with little more in memory than the arrays it writes."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.literal.bigrams import SEPARATOR, text_bigrams
from searchapp.literal.blind import build_blind
from searchapp.literal.frequent import build_frequent
from searchapp.literal.sentences import build_sentences
from searchapp.search.folding import fold_key
from searchapp.store.arrays import save_array

CODE_POINTS = 0x110000
JOINED_CHARACTERS = 1 << 18
"""Characters of texts that are kept as they come before they are joined."""

IntArray = npt.NDArray[np.integer]


def build_literal(folder: Path, texts: Iterable[str]) -> None:
    """Writes the literal index of ``texts`` (normalized, one a block, in document order) into ``folder``."""
    builder = LiteralBuilder()
    for text in texts:
        builder.add(text)
    builder.save(folder)


class LiteralBuilder:
    """Collects the texts of a build, block by block in document order: four bytes a character, sixteen a block."""

    def __init__(self) -> None:
        self._joined: list[npt.NDArray[np.uint32]] = []
        self._waiting: list[str] = []
        self._waiting_size = 0
        self._starts = array("q", [0])
        self._folds = array("Q")

    def add(self, text: str) -> None:
        """The normalized text of the next block."""
        self._starts.append(self._starts[-1] + len(text) + 1)
        self._folds.append(fold_key(text))
        self._waiting.append(text)
        self._waiting_size += len(text) + 1
        if self._waiting_size >= JOINED_CHARACTERS:
            self._join()

    def save(self, folder: Path) -> None:
        """Writes the literal index into ``folder``. The builder is empty afterwards."""
        self._join()
        alphabet, text = _coded(self._joined, self._starts[-1])
        starts = np.array(self._starts, dtype=np.int64)
        for name, array_of in (("text", text), ("alphabet", alphabet), ("starts", starts)):
            save_array(folder, name, array_of)
        for name, array_of in zip(
            ("bigrams", "bigram_starts", "positions"), text_bigrams(text, len(alphabet)), strict=True
        ):
            save_array(folder, name, array_of)
        save_array(folder, "folds", np.array(self._folds, dtype=np.uint64))
        build_sentences(folder)
        build_frequent(folder)
        build_blind(folder)

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
