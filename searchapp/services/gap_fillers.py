"""What stands in the gaps of phrases: the distinct fillers over all hits, with their counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

from searchapp.engines.base import Passage, Reader
from searchapp.query.ast import Gap, text_clauses
from searchapp.search.compiled_query import CompiledClause
from searchapp.search.occurrences import BETWEEN, Span, filler_spans
from searchapp.search.request import SearchRequest
from searchapp.text.normalize import normalize_with_map
from searchapp.text.punctuation import blind, blind_with_map
from searchapp.time_limit import watched

MAX_VALUES = 1_000
"""Distinct fillers that are listed of one clause."""
MAX_CLAUSES = 8
"""Clauses whose fillers are listed: each is looked for in the text of every hit."""


@dataclass(frozen=True, slots=True)
class Filler:
    """What fills the gaps so often. ``text`` is as written where it first stands, several gaps joined by `` … ``."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class ClauseFillers:
    """The fillers of a clause (``clause`` as shown to a reader), most frequent first, then by normal form.

    ``total``: occurrences of the clause in all hits, the sum of all counts. ``distinct``: how many different fillers
    there are; the first :data:`MAX_VALUES` are in ``values``.
    """

    clause: str
    total: int
    distinct: int
    values: tuple[Filler, ...]


@dataclass(slots=True)
class _Tally:
    """How often a filler stands in all, and where first."""

    count: int
    passage: Passage
    spans: tuple[Span, ...]


def fillers_of(reader: Reader, request: SearchRequest, typed: str) -> tuple[ClauseFillers, ...]:
    """The fillers of the first :data:`MAX_CLAUSES` phrases with a gap that ``request`` asks for.

    ``typed``: the text of its query.
    """
    listed = [_Listed.of(gap, request) for gap in islice(gaps(request), MAX_CLAUSES)]
    if listed:
        for passage in reader.passages(request):
            for each in listed:
                each.count(passage)
    return tuple(each.fillers(typed) for each in listed)


def gaps(request: SearchRequest) -> Iterator[Gap]:
    """The phrases with a gap that hits are asked to hold, each meaning once."""
    return (clause for clause in text_clauses(request.query) if isinstance(clause, Gap))


@dataclass(slots=True)
class _Listed:
    """A clause whose fillers are counted; ``sought`` is its form in the reading that is searched (blind or exact)."""

    gap: Gap
    sought: Gap
    is_blind: bool
    tallies: dict[str, _Tally] = field(default_factory=dict)

    @classmethod
    def of(cls, gap: Gap, request: SearchRequest) -> _Listed:
        compiled = CompiledClause.of(gap, request.punct == "ignore")
        return cls(gap, cast(Gap, compiled.sought), compiled.is_blind)

    def count(self, passage: Passage) -> None:
        text = blind(passage.text) if self.is_blind else passage.text
        for spans in watched(filler_spans(self.sought, text)):
            filler = BETWEEN.join(text[start:end] for start, end in spans)
            if (tally := self.tallies.get(filler)) is not None:
                tally.count += 1
            else:
                self.tallies[filler] = _Tally(1, passage, spans)

    def fillers(self, typed: str) -> ClauseFillers:
        """What was counted, with the fillers that are listed as they are written."""
        ordered = sorted(self.tallies.items(), key=lambda item: (-item[1].count, item[0]))
        return ClauseFillers(
            clause=typed[slice(*self.gap.span)] or self.gap.text,
            total=sum(tally.count for tally in self.tallies.values()),
            distinct=len(ordered),
            values=tuple(Filler(self._written(tally), tally.count) for _, tally in watched(ordered[:MAX_VALUES])),
        )

    def _written(self, tally: _Tally) -> str:
        """A filler as the block has it."""
        spans = _unblinded(tally.spans, blind_with_map(tally.passage.text)[1]) if self.is_blind else tally.spans
        block = tally.passage.located().block
        normalized = normalize_with_map(block.text, block.marks)
        originals = (normalized.original_span(*span) if span[0] < span[1] else (0, 0) for span in spans)
        return BETWEEN.join(block.text[start:end] for start, end in originals)


def _unblinded(spans: tuple[Span, ...], kept: list[int]) -> tuple[Span, ...]:
    """Spans of the punctuation-blind text as spans of the normalized one."""
    return tuple((kept[start], kept[end - 1] + 1) if start < end else (0, 0) for start, end in spans)
