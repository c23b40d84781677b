"""How hits are ordered by relevance: BM25 of the cluster over text and words (docs/operating/opensearch.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from searchapp.engines.embedded.question_model import grams
from searchapp.engines.opensearch.documents import char_tokens, word_token, word_tokens
from searchapp.engines.opensearch.queries import Query, Trees, phrase
from searchapp.query.ast import Clause, Word, literals, text_clauses
from searchapp.query.ast import Node as Tree
from searchapp.query.rewrite import question_text
from searchapp.search.occurrences import blinded
from searchapp.search.result import Contribution
from searchapp.search.schema import READ_KINDS, SIGN_WEIGHT, WORD_FIELD_WEIGHTS

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

    def __init__(self, trees: Trees, asked: Tree, effective: Tree, question: bool, told: bool) -> None:
        self._trees = trees
        self._told = told
        self._clauses = list(text_clauses(effective))
        self._question = question_text(asked) if question and self._clauses else ""
        self._words = list(dict.fromkeys(trees.segment(self._question))) if self._question else []
        self._queries = list(self._of_question() if self._question else self._of_clauses())[:MAX_SHARES]

    def __bool__(self) -> bool:
        return bool(self._clauses)

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
        if self._question:
            told = [(word, True, str(at)) for at, word in enumerate(self._words)]
            told.append((self._question, False, "q"))
        else:
            told = [
                (clause.text, "literal" in parts.get(str(at), {}), str(at)) for at, clause in enumerate(self._clauses)
            ]
        return tuple(
            Contribution(text, literal, tuple((part, round(share, DECIMALS)) for part, share in parts[key].items()))
            for text, literal, key in told
            if key in parts
        )

    def _of_clauses(self) -> Iterator[Query]:
        for number, clause in enumerate(self._clauses):
            yield self._named(self._literal(clause), number, "literal", 0)
        for number, clause in enumerate(self._clauses):
            words = list(dict.fromkeys(word for literal in literals(clause) for word in self._trees.segment(literal)))
            for part, weight in WORD_FIELD_WEIGHTS.items():
                for at, word in enumerate(words):
                    share = {"value": word_token(word), "boost": weight * clause.weight}
                    yield self._named({"term": {FIELDS[part]: share}}, number, part, at)
        yield from self._closeness()

    def _literal(self, clause: Clause) -> Query:
        """BM25 of the clause's text; of a gap or nearness, that of its parts where it matches."""
        sought = blinded(clause) if self._trees.blind else None
        texts = literals(clause if sought is None else sought)
        shares = [phrase(text, sought is not None) for text in dict.fromkeys(texts)]
        if len(shares) == 1:
            return {"bool": {"must": shares, "boost": clause.weight}}
        matching = self._trees.query(clause, negated=True)
        return {"bool": {"filter": [matching], "should": shares, "boost": clause.weight}}

    def _closeness(self) -> Iterator[Query]:
        """Neighbours among the words asked for, the nearer the more."""
        asked: list[tuple[int, str, float]] = []
        for number, clause in enumerate(self._clauses):
            pieces = dict.fromkeys(word for literal in literals(clause) for word in self._trees.segment(literal))
            longer = [piece for piece in pieces if len(piece) >= LEAST_CHARACTERS or not isinstance(clause, Word)]
            asked += [(number, piece, clause.weight) for piece in longer]
        for at in range(1, min(len(asked), MAX_PAIRS + 1)):
            (_, before, _), (number, word, weight) = asked[at - 1], asked[at]
            if before != word:
                near = {"query": word_tokens([before, word]), "slop": CLOSENESS_SLOP, "boost": weight}
                yield self._named({"match_phrase": {"words": near}}, number, "closeness", at)

    def _of_question(self) -> Iterator[Query]:
        for at, word in enumerate(self._words[: MAX_SHARES // 3]):
            share = {"value": word_token(word), "boost": QUESTION_WEIGHTS["words"]}
            yield self._named({"term": {"words": share}}, at, "words", at)
        bigrams = list(dict.fromkeys(grams(self._question, 2)))[: MAX_SHARES // 3]
        for at, gram in enumerate(bigrams):
            yield self._named(
                {"match_phrase": {"chars": {"query": char_tokens(gram), "boost": QUESTION_WEIGHTS["bigrams"]}}},
                "q",
                "bigrams",
                at,
            )
        for at, char in enumerate(list(dict.fromkeys(grams(self._question, 1)))[: MAX_SHARES // 3]):
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


def clauses_of(effective: Tree) -> Sequence[Clause]:
    """The clauses whose occurrences are counted."""
    return list(text_clauses(effective))
