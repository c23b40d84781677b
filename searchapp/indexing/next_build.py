"""The next build, once everything has been read: what stays, what is written, and where retired addresses lead."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from searchapp.errors import IndexDamagedError, SourceError
from searchapp.indexing.drafts import Drafts, Entry
from searchapp.indexing.gather import Base, Gathered
from searchapp.indexing.lexicon_process import KeptCuts, lexicon_beside, write_cuts
from searchapp.indexing.read_file import keys_of
from searchapp.indexing.values import IndexingReport, Pipeline
from searchapp.lexicon import LEXICON_FILE
from searchapp.reports import ReadWarning
from searchapp.reports.model import paragraph_id, split_paragraph_id
from searchapp.search.result import LibraryStats
from searchapp.store import builds
from searchapp.store.manifest import FileRecord, Manifest, Root, is_intact, measure_contents, write_manifest
from searchapp.store.retired_ids import (
    RETIRED_FILE,
    Addresses,
    KeyHolders,
    RetiredIds,
    RetiredRecord,
    retire,
    write_retired,
)

ADDRESSES_LOST = "记录旧地址去向的文件没有完好的副本：以前失效的地址不再能转到新的位置"
ADDRESSES_OLD = "记录旧地址去向的文件坏了，用的是更早一次索引的副本：其后失效的地址不再能转到新的位置"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the next build holds (``entries``), what the build that is there holds (``old``, ids in its order), and the
    ids of ``staying`` reports, which both hold alike and the writer can carry over.
    """

    entries: list[Entry]
    old: list[str]
    staying: set[str]

    @property
    def changes_nothing(self) -> bool:
        """Whether both hold the same reports in the same order."""
        return len(self.staying) == len(self.entries) and self.old == [entry.report_id for entry in self.entries]


