"""BM25 on arrays, for the engines that keep literal arrays. What it computes: docs/ranking.md.

``b`` is the number of blocks. Statistics are those of the live blocks of the build, so an index grown step by step
scores as one made from nothing. Knows numbers; an engine supplies postings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from searchapp.query.ast import Clause, Phrase, Word, literals
from searchapp.search.schema import WORD_FIELD_WEIGHTS, WordField

K1 = 1.2
B = 0.75
SCORE_DECIMALS = 6
"""Scores are rounded to this before they order hits, so that the order does not hang on the last bits."""

SHORTEST = 0.5
"""Blocks shorter than this part of the average count as so long: else headings would always come first."""
CLOSENESS = 1.0
"""What two texts beside each other add, in rarities of the more frequent one."""
SPREAD = 10.0
"""At this distance in characters it is half of that."""
MAX_PAIRS = 8
LEAST_CHARACTERS = 2

Mask = npt.NDArray[np.bool_]
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

    def distances(self, first: str, second: str, among: Mask) -> tuple[Ordinals, Ordinals]:
        """Ordinals of the blocks ``among`` those that hold both texts, ascending, and how near they come in each."""


Part = str
"""What a share of a score comes from: ``literal``, a word field or ``closeness``."""


class Asked(NamedTuple):
    """A clause of a query, its distinct jieba words, and the texts whose closeness counts, in order."""

    clause: Clause
    words: Sequence[str]
    texts: Sequence[str]


def asked_of(clause: Clause, segment: Callable[[str], list[str]]) -> Asked:
    """What a clause is ranked by. A word that jieba cuts counts by its longer pieces, anything else by its text."""
    words = list(dict.fromkeys(word for literal in literals(clause) for word in segment(literal)))
    if isinstance(clause, Word):
        return Asked(clause, words, [word for word in words if len(word) >= LEAST_CHARACTERS] or [clause.literal])
    return Asked(clause, words, literals(clause))


def idf(blocks: int, holding: int) -> float:
    """Whoosh's inverse document frequency: ``ln(N / (n + 1)) + 1``."""
    return math.log(blocks / (holding + 1)) + 1


def bm25(frequencies: Floats, lengths: Floats, average: float, blocks: int) -> Floats:
    """BM25 of a term for the blocks that hold it: how often each does, and how long each is, as ``average`` counts.

    ``blocks``: how many there are in all. With Whoosh's own lengths (one byte each) it is what
    ``whoosh.scoring.BM25F(K1=1.2, B=0.75)`` gives in an index without deleted documents.
    """
    saturation = frequencies + K1 * ((1 - B) + B * lengths / average)
    return idf(blocks, len(frequencies)) * ((frequencies * (K1 + 1)) / saturation)


class Ranker:
    """Scores blocks for the clauses of a query.

    ``lengths``: of every block's text and word fields (``b`` each). ``priors``: factors of the
    scores of every block.
    """

    def __init__(
        self, clauses: ClauseCounts, postings: Postings, lengths: Mapping[str, Floats], priors: Floats
    ) -> None:
        self._clauses = clauses
        self._priors = priors
        self._postings = postings
        self._averages = {name: _average(lengths) for name, lengths in lengths.items()}
        self._lengths = {name: np.maximum(of, SHORTEST * self._averages[name]) for name, of in lengths.items()}

    def scores(self, asked: Sequence[Asked], hits: Mask, ignore_punctuation: bool) -> Floats:
        """Scores of every block (``b``); those of blocks that are no ``hits`` mean nothing."""
        scores = np.zeros(len(hits), dtype=np.float64)
        for _, _, ordinals, shares in self.shares(asked, hits, ignore_punctuation):
            scores[ordinals] += shares
        return np.round(scores, SCORE_DECIMALS)

    def shares(
        self, asked: Sequence[Asked], hits: Mask, ignore_punctuation: bool
    ) -> Iterator[tuple[int, Part, Ordinals, Floats]]:
        """What scores are the sum of: which clause it comes from, what of it, blocks and shares."""
        for number, part, ordinals, shares in self._unweighted(asked, hits, ignore_punctuation):
            yield number, part, ordinals, shares * self._priors[ordinals]

    def _unweighted(
        self, asked: Sequence[Asked], hits: Mask, ignore_punctuation: bool
    ) -> Iterator[tuple[int, Part, Ordinals, Floats]]:
        for number, (clause, words, _) in enumerate(asked):
            holding, counts = self._clauses.occurrences(clause, ignore_punctuation)
            for ordinals, shares in self._share("literal", clause.weight, holding, counts.astype(np.float64)):
                yield number, "literal", ordinals, shares
            for field, weight in WORD_FIELD_WEIGHTS.items():
                for word in words:
                    postings = self._postings.postings(field, word)
                    for ordinals, shares in self._share(field, weight * clause.weight, *postings):
                        yield number, field, ordinals, shares
        texts = [(number, text) for number, (_, _, texts) in enumerate(asked) for text in texts]
        for (_, before), (number, text) in list(pairwise(texts))[:MAX_PAIRS]:
            if before != text:
                weight = CLOSENESS * asked[number].clause.weight
                yield number, "closeness", *self._close(before, text, hits, weight)

    def _share(
        self, part: Part, weight: float, ordinals: Ordinals, frequencies: Floats
    ) -> Iterator[tuple[Ordinals, Floats]]:
        if not len(ordinals):
            return
        lengths = self._lengths[part]
        yield ordinals, weight * bm25(frequencies, lengths[ordinals], self._averages[part], len(lengths))

    def _close(self, first: str, second: str, hits: Mask, weight: float) -> tuple[Ordinals, Floats]:
        ordinals, distances = self._clauses.distances(first, second, hits)
        holding = (len(self._clauses.occurrences(Phrase(text, text))[0]) for text in (first, second))
        rarity = idf(len(hits), max(holding))
        return ordinals, weight * (rarity / (1 + distances / SPREAD))


def _average(lengths: Floats) -> float:
    """Mean length; 1 for an empty field, whose lengths are never used."""
    total = float(lengths.sum())
    return total / len(lengths) if total else 1.0
