"""What embedded engines share: a reader over literal arrays, columns and documents in the build folder.

An embedded engine keeps jieba words and supplies their postings; matching, counting, facets, order and paging are
done here, exactly and alike for all of them. ``b`` is the number of blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from searchapp.engines.base import Passage
from searchapp.engines.embedded.bm25 import Ranker
from searchapp.engines.embedded.pages import Page, best_of, explained, explained_question, grouped_page, realigned
from searchapp.engines.embedded.question_model import QuestionRanker
from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.block_counts import Holding
from searchapp.literal.block_sets import Blocks, Ordinals
from searchapp.literal.clauses import ClauseIndex, LiteralTexts
from searchapp.literal.facet_columns import Hits
from searchapp.literal.facets import Catalog
from searchapp.literal.matching import Matcher
from searchapp.literal.text_index import LiteralIndex
from searchapp.query.ast import asks_for_phrases
from searchapp.reports.model import Report, split_paragraph_id
from searchapp.search.compiled_query import CompiledQuery
from searchapp.search.highlight import highlights
from searchapp.search.request import SearchRequest
from searchapp.search.result import (
    Contribution,
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
    ALL_KINDS,
    DEFAULT_KINDS,
    FACETS,
    FacetName,
)
from searchapp.search.weights import READ_KINDS, SIGN_WEIGHT, WORD_FIELD_WEIGHTS, WordField
from searchapp.store.cache import Sparse
from searchapp.store.documents import DocumentReader
from searchapp.store.mapped_arrays import open_array
from searchapp.text.analyzer import Analyzer
from searchapp.time_limit import watched

TIES = "ties"
LENGTHS = "lengths"
NEVER_YEAR = 1 << 30
STREAMED = 256
"""Hits of a stream that are made at a time: whoever takes the first few does not wait for all."""


class WordIndex(Protocol):
    """The engine's own part: an inverted index of jieba words."""

    def holding(self, field: WordField, word: str) -> Holding:
        """How often the ``field`` of live blocks holds ``word``."""

    def words(self, field: WordField) -> Iterable[str]:
        """Words of ``field``, each once; also some that only deleted blocks hold."""

    def read(self, field: WordField, word: str) -> Sparse:
        """As the engine's index has it: ordinals of the live blocks that hold ``word``, ascending, and how often."""

    def close(self) -> None:
        """Lets go of files."""


