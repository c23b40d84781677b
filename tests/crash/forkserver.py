"""A process that has imported searchapp once and forks a ``searchapp`` command for every line it is sent.

A request is a JSON object: ``args`` (the command line), ``log`` (a file that gets the name of every checkpoint), and at
most one of ``die_at`` (SIGKILL itself at that checkpoint, from 1), ``fail_at`` (raise ENOSPC there, as a full disk
does), ``hold_at`` with ``until`` (wait there for the file ``until``), ``file_limit`` (no file may grow beyond so many
bytes), ``fsync`` (wait for the disk as everyday runs do). The answers are ``{"pid": ...}`` at once and, at the end,
``{"status": ..., "output": ...}``; the status is negative for the signal that ended the process. Every command is a
process of its own, ended by the kernel without a word to Python: only the start-up is shared.

Without ``fsync`` the disk is not waited for: what a killed process has written stays written, whether it has reached
the disk or not, so waiting would only make the tests slow. The checkpoints come all the same.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

from searchapp.cli import main
from searchapp.config import Settings
from searchapp.indexing.read_all import FileBudget
from searchapp.indexing.run import IndexingOptions
from searchapp.store import files
from searchapp.wiring import index_sources


def serve() -> None:
    """Answers requests until standard input ends."""
    _warm_up()
    for line in sys.stdin:
        request = json.loads(line)
        with tempfile.TemporaryFile() as output:
            child = os.fork()
            if child == 0:
                _become_command(request, output.fileno())
            _answer({"pid": child})
            _, status = os.waitpid(child, 0)
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
            _answer({"status": os.waitstatus_to_exitcode(status), "output": text})


def _warm_up() -> None:
    """Reads dictionaries and imports what is imported late, once for all commands."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "报告.txt")
        report.write_text("某局2023年度工作报告\n一、工作情况\n认真学习，抓好落实。\n", encoding="utf-8")
        index_sources(Settings(Path(folder, "index")), IndexingOptions((report,), jobs=1, budget=FileBudget(0, 0)))
    # What is there now stays shared between all processes: no collection writes to it.
    gc.collect()
    gc.freeze()


def _answer(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _become_command(request: dict[str, Any], output: int) -> None:
    status = 70
    try:
        os.dup2(output, 1)
        os.dup2(output, 2)
        files.checkpoint = _Checkpoint(request)
        if not request.get("fsync"):
            os.fsync = lambda descriptor: None
        if (limit := request.get("file_limit")) is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        main(request["args"], prog_name="searchapp")
    except SystemExit as exc:
        status = exc.code if isinstance(exc.code, int) else 0 if exc.code is None else 1
    except BaseException:
        traceback.print_exc()
        status = 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


class _Checkpoint:
    """Stands in for ``searchapp.store.files.checkpoint``."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._request = request
        self._log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._count = 0

    def __call__(self, step: str) -> None:
        self._count += 1
        os.write(self._log, f"{step}\n".encode())
        if self._count == self._request.get("die_at"):
            os.kill(os.getpid(), signal.SIGKILL)
        if self._count == self._request.get("fail_at"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self._count == self._request.get("hold_at"):
            while not Path(self._request["until"]).exists():
                time.sleep(0.01)


if __name__ == "__main__":
    serve()
