"""The reader: every question of the seam, asked of one snapshot of the cluster's indices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial

from opensearchpy import OpenSearch

from searchapp.engines.base import Passage
from searchapp.engines.opensearch.client import Body
from searchapp.engines.opensearch.documents import decoded
from searchapp.engines.opensearch.facets import counts_body, facet_values, hits_by_order, tally
from searchapp.engines.opensearch.indices import Names
from searchapp.engines.opensearch.library_heads import Heads, UnitNames
from searchapp.engines.opensearch.pages import Found, Pager
from searchapp.engines.opensearch.plan import Plan, occurrences, planned, punctuation_query
from searchapp.engines.opensearch.queries import ALL, ids, phrase, some_of
from searchapp.engines.opensearch.scoring import Shares, prior
from searchapp.engines.opensearch.snapshot import BY_PLACE, Snapshot, texts
from searchapp.errors import NotFoundError
from searchapp.language import tr
from searchapp.query.rewrite import Segment
from searchapp.reports.model import Block, Report, split_paragraph_id
from searchapp.search.highlight import highlights
from searchapp.search.request import SearchRequest
from searchapp.search.result import Counts, Hit, LibraryStats, LocatedBlock, ReportSummary, SearchResult
from searchapp.text.normalize import normalize

MAX_COUNTED = 10_000
"""Hits whose occurrences are counted, by reading their texts; of more the number is not told."""

FETCHED = 200
"""Hits made at once when all are read."""

_PLACED = ["block", "report", "position"]

_ID = re.compile(r"[0-9a-z-]{1,300}")


class OpensearchReader:
    """See :class:`searchapp.engines.base.Reader`."""

    def __init__(self, client: OpenSearch, names: Names, segment: Segment) -> None:
        self._blocks = Snapshot(client, names.blocks)
        self._reports = Snapshot(client, names.reports)
        self._heads = Heads(self._reports)
        self._segment = segment

    def search(self, request: SearchRequest) -> SearchResult:
        plan = planned(request, self._segment, self._blocks)
        shares = plan.shares()
        pager = Pager(plan, shares, self._blocks)
        bodies = [counts_body(plan, facets=True)]
        if (page := pager.body()) is not None:
            bodies.append(page)
        if (besides := punctuation_query(plan, self._blocks)) is not None:
            bodies.append({"query": besides, "size": 0, "track_total_hits": True})
        answers = self._blocks.search_all(bodies)
        counts = tally(plan, answers[0], self._blocks)
        shown = pager.of(answers[1]) if page is not None else pager.shown(counts.total, counts.reports)
        hits = tuple(self._hits(plan, shares, shown.hits))
        return SearchResult(
            total=counts.total,
            page=request.page,
            per_page=request.per_page,
            counts=Counts(
                occurrences=self._occurrences(plan, counts.total),
                paragraphs=counts.total,
                reports=counts.reports,
                units=counts.units,
            ),
            hits=hits,
            facets=facet_values(plan, counts, self._unit_names),
            apart=counts.apart,
            punctuation=0 if besides is None else answers[-1]["hits"]["total"]["value"],
            groups=shown.groups,
            grouped=shown.grouped,
        )

    def counts(self, request: SearchRequest, occurrences: bool = False) -> Counts:
        plan = planned(request, self._segment, self._blocks)
        counts = tally(plan, self._blocks.search(counts_body(plan, facets=False)), self._blocks)
        times = self._occurrences(plan, counts.total) if occurrences else None
        return Counts(times, counts.total, counts.reports, counts.units)

    def stream(self, request: SearchRequest) -> Iterator[Hit]:
        plan = planned(request, self._segment, self._blocks)
        shares = plan.shares()
        waiting: list[Found] = []
        for each in Pager(plan, shares, self._blocks).stream():
            waiting.append(each)
            if len(waiting) == FETCHED:
                yield from self._hits(plan, shares, waiting)
                waiting = []
        yield from self._hits(plan, shares, waiting)

    def hits_by_report(self, request: SearchRequest) -> Mapping[str, int]:
        return dict(hits_by_order(planned(request, self._segment, self._blocks).hits, self._blocks))

    def passages(self, request: SearchRequest) -> Iterator[Passage]:
        plan = planned(request, self._segment, self._blocks)
        return map(self._passage, self._blocks.scan({"query": plan.hits, "_source": _PLACED}, BY_PLACE))

    def sharing_bigrams(self, bigrams: Sequence[str], least: int, most: int) -> Iterator[tuple[int, Passage]]:
        if len(bigrams) < least:
            return
        body = {
            "query": some_of([phrase(text, blind=True) for text in bigrams], least),
            "sort": ["_score", *BY_PLACE],
            "track_scores": True,
            "track_total_hits": False,
            "size": most,
            "_source": _PLACED,
        }
        for hit in self._blocks.search(body)["hits"]["hits"]:
            yield round(hit["_score"]), self._passage(hit)

    def report(self, report_id: str) -> Report:
        summary, opening = self._heads.head(_checked(report_id, tr("没有这篇报告：{report_id}", report_id=report_id)))
        body = {"query": {"term": {"report": report_id}}, "_source": ["block"]}
        blocks = tuple(decoded(hit["_source"]) for hit in self._blocks.scan(body, BY_PLACE))
        return Report(report_id, summary.meta, blocks, summary.sources, opening)

    def summary(self, report_id: str) -> ReportSummary:
        return self._heads.summary(_checked(report_id, tr("没有这篇报告：{report_id}", report_id=report_id)))

    def block(self, paragraph_id: str) -> LocatedBlock:
        missing = tr("没有这个段落：{paragraph_id}", paragraph_id=paragraph_id)
        report_id, _ = split_paragraph_id(_checked(paragraph_id, missing))
        body = {"query": ids([paragraph_id]), "size": 1, "_source": ["block", "report", "position"]}
        hits = self._blocks.search(body)["hits"]["hits"]
        if not hits or hits[0]["_source"]["report"] != report_id:
            raise NotFoundError(missing)
        source = hits[0]["_source"]
        return self._located(report_id, decoded(source), source["position"])

    def reports(self) -> Sequence[ReportSummary]:
        return self._summaries

    def iterate(self) -> Iterator[Report]:
        heads = self._heads.all()
        blocks = self._blocks.scan({"query": ALL, "_source": ["block", "report"]}, BY_PLACE)
        held: list[Block] = []
        for summary, opening in heads:
            held = [decoded(hit["_source"]) for _, hit in zip(range(summary.blocks), blocks, strict=False)]
            yield Report(summary.report_id, summary.meta, tuple(held), summary.sources, opening)

    def stats(self) -> LibraryStats:
        return self._stats

    def close(self) -> None:
        self._blocks.close()
        self._reports.close()

    @cached_property
    def _summaries(self) -> list[ReportSummary]:
        return [summary for summary, _ in self._heads.all()]

    @cached_property
    def _unit_names(self) -> UnitNames:
        return self._heads.unit_names()

    @cached_property
    def _stats(self) -> LibraryStats:
        return self._heads.stats()

    def _passage(self, hit: Body) -> Passage:
        source = hit["_source"]
        block = decoded(source)
        located = partial(self._located, source["report"], block, source["position"])
        return Passage(normalize(block.text, block.marks), located)

    def _located(self, report_id: str, block: Block, position: int) -> LocatedBlock:
        return LocatedBlock(self._heads.summary(report_id), block, position)

    def _hits(self, plan: Plan, shares: Shares, found: Sequence[Found]) -> Iterator[Hit]:
        heads = self._heads.heads(each.report for each in found)
        for each in found:
            source = each.hit["_source"]
            block = decoded(source)
            yield Hit(
                located=LocatedBlock(heads[each.report][0], block, source["position"]),
                highlights=highlights(plan.query, block),
                occurrences=occurrences(plan.query, normalize(block.text, block.marks)),
                score=each.score,
                alike=each.alike,
                explanation=shares.explained(each.hit, prior(block.kind)) if plan.request.explain else (),
            )

    def _occurrences(self, plan: Plan, total: int) -> int | None:
        """Over all hits; ``None`` when there are too many to read."""
        if not plan.query.clauses or not total:
            return 0
        if total > MAX_COUNTED:
            return None
        return sum(occurrences(plan.query, text) for _, text in texts(self._blocks, plan.hits))


def _checked(known: str, missing: str) -> str:
    if not _ID.fullmatch(known):
        raise NotFoundError(missing)
    return known
