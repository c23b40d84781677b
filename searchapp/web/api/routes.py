"""The JSON API, version 1: the same services as the pages, in the shapes of docs/inside/semantics.md, section 5.

docs/using/api.md tells what there is; ``openapi`` makes the document that tells programs.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from searchapp.errors import NotFoundError, ParameterError
from searchapp.language import listed, tr, trn
from searchapp.search.params import Parameters, parse_request, printable
from searchapp.search.schema import spoken
from searchapp.services.payloads import types
from searchapp.services.payloads.encode import answer_json, block_json, facets_json, report_json
from searchapp.services.payloads.shape import shaped
from searchapp.services.report_list import list_reports, parse_list_request, report_list_json
from searchapp.services.result_set import lists_fillers
from searchapp.services.search import answer
from searchapp.services.suggest import suggest_json
from searchapp.web.api.openapi import described, document
from searchapp.web.api.parameters import (
    SUGGEST_FORMATS,
    FacetsParameters,
    ReportsParameters,
    SearchParameters,
    SuggestParameters,
)
from searchapp.web.http.library_of_request import current_library
from searchapp.web.http.limits import heavy
from searchapp.web.http.problems import AmbiguousReportError
from searchapp.web.http.responses import json_answer, moved_to

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

OPENSEARCH_SUGGESTIONS = "application/x-suggestions+json"
_STRINGS = {"type": "array", "items": {"type": "string"}}
_OPENSEARCH_SCHEMA = {"type": "array", "minItems": 3, "maxItems": 3, "items": {"anyOf": [{"type": "string"}, _STRINGS]}}
"""What was typed, the texts, what stands beside each; no ``prefixItems``, which some readers of OpenAPI mistake."""
_REPORT_ID = {"report_id": "The id of a report, also of an earlier build."}
_PARAGRAPH_ID = {"paragraph_id": "The id of a block, also of an earlier build."}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """This API as an OpenAPI document."""
    return json_answer(document())


@blueprint.get("/search")
@heavy(when=lists_fillers)
@described(types.SearchJson, parameters=SearchParameters)
def search_hits() -> Response:
    """One page of hits with counts and facets."""
    return json_answer(answer_json(answer(current_library(), parse_request(_parameters()))))


@blueprint.get("/facets")
@described(types.FacetsJson, parameters=FacetsParameters)
def facets() -> Response:
    """The counts and facets of a search, without its hits."""
    parsed = parse_request(_parameters())
    # One hit is the least that a page holds; what pages are of changes no count.
    least = replace(parsed.request, page=1, per_page=1, group=None, fold=False, explain=False)
    return json_answer(facets_json(answer(current_library(), replace(parsed, request=least, fillers=False))))


@blueprint.get("/suggest")
@described(types.SuggestJson, parameters=SuggestParameters, also_answers={OPENSEARCH_SUGGESTIONS: _OPENSEARCH_SCHEMA})
def suggestions() -> Response:
    """Words and set phrases that go on from what was typed."""
    params = _parameters()
    format_ = (params.get("format") or ("",))[-1].strip() or SUGGEST_FORMATS[0]
    if format_ not in SUGGEST_FORMATS:
        told = tr(
            "{name}没有“{value}”这个值；可用：{choices}。",
            name=spoken("format"),
            value=printable(format_),
            choices=listed(SUGGEST_FORMATS),
        )
        raise ParameterError("format", told)
    found = suggest_json(current_library(), params)
    if format_ == "json":
        return json_answer(found)
    texts = [each.text for each in found.suggestions]
    blocks = [trn("{count} 段", each.blocks) for each in found.suggestions]
    return json_answer([found.query, texts, blocks], content_type=f"{OPENSEARCH_SUGGESTIONS}; charset=utf-8")


@blueprint.get("/reports")
@described(types.ReportsJson, parameters=ReportsParameters)
def reports() -> Response:
    """Reports without their text, filtered, in some order, page by page."""
    return json_answer(report_list_json(list_reports(current_library(), parse_list_request(_parameters()))))


@blueprint.get("/reports/<report_id>")
@described(types.WholeReportJson, path=_REPORT_ID, others=(302, 404))
def report(report_id: str) -> AnyResponse:
    """A report and its blocks in order.

    An id of an earlier build leads to the report it now means; 404 with `choices` when it means several.
    """
    library = current_library()
    known = library.resolve_report(report_id)
    if not known:
        raise NotFoundError(tr("没有编号为“{report_id}”的报告。", report_id=printable(report_id)))
    if len(known) > 1:
        raise AmbiguousReportError(report_id, known)
    if known[0] != report_id:
        return moved_to(url_for("api.report", report_id=known[0]))
    blocks = library.reader.report(report_id).blocks
    whole = types.WholeReportJson(
        build=library.build,
        report=report_json(library.reader.summary(report_id)),
        blocks=[
            block_json(types.BlockJson, report_id, block, position, len(blocks))
            for position, block in enumerate(blocks)
        ],
    )
    return json_answer(whole)


@blueprint.get("/blocks/<paragraph_id>")
@described(types.LocatedBlockJson, path=_PARAGRAPH_ID, others=(404,))
def block(paragraph_id: str) -> Response:
    """A block in its report.

    `moved` when the addressed one is gone and this is the nearest that is left.
    """
    library = current_library()
    location = library.locate(paragraph_id)
    located = location.located
    found = block_json(
        types.LocatedBlockJson,
        located.report.report_id,
        located.block,
        located.position,
        located.report.blocks,
        build=library.build,
        moved=location.moved,
        report=report_json(located.report),
    )
    return json_answer(found)


@blueprint.get("/stats")
@described(types.StatsJson)
def stats() -> Response:
    """The size of the library."""
    library = current_library()
    return json_answer(shaped(types.StatsJson, library.reader.stats(), build=library.build))


def _parameters() -> Parameters:
    return request.args.to_dict(flat=False)
