"""Gathering: the reports of the next build, from the build there is and from files read anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Protocol

from searchapp.engines.base import Engine, Reader
from searchapp.errors import IndexDamagedError, IndexVersionError, LibraryError, NoIndexError, SourceError
from searchapp.indexing.drafts import Draft, Drafts
from searchapp.indexing.metadata_table import Corrections, digest_of, read_corrections
from searchapp.indexing.read_all import FileBudget, prepare_all
from searchapp.indexing.read_file import PackedFile, Task
from searchapp.indexing.sources import Listing, SourceFile, roots_for
from searchapp.indexing.synonym_table import read_synonyms
from searchapp.reports import SUPPORTED_SUFFIXES, ReadWarning
from searchapp.store import builds
from searchapp.store.files import refusal_behind
from searchapp.store.manifest import FileRecord, Manifest, Root, check_hashes, read_manifest, read_roots, stands_in
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
    """The build that is there, as far as the next one can use it; all empty when there is none.

    ``onward``: the next build can begin with what it holds. If not, ``reason`` says why; its reports (``reader``) and
    records still tell which addresses to retire and what to keep of files that cannot be read now.
    """

    build: str | None = None
    manifest: Manifest | None = None
    reader: Reader | None = None
    roots: tuple[Root, ...] = ()
    onward: bool = False
    reason: str = ""

    @property
    def records(self) -> dict[str, FileRecord]:
        """What became of each source file, by display name."""
        if self.manifest is None or self.reader is None:
            return {}
        return {record.file: record for record in self.manifest.files}

    def close(self) -> None:
        """Lets go of the build; what was read of its manifest stays."""
        if self.reader is not None:
            self.reader.close()
            self.reader = None


@dataclass(slots=True)
class Gathered:
    """All reports of the next build in document order, not yet with ids, and the record of each file."""

    drafts: list[Draft] = field(default_factory=list)
    records: list[FileRecord] = field(default_factory=list)
    unchanged: int = 0
    warnings: list[ReadWarning] = field(default_factory=list)
    synonyms: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a file, its reports laid aside."""

    packed: PackedFile
    drafts: tuple[Draft, ...]


def open_base(index: Path, engine: Engine, fingerprint: str) -> Base:
    """The current build. Nothing wrong with it raises: that is the reason for a build from nothing.

    Raises ``OSError`` when the system refuses to open it.
    """
    base = Base()
    try:
        base.build = builds.current_build(index)
        folder = builds.build_folder(index, base.build)
        base.roots = read_roots(folder)
        manifest = read_manifest(folder)
        if manifest.engine != engine.name:
            raise IndexVersionError(f"索引原来用的是 {manifest.engine} 引擎")
        check_hashes(folder, manifest)
        base.reader = engine.open_reader(folder)
        base.manifest = manifest
        if manifest.analyzer != fingerprint:
            raise IndexVersionError("分词、规范化或阅读规则的版本变了")
        base.onward = True
    except NoIndexError:
        pass
    except (IndexVersionError, IndexDamagedError) as exc:
        if refusal := refusal_behind(exc):
            raise refusal from exc
        base.reason = str(exc)
    if base.build is not None and not base.roots:
        base.roots = _older_roots(index)
        if base.roots:
            sources = "、".join(root.label for root in base.roots)
            base.reason += f"；来源按更早一次索引的记录：{sources}"
    return base


def _older_roots(index: Path) -> tuple[Root, ...]:
    """The roots of the newest build whose manifest is whole."""
    for build in builds.finished_builds(index):
        with suppress(LibraryError):
            return read_manifest(builds.build_folder(index, build)).roots
    return ()


def roots_of_run(index: Path, base: Base, sources: Sequence[Path], add: bool, replace: bool) -> list[Root]:
    """The roots that the next build mirrors. Raises ``SourceError`` as ``sources.roots_for``.

    Also when ``add`` would drop those of the index, which cannot be read.
    """
    if add and base.build is not None and not base.roots:
        raise SourceError("原有索引的来源读不出来，--add 会丢掉它们。请用 --replace 写全所有来源。")
    return roots_for(index, sources, base.roots, add, replace)


