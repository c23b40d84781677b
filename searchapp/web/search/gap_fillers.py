"""What stands in the gaps of phrases, as a small table: each filler leads to the phrase with it in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from searchapp.language import later, tr
from searchapp.query.ast import NO_SPAN, Gap
from searchapp.query.signs import ESCAPABLE, ESCAPE
from searchapp.search.occurrences import BETWEEN
from searchapp.services.gap_fillers import ClauseFillers, Filler, gaps
from searchapp.services.search import Answer
from searchapp.web import labels
from searchapp.web.links import search_url
from searchapp.web.state import SearchState

VALUES_SHOWN = 10
"""Fillers that stand open; the rest is folded."""
VALUES_FOLDED = 100
"""Fillers that are folded; more are only counted."""
EMPTY = later("（没有字）")


@dataclass(frozen=True, slots=True)
class FillerRow:
    """A filler and how often it stands there; ``url`` is ``None`` where the phrase with it cannot be written."""

    text: str
    count: str
    url: str | None


@dataclass(frozen=True, slots=True)
class FillersView:
    """The fillers of a clause: what stands open, what is folded, how many are not on the page (empty: none)."""

    clause: str
    total: str
    distinct: str
    shown: tuple[FillerRow, ...]
    folded: tuple[FillerRow, ...]
    unlisted: str


def fillers_views(answer: Answer, state: SearchState) -> Iterator[FillersView]:
    """The clauses of ``answer`` that have fillers, in their order; ``state`` asked for it."""
    for gap, fillers in zip(gaps(answer.request), answer.fillers, strict=False):
        if fillers.values:
            yield _view(fillers, gap, answer.query, state)


def fillers_url(answer: Answer, state: SearchState) -> str | None:
    """The search that also lists the fillers; ``None`` where it does already, or there is no gap or no hit."""
    if answer.fillers or not answer.result.total or next(gaps(answer.request), None) is None:
        return None
    return search_url(state.replacing("fillers", "true"))


def _view(fillers: ClauseFillers, gap: Gap, typed: str, state: SearchState) -> FillersView:
    listed = fillers.values[: VALUES_SHOWN + VALUES_FOLDED]
    rows = tuple(FillerRow(_shown(each), labels.number(each.count), _url(each, gap, typed, state)) for each in listed)
    unlisted = fillers.distinct - len(rows)
    return FillersView(
        clause=fillers.clause,
        total=labels.number(fillers.total),
        distinct=labels.number(fillers.distinct),
        shown=rows[:VALUES_SHOWN],
        folded=rows[VALUES_SHOWN:],
        unlisted=labels.number(unlisted) if unlisted else "",
    )


def _shown(filler: Filler) -> str:
    return " ".join(filler.text.split()) or tr(EMPTY)


def _url(filler: Filler, gap: Gap, typed: str, state: SearchState) -> str | None:
    """The same search with the exact phrase in place of the gap."""
    pieces = filler.text.split(BETWEEN)
    if gap.span == NO_SPAN or len(pieces) != len(gap.bounds):
        return None
    words = [gap.parts[0], *(text for pair in zip(pieces, gap.parts[1:], strict=True) for text in pair)]
    phrase = "".join(ESCAPE + char if char in ESCAPABLE else char for char in "".join(words))
    start, end = gap.span
    query = f'{typed[:start]}"{" ".join(phrase.split())}"{typed[end:]}'
    return search_url(state.without("fillers").replacing("q", query))
