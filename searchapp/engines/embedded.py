"""What embedded engines share: a reader over literal arrays, columns and documents in the build folder.

An embedded engine keeps jieba words and supplies their postings; matching, counting, facets, order and paging are
done here, exactly and alike for all of them. ``b`` is the number of blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from searchapp.engines.base import Term, split_paragraph_id
from searchapp.engines.ranking import Ordinals, Postings, Ranker
from searchapp.errors import IndexDamagedError
from searchapp.literal.arrays import LiteralIndex
from searchapp.literal.catalog import Catalog
from searchapp.literal.matching import Mask, Matcher
from searchapp.query.ast import Node, text_clauses
from searchapp.reports.model import Report
from searchapp.search.highlight import highlights
from searchapp.search.request import SearchRequest
from searchapp.search.result import Counts, FacetValue, Hit, LibraryStats, LocatedBlock, ReportSummary, SearchResult
from searchapp.search.schema import ALL_KINDS, DEFAULT_KINDS, FACETS, WORD_FIELD_WEIGHTS, FacetName, unit_groups
from searchapp.store.arrays import open_array
from searchapp.store.documents import DocumentReader
from searchapp.text.analyzer import Analyzer

TIES = "ties"
LENGTHS = "lengths"
NEVER_YEAR = 1 << 30


class WordIndex(Postings, Protocol):
    """The engine's own part: an inverted index of jieba words."""

    def terms(self, prefix: str, limit: int) -> Sequence[Term]:
        """Words that begin with ``prefix``, most frequent first, then by word."""

    def close(self) -> None:
        """Lets go of files."""


