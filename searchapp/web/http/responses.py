"""What goes out: pages and JSON as UTF-8. Text that UTF-8 cannot hold (a lone surrogate) goes out as ``?``."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, render_template
from werkzeug.urls import iri_to_uri

from searchapp.language import tr

JSON_TYPE = "application/json; charset=utf-8"
PROBLEM_TYPE = "application/problem+json; charset=utf-8"


def page(template: str, status: int = 200, **context: Any) -> Response:
    """The page that ``template`` makes of ``context``."""
    return _answer(render_template(template, **context), status, "text/html; charset=utf-8")


def json_answer(value: Any, status: int = 200, content_type: str = JSON_TYPE) -> Response:
    """``value`` as JSON: Chinese as it is, keys in their order."""
    return _answer(json.dumps(value, ensure_ascii=False, indent=None) + "\n", status, content_type)


def moved_to(url: str) -> Response:
    """Leads on to ``url``."""
    response = _answer(tr("请转到新地址。\n"), 302, "text/plain; charset=utf-8")
    response.headers["Location"] = iri_to_uri(url)
    return response


def _answer(text: str, status: int, content_type: str) -> Response:
    return Response(text.encode("utf-8", "replace"), status, content_type=content_type)
