"""Writes the literal index of a build from encoded texts, with little more in memory than the arrays it writes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.bigrams import SEPARATOR, text_bigrams
from searchapp.literal.frequent import build_frequent
from searchapp.literal.punctuation_blind import build_blind
from searchapp.literal.sentence_ends import build_sentences
from searchapp.search.near_duplicates import FOLD_KEY_BYTES, fold_key, is_left_out
from searchapp.store.mapped_arrays import open_array, save_array

IntArray = npt.NDArray[np.integer]


def build_literal(folder: Path, texts: Iterable[str]) -> None:
    """Writes the literal index of ``texts`` (normalized, one a block, in document order) into ``folder``."""
    builder = LiteralBuilder()
    builder.add(EncodedTexts.of_texts(list(texts)))
    builder.save(folder)


class LiteralBuilder:
    """Collects the texts of a build in document order: two bytes a character, or four, and eight a block."""

    def __init__(self) -> None:
        self._joined: list[Points] = []
        self._folds: list[npt.NDArray[np.uint64]] = []

    def add(self, texts: EncodedTexts) -> None:
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


Points = npt.NDArray[np.unsignedinteger]

CODE_POINTS = 0x110000
_UNKNOWN, _KEPT, _LEFT_OUT = 0, 1, 2
_MASKING_LETTER = b"x"
"""Left out only where it stands twice: what has one is folded by itself."""

_fates = np.zeros(CODE_POINTS, dtype=np.uint8)
"""Of each code point met so far, whether fold keys leave it out."""


@dataclass(frozen=True, slots=True)
class EncodedTexts:
    """Normalized texts on their way into the literal index, encoded where they are read.

    ``points``: the code points of all texts, each followed by a separator, in two bytes where they are enough;
    ``folds``: the fold key of each.
    """

    points: Points
    folds: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, points: Points) -> EncodedTexts:
        """With the fold keys."""
        if points.max(initial=0) <= np.iinfo(np.uint16).max:
            points = points.astype(np.uint16)
        return cls(points, fold_keys(points))

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> EncodedTexts:
        """From the texts themselves."""
        joined = "".join([text + "\0" for text in texts])
        return cls.of(np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32))

    def unpacked(self) -> list[str]:
        """The texts themselves."""
        return _split(self.points)


class KeptTexts:
    """The texts of a build, for the next one. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        self._text, self._alphabet = open_array(folder, "text"), open_array(folder, "alphabet")
        self._starts, self._folds = open_array(folder, "starts"), open_array(folder, "folds")
        if len(self._text) != int(self._starts[-1]) or len(self._folds) != len(self._starts) - 1:
            raise IndexDamagedError(tr("索引的字面数组不完整"))

    def of(self, ordinals: range) -> EncodedTexts:
        """The texts of these blocks."""
        codes = self._text[int(self._starts[ordinals.start]) : int(self._starts[ordinals.stop])]
        return EncodedTexts(self._alphabet[codes], self._folds[ordinals.start : ordinals.stop])


def fold_keys(points: Points) -> npt.NDArray[np.uint64]:
    """``search.near_duplicates.fold_key`` of each text."""
    fates = _fates[points]
    if not fates.all():
        for point in np.unique(points[fates == _UNKNOWN]).tolist():
            _fates[point] = _LEFT_OUT if is_left_out(chr(point)) else _KEPT
        fates = _fates[points]
    kept = _joined(points[fates == _KEPT]).encode("utf-8").split(b"\0")[:-1]
    digests = [hashlib.blake2b(text, digest_size=FOLD_KEY_BYTES).digest() for text in kept]
    keys = np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64)
    alone = [number for number, text in enumerate(kept) if not text or _MASKING_LETTER in text]
    if alone:
        texts = _split(points)
        keys[alone] = [fold_key(texts[number]) for number in alone]
    return keys


def _split(points: Points) -> list[str]:
    return _joined(points).split("\0")[:-1]


def _joined(points: Points) -> str:
    return points.astype("<u4").tobytes().decode("utf-32-le")
