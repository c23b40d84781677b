"""Ranking for a question (``match=any``) on arrays: a language model of words, bigrams and characters, with feedback.

The formula is told in docs/ranking.md and computed in plain loops by :mod:`searchapp.engines.questions_plain`, which
holds its constants. ``b`` is the number of blocks. Knows numbers and texts; an engine supplies postings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from searchapp.engines.questions_plain import SCORE_DECIMALS, WEIGHTS, QuestionWeights, feedback_weights, grams
from searchapp.search.schema import WordField

Floats = npt.NDArray[np.float64]
Ordinals = npt.NDArray[np.integer]
Posting = tuple[Ordinals, npt.NDArray[np.generic]]
"""Ordinals of the blocks that hold a term, ascending, and how often each does."""


class WordPostings(Protocol):
    """What a ranking engine supplies."""

    def postings(self, field: WordField, word: str) -> tuple[Ordinals, Floats]:
        """Ordinals of the live blocks whose ``field`` holds ``word``, ascending, and how often it does."""


class BlockTexts(Protocol):
    """What the literal index supplies."""

    def occurrences(self, literal: str) -> tuple[Ordinals, Ordinals]:
        """Ordinals of the blocks that hold ``literal``, ascending, and how often each does."""

    def text(self, ordinal: int) -> str:
        """The normalized text of one block."""

    @property
    def lengths(self) -> Floats:
        """Normalized characters of every block (``b``)."""


class _Model:
    """A Dirichlet-smoothed language model of one kind of terms (Zhai and Lafferty 2001), over blocks of ``lengths``."""

    def __init__(self, lengths: Floats, smoothing: float) -> None:
        self.total = float(lengths.sum())
        self._mu = smoothing * self.total / max(1, len(lengths))
        self._length_part = np.log(self._mu / (lengths + self._mu)) if self.total else np.zeros(len(lengths))

    def add(self, scores: Floats, terms: Iterable[tuple[float, Posting]]) -> int:
        """Adds the terms, by weight, to ``scores`` (``b``); how many of them some block holds."""
        known, weights = 0, 0.0
        for weight, (ordinals, frequencies) in terms:
            if len(ordinals):
                known += 1
                weights += weight
                scores[ordinals] += weight * self._log_odds(frequencies.astype(np.int64, copy=False))
        scores += weights * self._length_part
        return known

    def _log_odds(self, counts: npt.NDArray[np.int64]) -> Floats:
        # Counts are small and repeat, so each logarithm is taken once.
        rarity = self.total / (self._mu * int(counts.sum()))
        table: Floats = np.log1p(np.arange(int(counts.max()) + 1) * rarity)
        return table[counts]


class QuestionRanker:
    """Scores blocks for a question.

    ``word_lengths``: jieba words of every block (``b``); ``report_of``: the report of each (``b``), any numbers.
    """

    def __init__(
        self,
        texts: BlockTexts,
        postings: WordPostings,
        word_lengths: Floats,
        report_of: Ordinals,
        weights: QuestionWeights = WEIGHTS,
    ) -> None:
        self._texts = texts
        self._postings = postings
        self._weights = weights
        self._lengths = texts.lengths
        self._words = _Model(word_lengths, weights.smoothing)
        self._grams = _Model(self._lengths, weights.smoothing)
        self._joined = report_of[1:] == report_of[:-1]

    def scores(self, question: str, words: Sequence[str]) -> Floats:
        """Scores of every block (``b``) for a normalized question and its distinct jieba words.

        They say which of two blocks is the better one, no more: they may be negative, and blocks that hold nothing of
        the question have scores too.
        """
        scores = np.zeros(len(self._lengths), dtype=np.float64)
        in_words = [self._postings.postings("words", word) for word in dict.fromkeys(words)]
        bigrams = [self._texts.occurrences(gram) for gram in dict.fromkeys(grams(question, 2))]
        letters = [self._texts.occurrences(gram) for gram in dict.fromkeys(grams(question, 1))]
        self._words.add(scores, ((1.0, posting) for posting in in_words))
        own = self._grams.add(scores, ((1.0, posting) for posting in bigrams))
        self._grams.add(scores, ((1.0, posting) for posting in letters))
        matched = np.zeros(len(scores), dtype=bool)
        for ordinals, _ in (*in_words, *bigrams, *letters):
            matched[ordinals] = True
        added = self._feedback(scores, matched)
        total = sum(weight for _, weight in added)
        if total > 0 and own:
            share = self._weights.feedback_share * own / total
            occurrences = self._texts.occurrences
            self._grams.add(scores, ((weight * share, occurrences(bigram)) for bigram, weight in added))
        return np.round(self._with_neighbours(scores), SCORE_DECIMALS)

    def _feedback(self, scores: Floats, matched: npt.NDArray[np.bool_]) -> list[tuple[str, float]]:
        """The bigrams that tell the best blocks from the library, with their weights."""
        best = _best(np.flatnonzero(matched), np.round(scores, SCORE_DECIMALS), self._weights.feedback_blocks)
        holding = [Counter(grams(self._texts.text(ordinal), 2)) for ordinal in best]
        totals = self._totals(holding)
        lengths = [float(self._lengths[ordinal]) for ordinal in best]
        return feedback_weights(holding, lengths, totals, self._grams.total)[: self._weights.feedback_bigrams]

    def _totals(self, holding: Sequence[Mapping[str, int]]) -> dict[str, int]:
        shared = Counter(bigram for counts in holding for bigram in counts)
        wanted = [bigram for bigram, held in shared.items() if held >= self._weights.least_blocks]
        return {bigram: int(self._texts.occurrences(bigram)[1].sum()) for bigram in wanted}

    def _with_neighbours(self, scores: Floats) -> Floats:
        result = scores.copy()
        result[1:] += self._weights.neighbours * np.where(self._joined, scores[:-1], 0.0)
        result[:-1] += self._weights.neighbours * np.where(self._joined, scores[1:], 0.0)
        return result


def _best(ordinals: Ordinals, scores: Floats, wanted: int) -> list[int]:
    """The ``wanted`` best of ``ordinals`` (ascending), the best first; of equal ones the first."""
    if not wanted:
        return []
    if len(ordinals) > wanted:
        least = np.partition(scores[ordinals], len(ordinals) - wanted)[len(ordinals) - wanted]
        ordinals = ordinals[scores[ordinals] >= least]
    best: list[int] = ordinals[np.argsort(-scores[ordinals], kind="stable")][:wanted].tolist()
    return best
