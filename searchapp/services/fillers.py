"""What stands in the gaps of phrases: the distinct fillers over all hits, with their counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from searchapp.engines.base import Passage, Reader
from searchapp.query.ast import Gap, text_clauses
from searchapp.search.occurring import BETWEEN, Span, blinded, filler_spans
from searchapp.search.request import SearchRequest
from searchapp.text.normalize import normalize_with_map
from searchapp.text.punctuation import blind_with_map

MAX_VALUES = 1_000
"""Distinct fillers that are listed of one clause."""


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
    """The fillers of every phrase with a gap that ``request`` asks for; ``typed`` is the text of its query."""
    return tuple(_of_clause(reader, request, gap, typed) for gap in gaps(request))


def gaps(request: SearchRequest) -> Iterator[Gap]:
    """The phrases with a gap that hits are asked to hold, each meaning once."""
    return (clause for clause in text_clauses(request.query) if isinstance(clause, Gap))


def _of_clause(reader: Reader, request: SearchRequest, gap: Gap, typed: str) -> ClauseFillers:
    blinded_gap = blinded(gap) if request.punct == "ignore" else None
    sought = blinded_gap if isinstance(blinded_gap, Gap) else gap
    tallies: dict[str, _Tally] = {}
    for passage in reader.passages(request):
        text, kept = blind_with_map(passage.text) if blinded_gap else (passage.text, None)
        for spans in filler_spans(sought, text):
            filler = BETWEEN.join(text[start:end] for start, end in spans)
            if (tally := tallies.get(filler)) is not None:
                tally.count += 1
            else:
                tallies[filler] = _Tally(1, passage, spans if kept is None else _unblinded(spans, kept))
    ordered = sorted(tallies.items(), key=lambda item: (-item[1].count, item[0]))
    return ClauseFillers(
        clause=typed[slice(*gap.span)] or gap.text,
        total=sum(tally.count for tally in tallies.values()),
        distinct=len(ordered),
        values=tuple(Filler(_written(tally), tally.count) for _, tally in ordered[:MAX_VALUES]),
    )


def _unblinded(spans: tuple[Span, ...], kept: list[int]) -> tuple[Span, ...]:
    """Spans of the punctuation-blind text as spans of the normalized one."""
    return tuple((kept[start], kept[end - 1] + 1) if start < end else (0, 0) for start, end in spans)


def _written(tally: _Tally) -> str:
    """A filler as the block has it."""
    block = tally.passage.located().block
    normalized = normalize_with_map(block.text, block.marks)
    originals = (normalized.original_span(*span) if span[0] < span[1] else (0, 0) for span in tally.spans)
    return BETWEEN.join(block.text[start:end] for start, end in originals)
