"""What a command writes: for people to a terminal, for other programs to standard output or a file they name.

Texts and names come from files that anybody may have made, and a terminal obeys control characters: it moves its cursor
over what was written, changes its title, sends keys. So whatever is for people goes through :func:`console`,
:func:`say` or :func:`show`, which write such characters visibly; JSON has its escapes for them, and files stay exact.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.segment import Segment

from searchapp.errors import RequestError
from searchapp.services.payloads.shape import json_text
from searchapp.store.files import reason_of, write_named

STANDARD_OUTPUT = "-"
PIPED_WIDTH = 160
"""Columns of a table that goes to a file or another program."""

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""C0 controls but tab and line feed, DEL, C1 controls; marks, embeddings, overrides and isolates of direction (Unicode
UAX 9), line separators; surrogates, which stand for bytes of names that are no UTF-8 (PEP 383)."""
_PICTURES, _DELETE_PICTURE = 0x2400, "\u2421"


def visible(text: str) -> str:
    """``text`` with each character that a terminal obeys written out.

    >>> visible("\x1b]0;标题\x07 \x9b \u202e")
    '␛]0;标题␇ \\\\x9b \\\\u202e'
    """
    return _UNSAFE.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(_PICTURES + code)
    if code == 0x7F:
        return _DELETE_PICTURE
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"


class _Output(Console):
    """What people read. That its reader has gone is the command's to tell, as everywhere else."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    def render(self, *args: Any, **extra: Any) -> Iterable[Segment]:
        """The pieces of text to be written; those that steer the terminal (``control``) are rich's own."""
        for segment in super().render(*args, **extra):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


def console(*, stderr: bool = False) -> Console:
    """Standard output or error for people: no markup is read in what reports hold, and no control character is sent."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPED_WIDTH
    return _Output(width=width, markup=False, highlight=False, emoji=False, stderr=stderr)


def say(line: str) -> None:
    """Standard error, as far as anybody takes it."""
    with suppress(OSError):
        click.echo(visible(line), err=True)


def show(line: str) -> None:
    """A line on standard output for people."""
    click.echo(visible(line))


def print_json(value: object) -> None:
    """Standard output for programs, which are exact, and for terminals that show it."""
    text = json_text(value, indent=2).encode("utf-8", "replace").decode("utf-8")
    click.echo(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def write_output(output: str, chunks: Iterable[bytes]) -> None:
    """Writes to the file ``output`` (:func:`write_named`), or to standard output.

    Raises ``RequestError`` for a file that cannot be written, ``OSError`` for standard output, ``BrokenPipeError`` for
    a pipe that nobody reads any more.
    """
    if output == STANDARD_OUTPUT:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    try:
        write_named(path, chunks)
    except BrokenPipeError:
        raise
    except FileNotFoundError as exc:
        raise RequestError(f"写不了 {path.name}：没有文件夹 {path.parent}") from exc
    except OSError as exc:
        raise RequestError(f"写不了 {path.name}：{reason_of(exc)}") from exc
