"""Figures out of results: spreads, ratios over the queries that both answered, shares that are exact, slopes.

Knows the shape of results (:mod:`benchmarks.results`); must not know how tables or plots look.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.measure import Spread

Part = Mapping[str, Any]
"""What is known of one corpus."""


@dataclass(frozen=True, slots=True)
class Found:
    """Queries of which the truth is known: how many were answered exactly, blocks too few and too many."""

    queries: int
    exact: int
    too_few: int
    too_many: int


def times(
    part: Part, stage: str, peer: str, phase: str, classes: Collection[str] | None = None
) -> dict[tuple[str, int], float]:
    """Milliseconds by class and number of each query that the peer answered."""
    of = part.get(stage, {}).get(peer, {}).get("classes", {})
    return {
        (name, at): ms
        for name, found in of.items()
        if classes is None or name in classes
        for at, ms in enumerate(found[phase])
        if ms is not None
    }


def spread(part: Part, stage: str, peer: str, phase: str, classes: Collection[str] | None = None) -> Spread | None:
    """Of all these, or ``None`` without any."""
    found = times(part, stage, peer, phase, classes).values()
    return Spread.of(found) if found else None


def cold(part: Part, peer: str) -> Spread | None:
    """Of answers of fresh processes with cold files, opening left out."""
    found = part.get("starts", {}).get(peer, {}).get("cold", {}).get("answer", [])
    return Spread.of(found) if found else None


def ratio(part: Part, ours: str, theirs: str, phase: str) -> float | None:
    """Our median of whole answers by theirs, over the queries that both answered; below 1 ours is faster."""
    mine, other = (times(part, "answers", peer, phase) for peer in (ours, theirs))
    both = mine.keys() & other.keys()
    if not both:
        return None
    return median(mine[key] for key in both) / median(other[key] for key in both)


def exactness(part: Part, peer: str, name: str) -> Found | None:
    """Totals of a class beside brute force; ``None`` where there is no truth or no answer."""
    for stage in ("answers", "counts"):
        given = part.get(stage, {}).get(peer, {}).get("classes", {}).get(name, {}).get("totals", [])
        true = part["facts"]["classes"].get(name, {}).get("true", [])
        pairs = [(t, g) for t, g in zip(true, given, strict=True) if t is not None and g is not None] if given else []
        if pairs:
            return Found(
                len(pairs),
                sum(t == g for t, g in pairs),
                sum(max(0, t - g) for t, g in pairs),
                sum(max(0, g - t) for t, g in pairs),
            )
    return None


def characters_a_second(part: Part, peer: str) -> float | None:
    """Of indexing, wall time."""
    made = part.get("indexing", {}).get(peer)
    return part["facts"]["characters"] / made["seconds"] if made else None


def generated(results: Mapping[str, Any]) -> list[Part]:
    """The corpora that were generated, the smallest first."""
    return sorted(
        (part for part in results["corpora"].values() if part["facts"]["generated"]),
        key=lambda part: part["facts"]["paragraphs"],
    )


def of_size(results: Mapping[str, Any], paragraphs: int) -> Part | None:
    """The generated corpus of that size."""
    return next((part for part in generated(results) if part["facts"]["paragraphs"] == paragraphs), None)


def slope(points: Collection[tuple[float, float]]) -> float | None:
    """The exponent by which a cost grows: of the straight line of least squares through the logarithms."""
    logs = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0]
    if len({x for x, _ in logs}) < 2:
        return None
    mean_x, mean_y = (sum(of) / len(logs) for of in zip(*logs, strict=True))
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)


@dataclass(frozen=True, slots=True)
class Cost:
    """Something that grows with the work: its name, unit, and how it is read out of a corpus for a peer."""

    name: str
    unit: str
    key: str

    def points(self, results: Mapping[str, Any], peer: str) -> list[tuple[float, float]]:
        """Blocks and cost of every generated corpus that has it."""
        found = ((part["facts"]["blocks"], self._read(part, peer)) for part in generated(results))
        return [(blocks, cost) for blocks, cost in found if cost]

    def _read(self, part: Part, peer: str) -> float | None:
        match self.key.split():
            case ["answers", phase, share]:
                of = spread(part, "answers", peer, phase)
                return getattr(of, share) if of else None
            case [stage, name]:
                found = part.get(stage, {}).get(peer)
                return found[name] if found else None
        raise ValueError(self.key)


COSTS = (
    Cost("an answer, first time: median", "ms", "answers first median"),
    Cost("an answer, first time: 95th percentile", "ms", "answers first p95"),
    Cost("an answer, again: median", "ms", "answers again median"),
    Cost("an answer, again: 95th percentile", "ms", "answers again p95"),
    Cost("indexing", "s", "indexing seconds"),
    Cost("index on disk", "bytes", "indexing bytes"),
    Cost("memory while serving", "bytes", "memory alone"),
)


def fastest(part: Part, peers: Collection[str]) -> Iterator[str]:
    """The peers by their median of a first answer, those without one last."""
    medians = {peer: median(times(part, "answers", peer, "first").values() or [math.inf]) for peer in peers}
    yield from sorted(peers, key=lambda peer: medians[peer])