class EmbeddedReader:
    """A :class:`searchapp.engines.base.Reader` over a build folder and an engine's word index."""

    def __init__(self, folder: Path, words: WordIndex, analyzer: Analyzer) -> None:
        self._documents = DocumentReader(folder)
        self._literal = LiteralIndex(folder)
        self._catalog = Catalog(folder, unit_groups(summary.meta for summary in self._documents.summaries))
        self._words = words
        self._segment = analyzer.words
        self._ties: npt.NDArray[np.uint32] = open_array(folder, TIES)
        self.lengths: npt.NDArray[np.uint32] = open_array(folder, LENGTHS)
        sizes = {
            len(self._documents),
            self._literal.blocks,
            self._catalog.blocks,
            len(self._ties),
            self.lengths.shape[1],
        }
        if len(sizes) != 1:
            raise IndexDamagedError("索引的各个文件对不上")
        self._matcher = Matcher(self._literal, self._catalog, self._segment, words)
        lengths = {field: row.astype(np.float64) for field, row in zip(WORD_FIELD_WEIGHTS, self.lengths, strict=True)}
        self._ranker = Ranker(self._literal, words, lengths)

    def search(self, request: SearchRequest) -> SearchResult:
        matched = self._matcher.mask(request.query)
        searched = self._catalog.kinds(request.searched_kinds)
        passed = self._catalog.filtered(request.filters)
        hits = matched & searched & passed
        begin = (request.page - 1) * request.per_page
        ordered, scores = self._ordered(request, hits, begin + request.per_page)
        page = ordered[begin : begin + request.per_page]
        apart = 0
        if request.kinds is None and request.searched_kinds == DEFAULT_KINDS:
            apart = int(np.count_nonzero(matched & passed & ~searched))
        return SearchResult(
            total=int(np.count_nonzero(hits)),
            page=request.page,
            per_page=request.per_page,
            counts=self._counted(request.query, hits),
            hits=tuple(self._hits(request.query, page, scores)),
            facets=self._facets(request, matched & searched, hits),
            apart=apart,
        )

    def count(self, query: Node) -> Counts:
        return self._counted(query, self._matcher.mask(query) & self._catalog.kinds(DEFAULT_KINDS))

    def stream(self, request: SearchRequest) -> Iterator[Hit]:
        hits = self._matcher.mask(request.query)
        hits = hits & self._catalog.kinds(request.searched_kinds) & self._catalog.filtered(request.filters)
        ordered, scores = self._ordered(request, hits, len(hits))
        return self._hits(request.query, ordered, scores)

    def report(self, report_id: str) -> Report:
        return self._documents.report(report_id)

    def summary(self, report_id: str) -> ReportSummary:
        return self._documents.summary(report_id)

    def block(self, paragraph_id: str) -> LocatedBlock:
        return self._documents.find(*split_paragraph_id(paragraph_id))

    def reports(self) -> Sequence[ReportSummary]:
        return self._documents.summaries

    def terms(self, prefix: str, limit: int = 20) -> Sequence[Term]:
        return self._words.terms(prefix, limit)

    def iterate(self) -> Iterator[Report]:
        return self._documents.iterate()

    def stats(self) -> LibraryStats:
        summaries = self._documents.summaries
        return LibraryStats(
            reports=len(summaries),
            blocks=len(self._documents),
            paragraphs=sum(summary.paragraphs for summary in summaries),
            characters=int(self._literal.lengths.sum()),
            units=self._catalog.units(self._catalog.kinds(ALL_KINDS)),
            years=tuple(self._catalog.years()),
        )

    def close(self) -> None:
        self._words.close()
        self._documents.close()

    def _facets(self, request: SearchRequest, searched: Mask, hits: Mask) -> dict[FacetName, tuple[FacetValue, ...]]:
        """Each facet counted under the filters of all the others."""
        facets: dict[FacetName, tuple[FacetValue, ...]] = {}
        for facet in FACETS:
            others = request.filters.without_facet(facet)
            counted = hits if others == request.filters else searched & self._catalog.filtered(others)
            facets[facet.name] = self._catalog.facet(facet, counted, request.filters.selected(facet), request.names)
        return facets

    def _counted(self, query: Node, hits: Mask) -> Counts:
        occurrences = 0
        for clause in text_clauses(query):
            ordinals, counts = self._literal.occurrences(clause.literal)
            occurrences += int(counts[hits[ordinals]].sum())
        return Counts(
            occurrences=occurrences,
            paragraphs=int(np.count_nonzero(hits)),
            reports=self._catalog.reports(hits),
            units=self._catalog.units(hits),
        )

    def _ordered(self, request: SearchRequest, hits: Mask, wanted: int) -> tuple[Ordinals, npt.NDArray[np.float64]]:
        """Ordinals of at least the first ``wanted`` hits in the order asked for, and the scores of every block."""
        ordinals = np.flatnonzero(hits)
        clauses = list(text_clauses(request.query))
        words = [list(dict.fromkeys(self._segment(clause.literal))) for clause in clauses]
        scores = self._ranker.scores(clauses, words)
        if request.sort == "relevance" and clauses:
            best = _best(ordinals, scores[ordinals], wanted)
            return best[np.lexsort((self._ties[best], -scores[best]))], scores
        if request.sort in ("newest", "oldest"):
            years = self._catalog.year_of[ordinals].astype(np.int64)
            key = -years if request.sort == "newest" else np.where(years < 0, NEVER_YEAR, years)
            return ordinals[np.argsort(key, kind="stable")], scores
        return ordinals, scores

    def _hits(self, query: Node, ordinals: Ordinals, scores: npt.NDArray[np.float64]) -> Iterator[Hit]:
        counts = [self._literal.counts(clause.literal) for clause in text_clauses(query)]
        for ordinal in ordinals.tolist():
            located = self._documents.located(ordinal, int(self._catalog.report_of[ordinal]))
            yield Hit(
                located=located,
                highlights=highlights(query, located.block, self._segment),
                occurrences=sum(int(count[ordinal]) for count in counts),
                score=float(scores[ordinal]),
            )


def _best(ordinals: Ordinals, scores: npt.NDArray[np.float64], wanted: int) -> Ordinals:
    """Those of ``ordinals`` that score as much as the ``wanted``-th best does, in any order."""
    if wanted >= len(ordinals):
        return ordinals
    least = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
    best: Ordinals = ordinals[scores >= least]
    return best
