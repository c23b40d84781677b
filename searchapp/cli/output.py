"""What a command writes for other programs: to standard output, or to a file that the person names."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from searchapp.errors import RequestError
from searchapp.store.files import reason_of, write_named

STANDARD_OUTPUT = "-"


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
