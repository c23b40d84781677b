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

    At the end of the ``with`` block tasks that have begun are waited for, others are dropped.
    """
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (start, args))
    try:
        yield Workers(pool)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C waits meanwhile, also in the processes that are started here, until they know what to do with it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
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
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
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
