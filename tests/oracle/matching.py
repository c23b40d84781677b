"""What a block must be to be a hit: query trees and filters, block by block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from searchapp.engines.base import AnalyzedBlock, paragraph_id
from searchapp.query.ast import And, Clause, Everything, Field, Gap, Near, Node, Not, Or, Phrase, Word, YearRange
from searchapp.reports.model import Block, Metadata
from searchapp.search.near_duplicates import fold_key
from searchapp.search.occurrences import blinded, starts
from searchapp.search.request import Filters
from searchapp.search.result import ReportSummary
from searchapp.search.schema import (
    FILTER_GROUPS,
    FILTER_NAMES,
    NONE_VALUE,
    field_values,
    filter_values,
    review_years,
)
from searchapp.text.normalize import normalize
from searchapp.text.punctuation import blind

Segment = Callable[[str], list[str]]


@dataclass(frozen=True)
class Entry:
    """One block with all that is asked of it."""

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

    def field(self, name: str) -> Sequence[str]:
        """The words of a word field."""
        return {"words": self.analyzed.words, "headings": self.analyzed.heading_words, "title": self.title_words}[name]


def occurrences(clause: Clause, entry: Entry, ignore_punctuation: bool) -> int:
    """How often ``clause`` stands in a block."""
    sought = blinded(clause) if ignore_punctuation else None
    return len(starts(clause, entry.analyzed.text) if sought is None else starts(sought, entry.blind_text))


@dataclass(frozen=True, slots=True)
class Matching:
    """Evaluates query trees. ``segment`` cuts a normalized text into jieba words."""

    segment: Segment
    ignore_punctuation: bool = False

    def matches(self, node: Node, entry: Entry, negated: bool = False) -> bool:
        """Whether a block matches; under NOT a word means its literal text only."""
        match node:
            case Everything():
                return True
            case Phrase() | Gap() | Near():
                return occurrences(node, entry, self.ignore_punctuation) > 0
            case Word(literal=literal):
                words = [] if negated else self.segment(literal)
                held = set(entry.analyzed.words)
                literally = occurrences(node, entry, self.ignore_punctuation) > 0
                return literally or (bool(words) and all(word in held for word in words))
            case Field():
                return _field_matches(node, entry)
            case Not(child=child):
                return not self.matches(child, entry, negated=True)
            case And(children=children):
                return all(self.matches(child, entry, negated) for child in children)
            case Or(children=children):
                return any(self.matches(child, entry, negated) for child in children)


def passes(filters: Filters, entry: Entry) -> bool:
    values = {name: set(filter_values(name, entry.meta, entry.block)) or {NONE_VALUE} for name in FILTER_NAMES}
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
    meta, block, sought = entry.meta, entry.block, field.value
    if isinstance(sought, YearRange):
        asked: dict[str, Sequence[int | None]] = {"year": [meta.year], "plan_year": [meta.plan_year]}
        years: Sequence[int | None] = asked.get(field.name, review_years(meta))
        return any(year in sought for year in years)
    return any(sought in normalize(value) for value in field_values(field.name, meta, block))
