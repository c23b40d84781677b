"""A spool: what one indexing run lays aside on disk until it is needed again.

A file without a name wherever the system knows such files: it is gone with the process, however that ends. Where it
must have a name for a moment, the name is hidden and :func:`discard_spools` removes what a killed process left.
Knows bytes; must not know what they mean.
"""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

_PREFIX = ".spool-"


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a spool something is: bytes, 0-based."""

    start: int
    size: int


class Spool:
    """Bytes laid aside in ``folder``. Raises ``OSError`` as files do."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, prefix=_PREFIX)  # noqa: SIM115 - it lives as long as the spool
        self._end = 0

    def add(self, data: bytes) -> Span:
        """Appends ``data``."""
        self._file.seek(self._end)
        self._file.write(data)
        span = Span(self._end, len(data))
        self._end += len(data)
        return span

    def read(self, span: Span) -> bytes:
        """What :meth:`add` was given."""
        self._file.seek(span.start)
        return self._file.read(span.size)

    def close(self) -> None:
        """Drops everything."""
        # What could not be written any more is of no interest: the run has failed or is over.
        with contextlib.suppress(OSError):
            self._file.close()


def discard_spools(folder: Path) -> None:
    """Removes spools of killed processes. Only for who holds the lock of the index in ``folder``."""
    for path in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            path.unlink()
