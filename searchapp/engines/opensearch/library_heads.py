"""What a reader knows of the library as a whole: heads of reports, and by which names units go. Fetched when asked."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, repeat
from typing import Any

from cachetools import LRUCache

from searchapp.engines.opensearch.documents import decoded_head
from searchapp.engines.opensearch.queries import ALL
from searchapp.engines.opensearch.snapshot import Snapshot
from searchapp.errors import NotFoundError
from searchapp.language import tr
from searchapp.reports.model import Metadata
from searchapp.search.result import LibraryStats, ReportSummary
from searchapp.search.schema import NONE_VALUE, department_of, organ_of, unit_groups

KEPT_HEADS = 5_000
_BY_ORDER = [{"order": "asc"}]


class UnitNames:
    """By which names the units of a library go: distinct metadata, and the number of reports with each."""

    def __init__(self, metas: Sequence[tuple[Metadata, int]]) -> None:
        self._metas = metas

    @cached_property
    def groups(self) -> dict[str, str]:
        """The unit type of every department."""
        return unit_groups(chain.from_iterable(repeat(meta, count) for meta, count in self._metas))

    def selected(self, chosen: Iterable[str], names: str) -> set[str]:
        """Any name of a unit selects the name it goes by in the facet, unless another goes by that very name."""
        known = {listed for meta, _ in self._metas if (listed := _listed(meta, names)) is not None}
        found: set[str] = set()
        for value in chosen:
            of_unit = {
                listed
                for meta, _ in self._metas
                if value in (meta.unit, department_of(meta), organ_of(meta))
                and (listed := _listed(meta, names)) is not None
            }
            found |= {value} if value in known or value == NONE_VALUE or not of_unit else of_unit
        return found


def _listed(meta: Metadata, names: str) -> str | None:
    return department_of(meta) if names == "then" else organ_of(meta)


class Heads:
    """The reports of a snapshot, without their text."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._lock = threading.Lock()
        self._kept: LRUCache[str, tuple[ReportSummary, str]] = LRUCache(KEPT_HEADS)

    def summary(self, report_id: str) -> ReportSummary:
        """Raises ``NotFoundError``."""
        return self.head(report_id)[0]

    def head(self, report_id: str) -> tuple[ReportSummary, str]:
        """The summary and the opening. Raises ``NotFoundError``."""
        return self.heads([report_id])[report_id]

    def heads(self, report_ids: Iterable[str]) -> dict[str, tuple[ReportSummary, str]]:
        """Those of several. Raises ``NotFoundError``."""
        wanted = set(report_ids)
        with self._lock:
            found = {each: self._kept[each] for each in wanted if each in self._kept}
        missing = sorted(wanted - found.keys())
        if missing:
            query = {"terms": {"report": missing}}
            for hit in self._snapshot.scan({"query": query, "_source": ["head"]}, _BY_ORDER):
                head = decoded_head(hit["_source"])
                found[head[0].report_id] = head
                with self._lock:
                    self._kept[head[0].report_id] = head
        for report_id in missing:
            if report_id not in found:
                raise NotFoundError(tr("没有这篇报告：{report_id}", report_id=report_id))
        return found

    def all(self) -> Iterator[tuple[ReportSummary, str]]:
        """Every report in document order, with its opening."""
        for hit in self._snapshot.scan({"query": ALL, "_source": ["head"]}, _BY_ORDER):
            yield decoded_head(hit["_source"])

    def orders(self) -> dict[str, int]:
        """The place of every report."""
        body = {"query": ALL, "_source": False, "docvalue_fields": ["report"]}
        return {hit["fields"]["report"][0]: hit["sort"][0] for hit in self._snapshot.scan(body, _BY_ORDER, 10_000)}

    def unit_names(self) -> UnitNames:
        """The names of units."""
        fields = ("unit", "then", "organ", "unit_type")
        sources = [{name: {"terms": {"field": name, "missing_bucket": True}}} for name in fields]
        return UnitNames(
            [
                (Metadata("", key["unit"], key["then"], organ=key["organ"], unit_type=key["unit_type"]), count)
                for key, count in self._snapshot.composite(ALL, sources)
            ]
        )

    def stats(self) -> LibraryStats:
        """The size of the library."""
        sums: dict[str, Any] = {name: {"sum": {"field": name}} for name in ("blocks", "paragraphs", "characters")}
        answer = self._snapshot.search({"query": ALL, "size": 0, "track_total_hits": True, "aggs": sums})
        found = {name: int(answer["aggregations"][name]["value"]) for name in sums}
        years = self._snapshot.composite(ALL, [{"year": {"terms": {"field": "years"}}}])
        units = self._snapshot.composite(ALL, [{"organ": {"terms": {"field": "organ"}}}])
        return LibraryStats(
            reports=answer["hits"]["total"]["value"],
            blocks=found["blocks"],
            paragraphs=found["paragraphs"],
            characters=found["characters"],
            units=sum(1 for _ in units),
            years=tuple(sorted(key["year"] for key, _ in years)),
        )
