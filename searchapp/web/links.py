"""The addresses of the site's pages, below whatever root it is served at.

Chinese in them is not escaped, so that pages stay light; ``http.responses.moved_to`` escapes what leaves in a header.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from flask import g, url_for

from searchapp.search.result import LocatedBlock
from searchapp.services.addresses import anchor, part_of
from searchapp.web.search_state import SearchState

MARKING_NAMES = ("q", "match", "punct", "synonyms")
"""The parameters of a search that decide what is marked in a report."""

_NOTHING = SearchState()
_RESULTS = "results_path"
"""What a request keeps the path of the results page under: a page has hundreds of links to it."""


def search_url(state: SearchState) -> str:
    """The results page of ``state``."""
    if _RESULTS not in g:
        setattr(g, _RESULTS, url_for("search.results"))
    return state.url(getattr(g, _RESULTS))


def report_url(
    report_id: str,
    key: str | None = None,
    state: SearchState = _NOTHING,
    moved: bool = False,
    *,
    part: int | None = None,
) -> str:
    """A report's page, at the block ``key``, with what ``state`` asks for marked; ``part`` of a very long report."""
    asked = [(name, value) for name in MARKING_NAMES for value in state.values(name)]
    asked += [("moved", "1")] if moved else []
    asked += [("part", str(part))] if part not in (None, 1) else []
    address = SearchState(tuple(asked)).url(url_for("report.report", report_id=report_id))
    return address if key is None else f"{address}#{anchor(key)}"


def located_url(located: LocatedBlock, state: SearchState = _NOTHING, moved: bool = False) -> str:
    """A block in its report's page, on the part that holds it."""
    report = located.report
    part = part_of(located.position, report.blocks)
    return report_url(report.report_id, located.block.key, state, moved, part=part)


def paragraph_url(paragraph_id: str) -> str:
    """The lasting address of a block."""
    return url_for("report.paragraph", paragraph_id=paragraph_id)


def lasting_addresses() -> Callable[[str], str]:
    """A paragraph id to its lasting address in full, with this site's host; can be asked after the request is over."""
    begin = url_for("report.paragraph", paragraph_id="0", _external=True).removesuffix("0")
    return lambda paragraph_id: begin + quote(paragraph_id)
