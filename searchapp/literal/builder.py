"""Writes the literal index of a build, text by text, with little more in memory than the arrays it writes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.literal.bigrams import SEPARATOR, text_bigrams
from searchapp.literal.frequent import build_frequent
from searchapp.literal.punctuation_blind import build_blind
from searchapp.literal.sentence_ends import build_sentences
from searchapp.literal.texts import CODE_POINTS, LiteralTexts, Points
from searchapp.store.mapped_arrays import save_array

IntArray = npt.NDArray[np.integer]


def build_literal(folder: Path, texts: Iterable[str]) -> None:
    """Writes the literal index of ``texts`` (normalized, one a block, in document order) into ``folder``."""
    builder = LiteralBuilder()
    builder.add(LiteralTexts.of_texts(list(texts)))
    builder.save(folder)


class LiteralBuilder:
    """Collects the texts of a build in document order: two bytes a character, or four, and eight a block."""

    def __init__(self) -> None:
        self._joined: list[Points] = []
        self._folds: list[npt.NDArray[np.uint64]] = []

    def add(self, texts: LiteralTexts) -> None:
        """The next texts."""
        self._joined.append(texts.points)
        self._folds.append(texts.folds)

    def save(self, folder: Path) -> None:
        """Writes the literal index into ``folder``. The builder is empty afterwards."""
        alphabet, text = _coded(self._joined, sum(map(len, self._joined)))
        starts = np.concatenate(([0], np.flatnonzero(text == SEPARATOR) + 1))
        for name, array_of in (("text", text), ("alphabet", alphabet), ("starts", starts)):
            save_array(folder, name, array_of)
        for name, array_of in zip(
            ("bigrams", "bigram_starts", "positions"), text_bigrams(text, len(alphabet)), strict=True
        ):
            save_array(folder, name, array_of)
        save_array(folder, "folds", np.concatenate([np.zeros(0, dtype=np.uint64), *self._folds]))
        self._folds.clear()
        build_sentences(folder)
        build_frequent(folder)
        build_blind(folder)


def _coded(joined: list[Points], size: int) -> tuple[npt.NDArray[np.uint32], IntArray]:
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
