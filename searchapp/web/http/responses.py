"""Responses: pages and JSON as UTF-8, redirects, and files to be saved, never shown inside a page.

Text that UTF-8 cannot hold (a lone surrogate) becomes ``?``. File names may be Chinese (RFC 6266, RFC 8187).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from typing import IO, Any
from urllib.parse import quote

from flask import Response, render_template, request
from werkzeug.urls import iri_to_uri
from werkzeug.wsgi import wrap_file

from searchapp.errors import BusyError, RequestError
from searchapp.language import tr
from searchapp.services.payloads.shape import json_text
from searchapp.time_limit import watched

JSON_TYPE = "application/json; charset=utf-8"
PROBLEM_TYPE = "application/problem+json; charset=utf-8"


def page(template: str, status: int = 200, **context: Any) -> Response:
    """The page that ``template`` makes of ``context``."""
    return _answer(render_template(template, **context), status, "text/html; charset=utf-8")


def json_answer(value: Any, status: int = 200, content_type: str = JSON_TYPE) -> Response:
    """``value`` as JSON: Chinese as it is, keys in their order."""
    return _answer(json_text(value) + "\n", status, content_type)


def moved_to(url: str) -> Response:
    """Leads on to ``url``."""
    response = _answer(tr("请转到新地址。\n"), 302, "text/plain; charset=utf-8")
    response.headers["Location"] = iri_to_uri(url)
    return response


def _answer(text: str, status: int, content_type: str) -> Response:
    return Response(text.encode("utf-8", "replace"), status, content_type=content_type)


_PLAIN_IN_NAMES = "!#$&+-.^_`|~"
"""What RFC 8187 leaves as it is, besides letters and digits."""
_NOT_IN_NAMES = frozenset('/\\"')
_LONGEST_SUFFIX = 8


MEMORY_BYTES = 1 << 20
"""A longer answer made in chunks lies in a temporary file until it is sent."""
MAX_FILE_BYTES = 1 << 30
"""A longer one is refused: what slow readers leave untaken lies on the server's disk."""
_ROOM_SECONDS = 300


def made_whole(chunks: Iterable[bytes], content_type: str) -> Response:
    """An answer of ``chunks``, all made before the first is sent.

    What goes wrong on the way is an error with its status, never half a file that looks whole; and who reads slowly
    holds a file, not the thread that made it. Raises ``RequestError`` for over :data:`MAX_FILE_BYTES`.
    """
    with ExitStack() as opened:
        file = opened.enter_context(tempfile.SpooledTemporaryFile(MEMORY_BYTES, prefix="searchapp-answer-"))
        for chunk in watched(chunks):
            _append(file, chunk)
        size = file.tell()
        file.seek(0)
        if size <= MEMORY_BYTES:
            return Response(file.read(), content_type=content_type)
        opened.pop_all()  # whoever sends it closes it
    response = Response(wrap_file(request.environ, file), content_type=content_type, direct_passthrough=True)
    response.content_length = size
    return response


def _append(file: IO[bytes], chunk: bytes) -> None:
    if file.tell() + len(chunk) > MAX_FILE_BYTES:
        raise RequestError(
            tr(
                "文件超过 {most:,} MB，网页上不能取；请先缩小范围，或在命令行里用 searchapp export。",
                most=MAX_FILE_BYTES >> 20,
            )
        )
    try:
        file.write(chunk)
    except OSError as exc:
        raise BusyError(tr("服务器的临时文件夹放不下这个文件；请稍后再试，或先缩小范围。"), _ROOM_SECONDS) from exc


def attachment(
    content: bytes | Iterable[bytes], name: str, content_type: str = "application/octet-stream", plain: str = "file"
) -> Response:
    """An answer that a browser saves under ``name``; ``plain``: what programs that read ASCII only call it."""
    response = (
        Response(content, content_type=content_type)
        if isinstance(content, bytes)
        else made_whole(content, content_type)
    )
    response.headers["Content-Disposition"] = disposition(name, plain)
    return response


def disposition(name: str, plain: str = "file") -> str:
    """``Content-Disposition`` for a file ``name`` in any script, with a plain one for old programs."""
    shown = "".join(char for char in name if char.isprintable() and char not in _NOT_IN_NAMES) or plain
    suffix = shown.rpartition(".")[2]
    if "." in shown and suffix.isascii() and suffix.isalnum() and len(suffix) <= _LONGEST_SUFFIX:
        plain = f"{plain}.{suffix}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe=_PLAIN_IN_NAMES, errors='replace')}"
