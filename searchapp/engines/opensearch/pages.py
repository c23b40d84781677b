"""Pages of hits: plain, by report, with near-identical blocks folded. Every page is a slice of one total order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from searchapp.engines.opensearch.plan import Plan
from searchapp.engines.opensearch.queries import all_of, ids
from searchapp.engines.opensearch.scoring import Shares
from searchapp.engines.opensearch.snapshot import COLUMNS, Snapshot
from searchapp.errors import QueryRefusedError
from searchapp.language import tr
from searchapp.search.request import GROUP_HITS
from searchapp.search.result import ReportGroup

WINDOW = 10_000
"""How far the cluster pages by numbers (``index.max_result_window``); beyond it hits are walked through."""

MAX_FOLDED = 200_000
"""Hits among which near-identical blocks can be folded."""

SOURCE = ["block", "report", "position"]


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as the cluster gives it: its document (empty until it is shown), score, and shares of the score."""

    id: str
    score: float
    hit: dict[str, Any]
    report: str
    fold: str = ""
    alike: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """The hits of a page; ``groups``: what pages are of, when they are not of hits."""

    hits: list[Found]
    groups: int | None = None
    grouped: tuple[ReportGroup, ...] = ()


class Pager:
    """The pages of one request."""

    def __init__(self, plan: Plan, shares: Shares, snapshot: Snapshot) -> None:
        self._plan = plan
        self._shares = shares
        self._snapshot = snapshot
        request = plan.request
        self._begin, self._end = (request.page - 1) * request.per_page, request.page * request.per_page

    def body(self) -> dict[str, Any] | None:
        """The search whose hits are the page; ``None`` when the page takes more than one."""
        request = self._plan.request
        if request.fold or request.group is not None or request.explain or self._end > WINDOW:
            return None
        return {**self._search(), "from": self._begin, "size": request.per_page}

    def shown(self, total: int, reports: int) -> Shown:
        """The page, of ``total`` hits in ``reports``."""
        request = self._plan.request
        if request.fold:
            return self._folded(total)
        if request.group is not None:
            return self._by_report(reports)
        if self._begin >= total:
            return Shown([])
        if self._end <= WINDOW:
            body = {**self._search(), "from": self._begin, "size": request.per_page}
            return Shown(found(self._snapshot.search(body, told=request.explain)["hits"]["hits"], self._shares))
        page: list[Found] = []
        for at, each in enumerate(self._listed()):
            if at >= self._end:
                break
            if at >= self._begin:
                page.append(each)
        return Shown(self._filled(page))

    def of(self, answer: dict[str, Any]) -> Shown:
        """The page that the answer to :meth:`body` holds."""
        return Shown(found(answer["hits"]["hits"], self._shares))

    def stream(self) -> Iterator[Found]:
        """All hits in order, with their documents."""
        told = self._plan.request.explain
        for hit in self._snapshot.scan(self._search(), self._plan.sort(self._shares), told=told):
            yield from found([hit], self._shares)

    def _search(self) -> dict[str, Any]:
        return {
            "query": self._shares.scored(self._plan.hits),
            "sort": self._plan.sort(self._shares),
            "track_scores": bool(self._shares),
            "track_total_hits": False,
            "_source": SOURCE,
        }

    def _listed(self) -> Iterator[Found]:
        """All hits in order, without their documents."""
        body = {**self._search(), **COLUMNS, "docvalue_fields": ["pid", "report", "fold"]}
        for hit in self._snapshot.scan(body, self._plan.sort(self._shares), WINDOW):
            yield from found([hit], self._shares)

    def _filled(self, page: list[Found]) -> list[Found]:
        """``page`` with the documents."""
        if not page:
            return page
        request = self._plan.request
        wanted = ids([each.id for each in page])
        query = self._shares.scored(all_of([self._plan.hits, wanted])) if request.explain else wanted
        body = {"query": query, "size": len(page), "_source": SOURCE, "track_total_hits": False}
        hits = self._snapshot.search(body, told=request.explain)["hits"]["hits"]
        by_id = {hit["_id"]: hit for hit in hits}
        return [replace(each, hit=by_id[each.id]) for each in page]

    def _folded(self, total: int) -> Shown:
        if total > MAX_FOLDED:
            raise QueryRefusedError(
                tr(
                    "命中 {total:,} 段，超过 {most:,} 段，不能合并相近段落；请先缩小范围",
                    total=total,
                    most=MAX_FOLDED,
                )
            )
        listed = list(self._listed())
        alike = Counter(each.fold for each in listed)
        firsts: dict[str, Found] = {}
        for each in listed:
            firsts.setdefault(each.fold, replace(each, alike=alike[each.fold] - 1))
        folded = list(firsts.values())
        if self._plan.request.group is None:
            return Shown(self._filled(folded[self._begin : self._end]), len(folded))
        return self._grouped(folded)

    def _grouped(self, hits: list[Found]) -> Shown:
        of_reports: dict[str, list[Found]] = {}
        for each in hits:
            of_reports.setdefault(each.report, []).append(each)
        page = list(of_reports.items())[self._begin : self._end]
        shown = [each for _, of_report in page for each in of_report[:GROUP_HITS]]
        groups = tuple(ReportGroup(known, len(these[:GROUP_HITS]), len(these[GROUP_HITS:])) for known, these in page)
        return Shown(self._filled(shown), len(of_reports), groups)

    def _by_report(self, reports: int) -> Shown:
        """Reports in the order of their best hits, found by the cluster; far behind they are walked through."""
        if self._begin >= reports:
            return Shown([], reports)
        if self._end > WINDOW:
            return self._grouped(list(self._listed()))
        request = self._plan.request
        best = {**self._search(), "from": self._begin, "size": request.per_page, "_source": ["report"]}
        hits = self._snapshot.search({**best, "collapse": {"field": "report"}})["hits"]["hits"]
        page = [hit["_source"]["report"] for hit in hits]
        of_each = []
        for report_id in page:
            query = all_of([self._plan.hits, {"term": {"report": report_id}}])
            body = {**self._search(), "query": self._shares.scored(query), "size": GROUP_HITS, "track_total_hits": True}
            of_each.append(body)
        shown: list[Found] = []
        groups: list[ReportGroup] = []
        for report_id, answer in zip(page, self._snapshot.search_all(of_each), strict=True):
            these = found(answer["hits"]["hits"], self._shares)
            shown += these
            groups.append(ReportGroup(report_id, len(these), answer["hits"]["total"]["value"] - len(these)))
        return Shown(self._filled(shown) if request.explain else shown, reports, tuple(groups))


def found(hits: list[dict[str, Any]], shares: Shares) -> list[Found]:
    """The hits of an answer."""
    made = []
    for hit in hits:
        fields = hit.get("fields", {})
        report = fields["report"][0] if "report" in fields else hit.get("_source", {}).get("report", "")
        score = float(hit["_score"]) if shares and hit["_score"] is not None else 0.0
        made.append(
            Found(fields["pid"][0] if "pid" in fields else hit["_id"], score, hit, report, fields.get("fold", [""])[0])
        )
    return made
