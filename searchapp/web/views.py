"""The other views of a search (``view=kwic``, ``view=headings``): pages beside the list of hits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from flask import Response

from searchapp.query import Diagnostic
from searchapp.search.params import parse_request
from searchapp.services.concordance import concordance
from searchapp.services.headings import headings
from searchapp.services.inferred import inferred_values
from searchapp.services.library import Library
from searchapp.services.searching import Answer, answer
from searchapp.services.tallies import reports_in_scope
from searchapp.services.whole import VIEW_NAMES, choice_of
from searchapp.web.outgoing import page
from searchapp.web.presenters.headings import headings_view
from searchapp.web.presenters.kwic import kwic_view
from searchapp.web.presenters.views import Frame, frame_view
from searchapp.web.state import SearchState

Params = Mapping[str, Sequence[str]]
Show = Callable[[Library, Params, SearchState], Response]


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
