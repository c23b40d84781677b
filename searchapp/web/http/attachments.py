"""Files to be saved, with a name that may be Chinese (RFC 6266, RFC 8187); never shown inside a page."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response

_PLAIN_IN_NAMES = "!#$&+-.^_`|~"
"""What RFC 8187 leaves as it is, besides letters and digits."""
_NOT_IN_NAMES = frozenset('/\\"')
_LONGEST_SUFFIX = 8


def attachment(
    content: bytes | Iterable[bytes], name: str, content_type: str = "application/octet-stream", plain: str = "file"
) -> Response:
    """An answer that a browser saves under ``name``; ``plain``: what programs that read ASCII only call it.

    Chunks are sent as they are made.
    """
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = disposition(name, plain)
    return response


def disposition(name: str, plain: str = "file") -> str:
    """``Content-Disposition`` for a file ``name`` in any script, with a plain one for old programs."""
    shown = "".join(char for char in name if char.isprintable() and char not in _NOT_IN_NAMES) or plain
    suffix = shown.rpartition(".")[2]
    if "." in shown and suffix.isascii() and suffix.isalnum() and len(suffix) <= _LONGEST_SUFFIX:
        plain = f"{plain}.{suffix}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe=_PLAIN_IN_NAMES, errors='replace')}"
