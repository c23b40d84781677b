"""Pages of an embedded engine: hits, folded hits and reports by ordinal, and what the scores of hits are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.engines.embedded.bm25 import SCORE_DECIMALS, Ranker
from searchapp.engines.embedded.question_model import QuestionRanker
from searchapp.literal.block_sets import Blocks
from searchapp.search.compiled_query import CompiledQuery
from searchapp.search.request import GROUP_HITS
from searchapp.search.result import Contribution, ReportGroup
from searchapp.time_limit import watched

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
    for number, hits in watched(zip(numbers[order].tolist(), of_each[order].tolist(), strict=True)):
        chosen = ordered[np.flatnonzero(reports[ordered] == number)[:GROUP_HITS]]
        best.append(chosen)
        told.append((number, len(chosen), hits - len(chosen)))
    shown = np.concatenate(best) if best else ordered[:0]
    return Shown(shown, {ordinal: alike.get(ordinal, 0) for ordinal in shown.tolist()}, len(numbers), tuple(told))


def best_of(ordinals: Ordinals, scores: npt.NDArray[Any], wanted: int) -> tuple[Ordinals, npt.NDArray[Any]]:
    """Those of ``ordinals`` that score as much as the ``wanted``-th best does, in any order, and their scores."""
    if wanted >= len(ordinals):
        return ordinals, scores
    best = scores >= np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
    return ordinals[best], scores[best]


def realigned(ordinals: Ordinals, values: npt.NDArray[Any], wanted: Ordinals) -> npt.NDArray[Any]:
    """The ``values``, given for ``ordinals`` in any order, of some of them."""
    order = np.argsort(ordinals)
    return values[order[np.searchsorted(ordinals, wanted, sorter=order)]]


Explanations = dict[int, tuple[Contribution, ...]]
"""By ordinal."""


def explained(ranker: Ranker, query: CompiledQuery, hits: Blocks) -> Explanations:
    """For each of ``hits``, what every clause that it matches adds to its score."""
    wanted: list[int] = hits.ordinals.tolist()
    parts: list[list[dict[str, float]]] = [[{} for _ in wanted] for _ in query.clauses]
    for number, part, places, shares in ranker.shares(query, hits):
        for place, share in zip(places.tolist(), shares.tolist(), strict=True):
            of_part = parts[number][place]
            of_part[part] = of_part.get(part, 0.0) + share
    found: dict[int, list[Contribution]] = {ordinal: [] for ordinal in wanted}
    for compiled, of_clause in zip(query.clauses, parts, strict=True):
        for ordinal, of_part in zip(wanted, of_clause, strict=True):
            if of_part:
                shown = tuple((part, round(share, SCORE_DECIMALS)) for part, share in of_part.items())
                found[ordinal].append(Contribution(compiled.clause.text, "literal" in of_part, shown))
    return {ordinal: tuple(contributions) for ordinal, contributions in found.items()}


def explained_question(ranker: QuestionRanker, question: str, words: Sequence[str], ordinals: Ordinals) -> Explanations:
    """For each of ``ordinals``, what every word of the question adds, then what the question as a whole does."""
    found: dict[int, list[Contribution]] = {ordinal: [] for ordinal in ordinals.tolist()}
    for word, holding, shares in watched(ranker.word_shares(words)):
        for ordinal, told in found.items():
            if (share := value_of(ordinal, holding, shares)) is not None:
                told.append(Contribution(word, True, (("words", round(share, SCORE_DECIMALS)),)))
    parts = [(name, shares) for name, shares in ranker.parts(question, words).items() if name != "words"]
    for ordinal, told in found.items():
        rounded = [(name, round(float(shares[ordinal]), SCORE_DECIMALS)) for name, shares in parts]
        told.append(Contribution(question, False, tuple((name, share) for name, share in rounded if share)))
    return {ordinal: tuple(contributions) for ordinal, contributions in found.items()}


def value_of(ordinal: int, holding: Ordinals, values: npt.NDArray[Any]) -> float | None:
    """What stands for one block in a sparse column; ``None`` when it is none of ``holding`` (ascending)."""
    at = int(np.searchsorted(holding, ordinal))
    return float(values[at]) if at < len(holding) and holding[at] == ordinal else None