@dataclass(frozen=True, slots=True)
class NextBuild:
    """The next build in the making, after everything has been read."""

    index: Path
    pipeline: Pipeline
    roots: list[Root]
    base: Base
    drafts: Drafts
    gathered: Gathered
    jobs: int | None = None

    def finish(self) -> IndexingReport:
        """Makes the next build, unless the one that is there already mirrors the sources."""
        entries = self.drafts.entries(self.gathered.drafts)
        if not entries:
            reasons = "；".join(f"{record.file}：{record.reason}" for record in self.gathered.records[:5])
            raise SourceError(f"没有读到任何报告，没有建立索引。{reasons}")
        records = _with_reports(self.gathered.records, entries)
        manifest = self._manifest(records)
        plan = self._planned(entries)
        if self._mirrors_already(manifest) and plan.changes_nothing:
            assert self.base.build is not None and self.base.reader is not None
            return self._told(self.base.build, False, records, self.base.reader.stats())
        build = self._write(manifest, plan)
        builds.discard_stale(self.index)
        reader = self.pipeline.engine.open_reader(builds.build_folder(self.index, build))
        try:
            return self._told(build, True, records, reader.stats())
        finally:
            reader.close()

    def _planned(self, entries: list[Entry]) -> Plan:
        reader = self.base.reader
        old = [] if reader is None else [summary.report_id for summary in reader.reports()]
        known = set(old) if self.base.onward else set()
        staying = {each.report_id for each in entries if each.report_id in known and self.drafts.is_held(each)}
        return Plan(entries, old, staying)

    def _mirrors_already(self, manifest: Manifest) -> bool:
        before = self.base.manifest
        return self.base.onward and before is not None and before.sources_alike(manifest)

    def _manifest(self, records: list[FileRecord]) -> Manifest:
        return Manifest(
            engine=self.pipeline.engine.name,
            analyzer=self.pipeline.fingerprint,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            roots=tuple(self.roots),
            files=tuple(records),
            dictionary=self.pipeline.analyzer.dictionary,
            synonyms=self.gathered.synonyms,
        )

    def _write(self, manifest: Manifest, plan: Plan) -> str:
        build = builds.begin_build(self.index)
        folder = builds.build_folder(self.index, build)
        try:
            new = [_addresses(entry) for entry in plan.entries]
            write_retired(folder / RETIRED_FILE, retired_records(self._retired_before(), self._replaced(plan), new))
            kept = KeptCuts(self._base_folder)
            write_cuts(folder, ((entry.report_id, self.drafts.cut(entry, kept)) for entry in plan.entries))
            with lexicon_beside(folder, self.pipeline.analyzer, self.jobs):
                self._write_engine(folder, plan)
                # The lexicon takes longest as a rule: all else is measured meanwhile.
                measured = measure_contents(folder)
            measured.pop(LEXICON_FILE, None)
            write_manifest(folder, replace(manifest, contents=measure_contents(folder, measured)))
            builds.publish(self.index, build)
        except BaseException:
            builds.discard(self.index, build)
            raise
        return build

    def _replaced(self, plan: Plan) -> Iterator[Addresses]:
        """The reports of the build that is there that do not stay as they are."""
        for report_id in plan.old:
            if report_id not in plan.staying and self.base.reader is not None:
                report = self.base.reader.report(report_id)
                yield Addresses(report_id, keys_of(report), tuple(source.file for source in report.sources))

    def _retired_before(self) -> Mapping[str, RetiredRecord]:
        """The retired ids of the newest build whose copy of them is whole, whatever became of the rest of it."""
        lost = ""
        for build in builds.finished_builds(self.index):
            folder = builds.build_folder(self.index, build)
            if is_intact(folder, RETIRED_FILE):
                with contextlib.suppress(IndexDamagedError):
                    records = RetiredIds(folder / RETIRED_FILE).records
                    self._because(lost and ADDRESSES_OLD)
                    return records
            lost = ADDRESSES_LOST
        self._because(lost)
        return {}

    def _because(self, lost: str) -> None:
        self.base.reason = "；".join(filter(None, (self.base.reason, lost)))

    @property
    def _base_folder(self) -> Path | None:
        """The folder of the build that the next one begins with."""
        base = self.base.build if self.base.onward else None
        return None if base is None else builds.build_folder(self.index, base)

    def _write_engine(self, folder: Path, plan: Plan) -> None:
        base_folder = self._base_folder
        writer = self.pipeline.engine.open_writer(folder, base_folder)
        try:
            for report_id in plan.old if base_folder else ():
                if report_id not in plan.staying:
                    writer.remove_report(report_id)
            for entry in plan.entries:
                if entry.report_id not in plan.staying:
                    writer.add_report(self.drafts.packed(entry))
            # Nothing is asked of it from here on, and the arrays of the next build need the memory.
            self.drafts.close()
            self.base.close()
            writer.commit([entry.report_id for entry in plan.entries])
        except BaseException:
            writer.abort()
            raise

    def _told(self, build: str, changed: bool, records: list[FileRecord], stats: LibraryStats) -> IndexingReport:
        warnings = [ReadWarning(record.file, line, message) for record in records for line, message in record.warnings]
        warnings.extend(self.gathered.warnings)
        before = () if self.base.manifest is None else self.base.manifest.synonyms
        return IndexingReport(
            build=build,
            changed=changed,
            files=tuple(records),
            unchanged_files=self.gathered.unchanged,
            stats=stats,
            warnings=tuple(warnings),
            rebuilt_because=self.base.reason,
            synonyms=len(self.gathered.synonyms),
            synonyms_before=len(before),
            synonyms_changed=before != self.gathered.synonyms,
        )


def _addresses(entry: Entry) -> Addresses:
    return Addresses(entry.report_id, entry.draft.keys, tuple(source.file for source in entry.sources))


def _with_reports(records: list[FileRecord], entries: Sequence[Entry]) -> list[FileRecord]:
    """The records with the ids of the reports that stand in each file, in order."""
    files = {record.file for record in records}
    in_file: dict[str, list[str]] = {}
    for entry in entries:
        for source in entry.sources:
            ids = in_file.setdefault(_file_of(source.file, files), [])
            if entry.report_id not in ids:
                ids.append(entry.report_id)
    return [replace(record, reports=tuple(in_file.get(record.file, ()))) for record in records]


def _file_of(source: str, files: set[str]) -> str:
    """The source file that a report's source is, or, for a member of an archive, stands in."""
    while source not in files and "/" in source:
        source = source.rpartition("/")[0]
    return source


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
        alive = set() if report is None else {report_id, *(paragraph_id(report_id, key) for key in report.keys.split())}
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
