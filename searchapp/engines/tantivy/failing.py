"""What tantivy says when it cannot write: a ``ValueError`` whose text may hold the system's number."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from searchapp.language import later, tr

STOPPED = later("tantivy 写到一半停了（磁盘满了，或内存不足）")
_SYSTEM_NUMBER = re.compile(r"\(os error (\d+)\)")


@contextmanager
def write_failures_told() -> Iterator[None]:
    """The same as ``OSError``, as files say it; a thread of tantivy's that stopped tells no reason."""
    try:
        yield
    except ValueError as exc:
        found = _SYSTEM_NUMBER.search(str(exc))
        number = int(found[1]) if found else 0
        raise OSError(number, os.strerror(number) if number else tr(STOPPED)) from exc
    except BaseException as exc:
        # A Rust panic is no Exception, and its class has no importable name.
        if type(exc).__name__ != "PanicException":
            raise
        raise OSError(0, tr(STOPPED)) from exc
