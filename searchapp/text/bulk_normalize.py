"""Many texts normalized at once: what ``normalize`` gives for each, by table look-up over all of them together."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from searchapp.text.normalize import normalize, regular_fold

SEPARATOR = "\0"
"""Stands behind every text while they are together."""
_CODE_POINTS = 0x110000
_IRREGULAR = 0
_UNKNOWN = np.iinfo(np.uint32).max


def normalize_all(texts: Sequence[str]) -> list[str]:
    """N of each. Texts with characters that are not folded one to one (spaces among them) are normalized alone."""
    joined = "".join([text + SEPARATOR for text in texts])
    folded = _folded(np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32))
    ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)
    irregular = folded == _IRREGULAR
    irregular[ends - 1] = False
    normalized = folded.tobytes().decode("utf-32-le")
    if not irregular.any():
        return normalized.split(SEPARATOR)[:-1]
    alone = set(np.searchsorted(ends, np.flatnonzero(irregular), side="right").tolist())
    return [
        normalize(text) if number in alone else normalized[end - 1 - len(text) : end - 1]
        for number, (text, end) in enumerate(zip(texts, ends.tolist(), strict=True))
    ]


def _folded(points: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Each code point folded; ``_IRREGULAR`` where that is not one code point, or a space."""
    table = _table()
    folded = table[points]
    unknown = folded == _UNKNOWN
    if unknown.any():
        for point in np.unique(points[unknown]).tolist():
            table[point] = ord(regular_fold(chr(point)) or chr(_IRREGULAR))
        folded = table[points]
    return folded


@functools.cache
def _table() -> npt.NDArray[np.uint32]:
    """Foldings of the code points met so far."""
    table = np.full(_CODE_POINTS, _UNKNOWN, dtype=np.uint32)
    table[ord(SEPARATOR)] = _IRREGULAR
    return table
