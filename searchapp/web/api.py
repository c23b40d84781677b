"""The JSON API, version 1: the same services as the pages, in the shapes of docs/semantics.md, section 5."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from searchapp.errors import NotFoundError
from searchapp.services.answers import answer_json, report_json, stats_json
from searchapp.services.completion import suggest_json
from searchapp.services.searching import search
from searchapp.web.blocks import block_json
from searchapp.web.outgoing import json_answer, moved_to
from searchapp.web.problems import AmbiguousReportError
from searchapp.web.snapshot import current_library

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/search")
def search_hits() -> Response:
    """One page of hits with counts and facets."""
    return json_answer(answer_json(search(current_library(), request.args.to_dict(flat=False))))


@blueprint.get("/suggest")
def suggestions() -> Response:
    """Words and set phrases that go on from ``q``."""
    return json_answer(suggest_json(current_library(), request.args.to_dict(flat=False)))


@blueprint.get("/reports")
def reports() -> Response:
    """Every report, without text."""
    library = current_library()
    return json_answer(
        {"build": library.build, "reports": [report_json(summary) for summary in library.reader.reports()]}
    )


@blueprint.get("/reports/<report_id>")
def report(report_id: str) -> AnyResponse:
    """A report and its blocks in order. An id of an earlier build leads to the report it now means."""
    library = current_library()
    known = library.resolve_report(report_id)
    if not known:
        raise NotFoundError(f"没有编号为“{report_id}”的报告。")
    if len(known) > 1:
        raise AmbiguousReportError(report_id, known)
    if known[0] != report_id:
        return moved_to(url_for("api.report", report_id=known[0]))
    blocks = library.reader.report(report_id).blocks
    return json_answer(
        {
            "build": library.build,
            "report": report_json(library.reader.summary(report_id)),
            "blocks": [block_json(report_id, block, position) for position, block in enumerate(blocks)],
        }
    )


@blueprint.get("/blocks/<paragraph_id>")
def block(paragraph_id: str) -> Response:
    """A block in its report; ``moved`` when the addressed one is gone and this is the nearest that is left."""
    library = current_library()
    location = library.locate(paragraph_id)
    located = location.located
    return json_answer(
        {
            "build": library.build,
            "moved": location.moved,
            **block_json(located.report.report_id, located.block, located.position),
            "report": report_json(located.report),
        }
    )


@blueprint.get("/stats")
def stats() -> Response:
    """The size of the library."""
    library = current_library()
    return json_answer(stats_json(library.build, library.reader.stats()))
