"""Pages that show a library or a search as a whole: the start page, the list of reports, the overview of a search."""

from __future__ import annotations

from flask import Blueprint, Response, request

from searchapp.search.request import SearchRequest
from searchapp.services.overview import grid
from searchapp.services.report_list import lenient_list_request, list_reports
from searchapp.services.tallies import Tally, asked, by_kind, by_year, compared, tally
from searchapp.web.grid import Extent, GridView, hits_grid, is_worth_showing
from searchapp.web.http.library_of_request import current_library
from searchapp.web.http.responses import page
from searchapp.web.library.home import home_view
from searchapp.web.library.report_list import list_view
from searchapp.web.search.overview import OverviewState, overview_url, overview_view
from searchapp.web.state import SearchState

blueprint = Blueprint("overview", __name__)

BESIDE_HITS = Extent(rows=6, years=8, by_type=False)
"""How much of the grid stands on a results page, which must stay light; all of it is on the overview."""


@blueprint.get("/overview")
def overview() -> Response:
    """The grid of a search in full and its years; ``with``: a second query; ``by``: what is drawn; ``rows=all``."""
    library = current_library()
    state = OverviewState.of(request.args.to_dict(flat=False))
    sought = asked(library, state.params)
    tallied = tally(library, sought)
    first, second = by_year(tallied), None
    if state.other:
        beside = asked(library, state.params | {"q": [state.other]})
        first, second = compared(first, by_year(tally(library, beside)))
    return page("overview.html", view=overview_view(state, grid(tallied, sought), first, second))


def home() -> Response:
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


def report_list() -> Response:
    """Every report, narrowed, sorted and paged."""
    listed = list_reports(current_library(), lenient_list_request(request.args.to_dict(flat=False)))
    return page("report_list.html", view=list_view(listed.within()))


def grid_beside_hits(tallied: Tally, sought: SearchRequest, state: SearchState) -> GridView | None:
    """The grid for a results page; ``None`` when there is nothing to compare."""
    whole = grid(tallied, sought)
    if not whole.sums.blocks or not is_worth_showing(whole):
        return None
    return hits_grid(whole, state, overview_url(state), BESIDE_HITS)
