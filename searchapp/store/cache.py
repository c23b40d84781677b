"""A cache of sparse columns, bounded by the entries they hold in all; what was used last is kept longest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any

import cachetools
import numpy as np
import numpy.typing as npt

Sparse = tuple[npt.NDArray[np.integer], npt.NDArray[Any]]
"""Ordinals of blocks, ascending, and a number for each."""

_EMPTY_COST = 16
"""What remembering a column without entries counts as."""


class SparseCache:
    """Safe to share between threads; two threads that miss the same key may both compute it."""

    def __init__(self, entries: int) -> None:
        self._lock = threading.Lock()
        self._kept: cachetools.LRUCache[Hashable, Sparse] = cachetools.LRUCache(entries, getsizeof=_cost)

    def get(self, key: Hashable, compute: Callable[[], Sparse]) -> Sparse:
        """What is remembered under ``key``, else what ``compute`` gives, which is remembered when it is not too big."""
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                return known
        made = compute()
        with self._lock:
            if _cost(made) <= self._kept.maxsize:
                self._kept[key] = made
        return made


def _cost(column: Sparse) -> int:
    return len(column[0]) + _EMPTY_COST
