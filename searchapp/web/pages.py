"""The pages: each asks a service, hands the answer to a presenter and the presenter's view to a template."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from searchapp.errors import NotFoundError, QueryRefusedError
from searchapp.language import tr
from searchapp.query import Diagnostic, Everything, Node, parse_query
from searchapp.query.ast import asks_for_text
from searchapp.search.loosen import any_of
from searchapp.search.params import parse_request
from searchapp.search.synonyms import with_synonyms
from searchapp.services.inferred import inferred_values
from searchapp.services.library import Library
from searchapp.services.searching import answer
from searchapp.services.tallies import tally
from searchapp.services.whole import VIEW_NAMES
from searchapp.web import overview
from searchapp.web.links import MARKING_NAMES, located_url, report_url, search_url
from searchapp.web.outgoing import moved_to, page
from searchapp.web.parts import part_asked
from searchapp.web.presenters.about import facts, report_rows
from searchapp.web.presenters.help import help_sections
from searchapp.web.presenters.reading import beside_view, outline_tree
from searchapp.web.presenters.report import report_body
from searchapp.web.presenters.results import results_view
from searchapp.web.presenters.views import views_bar
from searchapp.web.snapshot import current_library
from searchapp.web.state import SearchState
from searchapp.web.ticking import ticked
from searchapp.web.views import other_view

blueprint = Blueprint("pages", __name__)

MULTIPLE_CHOICES = 300


@blueprint.get("/")
def start() -> Response:
    """What is in the library, and the box to search it."""
    return overview.home()


@blueprint.get("/search")
def results() -> Response:
    """One page of hits with facets. Parameters: docs/semantics.md, section 5."""
    params = request.args.to_dict(flat=False)
    state = SearchState.of(params)
    if (narrowed := ticked(params, state)) is not None:
        return moved_to(search_url(narrowed))
    if (other := other_view(current_library(), params, state)) is not None:
        return other
    library = current_library()
    searched = {name: values for name, values in params.items() if name not in VIEW_NAMES}
    found = answer(library, parse_request(searched))
    tallied = tally(library, found.request)
    return page(
        "results.html",
        view=results_view(found, state, found.offers, len(tallied), inferred_values(library.reader)),
        views=views_bar(state, found.build, asks_for_text(found.request.query)),
        grid=overview.grid_beside_hits(tallied, found.request, state),
    )


@blueprint.get("/reports")
def reports() -> Response:
    """Every report."""
    return overview.report_list()


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


@blueprint.get("/basket")
def basket() -> Response:
    """The excerpt basket, which the reader's browser keeps."""
    return page("basket.html")


@blueprint.get("/help")
def help_page() -> Response:
    """How a query is written."""
    return page("help.html", sections=help_sections())


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
    if "any" in asked.values("match"):
        root = any_of(root, library.analyzer.words)
    body = report_body(report, root, library.analyzer.words, "ignore" in asked.values("punct"), part.shown)
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
