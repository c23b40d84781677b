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


def added(some: Sparse, others: Sparse) -> Sparse:
    """The sum of two columns of counts; ``others`` is best the shorter one."""
    if not len(others[0]):
        return some
    ordinals, counts = some[0], some[1].astype(np.int64)
    at = np.searchsorted(ordinals, others[0])
    both = ordinals[np.minimum(at, len(ordinals) - 1)] == others[0] if len(ordinals) else np.zeros(len(at), dtype=bool)
    counts[at[both]] += others[1][both]
    new = ~both
    return np.insert(ordinals, at[new], others[0][new]), np.insert(counts, at[new], others[1][new])
