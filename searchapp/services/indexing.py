"""Indexing: sources to the next build of an index, complete or not at all.

The build mirrors its sources: unchanged files are carried over, changed ones replaced, removed ones dropped. The
result equals a build from nothing (docs/semantics.md, section 7). One report is in memory at a time; of all others only
drafts (docs/indexing.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from searchapp.engines.base import Engine
from searchapp.errors import IndexDamagedError, LibraryError, SourceError
from searchapp.reports import ReadWarning
from searchapp.search.result import LibraryStats
from searchapp.services.drafts import Drafts, Entry
from searchapp.services.gathering import (
    Base,
    Gathered,
    NoProgress,
    Progress,
    gather,
    open_base,
    refuse_emptied,
    roots_of_run,
)
from searchapp.services.lexicons import KeptCuts, lexicon_beside, write_cuts
from searchapp.services.preparing import PackedFile, Task, keys_of
from searchapp.services.sources import list_sources
from searchapp.services.succession import retired_records
from searchapp.services.workers import prepare_all
from searchapp.store import builds
from searchapp.store.files import reason_of
from searchapp.store.manifest import FileRecord, Manifest, Root, measure_contents, write_manifest
from searchapp.store.retired import RETIRED_FILE, Addresses, RetiredIds, RetiredRecord, write_retired
from searchapp.store.spool import Spool, discard_spools
from searchapp.text.analyzer import Analyzer


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What indexes: the engine, the analyzer, and the fingerprint of all that decides what a text becomes."""

    engine: Engine
    analyzer: Analyzer
    fingerprint: str


@dataclass(frozen=True, slots=True)
class IndexingOptions:
    """``sources`` empty: those of the index itself. ``jobs`` None: as many processes as cores.

    ``ocr``: scanned PDFs are recognized by ``ocrmypdf``, when it is installed. ``dictionary``: a file of words for the
    analyzer; without one the index keeps the words it was made with, unless ``forget_dictionary``.
    """

    sources: Sequence[Path] = ()
    add: bool = False
    replace: bool = False
    rebuild: bool = False
    jobs: int | None = None
    ocr: bool = False
    dictionary: Path | None = None
    forget_dictionary: bool = False


@dataclass(frozen=True, slots=True)
class IndexingReport:
    """What a run did. ``files`` are all source files with what became of them; ``changed`` is false when the build
    that was there already mirrors the sources. ``rebuilt_because`` is empty when the run was incremental or asked for.
    ``synonyms``: how many groups are in use, how many were before, and whether they are other ones.
    """

    build: str
    changed: bool
    files: tuple[FileRecord, ...]
    unchanged_files: int
    stats: LibraryStats
    warnings: tuple[ReadWarning, ...]
    rebuilt_because: str = ""
    synonyms: int = 0
    synonyms_before: int = 0
    synonyms_changed: bool = False

    @property
    def problems(self) -> list[FileRecord]:
        """Files that could not be read this time."""
        return [record for record in self.files if record.status != "read"]


class Brought(Protocol):
    """What other hosts have read, in place of reading here (``services.sharing``)."""

    @property
    def roots(self) -> list[Root]:
        """The roots that the next build mirrors."""

    def check(self, base: Base) -> None:
        """Raises ``LibraryError`` when it was not made upon ``base``."""

    def prepare(self, tasks: Sequence[Task], analyzer: Analyzer, jobs: int | None) -> Iterator[tuple[int, PackedFile]]:
        """See :data:`searchapp.services.gathering.Prepare`."""


def build_index(
    index: Path,
    options: IndexingOptions,
    pipeline: Pipeline,
    progress: Progress | None = None,
    brought: Brought | None = None,
) -> IndexingReport:
    """Brings the index in folder ``index`` up to date with its sources, or with what was ``brought`` of them.

    Raises ``IndexBusyError``, ``SourceError`` (a source is missing, empty or not the index's own) or ``LibraryError``
    (it cannot be written); then the index is as it was.
    """
    try:
        return _build_index(index, options, pipeline, progress or NoProgress(), brought)
    except OSError as exc:
        raise LibraryError(f"索引写不下去：{reason_of(exc)}。原有的索引没有受影响。") from exc


