"""Tasks for workers, some of them bad ones, in a module that every worker can import at once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

MEBIBYTE = 1 << 20


def holder(folder: Path) -> Callable[[int], None]:
    """Does tasks that hold a lock for as long as the process lives."""

    def hold(number: int) -> None:
        import filelock

        with filelock.FileLock(folder / f"{number}.lock"):
            (folder / f"{number}.held").touch()
            time.sleep(600)

    return hold


def doer() -> Callable[[str], object]:
    """Does a task by its name."""
    return do


def leaver(*_: object) -> Callable[[object], object]:
    """Ends its process at the first task."""
    return lambda task: os._exit(1)


def do(task: str) -> object:
    match task.split():
        case ["sleep", seconds]:
            time.sleep(float(seconds))
        case ["die"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case ["leave"]:
            os._exit(0)
        case ["take", megabytes]:
            return len(bytearray(int(megabytes) * MEBIBYTE))
        case ["raise"]:
            raise ValueError("no such thing")
        case ["raise", "what", "cannot", "leave"]:
            raise UnpicklableError(lambda: None)
        case ["spin"]:
            while True:
                pass
    return task


class UnpicklableError(Exception):
    pass
