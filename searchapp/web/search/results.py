"""The results page: counts, what to know about the answer, filters, hits (also by report), what to try, gap fillers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from searchapp.language import later, tr, trn
from searchapp.query import Diagnostic
from searchapp.query.ast import NO_SPAN, Gap, asks_for_text
from searchapp.query.signs import ESCAPABLE, ESCAPE
from searchapp.search.occurrences import BETWEEN
from searchapp.search.result import SearchResult
from searchapp.search.schema import APART_KINDS
from searchapp.services.gap_fillers import ClauseFillers, Filler, gaps
from searchapp.services.inferred_values import NOTHING_INFERRED, Inferred
from searchapp.services.offers import Offer
from searchapp.services.search import Answer
from searchapp.web import labels
from searchapp.web.links import report_url, search_url
from searchapp.web.paging import Paging, paging
from searchapp.web.search.facets import Chip, FacetColumn, chips, facet_column
from searchapp.web.search.hits import HitView, hit_view
from searchapp.web.search.switches import OrderBar, order_bar
from searchapp.web.search_state import Pairs, SearchState

NOT_COUNTED = "—"


@dataclass(frozen=True, slots=True)
class CountItem:
    """A number and what it counts, ``noun``: of how many, where that is told."""

    number: str
    noun: str


@dataclass(frozen=True, slots=True)
class Apart:
    """Blocks that match but stand in an annex or a note: their number, they alone, and all together."""

    count: str
    url: str
    together_url: str


@dataclass(frozen=True, slots=True)
class Besides:
    """Blocks that would be found if punctuation were passed over, and the search that does."""

    count: str
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """A diagnostic; ``excerpt`` is the piece of the query it is about, when its message does not show it."""

    message: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class ResultsView:
    """Everything that the results page shows. ``groups`` stand in place of ``hits`` when hits are shown by report.

    ``counts`` is empty when nothing is found. ``folded``: how many hits are left when those that are alike are shown
    once; empty when they are not. ``fillers_url``: the same search with what stands in its gaps.
    """

    query: str
    heading: str
    fields: Pairs
    counts: tuple[CountItem, ...]
    folded: str
    apart: Apart | None
    punctuation: Besides | None
    told: tuple[Told, ...]
    chips: tuple[Chip, ...]
    clear_url: str | None
    column: FacetColumn
    order: OrderBar
    fillers: tuple[FillersView, ...]
    fillers_url: str | None
    less_fillers_url: str
    offers: OfferViews
    hits: tuple[HitView, ...]
    groups: tuple[GroupView, ...]
    first_number: int
    paging: Paging


def results_view(
    answer: Answer, state: SearchState, offers: Iterable[Offer], scope: int, inferred: Inferred = NOTHING_INFERRED
) -> ResultsView:
    """The page of ``answer``, which was asked for by ``state``; ``offers``: what to try instead.

    ``scope``: how many reports there are under its filters; ``inferred``: values of facets that no report states.
    """
    result = answer.result
    asks_text = asks_for_text(answer.request.query)
    first = (result.page - 1) * result.per_page + 1
    grouped = answer.request.group is not None
    return ResultsView(
        query=state.query,
        heading=state.query.strip() or tr("全部段落"),
        fields=state.fields("q", "fillers"),
        counts=count_items(result, asks_text, scope) if result.total else (),
        folded=labels.number(result.groups or 0) if answer.request.fold and not grouped else "",
        apart=_apart(result, state, asks_text),
        punctuation=_punctuation(result, state),
        told=tuple(_told(answer.query, diagnostic) for diagnostic in answer.diagnostics),
        chips=chips(state, result.facets),
        clear_url=search_url(state.cleared()) if state.is_narrowed else None,
        column=facet_column(result.facets, state, inferred, result.hits),
        order=order_bar(state, answer.request.sort, asks_text),
        fillers=tuple(fillers_views(answer, state)),
        fillers_url=fillers_url(answer, state),
        less_fillers_url=search_url(state.without("fillers")),
        offers=offer_views(offers, state),
        hits=() if grouped else tuple(hit_view(hit, at, state, asks_text) for at, hit in enumerate(result.hits, first)),
        groups=tuple(group_views(result, first, state, asks_text)),
        first_number=first,
        paging=paging(state, result.page, result.per_page, result.total if result.groups is None else result.groups),
    )


def count_items(result: SearchResult, asks_text: bool, scope: int) -> tuple[CountItem, ...]:
    """The count line: reports first, of how many in ``scope``; that occurrences were not counted is said."""
    counts = result.counts
    occurrences = (
        CountItem(NOT_COUNTED, tr("处（命中太多，没有逐处数）"))
        if counts.occurrences is None
        else CountItem(labels.number(counts.occurrences), trn("处", counts.occurrences))
    )
    told = [
        CountItem(labels.number(counts.reports), trn("/ {count:,} 篇报告", scope)),
        occurrences,
        CountItem(labels.number(result.total), trn("段", result.total)),
        CountItem(labels.number(counts.units), trn("个单位", counts.units)),
    ]
    if not asks_text:
        del told[1]
    return tuple(told)


def _apart(result: SearchResult, state: SearchState, asks_text: bool) -> Apart | None:
    if not result.apart:
        return None
    together = ["all"] if asks_text else ["paragraph", *APART_KINDS]
    return Apart(
        count=labels.number(result.apart),
        url=search_url(state.replacing("block", *APART_KINDS)),
        together_url=search_url(state.replacing("block", *together)),
    )


def _punctuation(result: SearchResult, state: SearchState) -> Besides | None:
    if not result.punctuation:
        return None
    return Besides(labels.number(result.punctuation), search_url(state.replacing("punct", "ignore")))


def _told(query: str, diagnostic: Diagnostic) -> Told:
    excerpt = query[diagnostic.start : diagnostic.end].strip()
    bare = excerpt.strip('"“”＂ ')
    return Told(diagnostic.message, "" if bare in diagnostic.message else excerpt)


@dataclass(frozen=True, slots=True)
class GroupView:
    """A report and its best hits; ``number``: its place among the reports, from 1.

    ``others``: how many hits it has besides, empty when none; all of them are marked at ``url``.
    """

    number: int
    title: str
    url: str
    unit: str
    year: str
    hits: tuple[HitView, ...]
    others: str


def group_views(result: SearchResult, first: int, state: SearchState, asks_text: bool) -> Iterator[GroupView]:
    """The reports of the page; ``first`` is the number of the first."""
    at = 0
    for number, group in enumerate(result.grouped, first):
        hits = tuple(hit_view(hit, number, state, asks_text) for hit in result.hits[at : at + group.shown])
        at += group.shown
        yield GroupView(
            number=number,
            title=hits[0].title,
            url=report_url(group.report_id, state=state),
            unit=hits[0].unit,
            year=hits[0].year,
            hits=hits,
            others=labels.number(group.others) if group.others else "",
        )


NEAREST = "nearest"
"""The kind of an offer that says what may have been meant."""


@dataclass(frozen=True, slots=True)
class OfferLink:
    """An offer; ``count`` is what it finds."""

    label: str
    count: str
    url: str


@dataclass(frozen=True, slots=True)
class OfferViews:
    """``nearest``: what may have been meant; ``others``: ways to find more."""

    nearest: tuple[OfferLink, ...]
    others: tuple[OfferLink, ...]


def offer_views(offers: Iterable[Offer], state: SearchState) -> OfferViews:
    """``offers`` to the search ``state``, in their order; what does not change stays as it is."""
    nearest: list[OfferLink] = []
    others: list[OfferLink] = []
    for offer in offers:
        changed = state
        for name, values in offer.changes:
            changed = changed.replacing(name, *values)
        link = OfferLink(offer.label, labels.number(offer.total), search_url(changed))
        (nearest if offer.kind == NEAREST else others).append(link)
    return OfferViews(tuple(nearest), tuple(others))


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
