"""Many files prepared, each in a worker process under a budget: whatever one of them does, the others are read.

A file that exceeds its budget, or ends the process that reads it, is named with the reason like any other that cannot
be read. Files that have not changed need no worker.
"""

from __future__ import annotations

import contextlib
import math
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from searchapp.indexing.read_file import PackedFile, Task, carried_over, prepare
from searchapp.indexing.worker_pool import Failure, in_workers, preload
from searchapp.reports.readers.limits import MEBIBYTE
from searchapp.reports.readers.office import CACHE_VARIABLE, OFFICE_SUFFIXES, convert_ahead
from searchapp.text.analyzer import Analyzer
from searchapp.text.word_table import BulkCutter

BYTES_IN_BUDGET = 10 * MEBIBYTE
"""A file of more bytes than this has its seconds for each such part of it."""


@dataclass(frozen=True, slots=True)
class FileBudget:
    """What reading one file may take: ``seconds`` (more for a large one) and ``memory`` in bytes; 0 is without end.

    Programs that readers start (LibreOffice, ocrmypdf) have limits of their own.
    """

    seconds: float = 60.0
    memory: int = 2048 * MEBIBYTE

    def seconds_of(self, task: Task) -> float:
        """The seconds that a file may take."""
        if not self.seconds:
            return math.inf
        size = 0
        with contextlib.suppress(OSError):
            size = task.path.stat().st_size
        return self.seconds * max(1, -(-size // BYTES_IN_BUDGET))


def prepare_all(
    tasks: Sequence[Task], analyzer: Analyzer, jobs: int | None, budget: FileBudget
) -> Iterator[tuple[int, PackedFile]]:
    """Prepares every task and gives each as soon as it is done, with its number: a large file holds up no other.

    In ``jobs`` processes, by default as many as cores. One without a budget is spared: then this one reads.
    """
    workers = jobs or os.cpu_count() or 1
    to_read: list[int] = []
    with ThreadPoolExecutor(workers) as threads:
        for number, packed in enumerate(threads.map(carried_over, tasks)):
            if packed is None:
                to_read.append(number)
            else:
                yield number, packed
    chosen = [tasks[number] for number in to_read]
    with _converted_ahead(chosen):
        if workers == 1 and budget == FileBudget(0, 0):
            read = _reader(analyzer.dictionary)
            yield from ((number, read(tasks[number])) for number in to_read)
            return
        budget = replace(budget, memory=_memory_of_each(budget.memory, workers))
        preload("searchapp.indexing.read_file", "rjieba")  # with its dictionary, once for all
        done = in_workers(
            chosen,
            min(workers, len(chosen)),
            _reader,
            analyzer.dictionary,
            seconds_of=budget.seconds_of,
            memory=budget.memory,
        )
        with contextlib.closing(done):
            for number, result in done:
                packed = _failed(chosen[number], result, budget) if isinstance(result, Failure) else result
                yield to_read[number], packed


def _reader(dictionary: tuple[str, ...]) -> Callable[[Task], PackedFile]:
    return partial(prepare, cutter=BulkCutter(Analyzer(dictionary)))


def _failed(task: Task, failure: Failure, budget: FileBudget) -> PackedFile:
    """A file whose reading came to nothing, with the reason."""
    if failure.kind == "time":
        reason = f"读了 {failure.seconds:.0f} 秒还没有读完，已停止；确是报告的话可用 --file-seconds 放宽"
    elif failure.kind == "died" or isinstance(failure.error, MemoryError):
        most = f"（最多 {budget.memory // MEBIBYTE:,} MB，可用 --file-memory 放宽）" if budget.memory else ""
        reason = f"读取时内存不够，或读取的进程意外结束{most}"
    else:
        reason = f"读取时出错（{type(failure.error).__name__}: {failure.error}）"
    return PackedFile(task.file, "", unchanged=False, reason=reason)


def _memory_of_each(wanted: int, workers: int) -> int:
    """No more than all of the machine's memory shared by the workers and the process that writes."""
    most = _memory_of_machine() // (workers + 1)
    return min(wanted, most) if wanted and most else wanted


def _memory_of_machine() -> int:
    """Bytes that processes here may have in all; 0 where the system does not say."""
    with contextlib.suppress(OSError, ValueError):
        return int(Path("/sys/fs/cgroup/memory.max").read_text())
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return 0


@contextlib.contextmanager
def _converted_ahead(tasks: Sequence[Task]) -> Iterator[None]:
    """Old office files converted in one start of LibreOffice, for the readers to find; removed in the end."""
    paths = [task.path for task in tasks]
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
