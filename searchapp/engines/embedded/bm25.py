"""BM25 on arrays, for the engines with literal arrays: exact scores, and rough ones that find the best of many hits.

Formula: docs/inside/ranking.md. Only the blocks asked for are scored. The best of many hits are found by rough scores
in single precision (:meth:`Ranker.leading`): those that could be among the best, and few others, are scored exactly.

``b`` is the number of blocks. Statistics are those of the live blocks of the build, so an index updated step by step
scores like one built from nothing. Knows query clauses and numbers; an engine supplies postings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from searchapp.literal.block_counts import Holding
from searchapp.literal.block_sets import Blocks, Ordinals, places_in
from searchapp.query.ast import Clause, Phrase, Word, literals
from searchapp.search.compiled_query import CompiledQuery
from searchapp.search.weights import WORD_FIELD_WEIGHTS, WordField
from searchapp.time_limit import watched

Floats = npt.NDArray[np.float64]

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
ROUGH_FROM = 4_000
ROUGH_SHARE = 1 / 32
"""With fewer hits than these, or, where no closeness counts, than this part of all blocks, all are scored at once."""
ROUGHNESS = 1e-5
"""A rough score is off by less than this part of the greatest score possible: single precision has 6e-8 a step."""
PILE = 64
"""Scores of which only the greatest is looked at first."""
FIRST_TRIED = 256
"""Of the best by rough scores so many are scored exactly, to see what closeness can still change."""


class WordHoldings(Protocol):
    """What a ranking engine supplies."""

    def holding(self, field: WordField, word: str) -> Holding:
        """How often the ``field`` of live blocks holds ``word``."""


class ClauseCounts(Protocol):
    """What the literal index supplies."""

    def occurrences(self, clause: Clause, is_blind: bool = False) -> Holding:
        """How often blocks hold ``clause``, in the text or in the text without punctuation."""

    def distances(self, pairs: Sequence[tuple[str, str]], among: Blocks) -> Iterator[tuple[Ordinals, Ordinals]]:
        """For each of ``pairs``, ordinals of the blocks ``among`` those that hold both texts, ascending, and how near
        they come in each.
        """


Part = str
"""What a share of a score comes from: ``literal``, a word field or ``closeness``."""


def close_texts(query: CompiledQuery, clause: Clause) -> Sequence[str]:
    """The texts of a clause whose closeness counts, in order. A word that jieba cuts counts by its longer pieces,
    anything else by its text.
    """
    if isinstance(clause, Word):
        return [word for word in query.words(clause) if len(word) >= LEAST_CHARACTERS] or [clause.literal]
    return literals(clause)


def idf(blocks: int, holding: int) -> float:
    """Whoosh's inverse document frequency: ``ln(N / (n + 1)) + 1``."""
    return math.log(blocks / (holding + 1)) + 1


def bm25(frequencies: Floats, lengths: Ordinals | Floats, average: float, blocks: int, holding: int) -> Floats:
    """BM25 of a term that ``holding`` blocks hold, for some blocks: how often each does, and how long each is, as
    ``average`` counts.

    ``blocks``: how many there are in all. With Whoosh's own lengths (one byte each) it is what
    ``whoosh.scoring.BM25F(K1=1.2, B=0.75)`` gives in an index without deleted documents.
    """
    saturation = frequencies + K1 * ((1 - B) + B * lengths / average)
    return idf(blocks, holding) * ((frequencies * (K1 + 1)) / saturation)


class _Part(NamedTuple):
    """One thing that scores are the sum of: of which clause, what of it, its weight, and the blocks that have it."""

    number: int
    name: Part
    weight: float
    holding: Holding


class Share(NamedTuple):
    """What one thing gives to scores: of which clause, what of it, to which of the hits (their places), how much."""

    number: int
    part: Part
    places: Ordinals
    shares: Floats