def _build_index(
    index: Path, options: IndexingOptions, pipeline: Pipeline, progress: Progress, brought: Brought | None
) -> IndexingReport:
    with builds.index_lock(index):
        builds.recover(index)
        builds.discard_stale(index)
        discard_spools(index)
        base = open_base(index, pipeline.engine, pipeline.fingerprint)
        spool = Spool(index)
        try:
            if brought is None:
                roots = roots_of_run(index, base, options.sources, options.add, options.replace)
            else:
                brought.check(base)
                roots = brought.roots
            listing = list_sources(index, roots)
            refuse_emptied(roots, listing.files, base)
            if options.rebuild:
                base.onward = False
            drafts = Drafts(spool, base.reader, pipeline.analyzer)
            gathered = gather(
                listing,
                base,
                drafts,
                pipeline.analyzer,
                jobs=options.jobs,
                ocr=options.ocr,
                progress=progress,
                prepare=brought.prepare if brought else prepare_all,
            )
            progress.writing()
            return _Run(index, pipeline, roots, base, drafts, gathered, options.jobs).finish()
        finally:
            spool.close()
            base.close()


@dataclass(frozen=True, slots=True)
class _Plan:
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
class _Run:
    """One indexing run after everything has been read."""

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

    def _planned(self, entries: list[Entry]) -> _Plan:
        reader = self.base.reader
        old = [] if reader is None else [summary.report_id for summary in reader.reports()]
        known = set(old) if self.base.onward else set()
        staying = {each.report_id for each in entries if each.report_id in known and self.drafts.is_held(each)}
        return _Plan(entries, old, staying)

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

    def _write(self, manifest: Manifest, plan: _Plan) -> str:
        build = builds.begin_build(self.index)
        folder = builds.build_folder(self.index, build)
        try:
            new = [_addresses(entry) for entry in plan.entries]
            write_retired(folder / RETIRED_FILE, retired_records(self._retired_before(), self._replaced(plan), new))
            kept = KeptCuts(self._base_folder)
            write_cuts(folder, ((entry.report_id, self.drafts.cut(entry, kept)) for entry in plan.entries))
            with lexicon_beside(folder, self.pipeline.analyzer, self.jobs):
                self._write_engine(folder, plan)
            write_manifest(folder, replace(manifest, contents=measure_contents(folder)))
            builds.publish(self.index, build)
        except BaseException:
            builds.discard(self.index, build)
            raise
        return build

    def _replaced(self, plan: _Plan) -> Iterator[Addresses]:
        """The reports of the build that is there that do not stay as they are."""
        for report_id in plan.old:
            if report_id not in plan.staying and self.base.reader is not None:
                report = self.base.reader.report(report_id)
                yield Addresses(report_id, keys_of(report), tuple(source.file for source in report.sources))

    def _retired_before(self) -> Mapping[str, RetiredRecord]:
        """The retired ids of the build that is there, even when nothing else of it can be read."""
        if self.base.build is None:
            return {}
        try:
            return RetiredIds(builds.build_folder(self.index, self.base.build) / RETIRED_FILE).records
        except IndexDamagedError:
            return {}

    @property
    def _base_folder(self) -> Path | None:
        """The folder of the build that the next one begins with."""
        base = self.base.build if self.base.onward else None
        return None if base is None else builds.build_folder(self.index, base)

    def _write_engine(self, folder: Path, plan: _Plan) -> None:
        base_folder = self._base_folder
        writer = self.pipeline.engine.open_writer(folder, base_folder)
        try:
            for report_id in plan.old if base_folder else ():
                if report_id not in plan.staying:
                    writer.remove_report(report_id)
            for entry in plan.entries:
                if entry.report_id not in plan.staying:
                    writer.add_report(self.drafts.analyzed(entry))
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
