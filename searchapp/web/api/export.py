"""Taking results along over HTTP: exports, the concordance and the list of headings.

``/export`` and ``/headings.txt`` are what pages link to; below ``/api/v1/`` the same stands for programs, where an
error is a problem (RFC 9457). A file is made whole before it is sent, so that an error is never half a file.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from searchapp.language import tr
from searchapp.services.concordance import concordance, sorts_lines
from searchapp.services.export.export import MEDIA_TYPES, BuildChangedError, export
from searchapp.services.headings import headings, headings_text
from searchapp.services.payloads.listings import ConcordanceJson, HeadingsJson, concordance_json, headings_json
from searchapp.services.result_set import choice_of
from searchapp.web.api.openapi import BINARY, TEXT, described
from searchapp.web.api.parameters import HEADINGS_FORMATS, ConcordanceParameters, ExportParameters, HeadingsParameters
from searchapp.web.http.library_of_request import current_library
from searchapp.web.http.limits import heavy
from searchapp.web.http.problems import Problem, answer
from searchapp.web.http.responses import attachment, json_answer, made_whole
from searchapp.web.links import lasting_addresses

blueprint = Blueprint("export", __name__)

BUILD_HEADER = "Searchapp-Build"
TOTAL_HEADER = "Searchapp-Total"

_HEADERS = {BUILD_HEADER: "The build that the file is of.", TOTAL_HEADER: "How many rows it has."}
_FILES = {media_type.partition(";")[0]: TEXT for media_type in MEDIA_TYPES.values()} | {MEDIA_TYPES["xlsx"]: BINARY}


@blueprint.get("/export")
@blueprint.get("/api/v1/export")
@heavy()
@described(None, parameters=ExportParameters, also_answers=_FILES, headers=_HEADERS, others=(409,))
def export_hits() -> Response:
    """Every hit of a search, or every line of its concordance, as a file.

    docs/using/export.md tells what the files hold.
    """
    try:
        made = export(current_library(), request.args.to_dict(flat=False), lasting_addresses())
    except BuildChangedError as error:
        told = Problem(409, tr("报告库已更新"), str(error), "urn:searchapp:problem:build-changed", parameter="build")
        return answer(told)
    # Whoever asks for the headers alone does not wait for a workbook.
    chunks = b"" if request.method == "HEAD" else made.chunks
    response = attachment(chunks, made.name, made.media_type, plain="export")
    if request.method == "HEAD":
        del response.headers["Content-Length"]
    response.headers[BUILD_HEADER] = made.build
    response.headers[TOTAL_HEADER] = str(made.total)
    return response


@blueprint.get("/api/v1/kwic")
@heavy(when=sorts_lines)
@described(ConcordanceJson, parameters=ConcordanceParameters)
def concordance_lines() -> Response:
    """A page of the concordance."""
    return json_answer(concordance_json(concordance(current_library(), request.args.to_dict(flat=False))))


@blueprint.get("/api/v1/headings")
@heavy()
@described(HeadingsJson, parameters=HeadingsParameters, also_answers={"text/plain": TEXT})
def report_headings() -> Response:
    """A page of the headings of all reports with hits.

    As `text` it is all of them, to be copied whole.
    """
    params = request.args.to_dict(flat=False)
    if choice_of(params, "format", HEADINGS_FORMATS) == "text":
        return plain_outline()
    return json_answer(headings_json(headings(current_library(), params)))


@blueprint.get("/headings.txt")
@heavy()
def plain_outline() -> Response:
    """The headings of all reports with hits as plain text, to be copied whole."""
    texts = headings_text(current_library(), request.args.to_dict(flat=False))
    return made_whole((text.encode("utf-8", "replace") for text in texts), "text/plain; charset=utf-8")