class Ranker:
    """Scores blocks for the clauses of a query.

    ``lengths``: of every block's text and word fields (``b`` each). ``priors``: factors of the
    scores of every block, none above 1.
    """

    def __init__(
        self, clauses: ClauseCounts, words: WordHoldings, lengths: Mapping[str, Ordinals], priors: Floats
    ) -> None:
        self._clauses = clauses
        self._priors = priors
        self._rough_priors = priors.astype(np.float32)
        self._words = words
        self._averages = {name: _average(lengths) for name, lengths in lengths.items()}
        self._lengths = lengths
        self._norms = {name: _norms(lengths, self._averages[name]) for name, lengths in lengths.items()}

    def scores(self, query: CompiledQuery, hits: Blocks) -> Floats:
        """Scores of ``hits``, in their order."""
        scores = np.zeros(len(hits), dtype=np.float64)
        for share in self.shares(query, hits):
            scores[share.places] += share.shares
        return np.round(scores, SCORE_DECIMALS)

    def shares(self, query: CompiledQuery, hits: Blocks) -> Iterator[Share]:
        """What the scores of ``hits`` are the sum of."""
        wanted = hits.ordinals
        priors = self._priors[wanted]
        for number, name, weight, holding in watched(self._parts(query)):
            frequencies = holding.among(wanted)
            places = np.flatnonzero(frequencies)
            if len(places):
                average = self._averages[name]
                lengths = np.maximum(self._lengths[name][wanted[places]], SHORTEST * average)
                of_each = frequencies[places].astype(np.float64)
                shares = weight * bm25(of_each, lengths, average, hits.size, len(holding))
                yield Share(number, name, places, shares * priors[places])
        pairs = list(self._pairs(query))
        near_each = self._clauses.distances([(first, second) for _, first, second, *_ in pairs], hits)
        for (number, _, _, weight, rarity), (ordinals, distances) in zip(pairs, near_each, strict=True):
            if len(ordinals):
                near = places_in(wanted, ordinals)
                yield Share(number, "closeness", near, weight * (rarity / (1 + distances / SPREAD)) * priors[near])

    def leading(self, query: CompiledQuery, hits: Blocks, wanted: int) -> Blocks:
        """At least those ``hits`` that score as much as the ``wanted``-th best does, and few others."""
        greatest = closest = sum(weight * rarity for *_, weight, rarity in self._pairs(query))
        few = ROUGH_FROM if closest else max(ROUGH_FROM, ROUGH_SHARE * hits.size)
        if len(hits) <= max(few, wanted):
            return hits
        parts = [
            RoughPart(holding, weight * idf(hits.size, len(holding)), self._norms[name])
            for _, name, weight, holding in self._parts(query)
        ]
        greatest += sum(part.factor * (K1 + 1) for part in parts)
        # Rough scores are of the hits, or of all blocks with those of others 0: the best are the same.
        rough = rough_scores(parts, self._rough_priors, hits)
        slack = ROUGHNESS * (greatest + 1)
        # What the last one wanted scores at least. Another must be able to reach it.
        least = _nth(rough, wanted) - slack
        if closest:
            tried = _chosen(hits, rough >= _nth(rough, max(wanted, FIRST_TRIED)))
            least = max(least, _nth(self.scores(query, tried), wanted))
        return _chosen(hits, rough >= max(0.0, least - closest - slack))

    def _parts(self, query: CompiledQuery) -> Iterator[_Part]:
        for number, compiled in enumerate(query.clauses):
            weight = compiled.clause.weight
            yield _Part(number, "literal", weight, self._clauses.occurrences(compiled.sought, compiled.is_blind))
            for field, of_field in WORD_FIELD_WEIGHTS.items():
                for word in query.words(compiled.clause):
                    if len(holding := self._words.holding(field, word)):
                        yield _Part(number, field, of_field * weight, holding)

    def _pairs(self, query: CompiledQuery) -> Iterator[tuple[int, str, str, float, float]]:
        """Neighbouring texts whose closeness counts: to which clause, how much, and how rare they are."""
        clauses = [each.clause for each in query.clauses]
        texts = [(number, text) for number, clause in enumerate(clauses) for text in close_texts(query, clause)]
        for (_, before), (number, text) in list(pairwise(texts))[:MAX_PAIRS]:
            if before != text:
                holding = (len(self._clauses.occurrences(Phrase(each, each))) for each in (before, text))
                weight = CLOSENESS * clauses[number].weight
                yield number, before, text, weight, idf(len(self._priors), max(holding))


