"""Work in processes of its own: each task under a budget of time and memory, whatever it does.

A worker that exceeds its budget, dies or hangs is ended and replaced, and its task has a :class:`Failure` for a result;
all other tasks go on. Workers never outlive the process that started them, however that ends. Ctrl-C reaches every
process of a terminal, so workers leave it to the one that started them: it ends them on its way out.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, Literal, TypeVar

from searchapp.reports.readers import external

T = TypeVar("T")
R = TypeVar("R")

LEAVING_SECONDS = 2.0
"""So long a worker that is told to end may take to end what it has started; then it is killed."""
POLL_SECONDS = 1.0
STARTING_SECONDS = 120.0
"""So long a worker may take until it begins with its first task; that is no time of the task."""

_HELD = (signal.SIGINT, signal.SIGTERM)
_METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_CONTEXT: Any = multiprocessing.get_context(_METHOD)


class WorkerDiedError(Exception):
    """A process ended before its task was done: killed, perhaps for want of memory."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task has no result: its worker was ended after so many ``seconds``, it died, or it raised ``error``."""

    kind: Literal["time", "died", "raised"]
    seconds: float = 0.0
    error: Exception | None = None


class Worker(Generic[T, R]):
    """A process that does one task after another: ``start(*args)`` gives, there, the function that does them.

    ``memory``: bytes of address space that it may take beyond what it has when it has started; 0 for any number.
    """

    def __init__(self, start: Callable[..., Callable[[T], R]], *args: Any, memory: int = 0) -> None:
        ours, theirs = _CONTEXT.Pipe()
        self.connection: Connection = ours
        given = (theirs, dict(os.environ), start, args, memory)
        self._process = _CONTEXT.Process(target=_serve, args=given, daemon=True)
        with _interrupts_held(), _no_main_module():
            self._process.start()
        theirs.close()

    def give(self, task: T) -> None:
        """Hands out a task. A worker that is gone is found when its result is taken."""
        with contextlib.suppress(OSError):
            self.connection.send(task)

    def take(self) -> R | Failure | _Waiting | _Started:
        """What the worker has sent; waits for it."""
        try:
            sent: R | Failure | _Waiting | _Started = self.connection.recv()
        except (EOFError, OSError):
            return Failure("died")
        return sent

    def end(self) -> None:
        """Ends the worker, and what it has started."""
        self._process.terminate()
        self._process.join(LEAVING_SECONDS)
        self._process.kill()
        self._process.join()
        self.connection.close()


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A worker has started a program that has a limit of its own, and waits for it so many seconds at most."""

    seconds: float


@dataclass(frozen=True, slots=True)
class _Started:
    """A worker is ready for tasks."""


@dataclass(slots=True)
class _AtWork(Generic[T, R]):
    """A worker with the task that it has been given: its number and ``seconds``, and when these are over."""

    worker: Worker[T, R]
    number: int
    seconds: float
    began: float
    deadline: float


def in_workers(
    tasks: Iterable[T],
    workers: int,
    start: Callable[..., Callable[[T], R]],
    *args: Any,
    seconds_of: Callable[[T], float],
    memory: int = 0,
) -> Generator[tuple[int, R | Failure], None, None]:
    """Does every task in one of ``workers`` processes and gives each result as soon as it is there, with its number.

    ``seconds_of`` a task: how long it may take. No task is taken before a worker is free for it.
    """
    ahead = enumerate(tasks)
    at_work: dict[Connection, _AtWork[T, R]] = {}

    def begin(worker: Worker[T, R] | None) -> None:
        following = next(ahead, None)
        if following is None:
            if worker is not None:
                worker.end()
            return
        number, task = following
        now, seconds = time.monotonic(), seconds_of(task)
        deadline = now + (seconds if worker else STARTING_SECONDS)
        worker = worker or Worker(start, *args, memory=memory)
        at_work[worker.connection] = _AtWork(worker, number, seconds, now, deadline)
        worker.give(task)

    try:
        for _ in range(workers):
            begin(None)
        while at_work:
            least = min(each.deadline for each in at_work.values()) - time.monotonic()
            ready = wait(list(at_work), timeout=max(0.0, min(least, POLL_SECONDS)))
            for connection in ready:
                each = at_work[connection]  # type: ignore[index]
                sent = each.worker.take()
                if isinstance(sent, _Waiting):
                    each.deadline += sent.seconds
                    continue
                if isinstance(sent, _Started):
                    each.began = time.monotonic()
                    each.deadline = each.began + each.seconds
                    continue
                del at_work[each.worker.connection]
                if isinstance(sent, Failure):
                    # Also one that has raised: after an error for want of memory there is little left of it.
                    each.worker.end()
                    begin(None)
                else:
                    begin(each.worker)
                yield each.number, sent
            now = time.monotonic()
            for each in [each for each in at_work.values() if each.deadline <= now]:
                del at_work[each.worker.connection]
                each.worker.end()
                begin(None)
                yield each.number, Failure("time", now - each.began)
    finally:
        for each in at_work.values():
            each.worker.end()


@contextlib.contextmanager
def beside(start: Callable[..., Callable[[T], R]], *args: Any, task: T) -> Iterator[Callable[[], R]]:
    """Does one task in a process of its own while the block runs. What is given waits for its result, or raises what
    the task has raised; ``WorkerDiedError`` when its process has died.
    """
    worker: Worker[T, R] = Worker(start, *args)

    def result() -> R:
        while isinstance(sent := worker.take(), _Waiting | _Started):
            pass
        if isinstance(sent, Failure):
            raise sent.error or WorkerDiedError
        return sent

    try:
        worker.give(task)
        yield result
    finally:
        worker.end()


def preload(*modules: str) -> None:
    """Has ``modules`` imported once for all workers that are started later, where the system can do that."""
    if _METHOD == "forkserver":
        _CONTEXT.set_forkserver_preload(list(modules))


def _serve(
    connection: Connection,
    environment: Mapping[str, str],
    start: Callable[..., Callable[[Any], Any]],
    args: tuple[Any, ...],
    memory: int,
) -> None:
    os.environ.update(environment)  # a fork server has that of its own start
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD)
    external.on_wait = lambda seconds: connection.send(_Waiting(seconds))
    work = start(*args)
    if memory:
        _limit_memory(memory)
    connection.send(_Started())
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        try:
            connection.send(_done(work, task))
        except MemoryError:
            connection.send(Failure("raised", error=MemoryError()))


def _done(work: Callable[[Any], Any], task: Any) -> Any:
    """The result of a task, or the failure that it is: a task never ends the others."""
    try:
        return work(task)
    except Exception as exc:
        try:
            pickle.loads(pickle.dumps(exc))
        except Exception:  # an error that cannot leave its process is told of by its name
            return Failure("raised", error=RuntimeError(f"{type(exc).__name__}: {exc}"[:500]))
        return Failure("raised", error=exc)


def _limit_memory(more: int) -> None:
    """Lets this process take ``more`` bytes of address space than it has, where the system can say how much that is.

    Programs that it starts may take what they need (``external.run_limited``).
    """
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (ImportError, OSError, ValueError):
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _leave_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


@contextlib.contextmanager
def _no_main_module() -> Iterator[None]:
    """A process that is started meanwhile does not run the script that started this one: it needs nothing of it, and a
    script need not be written for being run twice.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


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
