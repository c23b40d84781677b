"""Ranking for a question (``match=any``) on arrays: a language model of words, bigrams and characters, with feedback.

Formula: docs/inside/ranking.md, "Questions (match=any)"; ``tests/oracle`` computes the same in plain loops.
``b`` is the number of blocks. Knows numbers and texts; an engine supplies words.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from searchapp.engines.embedded.bm25 import WordHoldings
from searchapp.time_limit import watched

Floats = npt.NDArray[np.float64]
Ordinals = npt.NDArray[np.integer]
Posting = tuple[Ordinals, npt.NDArray[np.generic]]
"""Ordinals of the blocks that hold a term, ascending, and how often each does."""

QuestionPart = Literal["words", "bigrams", "characters", "length", "feedback", "neighbours"]
"""What a share of a score comes from."""

SCORE_DECIMALS = 6
"""Scores are rounded to this before blocks are chosen or ordered by them, so that the last bits decide nothing."""

_RUN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class QuestionWeights:
    """The constants of the formula.

    Chosen on the 308 development questions of STARD: round numbers inside a plateau (docs/inside/ranking.md).
    """

    smoothing: float = 3.0
    """Dirichlet's mu, in average block lengths."""
    feedback_blocks: int = 10
    """The best blocks of the first pass, whose bigrams are added to the question."""
    feedback_bigrams: int = 50
    """How many bigrams are added, at most."""
    least_blocks: int = 2
    """A bigram is added only when at least so many of those blocks hold it."""
    feedback_share: float = 0.3
    """Weight of all added bigrams together, against the question's own bigrams."""
    neighbours: float = 0.1
    """What the blocks before and after, in the same report, add of their scores."""


WEIGHTS = QuestionWeights()


class BlockTexts(Protocol):
    """What the literal index supplies."""

    def occurrences(self, literal: str) -> tuple[Ordinals, Ordinals]:
        """Ordinals of the blocks that hold ``literal``, ascending, and how often each does."""

    def total(self, literal: str) -> int:
        """How often the library holds ``literal``."""

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

    def lengths(self, weight: float) -> Floats:
        """What terms of ``weight`` in all take from every block (``b``) for its length."""
        return weight * self._length_part

    def terms(self, terms: Iterable[tuple[float, Posting]]) -> tuple[Floats, float]:
        """What the terms, by weight, give to every block (``b``), and the weights of those that some block holds."""
        shares, weights = np.zeros(len(self._length_part), dtype=np.float64), 0.0
        for weight, (ordinals, frequencies) in watched(terms):
            if len(ordinals):
                weights += weight
                shares[ordinals] += weight * self.log_odds(frequencies)
        return shares, weights

    def log_odds(self, frequencies: npt.NDArray[np.generic]) -> Floats:
        """What one term gives to the blocks that hold it so often."""
        # Counts are small and repeat, so each logarithm is taken once.
        counts = frequencies.astype(np.int64, copy=False)
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
        words: WordHoldings,
        word_lengths: Floats,
        report_of: Ordinals,
        weights: QuestionWeights = WEIGHTS,
    ) -> None:
        self._texts = texts
        self._held = words
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
        return np.round(_sum(self.parts(question, words)), SCORE_DECIMALS)

    def parts(self, question: str, words: Sequence[str]) -> dict[QuestionPart, Floats]:
        """What scores are the sum of, by what it comes from, for every block (``b``)."""
        in_words = [self._held.holding("words", word).sparse() for word in dict.fromkeys(words)]
        bigrams = [self._texts.occurrences(gram) for gram in dict.fromkeys(grams(question, 2))]
        letters = [self._texts.occurrences(gram) for gram in dict.fromkeys(grams(question, 1))]
        of_words, known_words = self._words.terms((1.0, posting) for posting in in_words)
        of_bigrams, own = self._grams.terms((1.0, posting) for posting in bigrams)
        of_letters, known_letters = self._grams.terms((1.0, posting) for posting in letters)
        parts: dict[QuestionPart, Floats] = {
            "words": of_words,
            "bigrams": of_bigrams,
            "characters": of_letters,
            "length": self._words.lengths(known_words) + self._grams.lengths(own + known_letters),
        }
        first = _sum(parts)
        matched = np.zeros(len(first), dtype=bool)
        for ordinals, _ in (*in_words, *bigrams, *letters):
            matched[ordinals] = True
        added = self._feedback(first, matched)
        total = sum(weight for _, weight in added)
        if total > 0 and own:
            share, occurrences = self._weights.feedback_share * own / total, self._texts.occurrences
            found, known = self._grams.terms((weight * share, occurrences(bigram)) for bigram, weight in added)
            parts["feedback"] = found + self._grams.lengths(known)
        parts["neighbours"] = self._of_neighbours(_sum(parts))
        return parts

    def word_shares(self, words: Iterable[str]) -> Iterator[tuple[str, Ordinals, Floats]]:
        """For each word that some block holds, those blocks and what it gives them: what ``words`` is the sum of."""
        for word in dict.fromkeys(words):
            ordinals, frequencies = self._held.holding("words", word).sparse()
            if len(ordinals):
                yield word, ordinals, self._words.log_odds(frequencies)

    def _feedback(self, scores: Floats, matched: npt.NDArray[np.bool_]) -> list[tuple[str, float]]:
        """The bigrams that tell the best blocks from the library, with their weights."""
        best = _best(np.flatnonzero(matched), np.round(scores, SCORE_DECIMALS), self._weights.feedback_blocks)
        holding = [Counter(grams(self._texts.text(ordinal), 2)) for ordinal in watched(best)]
        totals = self._totals(holding)
        lengths = [float(self._lengths[ordinal]) for ordinal in best]
        return feedback_weights(holding, lengths, totals, self._grams.total)[: self._weights.feedback_bigrams]

    def _totals(self, holding: Sequence[Mapping[str, int]]) -> dict[str, int]:
        shared = Counter(bigram for counts in holding for bigram in counts)
        wanted = [bigram for bigram, held in shared.items() if held >= self._weights.least_blocks]
        return {bigram: self._texts.total(bigram) for bigram in wanted}

    def _of_neighbours(self, scores: Floats) -> Floats:
        shares = np.zeros(len(scores), dtype=np.float64)
        shares[1:] += self._weights.neighbours * np.where(self._joined, scores[:-1], 0.0)
        shares[:-1] += self._weights.neighbours * np.where(self._joined, scores[1:], 0.0)
        return shares


