"""What a block must be to be a hit: query trees and filters, block by block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from searchapp.engines.base import AnalyzedBlock
from searchapp.query.ast import And, Clause, Everything, Field, Gap, Near, Node, Not, Or, Phrase, Word, YearRange
from searchapp.reports.model import Block, Metadata, paragraph_id
from searchapp.search.near_duplicates import fold_key
from searchapp.search.occurrences import blinded, starts
from searchapp.search.request import Filters
from searchapp.search.result import ReportSummary
from searchapp.search.schema import (
    FILTER_GROUPS,
    FILTER_NAMES,
    NONE_VALUE,
    field_values,
    review_years,
)
from searchapp.search.weights import WORD_FIELD_WEIGHTS
from searchapp.text.normalize import normalize
from searchapp.text.punctuation import blind
from tests.oracle.questions import PlainBlock, Questions

Segment = Callable[[str], list[str]]
REMEMBERED = 1_000
"""Texts and clauses asked for last, of which a corpus knows the words and the occurrences."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One block with all that is asked of it. ``number``: its place in the library."""

    number: int
    summary: ReportSummary
    block: Block
    position: int
    analyzed: AnalyzedBlock
    title_words: tuple[str, ...]

    @property
    def meta(self) -> Metadata:
        """What is known of the block's report."""
        return self.summary.meta

    @property
    def id(self) -> str:
        """The block's lasting address."""
        return paragraph_id(self.summary.report_id, self.block.key)

    @cached_property
    def blind_text(self) -> str:
        """The normalized text without punctuation."""
        return blind(self.analyzed.text)

    @cached_property
    def fold(self) -> int:
        """The key that near-identical blocks share."""
        return fold_key(self.analyzed.text)

    @property
    def words(self) -> Mapping[str, Sequence[str]]:
        """The words of each word field."""
        return {"words": self.analyzed.words, "headings": self.analyzed.heading_words, "title": self.title_words}

    @cached_property
    def filter_values(self) -> Mapping[str, frozenset[str]]:
        """The values by which each filter can select it."""
        return {name: frozenset(field_values(name, self.meta, self.block) or {NONE_VALUE}) for name in FILTER_NAMES}


_normalized = lru_cache(maxsize=REMEMBERED)(normalize)


class Corpus:
    """All blocks of a library, and how often each holds what is asked for. ``segment``: a normalized text's words."""

    def __init__(self, entries: Sequence[Entry], segment: Segment) -> None:
        self.entries = entries
        self.words = lru_cache(maxsize=REMEMBERED)(segment)
        self.occurrences = lru_cache(maxsize=REMEMBERED)(self._occurrences)
        self.text_lengths = [len(entry.analyzed.text) for entry in entries]
        self.word_lengths = {name: [len(entry.words[name]) for entry in entries] for name in WORD_FIELD_WEIGHTS}
        self.word_counts: dict[tuple[str, str], Counter[int]] = {}
        for entry in entries:
            for name, words in entry.words.items():
                for word in words:
                    self.word_counts.setdefault((name, word), Counter())[entry.number] += 1

    @cached_property
    def questions(self) -> Questions:
        """Scores for questions."""
        return Questions([PlainBlock(e.analyzed.text, e.analyzed.words, e.summary.report_id) for e in self.entries])

    def has_word(self, word: str, entry: Entry) -> bool:
        """Whether a block's text holds a jieba word."""
        return entry.number in self.word_counts.get(("words", word), {})

    def _occurrences(self, clause: Clause, ignore_punctuation: bool) -> dict[int, int]:
        """How often ``clause`` stands in the blocks that hold it, by their numbers."""
        blind_clause = blinded(clause) if ignore_punctuation else None
        counts: dict[int, int] = {}
        for entry in self.entries:
            if blind_clause is None:
                found = starts(clause, entry.analyzed.text)
            else:
                found = starts(blind_clause, entry.blind_text)
            if found:
                counts[entry.number] = len(found)
        return counts


@dataclass(frozen=True, slots=True)
class Matching:
    """Evaluates query trees."""

    corpus: Corpus
    ignore_punctuation: bool = False

    def matches(self, node: Node, entry: Entry, negated: bool = False) -> bool:
        """Whether a block matches; under NOT a word means its literal text only."""
        match node:
            case Everything():
                return True
            case Phrase() | Gap() | Near():
                return entry.number in self.corpus.occurrences(node, self.ignore_punctuation)
            case Word(literal=literal):
                if entry.number in self.corpus.occurrences(node, self.ignore_punctuation):
                    return True
                words = [] if negated else self.corpus.words(literal)
                return bool(words) and all(self.corpus.has_word(word, entry) for word in words)
            case Field():
                return _field_matches(node, entry)
            case Not(child=child):
                return not self.matches(child, entry, negated=True)
            case And(children=children):
                return all(self.matches(child, entry, negated) for child in children)
            case Or(children=children):
                return any(self.matches(child, entry, negated) for child in children)


def passes(filters: Filters, entry: Entry) -> bool:
    """Whether filters let a block through."""
    values = entry.filter_values
    if any(values[name] & excluded for name, excluded in filters.exclude.items()):
        return False
    for group in FILTER_GROUPS:
        chosen = [bool(values[name] & filters.include[name]) for name in group if name in filters.include]
        if "year" in group and filters.years is not None:
            chosen.append(entry.meta.year in filters.years)
        if chosen and not any(chosen):
            return False
    return True


def _field_matches(field: Field, entry: Entry) -> bool:
    meta, sought = entry.meta, field.value
    if isinstance(sought, YearRange):
        asked: dict[str, Sequence[int | None]] = {"year": [meta.year], "plan_year": [meta.plan_year]}
        years: Sequence[int | None] = asked.get(field.name, review_years(meta))
        return any(year in sought for year in years)
    return any(sought in _normalized(value) for value in field_values(field.name, meta, entry.block))
