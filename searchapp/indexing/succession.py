"""Succession: which report of the new build stands for one of the old, so that old addresses still lead somewhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from searchapp.engines.base import split_paragraph_id
from searchapp.store.retired_ids import Addresses, KeyHolders, RetiredRecord, retire

LEAST_SHARED_BLOCKS = 0.3
"""Share of an old report's blocks that a report of another file must hold to count as its next version."""


def retired_records(
    before: Mapping[str, RetiredRecord], old: Iterable[Addresses], new: Sequence[Addresses]
) -> dict[str, RetiredRecord]:
    """All records of the new build: those of before, and those for addresses of ``old`` that ``new`` lacks.

    ``old`` may leave out reports that ``new`` holds with the same id and blocks. An address that is alive again has no
    record.
    """
    records = dict(before)
    by_id = {report.report_id: report for report in new}
    finder = _Successors(new)
    for report in old:
        successor = by_id.get(report.report_id) or finder.find(report)
        for record in retire(report, successor):
            records[record.old] = record
    return {old_id: records[old_id] for old_id in _dead(records, by_id)}


def _dead(ids: Iterable[str], by_id: Mapping[str, Addresses]) -> Iterable[str]:
    """Those of ``ids`` (of reports and paragraphs) that lead nowhere; keys of one report at a time are in memory."""
    for report_id, of_report in groupby(sorted(ids), key=lambda each: split_paragraph_id(each)[0]):
        report = by_id.get(report_id)
        alive = set() if report is None else {report_id, *(f"{report_id}-{key}" for key in report.keys.split())}
        yield from (each for each in of_report if each not in alive)


class _Successors:
    def __init__(self, reports: Sequence[Addresses]) -> None:
        self._reports = reports
        self._holders: KeyHolders | None = None
        self._in_file: dict[str, list[int]] = defaultdict(list)
        for number, report in enumerate(reports):
            for file in report.files:
                self._in_file[file].append(number)

    def find(self, report: Addresses) -> Addresses | None:
        """The report that shares the most blocks with ``report``; one of the same file before others."""
        if self._holders is None:
            self._holders = KeyHolders(each.keys for each in self._reports)
        keys = set(report.keys.split())
        shared: Counter[int] = self._holders.shared(keys)
        same_file = {number for file in report.files for number in self._in_file.get(file, ())}
        candidates = [
            number
            for number in shared.keys() | same_file
            if number in same_file or shared[number] >= LEAST_SHARED_BLOCKS * len(keys)
        ]
        if not candidates:
            return None
        return self._reports[max(candidates, key=lambda number: (shared[number], number in same_file, -number))]
