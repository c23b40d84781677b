"""Pages of an embedded engine: of hits, of folded hits, of reports. Knows ordinals and keys only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.search.request import GROUP_HITS
from searchapp.search.result import ReportGroup

Ordinals = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of a page in order, their scores, and what stands beside them when they are grouped."""

    ordinals: Ordinals
    scores: npt.NDArray[np.float64]
    alike: Mapping[int, int] = field(default_factory=dict)
    groups: int | None = None
    grouped: tuple[ReportGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """``reports``: number, hits shown and hits besides, of each report of the page; ``groups``: how many in all."""

    ordinals: Ordinals
    alike: Mapping[int, int]
    groups: int
    reports: tuple[tuple[int, int, int], ...]


def grouped_page(
    ordered: Ordinals, folds: npt.NDArray[Any] | None, reports: npt.NDArray[Any] | None, page: slice
) -> Shown:
    """The page of ``ordered`` (all hits, best first), folded by ``folds``, by report when ``reports`` are given."""
    alike: dict[int, int] = {}
    if folds is not None:
        _, first, counts = np.unique(folds[ordered], return_index=True, return_counts=True)
        order = np.argsort(first)
        ordered = ordered[first[order]]
        alike = {int(ordinal): int(count) - 1 for ordinal, count in zip(ordered, counts[order], strict=True)}
    if reports is None:
        shown = ordered[page]
        return Shown(shown, {ordinal: alike[ordinal] for ordinal in shown.tolist()}, len(ordered), ())
    numbers, first, of_each = np.unique(reports[ordered], return_index=True, return_counts=True)
    order = np.argsort(first)[page]
    best: list[Ordinals] = []
    told: list[tuple[int, int, int]] = []
    for number, hits in zip(numbers[order].tolist(), of_each[order].tolist(), strict=True):
        chosen = ordered[np.flatnonzero(reports[ordered] == number)[:GROUP_HITS]]
        best.append(chosen)
        told.append((number, len(chosen), hits - len(chosen)))
    shown = np.concatenate(best) if best else ordered[:0]
    return Shown(shown, {ordinal: alike.get(ordinal, 0) for ordinal in shown.tolist()}, len(numbers), tuple(told))


def best_of(
    ordinals: Ordinals, scores: npt.NDArray[np.float64], wanted: int
) -> tuple[Ordinals, npt.NDArray[np.float64]]:
    """Those of ``ordinals`` that score as much as the ``wanted``-th best does, in any order, and their scores."""
    if wanted >= len(ordinals):
        return ordinals, scores
    best = scores >= np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
    return ordinals[best], scores[best]


def realigned(ordinals: Ordinals, values: npt.NDArray[Any], wanted: Ordinals) -> npt.NDArray[Any]:
    """The ``values``, given for ``ordinals`` in any order, of some of them."""
    order = np.argsort(ordinals)
    return values[order[np.searchsorted(ordinals, wanted, sorter=order)]]
