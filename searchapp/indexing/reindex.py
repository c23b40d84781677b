"""Reindexing: a library moved to another engine out of its build alone, without the source files.

Reports, ids and addresses stay, and so do the records of source files: the next indexing run of the moved index reads
only what has changed.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from searchapp.engines.base import Reader
from searchapp.errors import IndexBusyError, IndexDamagedError, LibraryError, NoIndexError, SourceError
from searchapp.indexing.gather import NoProgress, Progress
from searchapp.indexing.lexicon_process import CUT_FILE
from searchapp.indexing.read_file import analyze_report
from searchapp.indexing.run import Pipeline
from searchapp.lexicon import LEXICON_FILE
from searchapp.search.result import LibraryStats
from searchapp.store import builds
from searchapp.store.files import discard_spools, reason_of
from searchapp.store.manifest import (
    Manifest,
    Root,
    measure_contents,
    read_manifest,
    read_roots,
    relative_root,
    root_path,
    write_manifest,
)
from searchapp.store.retired_ids import RETIRED_FILE
from searchapp.text.word_table import BulkCutter

CARRIED_FILES = (RETIRED_FILE, LEXICON_FILE, CUT_FILE)
"""Files of a build that no engine has a part in."""


@dataclass(frozen=True, slots=True)
class Held:
    """A build to be moved: its index folder, its name, and a reader of it."""

    index: Path
    build: str
    reader: Reader


def reindex(held: Held, target: Path, pipeline: Pipeline, progress: Progress | None = None) -> LibraryStats:
    """Makes what ``held`` holds the next build of the index in ``target``, which may be the same folder.

    Raises ``IndexBusyError`` (also when ``held`` is not current), ``SourceError`` (``target`` holds another library) or
    ``LibraryError`` (it cannot be written); then the index in ``target`` is as it was.
    """
    try:
        with builds.index_lock(target):
            builds.recover(target)
            builds.discard_stale(target)
            discard_spools(target)
            _refuse_stale(held)
            manifest = _moved(read_manifest(_folder(held)), held.index, target, pipeline.engine.name)
            _refuse_another(target, manifest)
            build = _write(held, target, manifest, pipeline, progress or NoProgress())
            builds.discard_stale(target)
        reader = pipeline.engine.open_reader(builds.build_folder(target, build))
        try:
            return reader.stats()
        finally:
            reader.close()
    except OSError as exc:
        raise LibraryError(f"索引写不下去：{reason_of(exc)}。原有的索引没有受影响。") from exc


def _folder(held: Held) -> Path:
    return builds.build_folder(held.index, held.build)


def _moved(manifest: Manifest, source: Path, target: Path, engine: str) -> Manifest:
    """The manifest in its new place: paths to the sources begin at the index folder."""
    roots = (Root(root.label, relative_root(target, root_path(source, root))) for root in manifest.roots)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return replace(manifest, engine=engine, created=created, roots=tuple(roots), contents={})


def _refuse_stale(held: Held) -> None:
    """What was opened before the lock was taken must not take the place of a build that came in between."""
    if builds.current_build(held.index) != held.build:
        raise IndexBusyError("转存之前索引刚更新过；请再做一次。现有索引没有受影响。")


def _refuse_another(target: Path, manifest: Manifest) -> None:
    try:
        there = read_roots(builds.build_folder(target, builds.current_build(target)))
    except (NoIndexError, IndexDamagedError):
        return
    if there and {root.path for root in there} != {root.path for root in manifest.roots}:
        raise SourceError(f"{target} 里已有另一批来源的索引，不覆盖它。请另选一个文件夹。")


def _write(held: Held, target: Path, manifest: Manifest, pipeline: Pipeline, progress: Progress) -> str:
    build = builds.begin_build(target)
    folder = builds.build_folder(target, build)
    try:
        for name in CARRIED_FILES:
            shutil.copyfile(_folder(held) / name, folder / name)
        write_anew(held.reader, folder, pipeline, progress)
        write_manifest(folder, replace(manifest, contents=measure_contents(folder)))
        builds.publish(target, build)
    except BaseException:
        builds.discard(target, build)
        raise
    return build


def write_anew(reader: Reader, folder: Path, pipeline: Pipeline, progress: Progress) -> None:
    """Writes into ``folder`` all that an engine has a part in, from nothing but the texts that ``reader`` holds."""
    writer = pipeline.engine.open_writer(folder, None)
    try:
        order = [summary.report_id for summary in reader.reports()]
        progress.begin(len(order))
        cutter = BulkCutter(pipeline.analyzer)
        for report in reader.iterate():
            writer.add_report(analyze_report(report, cutter).packed)
            progress.file_done(len(report.blocks))
        progress.writing()
        writer.commit(order)
    except BaseException:
        writer.abort()
        raise
