"""The results of a search over HTTP: the page of hits, its other views, and the overview by unit and year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from flask import Blueprint, Response, request

from searchapp.query import Diagnostic
from searchapp.query.ast import asks_for_text
from searchapp.search.params import Parameters, parse_request
from searchapp.search.request import SearchRequest
from searchapp.services.concordance import concordance, sorts_lines
from searchapp.services.counts import Tally, by_year, compared, counted_request, reports_in_scope, tally
from searchapp.services.headings import headings
from searchapp.services.inferred_values import inferred_values
from searchapp.services.library import Library
from searchapp.services.result_set import VIEW_NAMES, choice_of, lists_fillers, value_of
from searchapp.services.search import Answer, answer
from searchapp.services.unit_year_grid import grid
from searchapp.web.grid import Extent, GridView, hits_grid, is_worth_showing
from searchapp.web.http.library_of_request import current_library
from searchapp.web.http.limits import heavy
from searchapp.web.http.responses import moved_to, page
from searchapp.web.links import search_url
from searchapp.web.search.overview import OverviewState, overview_url, overview_view
from searchapp.web.search.results import results_view
from searchapp.web.search.views import Frame, frame_view, headings_view, kwic_view, views_bar
from searchapp.web.search_state import SearchState, ticked

blueprint = Blueprint("search", __name__)

Params = Mapping[str, Sequence[str]]
Show = Callable[[Library, Params, SearchState], Response]

BESIDE_HITS = Extent(rows=6, years=8, by_type=False)
"""How much of the grid stands on a results page, which must stay light; all of it is on the overview."""


def _looks_at_every_hit(params: Parameters) -> bool:
    view = value_of(params, "view")
    return view == "headings" or (view == "kwic" and sorts_lines(params)) or lists_fillers(params)


@blueprint.get("/search")
@heavy(when=_looks_at_every_hit)
def results() -> Response:
    """One page of hits with facets. Parameters: docs/inside/semantics.md, section 5."""
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
        grid=grid_beside_hits(tallied, found.request, state),
    )


@blueprint.get("/overview")
def overview() -> Response:
    """The grid of a search in full and its years; ``with``: a second query; ``by``: what is drawn; ``rows=all``."""
    library = current_library()
    state = OverviewState.of(request.args.to_dict(flat=False))
    sought = counted_request(library, state.params)
    tallied = tally(library, sought)
    first, second = by_year(tallied), None
    if state.other:
        beside = counted_request(library, state.params | {"q": [state.other]})
        first, second = compared(first, by_year(tally(library, beside)))
    return page("overview.html", view=overview_view(state, grid(tallied, sought), first, second))


def grid_beside_hits(tallied: Tally, sought: SearchRequest, state: SearchState) -> GridView | None:
    """The grid for a results page; ``None`` when there is nothing to compare."""
    whole = grid(tallied, sought)
    if not whole.sums.blocks or not is_worth_showing(whole):
        return None
    return hits_grid(whole, state, overview_url(state), BESIDE_HITS)


def other_view(library: Library, params: Params, state: SearchState) -> Response | None:
    """The page of the view that ``params`` ask for; ``None`` for the list of hits. Raises ``RequestError``."""
    choices: dict[str, Show | None] = {"blocks": None, "kwic": _kwic, "headings": _headings}
    show = choice_of(params, "view", choices)
    return None if show is None else show(library, params, state)


def _kwic(library: Library, params: Params, state: SearchState) -> Response:
    counted = _counted(library, params, "sort", "group", "fold", "explain")
    found = concordance(library, params, counted.result.counts)
    view = kwic_view(found, state)
    return page("kwic.html", frame=_frame(library, counted, found.diagnostics, state), view=view)


def _headings(library: Library, params: Params, state: SearchState) -> Response:
    found = headings(library, params)
    counted = _counted(library, params, "group", "fold", "explain")
    frame = _frame(library, counted, found.diagnostics, state)
    return page("headings.html", frame=frame, view=headings_view(found, state))


def _frame(library: Library, counted: Answer, told: Iterable[Diagnostic], state: SearchState) -> Frame:
    scope = len(reports_in_scope(library, counted.request))
    return frame_view(counted, told, state, scope, inferred_values(library.reader))


def _counted(library: Library, params: Params, *apart: str) -> Answer:
    """The search whose counts and facets stand beside the view: one hit of it is enough."""
    left = {name: values for name, values in params.items() if name not in VIEW_NAMES and name not in apart}
    return answer(library, parse_request({**left, "page": ["1"], "per_page": ["1"]}))
