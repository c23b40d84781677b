"""Caches bounded by the size of what they hold in all; what was used last is kept longest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import cachetools
import numpy as np
import numpy.typing as npt

Sparse = tuple[npt.NDArray[np.integer], npt.NDArray[Any]]
"""Ordinals of blocks, ascending, and a number for each."""

Value = TypeVar("Value")
_EMPTY_COST = 128
"""What remembering something without entries counts as."""


class BoundedCache(Generic[Value]):
    """``size``: what all values may cost together. Safe to share between threads; two threads that miss the same key
    may both compute it.
    """

    def __init__(self, size: int, cost: Callable[[Value], int]) -> None:
        self._lock = threading.Lock()
        self._cost = cost
        self._kept: cachetools.LRUCache[Hashable, Value] = cachetools.LRUCache(size, getsizeof=self._cost_of)

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """What is remembered under ``key``, else what ``compute`` gives, which is remembered when it is not too big."""
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                return known
        made = compute()
        with self._lock:
            if self._cost_of(made) <= self._kept.maxsize:
                self._kept[key] = made
        return made

    def _cost_of(self, value: Value) -> int:
        return self._cost(value) + _EMPTY_COST
