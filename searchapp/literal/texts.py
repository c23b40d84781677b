"""Normalized texts on their way into the literal index: code points and fold keys, made where the texts are read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.search.near_duplicates import FOLD_KEY_BYTES, fold_key, is_left_out
from searchapp.store.mapped_arrays import open_array

Points = npt.NDArray[np.unsignedinteger]

CODE_POINTS = 0x110000
_UNKNOWN, _KEPT, _LEFT_OUT = 0, 1, 2
_MASKING_LETTER = b"x"
"""Left out only where it stands twice: what has one is folded by itself."""

_fates = np.zeros(CODE_POINTS, dtype=np.uint8)
"""Of each code point met so far, whether fold keys leave it out."""


@dataclass(frozen=True, slots=True)
class LiteralTexts:
    """``points``: the code points of all texts, each followed by a separator, in two bytes where they are enough.

    ``folds``: the fold key of each.
    """

    points: Points
    folds: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, points: Points) -> LiteralTexts:
        """With the fold keys."""
        if points.max(initial=0) <= np.iinfo(np.uint16).max:
            points = points.astype(np.uint16)
        return cls(points, fold_keys(points))

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> LiteralTexts:
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

    def of(self, ordinals: range) -> LiteralTexts:
        """The texts of these blocks."""
        codes = self._text[int(self._starts[ordinals.start]) : int(self._starts[ordinals.stop])]
        return LiteralTexts(self._alphabet[codes], self._folds[ordinals.start : ordinals.stop])


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
