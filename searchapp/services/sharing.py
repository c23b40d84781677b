"""Indexing spread over hosts: one begins, each of n reads its share of the files, one finishes.

All see the index folder and the sources, at the same places beside each other. A file belongs to the share that the
hash of its name says, so nobody hands out work, and a host that died is replaced by running its share again. What the
shares bring takes the place of reading in an ordinary run: ids, duplicates, retired addresses and the switch are
settled there, over all reports, as if one host had read them (docs/opensearch-sharding.md).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

from searchapp.errors import IndexDamagedError, LibraryError
from searchapp.services.corrections import digest_of, read_corrections
from searchapp.services.gathering import Base, NoProgress, Progress, open_base, refuse_emptied, roots_of_run, tasks_for
from searchapp.services.indexing import IndexingOptions, IndexingReport, Pipeline, build_index
from searchapp.services.preparing import PackedFile, Task
from searchapp.services.share_files import Share, ShareWriter, discard_shares, read_share, share_at
from searchapp.services.sources import list_sources
from searchapp.services.workers import prepare_all
from searchapp.store import builds
from searchapp.store.files import reason_of, write_durably
from searchapp.store.manifest import Root
from searchapp.text.analyzer import Analyzer

SHARES_FOLDER = "shares"
_RUN_FILE = "run.json"


@dataclass(frozen=True, slots=True)
class SharedRun:
    """What ``begin`` wrote down for the others. ``base``: the build that is there, empty when there is none.

    ``rebuild``: nothing of that build is carried over. ``fingerprint`` is that of analysis and reading.
    """

    run: str
    engine: str
    fingerprint: str
    base: str
    rebuild: bool
    ocr: bool
    roots: tuple[Root, ...]
    dictionary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareMade:
    """What one host did: ``files`` fell to it, ``unchanged`` of them needed no reading."""

    files: int
    unchanged: int
    reports: int
    failed: tuple[str, ...]


def begin(index: Path, options: IndexingOptions, pipeline: Pipeline) -> tuple[SharedRun, int]:
    """Begins a run, forgetting one that was not finished; gives it and the number of files to share.

    Raises as :func:`searchapp.services.indexing.build_index`.
    """
    with builds.index_lock(index):
        builds.recover(index)
        base = open_base(index, pipeline.engine, pipeline.fingerprint)
        try:
            roots = roots_of_run(index, base, options.sources, options.add, options.replace)
            files = list_sources(index, roots).files
            refuse_emptied(roots, files, base)
            run = SharedRun(
                run=secrets.token_hex(8),
                engine=pipeline.engine.name,
                fingerprint=pipeline.fingerprint,
                base=base.build or "",
                rebuild=options.rebuild,
                ocr=options.ocr,
                roots=tuple(roots),
                dictionary=pipeline.analyzer.dictionary,
            )
            _write_run(index, run)
            return run, len(files)
        except OSError as exc:
            raise LibraryError(f"写不进索引文件夹：{reason_of(exc)}") from exc
        finally:
            base.close()


def make_share(
    index: Path,
    share: tuple[int, int],
    pipeline: Pipeline,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> ShareMade:
    """Reads ``share``, a number (from 1) of how many, and lays it beside the others. May be done again at any time.

    Raises ``LibraryError`` when no run has begun, the index has moved on, or this host reads or cuts words otherwise.
    """
    run = current_run(index)
    _check_fingerprint(run, pipeline)
    base = open_base(index, pipeline.engine, pipeline.fingerprint)
    try:
        _check_base(run, base)
        number, count = share
        tasks = [task for task in _tasks(index, run, base) if share_of(task.file, count) == number]
        told = progress or NoProgress()
        told.begin(len(tasks))
        writer = ShareWriter(index / SHARES_FOLDER, Share(run.run, number, count))
        return _write_share(writer, len(tasks), prepare_all(tasks, pipeline.analyzer, jobs), told)
    except BrokenProcessPool as exc:
        raise LibraryError("读取报告的进程意外结束（可能是内存不足）。这一份没有做成；可加 --jobs 1 再试。") from exc
    except OSError as exc:
        raise LibraryError(f"写不进索引文件夹：{reason_of(exc)}") from exc
    finally:
        base.close()


def finish(
    index: Path, pipeline: Pipeline, *, jobs: int | None = None, progress: Progress | None = None
) -> IndexingReport:
    """Makes the next build of what all shares brought, and removes them.

    A file that has come since is read here; one that has gone is dropped. Raises ``LibraryError`` when a share is
    missing or not whole, and as :func:`searchapp.services.indexing.build_index`.
    """
    run = current_run(index)
    _check_fingerprint(run, pipeline)
    delivered = Delivered(run, tuple(_shares(index, run)))
    options = IndexingOptions(rebuild=run.rebuild, jobs=jobs, ocr=run.ocr)
    report = build_index(index, options, pipeline, progress, delivered)
    discard_shares(index / SHARES_FOLDER)
    return report


@dataclass(frozen=True, slots=True)
class Delivered:
    """What all shares brought, in place of reading: the roots of the run, and :meth:`prepare` for ``gather``."""

    run: SharedRun
    shares: tuple[Path, ...]

    @property
    def roots(self) -> list[Root]:
        """The roots that the next build mirrors."""
        return list(self.run.roots)

    def check(self, base: Base) -> None:
        """Raises ``LibraryError`` when the index has moved on since the run began."""
        _check_base(self.run, base)

    def prepare(self, tasks: Sequence[Task], analyzer: Analyzer, jobs: int | None) -> Iterator[tuple[int, PackedFile]]:
        """Every task as its share has done it; what no share could do (the file or its corrections are newer) anew."""
        waiting = {task.file: number for number, task in enumerate(tasks)}
        for path in self.shares:
            for packed in read_share(path):
                number = waiting.get(packed.file)
                if number is not None and _holds(packed, tasks[number]):
                    del waiting[packed.file]
                    yield number, packed
        numbers = sorted(waiting.values())
        for place, packed in prepare_all([tasks[number] for number in numbers], analyzer, jobs):
            yield numbers[place], packed


def share_of(file: str, count: int) -> int:
    """The share, from 1, that a file of this display name belongs to: the same on every host."""
    digest = blake2b(file.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % count + 1


def current_run(index: Path) -> SharedRun:
    """The run that has begun. Raises ``LibraryError`` when none has."""
    path = index / SHARES_FOLDER / _RUN_FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return SharedRun(**{**data, "roots": _roots(data["roots"]), "dictionary": tuple(data["dictionary"])})
    except FileNotFoundError as exc:
        raise LibraryError("还没有开始分头建索引。先在一台机器上：searchapp index 报告文件夹 --begin") from exc
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise IndexDamagedError("分头建索引的记录（shares/run.json）读不出来") from exc


def _roots(data: Sequence[dict[str, str]]) -> tuple[Root, ...]:
    return tuple(Root(**root) for root in data)


def _write_run(index: Path, run: SharedRun) -> None:
    folder = index / SHARES_FOLDER
    discard_shares(folder)
    folder.mkdir(exist_ok=True)
    write_durably(folder / _RUN_FILE, json.dumps(asdict(run), ensure_ascii=False, indent=1).encode("utf-8"))


def _check_fingerprint(run: SharedRun, pipeline: Pipeline) -> None:
    if (run.engine, run.fingerprint) != (pipeline.engine.name, pipeline.fingerprint):
        raise LibraryError("这里的 searchapp、分词或引擎与 --begin 时不同，各台机器要装同一个版本。")


def _check_base(run: SharedRun, base: Base) -> None:
    if (base.build or "") != run.base:
        raise LibraryError("--begin 之后索引又更新过，分好的各份接不上了。请重新 --begin。现有索引没有受影响。")
    if run.rebuild:
        base.onward = False


def _tasks(index: Path, run: SharedRun, base: Base) -> list[Task]:
    listing = list_sources(index, run.roots)
    return tasks_for(listing.files, read_corrections(listing.companions, listing.files), base, run.ocr)


def _write_share(
    writer: ShareWriter, files: int, prepared: Iterator[tuple[int, PackedFile]], told: Progress
) -> ShareMade:
    unchanged = reports = 0
    failed = []
    try:
        for _, packed in prepared:
            writer.add(packed)
            unchanged += packed.unchanged
            reports += len(packed.reports)
            if packed.reason:
                failed.append(f"{packed.file}：{packed.reason}")
            told.file_done(packed.blocks)
        writer.close()
    except BaseException:
        writer.abort()
        raise
    return ShareMade(files, unchanged, reports, tuple(failed))


def _shares(index: Path, run: SharedRun) -> list[Path]:
    """The files of all shares, in order: of the first division that is whole, whatever was laid beside it by mistake.

    Raises ``LibraryError`` when none is.
    """
    paths = sorted((index / SHARES_FOLDER).glob("*-of-*.jsonl"))
    divisions: dict[int, dict[int, Path]] = {}
    for path in paths:
        if (share := share_at(path)).run == run.run:
            divisions.setdefault(share.count, {})[share.number] = path
    lacking = []
    for count, found in sorted(divisions.items()):
        missing = sorted(set(range(1, count + 1)) - found.keys())
        if not missing:
            return [found[number] for number in sorted(found)]
        lacking.append(f"还缺第 {'、'.join(map(str, missing))} 份（共 {count} 份）")
    told = "；".join(lacking) or "一份也还没有交来"
    if len(lacking) > 1:
        told = f"各份分法不一，交齐一种就行：{told}"
    raise LibraryError(f"{told}。每台机器各做一份：searchapp index --shard i/n")


def _holds(packed: PackedFile, task: Task) -> bool:
    """Whether what a share made of a file is what would be made of it now, as far as can be told without reading it."""
    if packed.unchanged:
        return packed.sha256 == task.known_sha256
    return bool(packed.reason) or packed.corrections == digest_of(task.corrections)
