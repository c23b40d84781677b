"""The memory engine: plain loops over blocks. The oracle that every other engine is compared with.

It is written to be read, not to be fast, and shares with the other engines only values and the analyzer: no arrays, no
bigrams, no postings. It never imports ``literal``.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from searchapp.engines.base import AnalyzedBlock, AnalyzedReport, Reader, Term, Writer, paragraph_id, split_paragraph_id
from searchapp.errors import NotFoundError
from searchapp.query.ast import And, Everything, Field, Node, Not, Phrase, Word, YearRange, text_clauses
from searchapp.reports.model import Block, Metadata, Report
from searchapp.search.highlight import highlights
from searchapp.search.request import Filters, SearchRequest
from searchapp.search.result import Counts, FacetValue, Hit, LibraryStats, LocatedBlock, ReportSummary, SearchResult
from searchapp.search.schema import (
    DEFAULT_KINDS,
    FACETS,
    FILTER_GROUPS,
    FILTER_NAMES,
    NONE_VALUE,
    WORD_FIELD_WEIGHTS,
    FacetField,
    FacetName,
    department_of,
    filter_values,
    headings_of,
    organ_of,
    unit_groups,
)
from searchapp.store.documents import summarize
from searchapp.text.analyzer import Analyzer
from searchapp.text.normalize import normalize

K1 = 1.2
B = 0.75
SCORE_SCALE = 1_000_000


@dataclass(frozen=True, slots=True)
class _Entry:
    """One block with all that is asked of it."""

    summary: ReportSummary
    block: Block
    position: int
    analyzed: AnalyzedBlock
    title_words: tuple[str, ...]

    @property
    def meta(self) -> Metadata:
        return self.summary.meta

    @property
    def id(self) -> str:
        return paragraph_id(self.summary.report_id, self.block.key)

    def field(self, name: str) -> Sequence[str]:
        return {"words": self.analyzed.words, "headings": self.analyzed.heading_words, "title": self.title_words}[name]


class MemoryEngine:
    """See :class:`searchapp.engines.base.Engine`. Builds live as long as the process, by the name of their folder."""

    name = "memory"

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._builds: dict[str, list[AnalyzedReport]] = {}

    def open_reader(self, folder: Path) -> Reader:
        return MemoryReader(self._builds[folder.name], self._analyzer.words)

    def open_writer(self, folder: Path, base: Path | None) -> Writer:
        return MemoryWriter(self._builds, folder, [] if base is None else self._builds[base.name])


class MemoryWriter:
    """See :class:`searchapp.engines.base.Writer`."""

    def __init__(self, builds: dict[str, list[AnalyzedReport]], folder: Path, base: list[AnalyzedReport]) -> None:
        self._builds = builds
        self._folder = folder
        self._reports = {analyzed.report.id: analyzed for analyzed in base}

    def add_report(self, analyzed: AnalyzedReport) -> None:
        self._reports[analyzed.report.id] = analyzed

    def remove_report(self, report_id: str) -> None:
        if self._reports.pop(report_id, None) is None:
            raise NotFoundError(f"没有这份报告：{report_id}")

    def commit(self, order: Sequence[str]) -> None:
        self._builds[self._folder.name] = [self._reports[report_id] for report_id in order]
        (self._folder / "memory.json").write_text(json.dumps(list(order)), encoding="utf-8")

    def abort(self) -> None:
        self._reports = {}


class MemoryReader:
    """See :class:`searchapp.engines.base.Reader`."""

    def __init__(self, reports: Sequence[AnalyzedReport], segment: Callable[[str], list[str]]) -> None:
        self._reports = {analyzed.report.id: analyzed.report for analyzed in reports}
        self._summaries = {report_id: summarize(report) for report_id, report in self._reports.items()}
        self._segment = segment
        self._entries = [
            _Entry(
                self._summaries[analyzed.report.id], block, position, analyzed.blocks[position], analyzed.title_words
            )
            for analyzed in reports
            for position, block in enumerate(analyzed.report.blocks)
        ]

    def search(self, request: SearchRequest) -> SearchResult:
        found = [entry for entry in self._entries if self._matches(request.query, entry)]
        searched = [entry for entry in found if entry.block.kind in request.searched_kinds]
        hits = [entry for entry in searched if _passes(request.filters, entry)]
        ordered = self._ordered(request, hits)
        begin = (request.page - 1) * request.per_page
        apart = 0
        if request.kinds is None and request.searched_kinds == DEFAULT_KINDS:
            apart = sum(
                1 for entry in found if entry.block.kind not in DEFAULT_KINDS and _passes(request.filters, entry)
            )
        return SearchResult(
            total=len(hits),
            page=request.page,
            per_page=request.per_page,
            counts=_counts(request.query, hits),
            hits=tuple(self._hit(request.query, *scored) for scored in ordered[begin : begin + request.per_page]),
            facets=self._facets(request, searched),
            apart=apart,
        )

    def count(self, query: Node) -> Counts:
        hits = [e for e in self._entries if e.block.kind in DEFAULT_KINDS and self._matches(query, e)]
        return _counts(query, hits)

    def stream(self, request: SearchRequest) -> Iterator[Hit]:
        hits = [
            entry
            for entry in self._entries
            if entry.block.kind in request.searched_kinds
            and _passes(request.filters, entry)
            and self._matches(request.query, entry)
        ]
        return (self._hit(request.query, *scored) for scored in self._ordered(request, hits))

    def report(self, report_id: str) -> Report:
        try:
            return self._reports[report_id]
        except KeyError:
            raise NotFoundError(f"没有这份报告：{report_id}") from None

    def summary(self, report_id: str) -> ReportSummary:
        self.report(report_id)
        return self._summaries[report_id]

    def block(self, paragraph_id: str) -> LocatedBlock:
        report_id, key = split_paragraph_id(paragraph_id)
        for position, block in enumerate(self.report(report_id).blocks):
            if block.key == key:
                return LocatedBlock(self._summaries[report_id], block, position)
        raise NotFoundError(f"没有这个段落：{paragraph_id}")

    def reports(self) -> Sequence[ReportSummary]:
        return list(self._summaries.values())

    def terms(self, prefix: str, limit: int = 20) -> Sequence[Term]:
        holding = Counter(word for entry in self._entries for word in set(entry.analyzed.words))
        found = [Term(word, blocks) for word, blocks in holding.items() if word.startswith(prefix)]
        return sorted(found, key=lambda term: (-term.blocks, term.word))[:limit]

    def iterate(self) -> Iterator[Report]:
        return iter(self._reports.values())

    def stats(self) -> LibraryStats:
        metas = [summary.meta for summary in self._summaries.values()]
        return LibraryStats(
            reports=len(metas),
            blocks=len(self._entries),
            paragraphs=sum(summary.paragraphs for summary in self._summaries.values()),
            characters=sum(len(entry.analyzed.text) for entry in self._entries),
            units=len({organ_of(meta) for meta in metas} - {None}),
            years=tuple(sorted({meta.year for meta in metas if meta.year is not None})),
        )

    def close(self) -> None:
        """Nothing is held."""

    def _matches(self, node: Node, entry: _Entry, negated: bool = False) -> bool:
        match node:
            case Everything():
                return True
            case Phrase(literal=literal):
                return literal in entry.analyzed.text
            case Word(literal=literal):
                words = [] if negated else self._segment(literal)
                held = set(entry.analyzed.words)
                return literal in entry.analyzed.text or (bool(words) and all(word in held for word in words))
            case Field():
                return _field_matches(node, entry)
            case Not(child=child):
                return not self._matches(child, entry, negated=True)
            case And(children=children):
                return all(self._matches(child, entry, negated) for child in children)

    def _facets(self, request: SearchRequest, searched: list[_Entry]) -> dict[FacetName, tuple[FacetValue, ...]]:
        facets: dict[FacetName, tuple[FacetValue, ...]] = {}
        for facet in FACETS:
            others = request.filters.without_facet(facet)
            counted: Counter[str] = Counter()
            for entry in searched:
                if _passes(others, entry):
                    counted.update(_listed(facet, request.names, entry) or (NONE_VALUE,))
            selected = self._facet_selection(facet, request.filters.selected(facet), request.names)
            listed = {value: counted[value] for value in set(counted) | selected}
            groups = unit_groups(summary.meta for summary in self._summaries.values()) if facet.name == "unit" else {}
            labels = {NONE_VALUE: facet.missing_label}
            facets[facet.name] = tuple(
                FacetValue(value, labels.get(value, value), count, value in selected, groups.get(value))
                for value, count in sorted(listed.items(), key=lambda item: (-item[1], item[0]))
            )
        return facets

    def _facet_selection(self, facet: FacetField, selected: frozenset[str], names: str) -> set[str]:
        """Any name of a unit selects the name it goes by in the facet, unless another goes by that very name."""
        if facet.name != "unit":
            return set(selected)
        known = {name for entry in self._entries for name in _listed(facet, names, entry)}
        chosen: set[str] = set()
        for value in selected:
            of_unit = {
                name
                for entry in self._entries
                if value in filter_values("unit", entry.meta, entry.block)
                for name in _listed(facet, names, entry)
            }
            chosen |= {value} if value in known or value == NONE_VALUE or not of_unit else of_unit
        return chosen

    def _ordered(self, request: SearchRequest, hits: list[_Entry]) -> list[tuple[_Entry, float]]:
        clauses = list(text_clauses(request.query))
        score = self._scorer(clauses)
        scored = [(entry, score(entry)) for entry in hits]
        if request.sort == "relevance" and clauses:
            scored.sort(key=lambda pair: (-pair[1], pair[0].id))
        elif request.sort == "newest":
            scored.sort(key=lambda pair: -(pair[0].meta.year or -1))
        elif request.sort == "oldest":
            scored.sort(key=lambda pair: pair[0].meta.year or 1 << 30)
        return scored

    def _scorer(self, clauses: Sequence[Phrase | Word]) -> Callable[[_Entry], float]:
        """BM25 of the literal text, then of each word field, summed in this order (docs/ranking.md)."""
        total = len(self._entries)
        terms: list[tuple[float, float, float, Callable[[_Entry], int], Callable[[_Entry], int]]] = []

        def add(weight: float, frequency: Callable[[_Entry], int], length: Callable[[_Entry], int]) -> None:
            holding = sum(1 for entry in self._entries if frequency(entry))
            average = sum(length(entry) for entry in self._entries) / total if total else 1.0
            if holding:
                terms.append((weight, math.log(total / (holding + 1)) + 1, average, frequency, length))

        for clause in clauses:
            add(1.0, lambda e, text=clause.literal: _occurrences(e.analyzed.text, text), lambda e: len(e.analyzed.text))  # type: ignore[misc]
            for name, weight in WORD_FIELD_WEIGHTS.items():
                for word in dict.fromkeys(self._segment(clause.literal)):
                    add(weight, lambda e, n=name, w=word: e.field(n).count(w), lambda e, n=name: len(e.field(n)))  # type: ignore[misc]

        def score(entry: _Entry) -> float:
            result = 0.0
            for weight, rarity, average, frequency, length in terms:
                tf = frequency(entry)
                if tf:
                    saturation = tf + K1 * ((1 - B) + B * length(entry) / average)
                    result += weight * (rarity * ((tf * (K1 + 1)) / saturation))
            return round(result * SCORE_SCALE) / SCORE_SCALE

        return score

    def _hit(self, query: Node, entry: _Entry, score: float) -> Hit:
        return Hit(
            located=LocatedBlock(entry.summary, entry.block, entry.position),
            highlights=highlights(query, entry.block, self._segment),
            occurrences=sum(_occurrences(entry.analyzed.text, clause.literal) for clause in text_clauses(query)),
            score=score,
        )


def _listed(facet: FacetField, names: str, entry: _Entry) -> tuple[str, ...]:
    """The values under which a block is listed in a facet."""
    if facet.name == "unit" and names == "then":
        department = department_of(entry.meta)
        return () if department is None else (department,)
    return facet.values(entry.meta, entry.block)


def _occurrences(text: str, literal: str) -> int:
    return sum(1 for at in range(len(text) - len(literal) + 1) if text.startswith(literal, at))


def _counts(query: Node, hits: list[_Entry]) -> Counts:
    literals = [clause.literal for clause in text_clauses(query)]
    return Counts(
        occurrences=sum(_occurrences(entry.analyzed.text, literal) for entry in hits for literal in literals),
        paragraphs=len(hits),
        reports=len({entry.summary.report_id for entry in hits}),
        units=len({organ_of(entry.meta) for entry in hits} - {None}),
    )


def _passes(filters: Filters, entry: _Entry) -> bool:
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


def _field_matches(field: Field, entry: _Entry) -> bool:
    meta, block, sought = entry.meta, entry.block, field.value
    if isinstance(sought, YearRange):
        reviewed = range(meta.review_from or meta.review_to, meta.review_to + 1) if meta.review_to else range(0)
        asked: dict[str, Sequence[int | None]] = {"year": [meta.year], "plan_year": [meta.plan_year]}
        years: Sequence[int | None] = asked.get(field.name, reviewed)
        return any(year in sought for year in years)
    values: dict[str, list[str | None]] = {
        "unit": [meta.unit, department_of(meta), organ_of(meta)],
        "department": [department_of(meta), organ_of(meta)],
        "place": [meta.place],
        "level": [meta.level],
        "addressee": [meta.addressee],
        "section": [cue.topic for cue in block.topics],
        "part": [span.part for span in block.parts],
        "kind": [meta.kind],
        "heading": [*headings_of(block)],
        "title": [meta.title],
    }
    return any(sought in normalize(value) for value in values[field.name] if value is not None)
