"""How blocks are ranked for a question (``match=any``): the formula and its constants, computed in plain loops.

docs/ranking.md, "Questions (match=any)", tells the formula and what else was tried. The memory engine, the oracle, uses
this module; :mod:`searchapp.engines.embedded.question_model` computes the same on arrays. Knows texts, words and numbers; no index.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

QuestionPart = Literal["words", "bigrams", "characters", "length", "feedback", "neighbours"]
"""What a share of a score comes from."""

_RUN = re.compile(r"[^\W_]+")
SCORE_DECIMALS = 6
"""Scores are rounded to this before blocks are chosen or ordered by them, so that the last bits decide nothing."""


@dataclass(frozen=True, slots=True)
class QuestionWeights:
    """The constants of the formula.

    Chosen on the 308 development questions of STARD: round numbers from the middle of a plateau (docs/ranking.md).
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


@dataclass(frozen=True, slots=True)
class PlainBlock:
    """A block as it is scored: normalized text, jieba words with repeats, and which report it stands in."""

    text: str
    words: Sequence[str]
    report: str


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


def question_scores(
    question: str, words: Sequence[str], blocks: Sequence[PlainBlock], weights: QuestionWeights = WEIGHTS
) -> list[float]:
    """The score of every block for normalized ``question`` and its jieba ``words``; a block is one of ``blocks``.

    Scores say which of two blocks is the better one, no more: they may be negative, and blocks that hold nothing of
    the question have scores too.
    """
    parts = question_parts(question, words, blocks, weights)
    return [round(score, SCORE_DECIMALS) for score in _sum(parts, len(blocks))]


def question_parts(
    question: str, words: Sequence[str], blocks: Sequence[PlainBlock], weights: QuestionWeights = WEIGHTS
) -> dict[QuestionPart, list[float]]:
    """What the scores are the sum of, by what it comes from, for every block."""
    if not blocks:
        return {}
    texts = [float(len(block.text)) for block in blocks]
    bigrams = dict.fromkeys(grams(question, 2), 1.0)
    letters = dict.fromkeys(grams(question, 1), 1.0)
    in_words = {word: [list(block.words).count(word) for block in blocks] for word in words}
    in_texts = {gram: [_occurrences(block.text, gram) for block in blocks] for gram in (*bigrams, *letters)}
    word_model = _Model([float(len(block.words)) for block in blocks], weights.smoothing)
    text_model = _Model(texts, weights.smoothing)
    of_words, known_words = word_model.terms(dict.fromkeys(words, 1.0), in_words)
    of_bigrams, own = text_model.terms(bigrams, in_texts)
    of_letters, known_letters = text_model.terms(letters, in_texts)
    lengths = zip(word_model.lengths(known_words), text_model.lengths(own + known_letters), strict=True)
    parts: dict[QuestionPart, list[float]] = {
        "words": of_words,
        "bigrams": of_bigrams,
        "characters": of_letters,
        "length": [in_word + in_text for in_word, in_text in lengths],
    }
    matched = [any(counts[at] for counts in (*in_words.values(), *in_texts.values())) for at in range(len(blocks))]
    added = _feedback(_sum(parts, len(blocks)), matched, blocks, weights)
    total = sum(weight for _, weight in added)
    if total > 0 and own:
        shares = {bigram: weight * (weights.feedback_share * own / total) for bigram, weight in added}
        held = {bigram: [_occurrences(block.text, bigram) for block in blocks] for bigram in shares}
        found, known = text_model.terms(shares, held)
        parts["feedback"] = [
            of_terms + of_length for of_terms, of_length in zip(found, text_model.lengths(known), strict=True)
        ]
    parts["neighbours"] = _of_neighbours(_sum(parts, len(blocks)), blocks, weights.neighbours)
    return parts


def word_share(word: str, blocks: Sequence[PlainBlock], weights: QuestionWeights = WEIGHTS) -> list[float]:
    """What one word gives to every block: what ``words`` is the sum of."""
    counts = {word: [list(block.words).count(word) for block in blocks]}
    return _Model([float(len(block.words)) for block in blocks], weights.smoothing).terms({word: 1.0}, counts)[0]


class _Model:
    """A language model smoothed by Dirichlet's prior, of one kind of terms."""

    def __init__(self, lengths: Sequence[float], smoothing: float) -> None:
        self._lengths = lengths
        self._total = sum(lengths)
        self._mu = smoothing * self._total / len(lengths)

    def lengths(self, weight: float) -> list[float]:
        """What terms of ``weight`` in all take from every block for its length."""
        if not self._total:
            return [0.0] * len(self._lengths)
        return [weight * math.log(self._mu / (length + self._mu)) for length in self._lengths]

    def terms(self, terms: Mapping[str, float], counts: Mapping[str, Sequence[int]]) -> tuple[list[float], float]:
        """What the terms, by weight, give to every block, and the weights of those that some block holds."""
        shares, known = [0.0] * len(self._lengths), 0.0
        for term, weight in terms.items():
            if held := sum(counts[term]):
                known += weight
                for at, count in enumerate(counts[term]):
                    if count:
                        shares[at] += weight * math.log1p(count * (self._total / (self._mu * held)))
        return shares, known


def _sum(parts: Mapping[QuestionPart, Sequence[float]], blocks: int) -> list[float]:
    scores = [0.0] * blocks
    for part in parts.values():
        scores = [score + share for score, share in zip(scores, part, strict=True)]
    return scores


def _feedback(
    scores: Sequence[float], matched: Sequence[bool], blocks: Sequence[PlainBlock], weights: QuestionWeights
) -> list[tuple[str, float]]:
    rounded = [round(score, SCORE_DECIMALS) for score in scores]
    candidates = [at for at in range(len(blocks)) if matched[at]]
    best = sorted(candidates, key=lambda at: (-rounded[at], at))[: weights.feedback_blocks]
    holding = [Counter(grams(blocks[at].text, 2)) for at in best]
    shared = Counter(bigram for counts in holding for bigram in counts)
    totals = {
        bigram: sum(_occurrences(block.text, bigram) for block in blocks)
        for bigram, held in shared.items()
        if held >= weights.least_blocks
    }
    lengths = [float(len(blocks[at].text)) for at in best]
    characters = float(sum(len(block.text) for block in blocks))
    return feedback_weights(holding, lengths, totals, characters)[: weights.feedback_bigrams]


def _of_neighbours(scores: Sequence[float], blocks: Sequence[PlainBlock], share: float) -> list[float]:
    shares = [0.0] * len(blocks)
    for at in range(1, len(blocks)):
        if blocks[at].report == blocks[at - 1].report:
            shares[at] += share * scores[at - 1]
    for at in range(len(blocks) - 1):
        if blocks[at].report == blocks[at + 1].report:
            shares[at] += share * scores[at + 1]
    return shares


def _occurrences(text: str, gram: str) -> int:
    return sum(1 for at in range(len(text) - len(gram) + 1) if text.startswith(gram, at))
