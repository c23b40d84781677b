"""BM25 on arrays, for the engines that keep literal arrays. What it computes: docs/ranking.md.

``b`` is the number of blocks. Statistics are those of the live blocks of the build, so an index grown step by step
scores as one made from nothing. Knows numbers; an engine supplies postings.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from searchapp.query.ast import Phrase, Word
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


class LiteralCounts(Protocol):
    """What the literal index supplies."""

    def occurrences(self, literal: str) -> tuple[Ordinals, Ordinals]:
        """Ordinals of the blocks that hold ``literal``, ascending, and how often each does."""

    @property
    def lengths(self) -> Floats:
        """Normalized characters of every block (``b``)."""


def idf(blocks: int, holding: int) -> float:
    """Whoosh's inverse document frequency: ``ln(N / (n + 1)) + 1``."""
    return math.log(blocks / (holding + 1)) + 1


class Ranker:
    """Scores blocks for the phrases and words of a query; ``lengths``: words in a field of every block (``b``)."""

    def __init__(self, literal: LiteralCounts, postings: Postings, lengths: Mapping[WordField, Floats]) -> None:
        self._literal = literal
        self._postings = postings
        self._lengths: dict[str, Floats] = {"literal": literal.lengths} | {
            str(name): of for name, of in lengths.items()
        }
        self._averages = {name: _average(lengths) for name, lengths in self._lengths.items()}

    def scores(self, clauses: Sequence[Phrase | Word], words: Sequence[Sequence[str]]) -> Floats:
        """Scores of every block (``b``); ``words`` are the distinct jieba words of each clause."""
        size = len(self._lengths["literal"])
        scores = np.zeros(size, dtype=np.float64)
        for clause, clause_words in zip(clauses, words, strict=True):
            holding, counts = self._literal.occurrences(clause.literal)
            self._add(scores, "literal", 1.0, holding, counts.astype(np.float64))
            for field, weight in WORD_FIELD_WEIGHTS.items():
                for word in clause_words:
                    ordinals, frequencies = self._postings.postings(field, word)
                    self._add(scores, field, weight, ordinals, frequencies)
        return np.round(scores, SCORE_DECIMALS)

    def _add(self, scores: Floats, name: str, weight: float, ordinals: Ordinals, frequencies: Floats) -> None:
        if not len(ordinals):
            return
        rarity = idf(len(scores), len(ordinals))
        lengths = self._lengths[name][ordinals]
        saturation = frequencies + K1 * ((1 - B) + B * lengths / self._averages[name])
        scores[ordinals] += weight * (rarity * ((frequencies * (K1 + 1)) / saturation))


def _average(lengths: Floats) -> float:
    """Mean length; 1 for an empty field, whose lengths are never used."""
    total = float(lengths.sum())
    return total / len(lengths) if total else 1.0
