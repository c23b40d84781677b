"""Measures of an order of hits, and how sure a difference between two of them is. Knows numbers and ids only."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

DEPTH = 10
RECALL_DEPTH = 100
RESAMPLES = 10_000
SEED = 1

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quality:
    """Each measure of each question (``q``): nDCG@10 and MRR@10 of the first ten hits, recall of the first hundred."""

    ndcg: Floats
    mrr: Floats
    recall: Floats


def quality(rankings: Sequence[Sequence[str]], relevant: Sequence[Mapping[str, int]]) -> Quality:
    """``rankings``: for each question the ids found, best first; ``relevant``: the grades of its answers."""
    pairs = list(zip(rankings, relevant, strict=True))
    return Quality(
        np.array([ndcg(found, grades) for found, grades in pairs]),
        np.array([reciprocal_rank(found, grades) for found, grades in pairs]),
        np.array([len(set(found[:RECALL_DEPTH]) & set(grades)) / len(grades) for found, grades in pairs]),
    )


def ndcg(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """Discounted gain of the first ten (grade / log2(place + 1)) against that of the best order there could be."""
    gains = [grades.get(key, 0) for key in found[:DEPTH]]
    return _discounted(gains) / _discounted(sorted(grades.values(), reverse=True)[:DEPTH])


def reciprocal_rank(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """1 / place of the first answer among the first ten, 0 for none."""
    return next((1 / place for place, key in enumerate(found[:DEPTH], 1) if key in grades), 0.0)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


@dataclass(frozen=True, slots=True)
class Ratio:
    """Mean against mean, with the bounds of the middle 95 % of resamples."""

    value: float
    low: float
    high: float


def paired_ratio(ours: Floats, theirs: Floats) -> Ratio:
    """How many times ``theirs`` ``ours`` is, by a paired bootstrap over questions (Sakai 2006)."""
    drawn = np.random.default_rng(SEED).integers(0, len(ours), (RESAMPLES, len(ours)))
    below = np.maximum(theirs[drawn].mean(axis=1), np.finfo(np.float64).tiny)
    low, high = np.percentile(ours[drawn].mean(axis=1) / below, [2.5, 97.5])
    return Ratio(float(ours.mean() / theirs.mean()) if theirs.any() else math.inf, float(low), float(high))


def cross_validated(candidates: Sequence[Floats], folds: int = 5) -> tuple[Floats, list[int]]:
    """Measures of each question under the candidate that is best on the other folds, and that candidate of each fold.

    ``candidates``: for each setting of the parameters a measure of every question (``q``).
    """
    table = np.stack(candidates)
    fold_of = np.random.default_rng(SEED).permutation(table.shape[1]) % folds
    held_out = np.zeros(table.shape[1])
    chosen: list[int] = []
    for fold in range(folds):
        inside = fold_of == fold
        chosen.append(int(table[:, ~inside].mean(axis=1).argmax()))
        held_out[inside] = table[chosen[-1], inside]
    return held_out, chosen
