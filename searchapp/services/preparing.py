"""Preparing a source file for the index: bytes, hash, reading, analysis. Runs in worker processes.

Whatever a file holds gives a value, never an exception: it is reported and the rest is indexed.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from searchapp.engines.base import AnalyzedBlock, AnalyzedReport
from searchapp.errors import ReadError
from searchapp.reports import FileReading, Report, read_report_file
from searchapp.reports.readers.limits import check_file_size
from searchapp.reports.readers.office import CACHE_VARIABLE, OFFICE_SUFFIXES, convert_ahead
from searchapp.services.corrections import Correction, corrected, digest_of
from searchapp.store.files import reason_of
from searchapp.text.analyzer import Analyzer
from searchapp.text.normalize import normalize

PARALLEL_FROM_BYTES = 2_000_000
"""Below this much text to read, starting worker processes costs more than it saves."""
_CHUNK_FILES = 4
READ_ATTEMPTS = 3
READ_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Task:
    """A file to prepare; ``known_sha256`` is that of the version already indexed, if it can be carried over.

    ``reason`` is not empty when it is already known that it cannot be read.
    """

    file: str
    path: Path
    known_sha256: str | None
    reason: str = ""
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What became of a task: unchanged (neither reading nor reason), a reading with its analysis, or a reason.

    ``corrections`` is the digest of those that were applied to the reading.
    """

    file: str
    sha256: str
    reading: FileReading | None = None
    analyzed: tuple[AnalyzedReport, ...] = ()
    reason: str = ""
    corrections: str = ""

    @property
    def unchanged(self) -> bool:
        """Whether the file is as it was when it was indexed."""
        return self.reading is None and not self.reason


def prepare(task: Task, analyzer: Analyzer) -> Prepared:
    """Reads, parses, corrects and analyzes one file."""
    prepared = read_task(task)
    if prepared.reading is None:
        return prepared
    reading = corrected(prepared.reading, task.corrections)
    analyzed = tuple(analyze(report, analyzer) for report in reading.reports)
    return replace(prepared, reading=reading, analyzed=analyzed, corrections=digest_of(task.corrections))


def read_task(task: Task) -> Prepared:
    """Reads and parses one file, without corrections and analysis."""
    if task.reason:
        return Prepared(task.file, "", reason=task.reason)
    try:
        check_file_size(task.file, task.path.stat().st_size)
        data = _read_at_rest(task.path)
    except ReadError as exc:
        return Prepared(task.file, "", reason=exc.reason)
    except OSError as exc:
        return Prepared(task.file, "", reason=f"读不出来：{reason_of(exc)}")
    if data is None:
        return Prepared(task.file, "", reason="读取时文件还在变动，等写完后再索引")
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 == task.known_sha256:
        return Prepared(task.file, sha256)
    try:
        reading = read_report_file(data, task.file)
    except ReadError as exc:
        return Prepared(task.file, sha256, reason=exc.reason)
    except Exception as exc:  # one strange file must not stop the others
        return Prepared(task.file, sha256, reason=f"读取时出错（{type(exc).__name__}: {exc}）")
    return Prepared(task.file, sha256, reading)


def _read_at_rest(path: Path) -> bytes | None:
    """The file's bytes, when nobody wrote to it meanwhile; one more look is taken at a file that changes."""
    for _ in range(READ_ATTEMPTS):
        before = path.stat()
        data = path.read_bytes()
        after = path.stat()
        if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size) and len(data) == after.st_size:
            return data
        time.sleep(READ_PAUSE_SECONDS)
    return None


def analyze(report: Report, analyzer: Analyzer) -> AnalyzedReport:
    """Normalized text and jieba words of a report's blocks, headings and title."""
    heading_words: dict[str, list[str]] = {}
    blocks = []
    for block in report.blocks:
        for heading in block.headings:
            if heading not in heading_words:
                heading_words[heading] = analyzer.words(normalize(heading))
        text = normalize(block.text, block.marks)
        path = tuple(word for heading in block.headings for word in heading_words[heading])
        blocks.append(AnalyzedBlock(text, tuple(analyzer.words(text)), path))
    return AnalyzedReport(report, tuple(analyzer.words(normalize(report.meta.title))), tuple(blocks))


def prepare_all(tasks: list[Task], analyzer: Analyzer, jobs: int | None) -> Iterator[Prepared]:
    """Prepares every task, in order; in ``jobs`` processes (by default as many as cores) when there is enough to do."""
    with _converted_ahead(tasks):
        yield from _prepare_all(tasks, analyzer, jobs)


@contextlib.contextmanager
def _converted_ahead(tasks: Sequence[Task]) -> Iterator[None]:
    """Old office files converted in one start of LibreOffice, for the readers to find; removed in the end."""
    paths = [task.path for task in tasks if not (task.known_sha256 or task.reason)]
    if not any(path.suffix.lower() in OFFICE_SUFFIXES for path in paths):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="searchapp-") as folder:
        convert_ahead(paths, Path(folder))
        os.environ[CACHE_VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[CACHE_VARIABLE]


def _prepare_all(tasks: list[Task], analyzer: Analyzer, jobs: int | None) -> Iterator[Prepared]:
    workers = min(jobs or os.cpu_count() or 1, max(1, len(tasks)))
    if workers == 1 or (jobs is None and _bytes_to_read(tasks) < PARALLEL_FROM_BYTES):
        return (prepare(task, analyzer) for task in tasks)
    return _in_parallel(tasks, analyzer, workers)


def _in_parallel(tasks: list[Task], analyzer: Analyzer, workers: int) -> Iterator[Prepared]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start_worker, (analyzer.dictionary,)) as pool:
        yield from pool.map(_prepare_in_worker, tasks, chunksize=_CHUNK_FILES)


def _bytes_to_read(tasks: Iterable[Task]) -> int:
    total = 0
    for task in tasks:
        if not (task.known_sha256 or task.reason):
            with contextlib.suppress(OSError):
                total += task.path.stat().st_size
    return total


_worker_analyzer: Analyzer | None = None


def _start_worker(dictionary: tuple[str, ...]) -> None:
    global _worker_analyzer  # noqa: PLW0603 - a worker process serves one analyzer for its whole life
    _worker_analyzer = Analyzer(dictionary)


def _prepare_in_worker(task: Task) -> Prepared:
    assert _worker_analyzer is not None
    return prepare(task, _worker_analyzer)
