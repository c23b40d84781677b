"""How hits are ordered by relevance: BM25 of the cluster over text and words (docs/operating/opensearch.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from searchapp.engines.embedded.question_model import grams
from searchapp.engines.opensearch.documents import char_tokens, word_token, word_tokens
from searchapp.engines.opensearch.queries import Query, Trees, phrases
from searchapp.query.ast import Word
from searchapp.search.compiled_query import CompiledClause, CompiledQuery
from searchapp.search.result import Contribution
from searchapp.search.weights import READ_KINDS, SIGN_WEIGHT, WORD_FIELD_WEIGHTS

FIELDS = {"words": "words", "headings": "heading_words", "title": "title_words"}
CLOSENESS_SLOP = 20
MAX_PAIRS = 8
LEAST_CHARACTERS = 2
MAX_SHARES = 320
"""Shares of one score; a cluster takes 1,024 leaves of a query by default, matching included."""

QUESTION_WEIGHTS = {"words": 1.0, "bigrams": 1.0, "characters": 0.3}
DECIMALS = 6
_BETWEEN = "|"


class Shares:
    """What the scores of one request are the sum of. ``told``: the shares of each hit are asked for as well."""

    def __init__(self, query: CompiledQuery, trees: Trees, told: bool) -> None:
        self._query = query
        self._trees = trees
        self._told = told
        self._words = list(dict.fromkeys(query.segment(query.question))) if self._query.question else []
        self._queries = list(self._of_question() if self._query.question else self._of_clauses())[:MAX_SHARES]

    def __bool__(self) -> bool:
        return bool(self._query.clauses)

    def scored(self, matching: Query) -> Query:
        """``matching`` with scores. Headings and titles count for less (docs/inside/ranking.md)."""
        if not self:
            return matching
        scored = {"bool": {"filter": [matching], "should": self._queries, "minimum_should_match": 0}}
        others = {"bool": {"must_not": [{"terms": {"block_kind": sorted(READ_KINDS)}}]}}
        functions = [{"filter": others, "weight": SIGN_WEIGHT}]
        return {"function_score": {"query": scored, "functions": functions, "boost_mode": "multiply"}}

    def explained(self, hit: dict[str, Any], prior: float) -> tuple[Contribution, ...]:
        """What the score of a hit is made of."""
        parts: dict[str, dict[str, float]] = {}
        for name, share in hit.get("matched_queries", {}).items():
            number, part, _ = name.split(_BETWEEN)
            of_clause = parts.setdefault(number, {})
            of_clause[part] = of_clause.get(part, 0.0) + share * prior
        if self._query.question:
            told = [(word, True, str(at)) for at, word in enumerate(self._words)]
            told.append((self._query.question, False, "q"))
        else:
            told = [
                (each.clause.text, "literal" in parts.get(str(at), {}), str(at))
                for at, each in enumerate(self._query.clauses)
            ]
        return tuple(
            Contribution(text, literal, tuple((part, round(share, DECIMALS)) for part, share in parts[key].items()))
            for text, literal, key in told
            if key in parts
        )

    def _of_clauses(self) -> Iterator[Query]:
        for number, compiled in enumerate(self._query.clauses):
            yield self._named(self._literal(compiled), number, "literal", 0)
        for number, compiled in enumerate(self._query.clauses):
            for part, weight in WORD_FIELD_WEIGHTS.items():
                for at, word in enumerate(self._query.words(compiled.clause)):
                    share = {"value": word_token(word), "boost": weight * compiled.clause.weight}
                    yield self._named({"term": {FIELDS[part]: share}}, number, part, at)
        yield from self._closeness()

    def _literal(self, compiled: CompiledClause) -> Query:
        """BM25 of the clause's text; of a gap or nearness, that of its parts where it matches."""
        shares, boost = phrases(compiled), compiled.clause.weight
        if len(shares) == 1:
            return {"bool": {"must": shares, "boost": boost}}
        matching = self._trees.query(compiled.clause, negated=True)
        return {"bool": {"filter": [matching], "should": shares, "boost": boost}}

    def _closeness(self) -> Iterator[Query]:
        """Neighbours among the words asked for, the nearer the more."""
        asked: list[tuple[int, str, float]] = []
        for number, compiled in enumerate(self._query.clauses):
            all_count = not isinstance(compiled.clause, Word)
            longer = [word for word in self._query.words(compiled.clause) if all_count or len(word) >= LEAST_CHARACTERS]
            asked += [(number, word, compiled.clause.weight) for word in longer]
        for at in range(1, min(len(asked), MAX_PAIRS + 1)):
            (_, before, _), (number, word, weight) = asked[at - 1], asked[at]
            if before != word:
                near = {"query": word_tokens([before, word]), "slop": CLOSENESS_SLOP, "boost": weight}
                yield self._named({"match_phrase": {"words": near}}, number, "closeness", at)

    def _of_question(self) -> Iterator[Query]:
        for at, word in enumerate(self._words[: MAX_SHARES // 3]):
            share = {"value": word_token(word), "boost": QUESTION_WEIGHTS["words"]}
            yield self._named({"term": {"words": share}}, at, "words", at)
        bigrams = list(dict.fromkeys(grams(self._query.question, 2)))[: MAX_SHARES // 3]
        for at, gram in enumerate(bigrams):
            yield self._named(
                {"match_phrase": {"chars": {"query": char_tokens(gram), "boost": QUESTION_WEIGHTS["bigrams"]}}},
                "q",
                "bigrams",
                at,
            )
        for at, char in enumerate(list(dict.fromkeys(grams(self._query.question, 1)))[: MAX_SHARES // 3]):
            share = {"value": char, "boost": QUESTION_WEIGHTS["characters"]}
            yield self._named({"term": {"chars": share}}, "q", "characters", at)

    def _named(self, query: Query, number: int | str, part: str, at: int) -> Query:
        """``query`` with a name, when its share is to be told."""
        if not self._told:
            return query
        return {"bool": {"must": [query], "_name": _BETWEEN.join((str(number), part, str(at)))}}


def prior(block_kind: str) -> float:
    """What shares are multiplied by."""
    return 1.0 if block_kind in READ_KINDS else SIGN_WEIGHT
