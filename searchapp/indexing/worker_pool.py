"""Many files prepared, one after another or in worker processes, with only a few of them in memory at a time.

Workers never outlive the process that started them, however that ends. Ctrl-C reaches every process of a terminal: a
worker gives up its task and every later one, but sends a result undisturbed, since half a result in a pipe would be
waited for forever.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from searchapp.indexing.read_file import PackedFile, Task, prepare
from searchapp.reports.readers.office import CACHE_VARIABLE, OFFICE_SUFFIXES, convert_ahead
from searchapp.text.analyzer import Analyzer
from searchapp.text.word_table import BulkCutter

PARALLEL_FROM_BYTES = 2_000_000
"""Below this much text to read, starting worker processes costs more than it saves."""
WAITING_PER_WORKER = 3
"""Files handed to a worker and not yet taken back: one at work, one in the pipe, one done. They bound the memory."""


def prepare_all(tasks: Sequence[Task], analyzer: Analyzer, jobs: int | None) -> Iterator[tuple[int, PackedFile]]:
    """Prepares every task and gives each as soon as it is done, with its number: a large file holds up no other.

    In ``jobs`` processes (by default as many as cores) when there is enough to do. Raises ``BrokenProcessPool`` when
    one of them dies.
    """
    with _converted_ahead(tasks):
        workers = min(jobs or os.cpu_count() or 1, max(1, len(tasks)))
        if workers == 1 or (jobs is None and _bytes_to_read(tasks) < PARALLEL_FROM_BYTES):
            cutter = BulkCutter(analyzer)
            for number, task in enumerate(tasks):
                yield number, prepare(task, cutter)
        else:
            yield from _in_parallel(tasks, analyzer, workers)


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


def _in_parallel(tasks: Sequence[Task], analyzer: Analyzer, workers: int) -> Iterator[tuple[int, PackedFile]]:
    waiting: dict[Future[PackedFile], int] = {}
    ahead = iter(enumerate(tasks))
    with worker_pool(workers, _start_worker, analyzer.dictionary) as pool:
        while True:
            while len(waiting) < workers * WAITING_PER_WORKER and (following := next(ahead, None)) is not None:
                number, task = following
                waiting[pool.submit(_prepare_in_worker, task)] = number
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield waiting.pop(future), future.result()


def _bytes_to_read(tasks: Iterable[Task]) -> int:
    total = 0
    for task in tasks:
        if not (task.known_sha256 or task.reason):
            with contextlib.suppress(OSError):
                total += task.path.stat().st_size
    return total


_worker_cutter: BulkCutter | None = None


def _start_worker(dictionary: tuple[str, ...]) -> None:
    global _worker_cutter  # noqa: PLW0603 - a worker process serves one analyzer for its whole life
    _worker_cutter = BulkCutter(Analyzer(dictionary))


def _prepare_in_worker(task: Task) -> PackedFile:
    assert _worker_cutter is not None
    return prepare(task, _worker_cutter)


P = ParamSpec("P")
T = TypeVar("T")

_HELD = (signal.SIGINT, signal.SIGTERM)


class Workers:
    """Processes at work."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def submit(self, task: Callable[P, T], *args: P.args, **named: P.kwargs) -> Future[T]:
        """Hands out a task. Its result raises ``BrokenProcessPool`` when the process that does it dies."""
        with _interrupts_held():
            return self._pool.submit(_at_work, task, *args, **named)


@contextlib.contextmanager
def worker_pool(workers: int, start: Callable[..., None] | None = None, *args: Any) -> Iterator[Workers]:
    """Up to so many processes, each of which begins with ``start(*args)``.

    At the end of the ``with`` block tasks that have begun are waited for, others are dropped. When this process is told
    to stop (SIGTERM, or SIGINT to it alone), tasks that have begun are given up too.
    """
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (start, args))
    try:
        yield Workers(pool)
    except (KeyboardInterrupt, SystemExit):
        _interrupt_children()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _interrupt_children() -> None:
    if not hasattr(signal, "pthread_sigmask"):  # Windows: a signal would end them in the middle of a result
        return
    for child in multiprocessing.active_children():
        if child.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGINT)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait meanwhile: a process that is half started would be left without what it is to know.

    They wait in the processes that are started here too, until these know what to do with them.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_working = False
_told_to_stop = False


def _begin(start: Callable[..., None] | None, args: tuple[Any, ...]) -> None:
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, _stop)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD)
    if start is not None:
        start(*args)


def _leave_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


def _stop(*_: object) -> None:
    global _told_to_stop  # noqa: PLW0603 - of this process
    _told_to_stop = True
    if _working:
        raise KeyboardInterrupt


def _at_work(task: Callable[..., Any], *args: Any, **named: Any) -> Any:
    global _working  # noqa: PLW0603 - of this process
    _working = True
    try:
        if _told_to_stop:
            raise KeyboardInterrupt
        return task(*args, **named)
    finally:
        _working = False
