"""What the scores of an embedded engine are made of, for the hits of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.engines.embedded.bm25 import SCORE_DECIMALS, Asked, Ranker
from searchapp.engines.embedded.question_model import QuestionRanker
from searchapp.literal.block_sets import Blocks, Ordinals
from searchapp.search.result import Contribution

Explanations = dict[int, tuple[Contribution, ...]]
"""By ordinal."""


def explained(ranker: Ranker, asked: Sequence[Asked], hits: Blocks, blind: bool) -> Explanations:
    """For each of ``hits``, what every clause that it matches adds to its score."""
    wanted: list[int] = hits.ordinals.tolist()
    parts: list[list[dict[str, float]]] = [[{} for _ in wanted] for _ in asked]
    for number, part, places, shares in ranker.shares(asked, hits, blind):
        for place, share in zip(places.tolist(), shares.tolist(), strict=True):
            of_part = parts[number][place]
            of_part[part] = of_part.get(part, 0.0) + share
    found: dict[int, list[Contribution]] = {ordinal: [] for ordinal in wanted}
    for (clause, _, _), of_clause in zip(asked, parts, strict=True):
        for ordinal, of_part in zip(wanted, of_clause, strict=True):
            if of_part:
                shown = tuple((part, round(share, SCORE_DECIMALS)) for part, share in of_part.items())
                found[ordinal].append(Contribution(clause.text, "literal" in of_part, shown))
    return {ordinal: tuple(contributions) for ordinal, contributions in found.items()}


def explained_question(ranker: QuestionRanker, question: str, words: Sequence[str], ordinals: Ordinals) -> Explanations:
    """For each of ``ordinals``, what every word of the question adds, then what the question as a whole does."""
    found: dict[int, list[Contribution]] = {ordinal: [] for ordinal in ordinals.tolist()}
    for word, holding, shares in ranker.word_shares(words):
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
