"""The library as a whole over HTTP: the start page, the list of reports, the basket and the help."""

from __future__ import annotations

from flask import Blueprint, Response, request

from searchapp.search.request import SearchRequest
from searchapp.services.counts import by_kind, by_year, tally
from searchapp.services.report_list import lenient_list_request, list_reports
from searchapp.services.unit_year_grid import grid
from searchapp.web.http.library_of_request import current_library
from searchapp.web.http.responses import page
from searchapp.web.library.help import help_sections
from searchapp.web.library.home import home_view
from searchapp.web.library.report_list import list_view

blueprint = Blueprint("library", __name__)


@blueprint.get("/")
def start() -> Response:
    """What is in the library, and the box to search it. ``rows=all``: the grid with every unit."""
    library = current_library()
    everything = SearchRequest()
    tallied = tally(library, everything)
    view = home_view(
        library.reader.stats(),
        grid(tallied, everything),
        by_year(tallied),
        by_kind(tallied),
        is_whole=request.args.get("rows") == "all",
    )
    return page("home.html", view=view)


@blueprint.get("/reports")
def reports() -> Response:
    """Every report, narrowed, sorted and paged."""
    listed = list_reports(current_library(), lenient_list_request(request.args.to_dict(flat=False)))
    return page("report_list.html", view=list_view(listed.within()))


@blueprint.get("/basket")
def basket() -> Response:
    """The excerpt basket, which the reader's browser keeps."""
    return page("basket.html")


@blueprint.get("/help")
def help_page() -> Response:
    """How a query is written."""
    return page("help.html", sections=help_sections())
