"""Answers in the shapes of ``types`` (docs/inside/semantics.md, section 5), for the API and ``--json``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from searchapp.language import tr
from searchapp.reports.model import Block, Span, paragraph_id
from searchapp.search.result import Contribution, FacetValue, Hit, LocatedBlock, ReportSummary
from searchapp.search.schema import FACET_NAMES, NONE_VALUE, department_of, organ_of
from searchapp.services.addresses import block_url, located_url
from searchapp.services.payloads import types
from searchapp.services.payloads.shape import shaped
from searchapp.services.search import Answer

SCORE_DIGITS = 4
MAX_TEXT_CHARACTERS = 20_000
"""Of one block that a list of hits carries: a hundred such blocks are 6 MB."""
CHARACTERS_BEFORE = 1_000
MILLISECOND_DIGITS = 2


def answer_json(answer: Answer) -> types.SearchJson:
    """A search answer."""
    return shaped(
        types.SearchJson,
        answer,
        answer.result,
        **_totals(answer),
        hits=[hit_json(hit) for hit in answer.result.hits],
        offers=[shaped(types.OfferJson, offer, changes=dict(offer.changes)) for offer in answer.offers],
        synonyms=[types.WidenedJson(clause=each.text, members=list(each.members)) for each in answer.synonyms],
    )


def facets_json(answer: Answer) -> types.FacetsJson:
    """The counts and facets of a search answer, without its hits."""
    return shaped(types.FacetsJson, answer, answer.result, **_totals(answer))


def _totals(answer: Answer) -> dict[str, Any]:
    facets = answer.result.facets
    return {
        "took_ms": round(answer.took_ms, MILLISECOND_DIGITS),
        "facets": {name: [_facet_value_json(value) for value in facets[name]] for name in FACET_NAMES},
        "unit_types": {value.value: value.group for value in facets["unit"] if value.group is not None},
    }


def hit_json(hit: Hit) -> types.HitJson:
    """One hit. ``highlights`` and ``marks`` (shown, but not searched) are spans of ``text`` in code points.

    A block of more than :data:`MAX_TEXT_CHARACTERS` is shown from a little before its first highlight on.
    """
    block = hit.located.block
    begin, end = part = _part(len(block.text), hit.highlights)
    shown = {"part": part} if end - begin < len(block.text) else {}
    return placed_json(
        types.HitJson,
        hit.located,
        hit,
        organ=organ_of(hit.located.report.meta),
        section=_section_json(block),
        text=block.text[begin:end],
        highlights=_inside(part, hit.highlights),
        marks=_inside(part, block.marks),
        score=round(hit.score, SCORE_DIGITS),
        explanation=[_contribution_json(contribution) for contribution in hit.explanation],
        source=block.source,
        **shown,
    )


def _part(characters: int, highlights: Sequence[Span]) -> Span:
    if characters <= MAX_TEXT_CHARACTERS:
        return 0, characters
    first = highlights[0][0] if highlights else 0
    begin = max(0, min(first - CHARACTERS_BEFORE, characters - MAX_TEXT_CHARACTERS))
    return begin, begin + MAX_TEXT_CHARACTERS


def _inside(part: Span, spans: Sequence[Span]) -> list[Span]:
    """Those of ``spans`` that lie in the part, counted from its beginning."""
    begin, end = part
    return [(start - begin, stop - begin) for start, stop in spans if begin <= start and stop <= end]


def _contribution_json(contribution: Contribution) -> types.ContributionJson:
    return types.ContributionJson(
        clause=contribution.text,
        matched="literal" if contribution.literal else "words",
        parts={part: round(share, SCORE_DIGITS) for part, share in contribution.parts},
    )


_Placed = TypeVar("_Placed", bound=types.PlacedJson)


def placed_json(shape: type[_Placed], located: LocatedBlock, *values: object, **fields: Any) -> _Placed:
    """A block with its report and its address, and what its ``shape`` has besides; ``values`` as in ``shaped``."""
    meta = located.report.meta
    return shaped(
        shape,
        *values,
        meta,
        paragraph_id=located.paragraph_id,
        report_id=located.report.report_id,
        block=located.block.kind,
        department=department_of(meta),
        url=located_url(located),
        **fields,
    )


_Block = TypeVar("_Block", bound=types.BlockJson)


def block_json(shape: type[_Block], report_id: str, block: Block, position: int, blocks: int, **fields: Any) -> _Block:
    """A block: the part of a hit's shape that does not depend on a query, and the ``fields`` of a wider ``shape``.

    ``position`` is its place among the ``blocks`` of the report, from 0; spans are code points, end-exclusive.
    """
    return shaped(
        shape,
        block,
        paragraph_id=paragraph_id(report_id, block.key),
        report_id=report_id,
        position=position,
        block=block.kind,
        section=_section_json(block),
        url=block_url(report_id, block.key, position, blocks),
        **fields,
    )


def _section_json(block: Block) -> types.SectionJson:
    return types.SectionJson(
        headings=list(block.headings),
        parts=list(dict.fromkeys(span.part for span in block.parts)),
        topics=[cue.topic for cue in block.topics],
    )


def _facet_value_json(value: FacetValue) -> types.FacetValueJson:
    label = tr(value.label) if value.value == NONE_VALUE else value.label
    return types.FacetValueJson(value=value.value, label=label, count=value.count, selected=value.selected)


def report_json(summary: ReportSummary) -> types.ReportJson:
    """One report of the list of reports."""
    meta = summary.meta
    sources = [
        types.ReportSourceJson(file=source.file, lines=[source.first_line, source.last_line])
        for source in summary.sources
    ]
    return shaped(
        types.ReportJson, meta, summary, department=department_of(meta), organ=organ_of(meta), sources=sources
    )
