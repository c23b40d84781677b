"""Answers as JSON values: the shapes of ``types`` (docs/inside/semantics.md, section 5), for API and ``--json``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from searchapp.language import Labels, from_to, later, listed, tr
from searchapp.query import Diagnostic
from searchapp.reports.model import Block, BlockKind, Metadata, paragraph_id
from searchapp.search.result import Counts, FacetValue, Hit, LibraryStats, LocatedBlock, ReportSummary, SearchResult
from searchapp.search.schema import FACET_NAMES, NONE_VALUE, FacetName, department_of, organ_of
from searchapp.services.addresses import block_url, located_url
from searchapp.services.gap_fillers import ClauseFillers
from searchapp.services.offers import Offer
from searchapp.services.payloads import types
from searchapp.services.search import Answer

Json = dict[str, Any]
"""A JSON object whose type is not declared in ``shapes``."""

SCORE_DIGITS = 4
MILLISECOND_DIGITS = 2


BLOCK_LABELS: Mapping[BlockKind, str] = Labels(
    {
        "title": later("题目"),
        "addressee": later("主送"),
        "heading": later("小标题"),
        "paragraph": later("正文"),
        "table": later("表格"),
        "signature": later("落款"),
        "note": later("注释"),
        "annex": later("附件"),
    }
)
"""What the kinds of block are called."""

PART_LABELS: Mapping[str, str] = Labels(
    {
        "literal": later("字面"),
        "words": later("正文词"),
        "headings": later("小标题词"),
        "title": later("题目词"),
        "closeness": later("相距"),
        "bigrams": later("二字组"),
        "characters": later("单字"),
        "feedback": later("反馈"),
        "neighbours": later("前后段"),
        "length": later("篇幅"),
    }
)
"""What a share of a score comes from (docs/inside/ranking.md); an unknown part is shown by its own name."""


def answer_json(answer: Answer) -> types.SearchJson:
    """A search answer."""
    result = answer.result
    return {
        "query": answer.query,
        "build": answer.build,
        "total": result.total,
        "page": result.page,
        "per_page": result.per_page,
        "counts": counts_json(result.counts),
        "apart": result.apart,
        "punctuation": result.punctuation,
        "groups": result.groups,
        "grouped": [
            {"report_id": group.report_id, "shown": group.shown, "others": group.others} for group in result.grouped
        ],
        "took_ms": round(answer.took_ms, MILLISECOND_DIGITS),
        "hits": [hit_json(hit) for hit in result.hits],
        "facets": _facets_json(result),
        "unit_types": _unit_types_json(result),
        "offers": [offer_json(offer) for offer in answer.offers],
        "synonyms": [{"clause": each.text, "members": list(each.members)} for each in answer.synonyms],
        "fillers": [_fillers_json(each) for each in answer.fillers],
        "diagnostics": [diagnostic_json(told) for told in answer.diagnostics],
    }


def facets_json(answer: Answer) -> types.FacetsJson:
    """The counts and facets of a search answer, without its hits."""
    result = answer.result
    return {
        "query": answer.query,
        "build": answer.build,
        "total": result.total,
        "counts": counts_json(result.counts),
        "apart": result.apart,
        "took_ms": round(answer.took_ms, MILLISECOND_DIGITS),
        "facets": _facets_json(result),
        "unit_types": _unit_types_json(result),
        "diagnostics": [diagnostic_json(told) for told in answer.diagnostics],
    }


def hit_json(hit: Hit) -> types.HitJson:
    """One hit. ``highlights`` and ``marks`` (shown, but not searched) are spans of ``text`` in code points."""
    located = hit.located
    block, meta = located.block, located.report.meta
    return {
        **placed_json(located),
        "organ": organ_of(meta),
        "section": _section_json(block),
        "evidence": dict(meta.evidence),
        "text": block.text,
        "highlights": [list(span) for span in hit.highlights],
        "marks": [list(span) for span in block.marks],
        "occurrences": hit.occurrences,
        "score": round(hit.score, SCORE_DIGITS),
        "alike": hit.alike,
        "explanation": [
            {
                "clause": contribution.text,
                "matched": "literal" if contribution.literal else "words",
                "parts": {part: round(share, SCORE_DIGITS) for part, share in contribution.parts},
            }
            for contribution in hit.explanation
        ],
        "source": _source_json(block),
    }


def placed_json(located: LocatedBlock) -> types.PlacedJson:
    """A block with its report and its address."""
    meta = located.report.meta
    return {
        "paragraph_id": located.paragraph_id,
        "report_id": located.report.report_id,
        "block": located.block.kind,
        "title": meta.title,
        "unit": meta.unit,
        "department": department_of(meta),
        "year": meta.year,
        "kind": meta.kind,
        "url": located_url(located),
    }


def block_json(report_id: str, block: Block, position: int, blocks: int) -> types.BlockJson:
    """A block: the part of a hit's shape that does not depend on a query.

    ``position`` is its place among the ``blocks`` of the report, from 0; spans are code points, end-exclusive.
    """
    return {
        "paragraph_id": paragraph_id(report_id, block.key),
        "report_id": report_id,
        "position": position,
        "block": block.kind,
        "level": block.level,
        "section": _section_json(block),
        "text": block.text,
        "run_in": None if block.run_in is None else list(block.run_in),
        "marks": [list(span) for span in block.marks],
        "source": _source_json(block),
        "url": block_url(report_id, block.key, position, blocks),
    }


def offer_json(offer: Offer) -> types.OfferJson:
    """One offer; ``changes`` are the values to set for parameters, an empty list removes the parameter."""
    return {
        "kind": offer.kind,
        "label": offer.label,
        "changes": {name: list(values) for name, values in offer.changes},
        "total": offer.total,
    }


def diagnostic_json(told: Diagnostic) -> types.DiagnosticJson:
    """One diagnostic."""
    return {"message": told.message, "start": told.start, "end": told.end}


def counts_json(counts: Counts) -> types.CountsJson:
    """The counts over all hits."""
    return {
        "occurrences": counts.occurrences,
        "paragraphs": counts.paragraphs,
        "reports": counts.reports,
        "units": counts.units,
    }


def _section_json(block: Block) -> types.SectionJson:
    return {
        "headings": list(block.headings),
        "parts": list(dict.fromkeys(span.part for span in block.parts)),
        "topics": [cue.topic for cue in block.topics],
    }


def _source_json(block: Block) -> types.SourceJson:
    source = block.source
    return {"file": source.file, "line": source.line, "column": source.column, "page": source.page}


def _fillers_json(fillers: ClauseFillers) -> types.FillersJson:
    values: list[types.FillerJson] = [{"text": value.text, "count": value.count} for value in fillers.values]
    return {"clause": fillers.clause, "total": fillers.total, "distinct": fillers.distinct, "values": values}


def _facets_json(result: SearchResult) -> dict[FacetName, list[types.FacetValueJson]]:
    return {name: [_facet_value_json(value) for value in result.facets[name]] for name in FACET_NAMES}


def _facet_value_json(value: FacetValue) -> types.FacetValueJson:
    label = tr(value.label) if value.value == NONE_VALUE else value.label
    return {"value": value.value, "label": label, "count": value.count, "selected": value.selected}


def _unit_types_json(result: SearchResult) -> dict[str, str]:
    return {value.value: value.group for value in result.facets["unit"] if value.group is not None}


def report_json(summary: ReportSummary) -> types.ReportJson:
    """One report of the list of reports."""
    meta = summary.meta
    return {
        "report_id": summary.report_id,
        "title": meta.title,
        "unit": meta.unit,
        "department": department_of(meta),
        "organ": organ_of(meta),
        "parent": meta.parent,
        "body": meta.body,
        "year": meta.year,
        "review_from": meta.review_from,
        "review_to": meta.review_to,
        "plan_year": meta.plan_year,
        "kind": meta.kind,
        "addressee": meta.addressee,
        "unit_type": meta.unit_type,
        "place": meta.place,
        "level": meta.level,
        "delivered_by": meta.delivered_by,
        "date": meta.date,
        "evidence": dict(meta.evidence),
        "sources": [
            {"file": source.file, "lines": [source.first_line, source.last_line]} for source in summary.sources
        ],
        "blocks": summary.blocks,
        "paragraphs": summary.paragraphs,
        "headings": summary.headings,
    }


def stats_json(build: str, stats: LibraryStats) -> types.StatsJson:
    """The size of a library."""
    return {
        "build": build,
        "reports": stats.reports,
        "blocks": stats.blocks,
        "paragraphs": stats.paragraphs,
        "characters": stats.characters,
        "units": stats.units,
        "years": list(stats.years),
    }


def years_text(meta: Metadata) -> str:
    """A report's year as a reader sees it: ``2025年（回顾2024、安排2025）``; 未注明 when unknown."""
    if meta.year is None:
        return tr("未注明")
    told = []
    if meta.review_to is not None and meta.review_to != meta.year:
        span = str(meta.review_to)
        if meta.review_from is not None and meta.review_from != meta.review_to:
            span = from_to(meta.review_from, meta.review_to)
        told.append(tr("回顾{span}", span=span))
    if meta.plan_year is not None:
        told.append(tr("安排{plan_year}", plan_year=meta.plan_year))
    if not told:
        return tr("{year}年", year=meta.year)
    return tr("{year}年（{told}）", year=meta.year, told=listed(told))