def refuse_emptied(roots: list[Root], files: list[SourceFile], base: Base) -> None:
    """A source that held reports and has no report file left is taken for a mistake (an unmounted disk), not a wish.

    Raises ``SourceError``.
    """
    alive = {file.root for file in files if PurePosixPath(file.file).suffix.lower() in SUPPORTED_SUFFIXES}
    alive |= {file.root for file in files if file.reason}
    held = {record.root for record in base.records.values() if record.reports}
    for root in roots:
        if root.label in held and root.label not in alive:
            raise SourceError(f"来源“{root.label}”突然空了。索引没有改动；若确实要清空，请用 --replace 换来源。")


def gather(
    listing: Listing,
    base: Base,
    drafts: Drafts,
    analyzer: Analyzer,
    *,
    jobs: int | None = None,
    budget: FileBudget,
    ocr: bool = False,
    progress: Progress,
) -> Gathered:
    """Reads every file that is not carried over, each within ``budget``, and lays its reports aside in ``drafts``."""
    files = listing.files
    progress.begin(len(files))
    corrections = read_corrections(listing.companions, files)
    gathered = Gathered(warnings=corrections.warnings)
    gathered.synonyms = read_synonyms(listing.synonyms, gathered.warnings)
    records = base.records
    tasks = _tasks(files, corrections, base, ocr)
    outcomes: dict[int, _Outcome] = {}
    for number, packed in prepare_all(tasks, analyzer, jobs, budget):
        laid = tuple(drafts.lay_aside(report) for report in packed.reports)
        outcomes[number] = _Outcome(replace(packed, reports=()), laid)
        progress.file_done(packed.blocks)
    for number, file in enumerate(files):
        _take(gathered, file, outcomes.pop(number), records.get(file.file), drafts)
        if file.file.endswith("/"):
            _keep_folder(gathered, file, records, drafts)
    return gathered


def _tasks(files: Sequence[SourceFile], corrections: Corrections, base: Base, ocr: bool) -> list[Task]:
    """What is to be done of each file, as far as the build that is there does not hold it."""
    records = base.records
    tasks = []
    for file in files:
        better = corrections.of(file.file)
        known = _known_sha256(base, records.get(file.file), digest_of(better))
        tasks.append(Task(file.file, file.path, known, file.reason, better, ocr))
    return tasks


def _known_sha256(base: Base, record: FileRecord | None, corrections: str) -> str | None:
    """The hash under which a file can be carried over: its reports must stand in no other place.

    Not when its ``corrections`` (their digest) have changed: what was read is not kept apart from what was corrected.
    """
    if record is None or record.status == "failed" or base.reader is None or not base.onward:
        return None
    if record.corrections != corrections:
        return None
    if any(len(base.reader.summary(report_id).sources) > 1 for report_id in record.reports):
        return None
    return record.sha256


def _keep_folder(gathered: Gathered, folder: SourceFile, records: Mapping[str, FileRecord], drafts: Drafts) -> None:
    """Keeps what is known of the files in a folder that cannot be opened now."""
    for record in records.values():
        if record.file.startswith(folder.file) and record.reports:
            gathered.drafts.extend(_carried(drafts, record))
            gathered.records.append(replace(record, status="kept", reason=folder.reason))


def _take(gathered: Gathered, file: SourceFile, outcome: _Outcome, before: FileRecord | None, drafts: Drafts) -> None:
    packed = outcome.packed
    if not packed.unchanged and not packed.reason:
        gathered.drafts.extend(outcome.drafts)
        record = FileRecord(
            file.root,
            file.file,
            packed.sha256,
            "read",
            encoding=packed.encoding,
            corrections=packed.corrections,
            warnings=packed.warnings,
        )
    elif packed.unchanged and before is not None:
        gathered.unchanged += 1
        gathered.drafts.extend(_carried(drafts, before))
        record = replace(before, status="read", reason="")
    elif before is not None and before.reports:
        gathered.drafts.extend(_carried(drafts, before))
        record = replace(before, status="kept", reason=packed.reason)
    else:
        record = FileRecord(file.root, file.file, packed.sha256, "failed", reason=packed.reason)
    gathered.records.append(record)


def _carried(drafts: Drafts, record: FileRecord) -> Iterator[Draft]:
    """The reports of a file as the base build holds them, as standing in this file alone."""
    for report_id in record.reports:
        yield drafts.carried(report_id, lambda source: stands_in(source, record.file))
