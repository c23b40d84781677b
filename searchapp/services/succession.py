"""Succession: which report of the new build stands for one of the old, so that old addresses still lead somewhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from searchapp.reports import Report
from searchapp.store.retired import RetiredRecord, retire

LEAST_SHARED_BLOCKS = 0.3
"""Share of an old report's blocks that a report of another file must hold to count as its next version."""


def retired_records(
    before: Mapping[str, RetiredRecord], old: Iterable[Report], new: Sequence[Report]
) -> dict[str, RetiredRecord]:
    """All records of the new build: those of before, and those for addresses of ``old`` that ``new`` lacks.

    An address that is alive again has no record.
    """
    records = dict(before)
    by_id = {report.id: report for report in new}
    finder = _Successors(new)
    for report in old:
        successor = by_id.get(report.id) or finder.find(report)
        if successor is not None and successor.id == report.id and successor.blocks == report.blocks:
            continue
        for record in retire(report, successor, successor.id if successor else ""):
            records[record.old] = record
    alive = set(by_id)
    alive.update(f"{report.id}-{block.key}" for report in new for block in report.blocks)
    return {old_id: record for old_id, record in records.items() if old_id not in alive}


class _Successors:
    def __init__(self, reports: Sequence[Report]) -> None:
        self._reports = reports
        self._holding: dict[str, list[int]] = defaultdict(list)
        self._in_file: dict[str, list[int]] = defaultdict(list)
        for number, report in enumerate(reports):
            for key in {block.key for block in report.blocks}:
                self._holding[key].append(number)
            for source in report.sources:
                self._in_file[source.file].append(number)

    def find(self, report: Report) -> Report | None:
        """The report that shares the most blocks with ``report``; one of the same file before others."""
        keys = {block.key for block in report.blocks}
        shared: Counter[int] = Counter(number for key in keys for number in self._holding.get(key, ()))
        same_file = {number for source in report.sources for number in self._in_file.get(source.file, ())}
        candidates = [
            number
            for number in shared.keys() | same_file
            if number in same_file or shared[number] >= LEAST_SHARED_BLOCKS * len(keys)
        ]
        if not candidates:
            return None
        return self._reports[max(candidates, key=lambda number: (shared[number], number in same_file, -number))]
