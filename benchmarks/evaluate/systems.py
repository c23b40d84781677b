"""The orders of hits that are measured: plain BM25, the formula alone, and the engine through its service."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.evaluate.baselines import BM25
from benchmarks.evaluate.collection import Collection
from benchmarks.evaluate.library import Indexed
from benchmarks.evaluate.measures import RECALL_DEPTH
from searchapp.engines.embedded.question_model import QuestionRanker, QuestionWeights, grams
from searchapp.engines.embedded.reader import LENGTHS
from searchapp.engines.whoosh.engine import WHOOSH_FOLDER
from searchapp.engines.whoosh.reader import WhooshWords
from searchapp.literal.clauses import ClauseIndex, LiteralTexts
from searchapp.literal.text_index import LiteralIndex
from searchapp.services.search import search
from searchapp.store.mapped_arrays import open_array
from searchapp.text.analyzer import Analyzer
from searchapp.text.normalize import normalize

Floats = npt.NDArray[np.float64]
Scorer = Callable[[str], Floats]
"""A question to the scores of all documents, in some order of documents that stays the same."""


@dataclass(frozen=True, slots=True)
class Answers:
    """For each question the document ids, best first, and the milliseconds each took."""

    rankings: list[list[str]]
    milliseconds: list[float]


def answers(collection: Collection, ids: Sequence[str], score: Scorer) -> Answers:
    """The first hundred documents of every question; ``ids``: the document of each score. Of equal ones the first."""
    rankings, milliseconds = [], []
    for question in collection.questions:
        began = time.perf_counter()
        best = first_best(score(question.text), RECALL_DEPTH)
        milliseconds.append((time.perf_counter() - began) * 1000)
        rankings.append([ids[at] for at in best])
    return Answers(rankings, milliseconds)


def first_best(scores: Floats, wanted: int) -> list[int]:
    """Places of the ``wanted`` greatest scores, the greatest first, equal ones by place."""
    if wanted < len(scores):
        least = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
        kept = np.flatnonzero(scores >= least)
    else:
        kept = np.arange(len(scores))
    return [int(at) for at in kept[np.argsort(-scores[kept], kind="stable")][:wanted]]


def baselines(collection: Collection) -> Iterator[tuple[str, Scorer]]:
    """BM25 on words, on bigrams, and the plain sum of both, each with its name; over documents in file order."""
    analyzer = Analyzer()
    texts = [normalize(document.text) for document in collection.documents]
    words = BM25(analyzer.words(text) for text in texts)
    bigrams = BM25(grams(text, 2) for text in texts)
    by_words: Scorer = lambda question: words.scores(analyzer.words(normalize(question)))  # noqa: E731
    by_bigrams: Scorer = lambda question: bigrams.scores(grams(normalize(question), 2))  # noqa: E731
    yield "BM25 词", by_words
    yield "BM25 二字组", by_bigrams
    yield "BM25 两者相加", lambda question: by_words(question) + by_bigrams(question)


class Formula:
    """The formula on the files of an index made by the whoosh engine; scores by ordinal."""

    def __init__(self, folder: Path, indexed: Indexed) -> None:
        index = LiteralIndex(folder)
        self._texts = LiteralTexts(index, ClauseIndex(index))
        self._words = WhooshWords(folder / WHOOSH_FOLDER)
        self._lengths: Floats = open_array(folder, LENGTHS)[0].astype(np.float64)
        self._report_of = np.array(indexed.report_of)
        self._segment = indexed.library.analyzer.words

    def scorer(self, weights: QuestionWeights) -> Scorer:
        """The formula with these constants."""
        ranker = QuestionRanker(self._texts, self._words, self._lengths, self._report_of, weights)

        def score(question: str) -> Floats:
            text = normalize(question)
            return ranker.scores(text, list(dict.fromkeys(self._segment(text))))

        return score

    def close(self) -> None:
        """Lets go of files."""
        self._words.close()


def engine_answers(collection: Collection, indexed: Indexed) -> Answers:
    """Through the same service as the page, with ``match=any``."""
    rankings, milliseconds = [], []
    for question in collection.questions:
        params = {"q": [question.text], "match": ["any"], "block": ["all"], "per_page": [str(RECALL_DEPTH)]}
        began = time.perf_counter()
        hits = search(indexed.library, params).result.hits
        milliseconds.append((time.perf_counter() - began) * 1000)
        rankings.append([indexed.document_of[hit.located.paragraph_id] for hit in hits])
    return Answers(rankings, milliseconds)
