"""Worker processes that never outlive the process that started them, however that ends, and that stop when told.

Ctrl-C reaches every process of a terminal. A worker gives up the task it is at, and every one after it; on its way out
with a result it is not disturbed, since a pipe with half a result in it would be waited at for ever.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, ParamSpec, TypeVar

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