def _chosen(hits: Blocks, chosen: npt.NDArray[np.bool_]) -> Blocks:
    """Those of ``hits`` that are ``chosen``: of the hits when these are few, else of all blocks."""
    if hits.are_few:
        return Blocks(hits.size, ordinals=hits.ordinals[chosen])
    return Blocks(hits.size, ordinals=np.flatnonzero(chosen & hits.mask))


def _nth(scores: npt.NDArray[np.floating], wanted: int) -> float:
    """The ``wanted``-th greatest."""
    columns = len(scores) // PILE
    if columns > wanted:
        # The tops of so many piles are as many scores: what is below the last of them is none of those wanted.
        tops = scores[: columns * PILE].reshape(PILE, columns).max(axis=0)
        scores = scores[scores >= np.partition(tops, columns - wanted)[columns - wanted]]
    return float(np.partition(scores, len(scores) - wanted)[len(scores) - wanted])


def _norms(lengths: Ordinals, average: float) -> Rough:
    """What stands below the fraction beside the frequency, for every block (``b``)."""
    counted = np.maximum(lengths, SHORTEST * average)
    norms: Rough = (K1 * ((1 - B) + B * counted / average)).astype(np.float32)
    return norms


def _average(lengths: Ordinals) -> float:
    """Mean length; 1 for an empty field, whose lengths are never used."""
    total = float(lengths.sum())
    return total / len(lengths) if total else 1.0


Rough = npt.NDArray[np.float32]

K1 = 1.2
PIECE = 1 << 16
"""Blocks worked on at a time: they stay in the processor's cache (measured)."""


class RoughPart(NamedTuple):
    """What holds something counts ``factor`` times the saturated frequency. ``norms``: what stands below the fraction
    beside the frequency, for every block (``b``).
    """

    holding: Holding
    factor: float
    norms: Rough


def rough_scores(parts: Sequence[RoughPart], priors: Rough, hits: Blocks) -> Rough:
    """The sum of ``parts``, times ``priors`` (``b``): of ``hits`` in their order when they are few, else of all blocks,
    0 for those that are no hits.
    """
    if hits.are_few:
        return _of_some(parts, priors, hits.ordinals)
    rows = [(holding.row(), factor, norms) for holding, factor, norms in parts]
    scores = np.empty(hits.size, dtype=np.float32)
    share, below = np.empty(PIECE, dtype=np.float32), np.empty(PIECE, dtype=np.float32)
    for begin in watched(range(0, hits.size, PIECE)):
        piece = slice(begin, begin + PIECE)
        score = scores[piece]
        score.fill(0)
        for row, factor, norms in rows:
            score += _saturated(row[piece], factor, norms[piece], share[: len(score)], below[: len(score)])
        score *= priors[piece]
        score *= hits.mask[piece]
    return scores


def _of_some(parts: Sequence[RoughPart], priors: Rough, wanted: npt.NDArray[np.integer]) -> Rough:
    """The same of the blocks ``wanted`` (ascending) alone."""
    scores, share, below = (np.zeros(len(wanted), dtype=np.float32) for _ in range(3))
    for holding, factor, norms in watched(parts):
        scores += _saturated(holding.among(wanted), factor, norms[wanted], share, below)
    scores *= priors[wanted]
    return scores


def _saturated(times: npt.NDArray[Any], factor: float, norms: Rough, share: Rough, below: Rough) -> Rough:
    """``share`` and ``below`` are written to: making new arrays would take as long as filling them."""
    np.copyto(share, times, casting="same_kind")
    np.add(share, norms, out=below)
    np.multiply(share, np.float32(factor * (K1 + 1)), out=share)
    np.divide(share, below, out=share)
    return share
