"""Taking results along over HTTP: exports, the concordance and the list of headings.

``/export`` and ``/headings.txt`` are what pages link to; below ``/api/v1/`` the same stands for programs, where an
error is a problem (RFC 9457). An answer is begun before it is sent, so that an error is never half a file; from then on
it holds its build to the last byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from urllib.parse import quote

from flask import Blueprint, Response, request

from searchapp.services.concordance import concordance
from searchapp.services.concordance_json import concordance_json
from searchapp.services.exporting import BuildChangedError, export
from searchapp.services.headings import headings, headings_json, headings_text
from searchapp.web.links import lasting_addresses
from searchapp.web.outgoing import json_answer
from searchapp.web.problems import Problem, answer
from searchapp.web.snapshot import current_library

blueprint = Blueprint("exporting", __name__)

BUILD_HEADER = "Searchapp-Build"
TOTAL_HEADER = "Searchapp-Total"

_PLAIN_IN_NAMES = "!#$&+-.^_`|~"
"""What RFC 8187 leaves as it is, besides letters and digits."""


@blueprint.get("/export")
@blueprint.get("/api/v1/export")
def whole() -> Response:
    """Every hit of a search, or every line of its concordance, as a file. Parameters: docs/export.md."""
    try:
        made = export(current_library(), request.args.to_dict(flat=False), lasting_addresses())
    except BuildChangedError as error:
        told = Problem(409, "报告库已更新", str(error), "urn:searchapp:problem:build-changed", parameter="build")
        return answer(told)
    # Whoever asks for the headers alone does not wait for a workbook.
    chunks = iter(()) if request.method == "HEAD" else _begun(made.chunks)
    response = Response(chunks, content_type=made.media_type)
    response.headers["Content-Disposition"] = attachment(made.name)
    response.headers[BUILD_HEADER] = made.build
    response.headers[TOTAL_HEADER] = str(made.total)
    return response


@blueprint.get("/api/v1/kwic")
def lines() -> Response:
    """A page of the concordance."""
    return json_answer(concordance_json(concordance(current_library(), request.args.to_dict(flat=False))))


@blueprint.get("/api/v1/headings")
def outline() -> Response:
    """A page of the headings of all reports with hits; ``format=text``: all of them, as plain text."""
    if request.args.get("format") == "text":
        return plain_outline()
    return json_answer(headings_json(headings(current_library(), request.args.to_dict(flat=False))))


@blueprint.get("/headings.txt")
def plain_outline() -> Response:
    """The headings of all reports with hits as plain text, to be copied whole."""
    texts = headings_text(current_library(), request.args.to_dict(flat=False))
    chunks = (text.encode("utf-8", "replace") for text in texts)
    return Response(_begun(chunks), content_type="text/plain; charset=utf-8")


def attachment(name: str) -> str:
    """``Content-Disposition`` for a file ``name`` in any script (RFC 6266), with a plain one for old programs."""
    plain = f"export.{name.rpartition('.')[2]}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=_PLAIN_IN_NAMES)}"


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """``chunks``, the first of which is made now: what can go wrong does so before anything is sent."""
    return chain(list(islice(chunks, 1)), chunks)