def grams(text: str, size: int) -> list[str]:
    """Stretches of ``size`` letters, digits or Han characters of normalized ``text``, in order, repeats kept.

    None spans punctuation, a space or ``_``.
    """
    return [run.group()[at : at + size] for run in _RUN.finditer(text) for at in range(len(run.group()) - size + 1)]


def feedback_weights(
    holding: Sequence[Mapping[str, int]], lengths: Sequence[float], totals: Mapping[str, int], characters: float
) -> list[tuple[str, float]]:
    """What each bigram of the feedback blocks says of their subject, greatest first, equal ones by text.

    ``holding``: how often each block holds each of its bigrams; ``lengths``: its normalized characters; ``totals``: how
    often the whole library holds a bigram (those without a total are passed over), of ``characters`` in all.
    The weight is the bigram's part of the divergence of these blocks from the library,
    ``p * ln(p / P)`` (Carpineto et al. 2001), never below zero.
    """
    part: dict[str, float] = {}
    for counts, length in zip(holding, lengths, strict=True):
        for bigram, count in counts.items():
            part[bigram] = part.get(bigram, 0.0) + count / length / len(holding)
    weights = [
        (bigram, max(0.0, share * math.log(share * characters / totals[bigram])))
        for bigram, share in part.items()
        if totals.get(bigram)
    ]
    return sorted(weights, key=lambda pair: (-pair[1], pair[0]))


def _sum(parts: Mapping[QuestionPart, Floats]) -> Floats:
    total, *others = parts.values()
    for part in others:
        total = total + part
    return total


def _best(ordinals: Ordinals, scores: Floats, wanted: int) -> list[int]:
    """The ``wanted`` best of ``ordinals`` (ascending), the best first; of equal ones the first."""
    if not wanted:
        return []
    if len(ordinals) > wanted:
        least = np.partition(scores[ordinals], len(ordinals) - wanted)[len(ordinals) - wanted]
        ordinals = ordinals[scores[ordinals] >= least]
    best: list[int] = ordinals[np.argsort(-scores[ordinals], kind="stable")][:wanted].tolist()
    return best
