"""Ranking for a question (``match=any``): docs/inside/ranking.md, "Questions (match=any)", in plain loops.

Nothing is shared with :mod:`searchapp.engines.embedded.question_model`, which computes the same on arrays:
neither constants nor how bigrams are cut and weighed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

DECIMALS = 6


@dataclass(frozen=True)
class Constants:
    """The constants of the formula, by the names that ``QuestionWeights`` has for them."""

    smoothing: float = 3.0
    feedback_blocks: int = 10
    feedback_bigrams: int = 50
    least_blocks: int = 2
    feedback_share: float = 0.3
    neighbours: float = 0.1


@dataclass(frozen=True)
class PlainBlock:
    """A block as it is scored: normalized text, jieba words with repeats, and which report it stands in."""

    text: str
    words: Sequence[str]
    report: str


class Questions:
    """Scores of ``blocks`` for questions."""

    def __init__(self, blocks: Sequence[PlainBlock], constants: Constants = Constants()) -> None:
        self._blocks = blocks
        self._constants = constants
        self._words = _Model([len(block.words) for block in blocks], constants.smoothing)
        self._texts = _Model([len(block.text) for block in blocks], constants.smoothing)
        self._word_counts, self._gram_counts = _Counts(), _Counts()
        for at, block in enumerate(blocks):
            self._word_counts.add(at, block.words)
            self._gram_counts.add(at, [*grams(block.text, 1), *grams(block.text, 2)])

    def scores(self, question: str, words: Sequence[str]) -> list[float]:
        """The score of every block for normalized ``question`` and its distinct jieba ``words``.

        Scores say which of two blocks is the better one, no more: they may be negative, and blocks that hold nothing of
        the question have scores too.
        """
        return [round(score, DECIMALS) for score in self._sums(self.parts(question, words))]

    def parts(self, question: str, words: Sequence[str]) -> dict[str, list[float]]:
        """What the scores are the sum of, by what it comes from, for every block."""
        if not self._blocks:
            return {}
        bigrams, letters = dict.fromkeys(grams(question, 2), 1.0), dict.fromkeys(grams(question, 1), 1.0)
        of_words, known_words = self._words.shares(dict.fromkeys(words, 1.0), self._word_counts)
        of_bigrams, own = self._texts.shares(bigrams, self._gram_counts)
        of_letters, known_letters = self._texts.shares(letters, self._gram_counts)
        lengths = zip(self._words.of_lengths(known_words), self._texts.of_lengths(own + known_letters), strict=True)
        parts: dict[str, list[float]] = {
            "words": of_words,
            "bigrams": of_bigrams,
            "characters": of_letters,
            "length": [in_words + in_text for in_words, in_text in lengths],
        }
        matched = {at for word in words for at in self._word_counts.of(word)}
        matched |= {at for gram in (*bigrams, *letters) for at in self._gram_counts.of(gram)}
        added = self._feedback(self._sums(parts), matched)
        total = sum(added.values())
        if total > 0 and own:
            share = self._constants.feedback_share * own / total
            weights = {bigram: weight * share for bigram, weight in added.items()}
            shares, known = self._texts.shares(weights, self._gram_counts)
            parts["feedback"] = [
                of_terms + of_length for of_terms, of_length in zip(shares, self._texts.of_lengths(known), strict=True)
            ]
        parts["neighbours"] = self._of_neighbours(self._sums(parts))
        return parts

    def word_shares(self, word: str) -> list[float]:
        """What one word gives to every block: what ``words`` is the sum of."""
        return self._words.shares({word: 1.0}, self._word_counts)[0]

    def _sums(self, parts: Mapping[str, Sequence[float]]) -> list[float]:
        sums = [0.0] * len(self._blocks)
        for shares in parts.values():
            sums = [before + share for before, share in zip(sums, shares, strict=True)]
        return sums

    def _feedback(self, scores: Sequence[float], matched: Iterable[int]) -> dict[str, float]:
        """The bigrams that tell the best of the ``matched`` blocks from the library, with their weights."""
        order = sorted(matched, key=lambda at: (-round(scores[at], DECIMALS), at))
        best = [self._blocks[at] for at in order[: self._constants.feedback_blocks]]
        counts = [Counter(grams(block.text, 2)) for block in best]
        blocks_with = Counter(bigram for of_block in counts for bigram in of_block)
        characters = sum(len(block.text) for block in self._blocks)
        weights: dict[str, float] = {}
        for bigram, blocks in blocks_with.items():
            if blocks >= self._constants.least_blocks:
                share = 0.0
                for block, of_block in zip(best, counts, strict=True):
                    share += of_block[bigram] / len(block.text) / len(best)
                weights[bigram] = max(0.0, share * math.log(share * characters / self._gram_counts.total(bigram)))
        greatest = sorted(weights, key=lambda bigram: (-weights[bigram], bigram))
        return {bigram: weights[bigram] for bigram in greatest[: self._constants.feedback_bigrams]}

    def _of_neighbours(self, scores: Sequence[float]) -> list[float]:
        shares = [0.0] * len(scores)
        for at, block in enumerate(self._blocks):
            for beside in (at - 1, at + 1):
                if 0 <= beside < len(scores) and self._blocks[beside].report == block.report:
                    shares[at] += self._constants.neighbours * scores[beside]
        return shares


class _Counts:
    """How often blocks hold terms."""

    def __init__(self) -> None:
        self._of: dict[str, Counter[int]] = {}

    def add(self, block: int, terms: Sequence[str]) -> None:
        """``terms``: those of a block, repeats kept."""
        for term in terms:
            self._of.setdefault(term, Counter())[block] += 1

    def of(self, term: str) -> Mapping[int, int]:
        """How often the blocks that hold ``term`` do, by their numbers."""
        return self._of.get(term, {})

    def total(self, term: str) -> int:
        """How often all blocks together hold ``term``."""
        return sum(self.of(term).values())


class _Model:
    """A language model smoothed by Dirichlet's prior, of one kind of terms."""

    def __init__(self, lengths: Sequence[int], smoothing: float) -> None:
        self._lengths = lengths
        self._total = sum(lengths)
        self._mu = smoothing * self._total / max(1, len(lengths))

    def of_lengths(self, weight: float) -> list[float]:
        """What terms of ``weight`` in all take from every block for its length."""
        if not self._total:
            return [0.0] * len(self._lengths)
        return [weight * math.log(self._mu / (length + self._mu)) for length in self._lengths]

    def shares(self, terms: Mapping[str, float], counts: _Counts) -> tuple[list[float], float]:
        """What the terms, by weight, give to every block, and the weights of those that some block holds."""
        shares, known = [0.0] * len(self._lengths), 0.0
        for term, weight in terms.items():
            if total := counts.total(term):
                known += weight
                for at, count in counts.of(term).items():
                    shares[at] += weight * math.log1p(count * (self._total / (self._mu * total)))
        return shares, known


def grams(text: str, size: int) -> list[str]:
    """Stretches of ``size`` letters, digits or Han characters of normalized ``text``, in order, repeats kept."""
    return [text[at : at + size] for at in range(len(text) - size + 1) if text[at : at + size].isalnum()]
