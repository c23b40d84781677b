"""How a command ends: its exit status, and what becomes of output that nobody takes.

A full disk is told in one line; a reader that has gone (``| head -1``) is not told at all, as other programs do.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from searchapp.cli.output import say
from searchapp.store.files import reason_of

EXIT_NOT_FOUND = 1
EXIT_REQUEST = 2
EXIT_LIBRARY = 3
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143
EXIT_CLOSED_PIPE = 141
"""As a shell tells of a program that SIGPIPE has ended."""


@contextmanager
def closed_pipes_end_it() -> Iterator[None]:
    """A reader that has gone ends the command with :data:`EXIT_CLOSED_PIPE`, before click gives a status of its own."""
    try:
        yield
    except BrokenPipeError:
        sys.exit(EXIT_CLOSED_PIPE)


def status_when_written(command: Callable[[], int]) -> int:
    """The status of ``command`` when all its output has been taken, else that of what went wrong with it.

    Afterwards nothing is left to be written while the interpreter ends, where it would be told in its own words.
    """
    try:
        status = command()
        sys.stdout.flush()
    except BrokenPipeError:
        status = EXIT_CLOSED_PIPE
    except OSError as exc:
        where = f"{Path(os.fsdecode(exc.filename)).name}：" if isinstance(exc.filename, str | bytes) else ""
        say(f"searchapp：没有做完：{where}{reason_of(exc)}")
        status = EXIT_REQUEST
    for stream in (sys.stdout, sys.stderr):
        _let_go(stream)
    return status


def _let_go(stream: TextIO) -> None:
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
