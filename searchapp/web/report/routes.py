"""One report over HTTP: its page, the lasting addresses of its paragraphs, and its source file as it was given."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from searchapp.errors import NotFoundError, ParameterError, QueryRefusedError
from searchapp.language import tr
from searchapp.query import Diagnostic, Everything, Node, parse_query
from searchapp.query.synonyms import with_synonyms
from searchapp.search.compiled_query import CompiledQuery
from searchapp.services.library import Library
from searchapp.web.http.library_of_request import current_library, resolved_report
from searchapp.web.http.responses import attachment, moved_to, page
from searchapp.web.links import MARKING_NAMES, located_url, report_url, search_url
from searchapp.web.report.body import report_body
from searchapp.web.report.facts import facts, report_rows
from searchapp.web.report.reading import beside_view, outline_tree, part_asked
from searchapp.web.search_state import SearchState

blueprint = Blueprint("report", __name__)

MULTIPLE_CHOICES = 300
_MAX_DIGITS = 6


@blueprint.get("/reports/<report_id>")
def report(report_id: str) -> AnyResponse:
    """A report in reading order; ``q`` (with ``punct``) is marked in it.

    An id of an earlier build leads to what is left of it.
    """
    library = current_library()
    asked = _marking()
    known = library.resolve_report(report_id)
    if not known:
        raise NotFoundError(tr("没有这篇报告：地址可能抄错了，也可能报告已从文件夹里移走。"))
    if len(known) > 1:
        choices = report_rows(library.reader.summary(each) for each in known)
        return page("choices.html", MULTIPLE_CHOICES, rows=choices)
    if known[0] != report_id:
        return moved_to(report_url(known[0], state=asked))
    return _report_page(library, report_id, asked)


@blueprint.get("/p/<paragraph_id>")
def paragraph(paragraph_id: str) -> AnyResponse:
    """The lasting address of a block: leads to it in its report, or to the nearest block that is left."""
    location = current_library().locate(paragraph_id)
    located = location.located
    return moved_to(located_url(located, _marking(), location.moved))


@blueprint.get("/reports/<report_id>/source")
def source(report_id: str) -> AnyResponse:
    """The file to save; ``file`` is which of the report's sources, from 1. 410 when it is no longer what was read.

    Always handed out as bytes to be saved: a source file may be a page with a script in it.
    """
    library = current_library()
    known = resolved_report(library, report_id)
    number = request.args.get("file", "1").strip()
    if known != report_id:
        return moved_to(url_for("report.source", report_id=known, file=number if number != "1" else None))
    sources = library.reader.summary(known).sources
    if not (number.isascii() and number.isdigit() and len(number) <= _MAX_DIGITS and 1 <= int(number) <= len(sources)):
        raise ParameterError(
            "file", tr("这篇报告有 {count} 处来源，file 要是 1 到 {count} 的整数。", count=len(sources))
        )
    given = library.original(sources[int(number) - 1].file)
    return attachment(given.content, given.name)


def _marking() -> SearchState:
    """The search whose words are to be marked in a report."""
    params = request.args.to_dict(flat=False)
    return SearchState.of({name: params.get(name, []) for name in MARKING_NAMES})


def _report_page(library: Library, report_id: str, asked: SearchState) -> Response:
    report = library.reader.report(report_id)
    part = part_asked(request.args.get("part", ""), len(report.blocks))
    root, told = _readable_query(asked.query)
    if "true" in asked.values("synonyms"):
        root = with_synonyms(root, library.synonyms)[0]
    any_word, ignore_punctuation = "any" in asked.values("match"), "ignore" in asked.values("punct")
    query = CompiledQuery(root, library.analyzer.words, any_word, ignore_punctuation)
    body = report_body(report, query, part.shown)
    return page(
        "report.html",
        title=report.meta.title or tr("（无题目）"),
        facts=facts(report.meta),
        body=body,
        contents=outline_tree(body.outline),
        beside=beside_view(library, report, part, asked),
        query=asked.query,
        fields=asked.fields("q"),
        told=told,
        moved="moved" in request.args,
        back_url=search_url(asked) if asked.query else None,
    )


def _readable_query(query: str) -> tuple[Node, tuple[Diagnostic, ...]]:
    """The tree of ``query``; one over the limits marks nothing and is told of, for the report can be read anyway."""
    try:
        parsed = parse_query(query)
    except QueryRefusedError as error:
        return Everything(), (Diagnostic(str(error)),)
    return parsed.root, ()
