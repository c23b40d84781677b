"""Scores of the oracle, block by block. What they are: docs/inside/ranking.md."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from searchapp.query.ast import Clause, Word, literals
from searchapp.search.occurrences import occurrences as plain_occurrences
from searchapp.search.result import Contribution
from searchapp.search.weights import READ_KINDS, SIGN_WEIGHT, WORD_FIELD_WEIGHTS
from tests.oracle.matching import Corpus, Entry

K1 = 1.2
B = 0.75
SHORTEST = 0.5
CLOSENESS = 1.0
SPREAD = 10.0
MAX_PAIRS = 8
LEAST_CHARACTERS = 2
SCALE = 1_000_000


@dataclass(frozen=True, slots=True)
class _Term:
    """One BM25 term: ``part`` of the score.

    ``frequencies``: how often the blocks that hold it do, by number; ``lengths``: characters or words of all blocks.
    """

    part: str
    weight: float
    rarity: float
    average: float
    frequencies: Mapping[int, int]
    lengths: Sequence[int]

    def share(self, entry: Entry) -> float | None:
        """What the term adds; ``None`` when the block does not hold it."""
        frequency = self.frequencies.get(entry.number)
        if not frequency:
            return None
        length = max(self.lengths[entry.number], SHORTEST * self.average)
        saturation = frequency + K1 * ((1 - B) + B * length / self.average)
        return self.weight * (self.rarity * ((frequency * (K1 + 1)) / saturation))


@dataclass(frozen=True, slots=True)
class _Closeness:
    """How near two texts stand."""

    weight: float
    rarity: float
    first: str
    second: str
    part: str = "closeness"

    def share(self, entry: Entry) -> float | None:
        """What their closeness adds; ``None`` when the block does not hold both."""
        text = entry.analyzed.text
        distances = [
            max(0, other - at - len(self.first), at - other - len(self.second))
            for at in plain_occurrences(text, self.first)
            for other in plain_occurrences(text, self.second)
        ]
        return self.weight * (self.rarity / (1 + min(distances) / SPREAD)) if distances else None


class Scores(Protocol):
    """What orders hits, and tells why."""

    def score(self, entry: Entry) -> float:
        """The score of a block."""

    def explain(self, entry: Entry) -> tuple[Contribution, ...]:
        """What the score of a block is made of."""


class QuestionScoring:
    """Scores for a question (``match=any``), of all blocks at once."""

    def __init__(self, corpus: Corpus, question: str) -> None:
        self._question = question
        self._words = list(dict.fromkeys(corpus.words(question)))
        self._questions = corpus.questions
        self._scores = self._questions.scores(question, self._words)

    @cached_property
    def _parts(self) -> dict[str, list[float]]:
        return self._questions.parts(self._question, self._words)

    def score(self, entry: Entry) -> float:
        """The score of a block."""
        return self._scores[entry.number]

    def explain(self, entry: Entry) -> tuple[Contribution, ...]:
        """What every word adds to the score of a block, then what the question as a whole does."""
        at = entry.number
        told = [
            Contribution(word, True, (("words", _rounded(self._questions.word_shares(word)[at])),))
            for word in self._words
            if word in entry.analyzed.words
        ]
        rounded = [(name, _rounded(shares[at])) for name, shares in self._parts.items() if name != "words"]
        told.append(Contribution(self._question, False, tuple((name, share) for name, share in rounded if share)))
        return tuple(told)


class Scoring:
    """BM25 of the literal text and of each word field over the clauses, then the closeness of neighbours among them."""

    def __init__(self, corpus: Corpus, clauses: Sequence[Clause], ignore_punctuation: bool) -> None:
        self._corpus = corpus
        self._blind = ignore_punctuation
        self._clauses = clauses
        self._terms: list[tuple[int, _Term | _Closeness]] = [
            (number, term) for number, clause in enumerate(clauses) for term in self._of_clause(clause)
        ]
        self._terms += self._closeness()

    def score(self, entry: Entry) -> float:
        """The score of a block."""
        result = 0.0
        for _, term in self._terms:
            result += (term.share(entry) or 0.0) * _prior(entry)
        return _rounded(result)

    def explain(self, entry: Entry) -> tuple[Contribution, ...]:
        """What every clause adds to the score of a block."""
        told: list[Contribution] = []
        for number, clause in enumerate(self._clauses):
            parts: dict[str, float] = {}
            for of_clause, term in self._terms:
                if of_clause == number and (share := term.share(entry)) is not None:
                    parts[term.part] = parts.get(term.part, 0.0) + share * _prior(entry)
            if parts:
                shown = tuple((part, _rounded(share)) for part, share in parts.items())
                told.append(Contribution(clause.text, "literal" in parts, shown))
        return tuple(told)

    def _of_clause(self, clause: Clause) -> Iterator[_Term]:
        frequencies = self._corpus.occurrences(clause, self._blind)
        yield from self._term("literal", clause.weight, frequencies, self._corpus.text_lengths)
        words = list(dict.fromkeys(word for literal in literals(clause) for word in self._corpus.words(literal)))
        for name, weight in WORD_FIELD_WEIGHTS.items():
            for word in words:
                frequencies = self._corpus.word_counts.get((name, word), {})
                yield from self._term(name, weight * clause.weight, frequencies, self._corpus.word_lengths[name])

    def _term(
        self, part: str, weight: float, frequencies: Mapping[int, int], lengths: Sequence[int]
    ) -> Iterator[_Term]:
        if frequencies:
            average = sum(lengths) / len(lengths)
            yield _Term(part, weight, self._rarity(len(frequencies)), average, frequencies, lengths)

    def _closeness(self) -> Iterator[tuple[int, _Closeness]]:
        """Of every text and the next one that are asked for: a word counts by its longer pieces, if it has such."""
        texts: list[tuple[int, str]] = []
        for number, clause in enumerate(self._clauses):
            asked = list(literals(clause))
            if isinstance(clause, Word):
                pieces = dict.fromkeys(self._corpus.words(clause.literal))
                asked = [piece for piece in pieces if len(piece) >= LEAST_CHARACTERS] or asked
            texts += [(number, text) for text in asked]
        for at in range(1, min(len(texts), MAX_PAIRS + 1)):
            (_, before), (number, text) = texts[at - 1], texts[at]
            if before != text:
                rarity = min(self._rarity(self._holding(before)), self._rarity(self._holding(text)))
                yield number, _Closeness(CLOSENESS * self._clauses[number].weight, rarity, before, text)

    def _holding(self, text: str) -> int:
        return sum(1 for entry in self._corpus.entries if text in entry.analyzed.text)

    def _rarity(self, holding: int) -> float:
        return math.log(len(self._corpus.entries) / (holding + 1)) + 1


def _prior(entry: Entry) -> float:
    return 1.0 if entry.block.kind in READ_KINDS else SIGN_WEIGHT


def _rounded(score: float) -> float:
    return round(score * SCALE) / SCALE
