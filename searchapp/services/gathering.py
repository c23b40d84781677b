"""Gathering: the reports of the next build, from the build there is and from files read anew."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Protocol

from searchapp.engines.base import AnalyzedReport, Engine, Reader
from searchapp.errors import IndexDamagedError, IndexVersionError, LibraryError, NoIndexError, SourceError
from searchapp.reports import SUPPORTED_SUFFIXES, Report
from searchapp.services.preparing import Prepared, Task, prepare_all
from searchapp.services.sources import SourceFile
from searchapp.store import builds
from searchapp.store.manifest import FileRecord, Manifest, Root, read_manifest
from searchapp.text.analyzer import Analyzer


class Progress(Protocol):
    """Told how far an indexing run is."""

    def begin(self, files: int) -> None:
        """There are ``files`` to look at."""

    def file_done(self, paragraphs: int) -> None:
        """One more is done; it holds ``paragraphs`` blocks to index anew."""

    def writing(self) -> None:
        """All files are read; the build is being written."""


class NoProgress:
    """Tells nobody."""

    def begin(self, files: int) -> None: ...

    def file_done(self, paragraphs: int) -> None: ...

    def writing(self) -> None: ...


@dataclass(slots=True)
class Base:
    """The build that the next one begins with; all empty for a build from nothing.

    ``reason`` says why the build that is there, ``last_build``, cannot be gone on from.
    """

    build: str | None = None
    reader: Reader | None = None
    manifest: Manifest | None = None
    reason: str = ""
    last_build: str | None = None
    records: dict[str, FileRecord] = field(default_factory=dict)

    def close(self) -> None:
        if self.reader is not None:
            self.reader.close()


@dataclass(slots=True)
class Gathered:
    """All reports of the next build in document order, not yet with ids, and the record of each file."""

    reports: list[Report] = field(default_factory=list)
    analyzed: dict[tuple[str, int], AnalyzedReport] = field(default_factory=dict)
    records: list[FileRecord] = field(default_factory=list)
    unchanged: int = 0


def open_base(index: Path, engine: Engine, fingerprint: str, sources_given: bool) -> Base:
    """The current build, when this engine and analyzer can go on from it; else the reason why not."""
    manifest: Manifest | None = None
    build: str | None = None
    try:
        build = builds.current_build(index)
        manifest = read_manifest(builds.build_folder(index, build))
        if manifest.engine != engine.name:
            raise IndexVersionError(f"索引原来用的是 {manifest.engine} 引擎")
        if manifest.analyzer != fingerprint:
            raise IndexVersionError("分词或规范化的版本变了")
        reader = engine.open_reader(builds.build_folder(index, build))
    except NoIndexError:
        return Base()
    except (IndexVersionError, IndexDamagedError) as exc:
        if not sources_given and manifest is None:
            raise
        return Base(manifest=manifest, reason=str(exc), last_build=build)
    return Base(build, reader, manifest, "", build, {record.file: record for record in manifest.files})


def refuse_emptied(roots: list[Root], files: list[SourceFile], base: Base) -> None:
    """A source that held reports and has no report file left is taken for a mistake (an unmounted disk), not a wish.

    Raises ``SourceError``.
    """
    alive = {file.root for file in files if PurePosixPath(file.file).suffix.lower() in SUPPORTED_SUFFIXES}
    for root in roots:
        held = any(record.root == root.label and record.reports for record in base.records.values())
        if held and root.label not in alive:
            raise SourceError(f"来源“{root.label}”突然空了。索引没有改动；若确实要清空，请用 --replace 换来源。")


def gather(files: list[SourceFile], base: Base, analyzer: Analyzer, jobs: int | None, progress: Progress) -> Gathered:
    progress.begin(len(files))
    gathered = Gathered()
    tasks = [Task(file.file, file.path, _known_sha256(base, file.file), file.readable_name) for file in files]
    try:
        for file, prepared in zip(files, prepare_all(tasks, analyzer, jobs), strict=True):
            _take(gathered, file, prepared, base)
            progress.file_done(sum(len(analyzed.blocks) for analyzed in prepared.analyzed))
    except BrokenProcessPool as exc:
        raise LibraryError("读取报告的进程意外结束（可能是内存不足）。索引没有改动；可加 --jobs 1 再试。") from exc
    return gathered


def _known_sha256(base: Base, file: str) -> str | None:
    """The hash under which ``file`` can be carried over: its reports must stand in no other place."""
    record = base.records.get(file)
    if record is None or record.status == "failed" or base.reader is None:
        return None
    if any(len(base.reader.summary(report_id).sources) > 1 for report_id in record.reports):
        return None
    return record.sha256


def _take(gathered: Gathered, file: SourceFile, prepared: Prepared, base: Base) -> None:
    before = base.records.get(file.file)
    if prepared.reading is not None:
        gathered.reports.extend(prepared.reading.reports)
        for analyzed in prepared.analyzed:
            source = analyzed.report.sources[0]
            gathered.analyzed[source.file, source.first_line] = analyzed
        warnings = tuple((warning.line, warning.message) for warning in prepared.reading.warnings)
        record = FileRecord(
            file.root, file.file, prepared.sha256, "read", encoding=prepared.reading.encoding, warnings=warnings
        )
    elif prepared.unchanged and before is not None:
        gathered.unchanged += 1
        gathered.reports.extend(_carried(base, before))
        record = replace(before, status="read", reason="")
    elif before is not None and before.reports and base.reader is not None:
        gathered.reports.extend(_carried(base, before))
        record = replace(before, status="kept", reason=prepared.reason)
    else:
        record = FileRecord(file.root, file.file, prepared.sha256, "failed", reason=prepared.reason)
    gathered.records.append(record)


def _carried(base: Base, record: FileRecord) -> Iterator[Report]:
    """The reports of a file as the base build holds them, as standing in this file alone."""
    assert base.reader is not None
    for report_id in record.reports:
        report = base.reader.report(report_id)
        yield replace(report, sources=tuple(source for source in report.sources if source.file == record.file))