class EmbeddedReader:
    """A :class:`searchapp.engines.base.Reader` over a build folder and an engine's word index."""

    def __init__(self, folder: Path, words: WordIndex, analyzer: Analyzer) -> None:
        self._documents = DocumentReader(folder)
        self._literal = LiteralIndex(folder)
        self._catalog = Catalog(folder)
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
            raise IndexDamagedError(tr("索引的各个文件对不上"))
        self._clauses = ClauseIndex(self._literal)
        self._matcher = Matcher(self._clauses, self._catalog, words)
        lengths: dict[str, Ordinals] = {"literal": np.diff(self._literal.starts) - 1}
        lengths.update(zip(WORD_FIELD_WEIGHTS, self.lengths, strict=True))
        priors = np.where(self._catalog.kinds(READ_KINDS).mask, 1.0, SIGN_WEIGHT)
        self._ranker = Ranker(self._clauses, words, lengths, priors)

    @property
    def words(self) -> WordIndex:
        """The engine's own part."""
        return self._words

    def search(self, request: SearchRequest) -> SearchResult:
        query = CompiledQuery.of(request, self._segment)
        matched = self._matcher.blocks(query)
        searched = self._catalog.kinds(request.searched_kinds)
        passed = self._catalog.filtered(request.filters)
        among = matched & searched
        hits = self._catalog.hits(among & passed)
        page = self._page(request, query, hits.blocks)
        apart = 0
        if request.kinds is None and request.searched_kinds == DEFAULT_KINDS:
            apart = len(matched & passed) - len(hits.blocks)
        punctuation = 0
        if not query.is_blind and asks_for_phrases(query.tree):
            besides = self._matcher.blocks(query.ignoring_punctuation()) - matched
            punctuation = len(besides & searched & passed)
        return SearchResult(
            total=len(hits.blocks),
            page=request.page,
            per_page=request.per_page,
            counts=self._counts(hits, self._occurrences(query, hits.blocks)),
            hits=tuple(self._hits(request, query, page)),
            facets=self._facets(request, among, hits),
            apart=apart,
            punctuation=punctuation,
            groups=page.groups,
            grouped=page.grouped,
        )

    def counts(self, request: SearchRequest, occurrences: bool = False) -> Counts:
        query = CompiledQuery.of(request, self._segment)
        found = self._found(request, query)
        times = self._occurrences(query, found) if occurrences else None
        return self._counts(self._catalog.hits(found), times)

    def stream(self, request: SearchRequest) -> Iterator[Hit]:
        query = CompiledQuery.of(request, self._segment)
        hits = self._found(request, query)
        ordinals, scores = self._ordered(request, query, hits, len(hits))
        # Explanations are worked out for all blocks at once; all else is read as it is needed.
        size = max(1, len(hits)) if request.explain else STREAMED
        pieces = (slice(begin, begin + size) for begin in range(0, len(hits), size))
        return chain.from_iterable(self._hits(request, query, Page(ordinals[piece], scores[piece])) for piece in pieces)

    def hits_by_report(self, request: SearchRequest) -> Mapping[str, int]:
        counts = self._catalog.hits(self._found(request, CompiledQuery.of(request, self._segment))).by_report
        summaries = self._documents.summaries
        return {summaries[number].report_id: int(counts[number]) for number in watched(np.flatnonzero(counts).tolist())}

    def passages(self, request: SearchRequest) -> Iterator[Passage]:
        hits = self._found(request, CompiledQuery.of(request, self._segment))
        return map(self._passage, watched(hits.ordinals.tolist()))

    def sharing_bigrams(self, bigrams: Sequence[str], least: int, most: int) -> Iterator[tuple[int, Passage]]:
        of_each = self._clauses.bigrams_held(bigrams)
        enough = np.flatnonzero(of_each >= least)
        ordinals, held = best_of(enough, of_each[enough], most)
        order = np.argsort(-held, kind="stable")[:most]
        shown = zip(held[order].tolist(), ordinals[order].tolist(), strict=True)
        return ((count, self._passage(ordinal)) for count, ordinal in shown)

    def report(self, report_id: str) -> Report:
        return self._documents.report(report_id)

    def summary(self, report_id: str) -> ReportSummary:
        return self._documents.summary(report_id)

    def block(self, paragraph_id: str) -> LocatedBlock:
        return self._documents.find(*split_paragraph_id(paragraph_id))

    def reports(self) -> Sequence[ReportSummary]:
        return self._documents.summaries

    def iterate(self) -> Iterator[Report]:
        return self._documents.iterate()

    def stats(self) -> LibraryStats:
        summaries = self._documents.summaries
        return LibraryStats(
            reports=len(summaries),
            blocks=len(self._documents),
            paragraphs=sum(summary.paragraphs for summary in summaries),
            characters=int(self._literal.lengths.sum()),
            units=self._catalog.units(self._catalog.hits(self._catalog.kinds(ALL_KINDS))),
            years=tuple(self._catalog.years()),
        )

    def close(self) -> None:
        self._words.close()
        self._documents.close()

    @cached_property
    def _questions(self) -> QuestionRanker:
        """Made for the first question (``match=any``): it holds 25 bytes a block, and most searches ask for words."""
        texts = LiteralTexts(self._literal, self._clauses)
        word_lengths = self.lengths[list(WORD_FIELD_WEIGHTS).index("words")].astype(np.float64)
        return QuestionRanker(texts, self._words, word_lengths, self._catalog.report_of)

    def _passage(self, ordinal: int) -> Passage:
        report = int(self._catalog.report_of[ordinal])
        return Passage(self._literal.text(ordinal), partial(self._documents.located, ordinal, report))

    def _facets(self, request: SearchRequest, searched: Blocks, hits: Hits) -> dict[FacetName, tuple[FacetValue, ...]]:
        """Each facet counted under the filters of all the others."""
        facets: dict[FacetName, tuple[FacetValue, ...]] = {}
        for facet in watched(FACETS):
            others = request.filters.without_facet(facet)
            alike = others == request.filters
            counted = hits if alike else self._catalog.hits(searched & self._catalog.filtered(others))
            facets[facet.name] = self._catalog.facet(facet, counted, request.filters.selected(facet), request.names)
        return facets

    def _found(self, request: SearchRequest, query: CompiledQuery) -> Blocks:
        """The hits of ``request``."""
        return (
            self._matcher.blocks(query)
            & self._catalog.kinds(request.searched_kinds)
            & self._catalog.filtered(request.filters)
        )

    def _occurrences(self, query: CompiledQuery, hits: Blocks) -> int:
        of_clauses = (self._clauses.occurrences(clause.sought, clause.is_blind) for clause in query.clauses)
        return sum(holding.total_among(hits) for holding in watched(of_clauses))

    def _counts(self, hits: Hits, occurrences: int | None) -> Counts:
        return Counts(
            occurrences=occurrences,
            paragraphs=len(hits.blocks),
            reports=int(np.count_nonzero(hits.by_report)),
            units=self._catalog.units(hits),
        )

    def _page(self, request: SearchRequest, query: CompiledQuery, hits: Blocks) -> Page:
        """The hits of the page asked for."""
        begin, end = (request.page - 1) * request.per_page, request.page * request.per_page
        if not request.fold and request.group is None:
            ordered, scores = self._ordered(request, query, hits, end)
            return Page(ordered[begin:end], scores[begin:end])
        ordered, scores = self._ordered(request, query, hits, len(hits))
        folds = self._literal.folds if request.fold else None
        reports = self._catalog.report_of if request.group else None
        shown = grouped_page(ordered, folds, reports, slice(begin, end))
        summaries = self._documents.summaries
        groups = tuple(
            ReportGroup(summaries[number].report_id, shown, others) for number, shown, others in shown.reports
        )
        scores = realigned(ordered, scores, shown.ordinals)
        return Page(shown.ordinals, scores, shown.alike, shown.groups, groups)

    def _ordered(
        self, request: SearchRequest, query: CompiledQuery, hits: Blocks, wanted: int
    ) -> tuple[Ordinals, npt.NDArray[np.float64]]:
        """Ordinals of at least the first ``wanted`` hits in the order asked for, and their scores."""
        if request.sort == "relevance" and query.clauses:
            if not query.question:
                hits = self._ranker.leading(query, hits, wanted)
            ordinals, scores = best_of(hits.ordinals, self._scores(query, hits), wanted)
            order = np.lexsort((self._ties[ordinals], -scores))
            return ordinals[order], scores[order]
        ordinals = hits.ordinals
        if request.sort in ("newest", "oldest"):
            years = self._catalog.year_of[ordinals].astype(np.int64)
            key = -years if request.sort == "newest" else np.where(years < 0, NEVER_YEAR, years)
            ordinals = ordinals[np.argsort(key, kind="stable")]
        ordinals = ordinals[:wanted]
        shown = Blocks(hits.size, ordinals=np.sort(ordinals))
        return ordinals, realigned(shown.ordinals, self._scores(query, shown), ordinals)

    def _scores(self, query: CompiledQuery, hits: Blocks) -> npt.NDArray[np.float64]:
        """The scores of ``hits`` (docs/inside/ranking.md)."""
        if query.question:
            return self._questions.scores(query.question, query.segment(query.question))[hits.ordinals]
        return self._ranker.scores(query, hits)

    def _hits(self, request: SearchRequest, query: CompiledQuery, page: Page) -> Iterator[Hit]:
        occurrences = np.zeros(len(page.ordinals), dtype=np.int64)
        ascending = np.sort(page.ordinals)
        for clause in watched(query.clauses):
            of_each = self._clauses.occurrences(clause.sought, clause.is_blind).among(ascending)
            occurrences += realigned(ascending, of_each, page.ordinals)
        explanations = self._explanations(query, ascending) if request.explain else {}
        shown = zip(page.ordinals.tolist(), page.scores.tolist(), occurrences.tolist(), strict=True)
        for ordinal, score, times in watched(shown):
            located = self._documents.located(ordinal, int(self._catalog.report_of[ordinal]))
            yield Hit(
                located=located,
                highlights=highlights(query, located.block),
                occurrences=times,
                score=score,
                alike=page.alike.get(ordinal, 0),
                explanation=explanations.get(ordinal, ()),
            )

    def _explanations(self, query: CompiledQuery, ordinals: Ordinals) -> dict[int, tuple[Contribution, ...]]:
        """For each of ``ordinals`` (ascending), what its score is made of."""
        if query.question:
            words = query.segment(query.question)
            return explained_question(self._questions, query.question, words, ordinals)
        return explained(self._ranker, query, Blocks(self._catalog.blocks, ordinals=ordinals))
