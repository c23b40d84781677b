"""Responses: pages and JSON as UTF-8, redirects, and files to be saved, never shown inside a page.

Text that UTF-8 cannot hold (a lone surrogate) becomes ``?``. File names may be Chinese (RFC 6266, RFC 8187).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from flask import Response, render_template
from werkzeug.urls import iri_to_uri

from searchapp.language import tr
from searchapp.services.payloads.shape import json_text

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
