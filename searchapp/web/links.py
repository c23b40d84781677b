"""The addresses of the site's pages, below whatever root it is served at."""

from __future__ import annotations

from flask import url_for

from searchapp.services.answers import anchor
from searchapp.web.state import SearchState


def search_url(state: SearchState) -> str:
    """The results page of ``state``."""
    return state.url(url_for("pages.results"))


def report_url(report_id: str, key: str | None = None, query: str = "", moved: bool = False) -> str:
    """A report's page, at the block ``key``, with the words of ``query`` marked."""
    return url_for(
        "pages.report",
        report_id=report_id,
        q=query or None,
        moved=1 if moved else None,
        _anchor=None if key is None else anchor(key),
    )


def paragraph_url(paragraph_id: str) -> str:
    """The lasting address of a block."""
    return url_for("pages.paragraph", paragraph_id=paragraph_id)
