"""Two reports side by side over HTTP: the page ``/compare`` and ``GET /api/v1/compare``."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from searchapp.errors import ParameterError
from searchapp.language import tr
from searchapp.services.compare.compare import compare
from searchapp.services.library import Library
from searchapp.services.payloads.compare import ComparisonJson, comparison_json
from searchapp.services.result_set import value_of
from searchapp.services.siblings import siblings
from searchapp.web.api.openapi import described
from searchapp.web.api.parameters import CompareParameters
from searchapp.web.compare.view import choices_view, compare_url, compare_view
from searchapp.web.http.library_of_request import current_library, resolved_report
from searchapp.web.http.limits import heavy
from searchapp.web.http.responses import json_answer, moved_to, page

blueprint = Blueprint("compare", __name__)

ONLY_CHANGES = "changes"


@blueprint.get("/compare")
@heavy(when=lambda params: value_of(params, "a") != "" != value_of(params, "b"))
def comparison() -> AnyResponse:
    """Reports ``a`` and ``b`` side by side; with one of them alone, what to compare it with. ``only=changes``."""
    library = current_library()
    asked = {name: request.args.get(name, "").strip() for name in ("a", "b")}
    known = {name: resolved_report(library, report_id) for name, report_id in asked.items() if report_id}
    only = request.args.get("only", "").strip() == ONLY_CHANGES
    if any(known[name] != asked[name] for name in known):
        return moved_to(compare_url(known.get("a"), known.get("b"), only))
    if len(known) < 2:
        return _choosing(library, next(iter(known.values()), None))
    found = compare(library, known["a"], known["b"])
    view = compare_view(found, siblings(library, known["a"]), siblings(library, known["b"]), only)
    return page("compare.html", view=view, choices=None)


def _choosing(library: Library, report_id: str | None) -> Response:
    beside = None if report_id is None else siblings(library, report_id)
    return page("compare.html", view=None, choices=choices_view(beside))


@blueprint.get("/api/v1/compare")
@heavy()
@described(ComparisonJson, parameters=CompareParameters, others=(404,))
def compare_reports() -> Response:
    """Two reports side by side.

    An id of an earlier build stands for the report it now means; 404 with `choices` when it means several.
    """
    library = current_library()
    ids = []
    for name in ("a", "b"):
        if not (report_id := request.args.get(name, "").strip()):
            raise ParameterError(name, tr("要有 a 和 b：两篇报告的编号。"))
        ids.append(resolved_report(library, report_id))
    return json_answer(comparison_json(library.build, compare(library, *ids)))
