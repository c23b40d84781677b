"""BM25 on arrays, for the engines that keep literal arrays. What it computes: docs/ranking.md.

``b`` is the number of blocks. Statistics are those of the live blocks of the build, so an index grown step by step
scores as one made from nothing. Knows numbers; an engine supplies postings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from searchapp.query.ast import Clause
from searchapp.search.schema import WORD_FIELD_WEIGHTS, WordField

K1 = 1.2
B = 0.75
SCORE_DECIMALS = 6
"""Scores are rounded to this before they order hits, so that the order does not hang on the last bits."""

Floats = npt.NDArray[np.float64]
Ordinals = npt.NDArray[np.integer]


class Postings(Protocol):
    """What a ranking engine supplies."""

    def postings(self, field: WordField, word: str) -> tuple[Ordinals, Floats]:
        """Ordinals of the live blocks whose ``field`` holds ``word``, ascending, and how often it does."""


class ClauseCounts(Protocol):
    """What the literal index supplies."""

    def occurrences(self, clause: Clause, ignore_punctuation: bool = False) -> tuple[Ordinals, Ordinals]:
        """Ordinals of the blocks in which ``clause`` occurs, ascending, and how often it does in each."""


Part = str
"""What a share of a score comes from: ``literal`` or a word field."""


def idf(blocks: int, holding: int) -> float:
    """Whoosh's inverse document frequency: ``ln(N / (n + 1)) + 1``."""
    return math.log(blocks / (holding + 1)) + 1


class Ranker:
    """Scores blocks for the clauses of a query; ``lengths``: of every block's text and word fields (``b`` each)."""

    def __init__(self, clauses: ClauseCounts, postings: Postings, lengths: Mapping[str, Floats]) -> None:
        self._clauses = clauses
        self._postings = postings
        self._lengths = lengths
        self._averages = {name: _average(lengths) for name, lengths in lengths.items()}

    def scores(self, clauses: Sequence[Clause], words: Sequence[Sequence[str]], ignore_punctuation: bool) -> Floats:
        """Scores of every block (``b``); ``words`` are the distinct jieba words of each clause."""
        scores = np.zeros(len(self._lengths["literal"]), dtype=np.float64)
        for clause, clause_words in zip(clauses, words, strict=True):
            for _, ordinals, shares in self.shares(clause, clause_words, ignore_punctuation):
                scores[ordinals] += shares
        return np.round(scores, SCORE_DECIMALS)

    def shares(
        self, clause: Clause, words: Sequence[str], ignore_punctuation: bool
    ) -> Iterator[tuple[Part, Ordinals, Floats]]:
        """What one clause adds to the scores: for each part and word, blocks and shares."""
        holding, counts = self._clauses.occurrences(clause, ignore_punctuation)
        yield from self._share("literal", clause.weight, holding, counts.astype(np.float64))
        for field, weight in WORD_FIELD_WEIGHTS.items():
            for word in words:
                yield from self._share(field, weight * clause.weight, *self._postings.postings(field, word))

    def _share(
        self, part: Part, weight: float, ordinals: Ordinals, frequencies: Floats
    ) -> Iterator[tuple[Part, Ordinals, Floats]]:
        if not len(ordinals):
            return
        lengths = self._lengths[part]
        rarity = idf(len(lengths), len(ordinals))
        saturation = frequencies + K1 * ((1 - B) + B * lengths[ordinals] / self._averages[part])
        yield part, ordinals, weight * (rarity * ((frequencies * (K1 + 1)) / saturation))


def _average(lengths: Floats) -> float:
    """Mean length; 1 for an empty field, whose lengths are never used."""
    total = float(lengths.sum())
    return total / len(lengths) if total else 1.0
