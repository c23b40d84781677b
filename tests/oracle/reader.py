"""The oracle's reader: plain loops over all blocks for every question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from searchapp.engines.base import AnalyzedReport, Passage
from searchapp.errors import NotFoundError
from searchapp.language import tr
from searchapp.query.ast import Node, asks_for_phrases, text_clauses
from searchapp.query.rewrite import any_of, question_text
from searchapp.reports.model import Report, split_paragraph_id
from searchapp.search.compiled_query import CompiledQuery
from searchapp.search.highlight import highlights
from searchapp.search.request import GROUP_HITS, SearchRequest
from searchapp.search.result import (
    Counts,
    FacetValue,
    Hit,
    LibraryStats,
    LocatedBlock,
    ReportGroup,
    ReportSummary,
    SearchResult,
)
from searchapp.search.schema import (
    DEFAULT_KINDS,
    FACETS,
    NONE_VALUE,
    FacetField,
    FacetName,
    department_of,
    field_values,
    organ_of,
    unit_groups,
)
from searchapp.store.documents import summarize
from searchapp.text.punctuation import blind
from tests.oracle.matching import Corpus, Entry, Matching, Segment, passes
from tests.oracle.scoring import QuestionScoring, Scores, Scoring


@dataclass(frozen=True, slots=True)
class _Scored:
    """A hit in the making; ``alike``: how many others it stands for."""

    entry: Entry
    score: float
    alike: int = 0


class OracleReader:
    """See :class:`searchapp.engines.base.Reader`."""

    def __init__(self, reports: Sequence[AnalyzedReport], segment: Segment) -> None:
        self._reports = {analyzed.report.id: analyzed.report for analyzed in reports}
        self._summaries = {report_id: summarize(report) for report_id, report in self._reports.items()}
        self._segment = segment
        numbers = count()
        self._entries = [
            Entry(next(numbers), self._summaries[each.report.id], block, position, analyzed, each.title_words)
            for each in reports
            for position, (block, analyzed) in enumerate(zip(each.report.blocks, each.blocks, strict=True))
        ]
        self._corpus = Corpus(self._entries, segment)

    def search(self, request: SearchRequest) -> SearchResult:
        query = self._effective(request)
        matching = Matching(self._corpus, request.punct == "ignore")
        found = [entry for entry in self._entries if matching.matches(query, entry)]
        searched = [entry for entry in found if entry.block.kind in request.searched_kinds]
        hits = [entry for entry in searched if passes(request.filters, entry)]
        shown, groups, grouped = self._page(request, self._ordered(request, query, hits))
        apart = 0
        if request.kinds is None and request.searched_kinds == DEFAULT_KINDS:
            apart = sum(
                1 for entry in found if entry.block.kind not in DEFAULT_KINDS and passes(request.filters, entry)
            )
        punctuation = 0
        if request.punct == "exact" and asks_for_phrases(query):
            blind = Matching(self._corpus, ignore_punctuation=True)
            punctuation = sum(
                1
                for entry in self._entries
                if entry.block.kind in request.searched_kinds
                and passes(request.filters, entry)
                and blind.matches(query, entry)
                and not matching.matches(query, entry)
            )
        return SearchResult(
            total=len(hits),
            page=request.page,
            per_page=request.per_page,
            counts=self._counts(query, hits, request.punct == "ignore"),
            hits=tuple(self._made(request, query, shown)),
            facets=self._facets(request, searched),
            apart=apart,
            punctuation=punctuation,
            groups=groups,
            grouped=grouped,
        )

    def counts(self, request: SearchRequest, occurrences: bool = False) -> Counts:
        counts = self._counts(self._effective(request), self._found(request), request.punct == "ignore")
        return counts if occurrences else replace(counts, occurrences=None)

    def stream(self, request: SearchRequest) -> Iterator[Hit]:
        query = self._effective(request)
        return self._made(request, query, self._ordered(request, query, self._found(request)))

    def hits_by_report(self, request: SearchRequest) -> Mapping[str, int]:
        return Counter(entry.summary.report_id for entry in self._found(request))

    def passages(self, request: SearchRequest) -> Iterator[Passage]:
        return (Passage(entry.analyzed.text, partial(_located, entry)) for entry in self._found(request))

    def sharing_bigrams(self, bigrams: Sequence[str], least: int, most: int) -> Iterator[tuple[int, Passage]]:
        held = [(sum(text in blind(entry.analyzed.text) for text in bigrams), entry) for entry in self._entries]
        enough = sorted((each for each in held if each[0] >= least), key=lambda each: -each[0])
        for number, entry in enough[:most]:
            yield number, Passage(entry.analyzed.text, partial(_located, entry))

    def report(self, report_id: str) -> Report:
        try:
            return self._reports[report_id]
        except KeyError:
            raise NotFoundError(tr("没有这篇报告：{report_id}", report_id=report_id)) from None

    def summary(self, report_id: str) -> ReportSummary:
        self.report(report_id)
        return self._summaries[report_id]

    def block(self, paragraph_id: str) -> LocatedBlock:
        report_id, key = split_paragraph_id(paragraph_id)
        for position, block in enumerate(self.report(report_id).blocks):
            if block.key == key:
                return LocatedBlock(self._summaries[report_id], block, position)
        raise NotFoundError(tr("没有这个段落：{paragraph_id}", paragraph_id=paragraph_id))

    def reports(self) -> Sequence[ReportSummary]:
        return list(self._summaries.values())

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

    def _effective(self, request: SearchRequest) -> Node:
        return any_of(request.query, self._segment) if request.match == "any" else request.query

    def _found(self, request: SearchRequest) -> list[Entry]:
        query = self._effective(request)
        matching = Matching(self._corpus, request.punct == "ignore")
        return [
            entry
            for entry in self._entries
            if entry.block.kind in request.searched_kinds
            and passes(request.filters, entry)
            and matching.matches(query, entry)
        ]

    def _counts(self, query: Node, hits: list[Entry], blind: bool) -> Counts:
        return Counts(
            occurrences=self._occurrences(query, hits, blind),
            paragraphs=len(hits),
            reports=len({entry.summary.report_id for entry in hits}),
            units=len({organ_of(entry.meta) for entry in hits} - {None}),
        )

    def _occurrences(self, query: Node, entries: Sequence[Entry], blind: bool) -> int:
        """How often the clauses of a query stand in blocks."""
        of_clauses = [self._corpus.occurrences(clause, blind) for clause in text_clauses(query)]
        return sum(of_blocks.get(entry.number, 0) for of_blocks in of_clauses for entry in entries)

    def _facets(self, request: SearchRequest, searched: list[Entry]) -> dict[FacetName, tuple[FacetValue, ...]]:
        facets: dict[FacetName, tuple[FacetValue, ...]] = {}
        for facet in FACETS:
            others = request.filters.without_facet(facet)
            counted: Counter[str] = Counter()
            for entry in searched:
                if passes(others, entry):
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
                if value in field_values("unit", entry.meta, entry.block)
                for name in _listed(facet, names, entry)
            }
            chosen |= {value} if value in known or value == NONE_VALUE or not of_unit else of_unit
        return chosen

    def _ordered(self, request: SearchRequest, query: Node, hits: list[Entry]) -> list[_Scored]:
        scoring = self._scoring(request, query)
        scored = [_Scored(entry, scoring.score(entry)) for entry in hits]
        if request.sort == "relevance" and any(text_clauses(query)):
            scored.sort(key=lambda hit: (-hit.score, hit.entry.id))
        elif request.sort == "newest":
            scored.sort(key=lambda hit: -(hit.entry.meta.year or -1))
        elif request.sort == "oldest":
            scored.sort(key=lambda hit: hit.entry.meta.year or 1 << 30)
        return scored

    def _scoring(self, request: SearchRequest, query: Node) -> Scores:
        clauses = list(text_clauses(query))
        if request.match == "any" and clauses:
            return QuestionScoring(self._corpus, question_text(request.query))
        return Scoring(self._corpus, clauses, request.punct == "ignore")

    def _page(
        self, request: SearchRequest, ordered: list[_Scored]
    ) -> tuple[list[_Scored], int | None, tuple[ReportGroup, ...]]:
        """The hits of the page asked for, the number of groups, and whose the hits are."""
        begin, end = (request.page - 1) * request.per_page, request.page * request.per_page
        if request.fold:
            alike = Counter(hit.entry.fold for hit in ordered)
            firsts = {hit.entry.fold: hit for hit in reversed(ordered)}
            ordered = [
                replace(hit, alike=alike[hit.entry.fold] - 1) for hit in ordered if firsts[hit.entry.fold] is hit
            ]
        if request.group is None:
            return ordered[begin:end], len(ordered) if request.fold else None, ()
        of_reports: dict[str, list[_Scored]] = {}
        for hit in ordered:
            of_reports.setdefault(hit.entry.summary.report_id, []).append(hit)
        page = list(of_reports.items())[begin:end]
        shown = [hit for _, hits in page for hit in hits[:GROUP_HITS]]
        grouped = tuple(
            ReportGroup(report_id, len(hits[:GROUP_HITS]), len(hits[GROUP_HITS:])) for report_id, hits in page
        )
        return shown, len(of_reports), grouped

    def _made(self, request: SearchRequest, query: Node, scored: list[_Scored]) -> Iterator[Hit]:
        blind = request.punct == "ignore"
        scoring = self._scoring(request, query) if request.explain else None
        compiled = CompiledQuery.of(request, self._segment)
        for hit in scored:
            entry = hit.entry
            yield Hit(
                located=LocatedBlock(entry.summary, entry.block, entry.position),
                highlights=highlights(compiled, entry.block),
                occurrences=self._occurrences(query, [entry], blind),
                score=hit.score,
                alike=hit.alike,
                explanation=() if scoring is None else scoring.explain(entry),
            )


def _located(entry: Entry) -> LocatedBlock:
    return LocatedBlock(entry.summary, entry.block, entry.position)


def _listed(facet: FacetField, names: str, entry: Entry) -> tuple[str, ...]:
    """The values under which a block is listed in a facet."""
    if facet.name == "unit" and names == "then":
        department = department_of(entry.meta)
        return () if department is None else (department,)
    return facet.values(entry.meta, entry.block)
