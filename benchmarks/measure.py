"""How times are summed up. Knows numbers; must not know how they came about or how results look."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: median and 95th percentile (nearest rank) of ``count`` answers."""

    median: float
    p95: float
    count: int

    @classmethod
    def of(cls, times: Iterable[float]) -> Spread:
        """Raises ``ValueError`` without any time."""
        ordered = sorted(times)
        if not ordered:
            raise ValueError("no times")
        return cls(median(ordered), ordered[math.ceil(0.95 * len(ordered)) - 1], len(ordered))
