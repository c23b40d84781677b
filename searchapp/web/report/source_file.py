"""``/reports/<id>/source``: the source file of a report, as it was given."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from searchapp.errors import ParameterError
from searchapp.language import tr
from searchapp.web.http.attachments import attachment
from searchapp.web.http.library_of_request import current_library
from searchapp.web.http.resolving import resolved_report
from searchapp.web.http.responses import moved_to

blueprint = Blueprint("originals", __name__)

_MAX_DIGITS = 6


@blueprint.get("/reports/<report_id>/source")
def source(report_id: str) -> AnyResponse:
    """The file to save; ``file`` is which of the report's sources, from 1. 410 when it is no longer what was read.

    Always handed out as bytes to be saved: a source file may be a page with a script in it.
    """
    library = current_library()
    known = resolved_report(library, report_id)
    number = request.args.get("file", "1").strip()
    if known != report_id:
        return moved_to(url_for("originals.source", report_id=known, file=number if number != "1" else None))
    sources = library.reader.summary(known).sources
    if not (number.isascii() and number.isdigit() and len(number) <= _MAX_DIGITS and 1 <= int(number) <= len(sources)):
        raise ParameterError(
            "file", tr("这篇报告有 {count} 处来源，file 要是 1 到 {count} 的整数。", count=len(sources))
        )
    given = library.original(sources[int(number) - 1].file)
    return attachment(given.content, given.name)
