"""Which reports hold a block of a key: arrays over all blocks of a build, made when an address needs a new home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

_Hashes = npt.NDArray[np.uint64]


class KeyHolders:
    """The holders of every key: 12 bytes for each block of the build."""

    def __init__(self, keys_of_reports: Iterable[str]) -> None:
        """``keys_of_reports``: for each report, the keys of its blocks with spaces between."""
        hashes = [_hashes(set(keys.split())) for keys in keys_of_reports]
        sizes = [len(each) for each in hashes]
        joined = np.concatenate(hashes) if hashes else np.zeros(0, dtype=np.uint64)
        order = np.argsort(joined, kind="stable")
        self._hashes: _Hashes = joined[order]
        self._holders: npt.NDArray[np.uint32] = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)[order]

    def shared(self, keys: Iterable[str]) -> Counter[int]:
        """How many of ``keys`` (distinct) each report holds, by its number; reports that hold none are left out."""
        sought = _hashes(keys)
        first, last = (np.searchsorted(self._hashes, sought, side=side) for side in ("left", "right"))
        shared: Counter[int] = Counter()
        for start, end in zip(first.tolist(), last.tolist(), strict=True):
            shared.update(self._holders[start:end].tolist())
        return shared


def _hashes(keys: Iterable[str]) -> _Hashes:
    digests = b"".join(blake2b(key.encode(), digest_size=8).digest() for key in keys)
    return np.frombuffer(digests, dtype=np.uint64)
