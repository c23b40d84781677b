"""Pages of an answer as links: previous, next and a window of numbers around the page shown."""

from __future__ import annotations

from dataclasses import dataclass

from searchapp.web.links import search_url
from searchapp.web.search_state import SearchState

_AROUND = 2
"""Page numbers shown on either side of the current one."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page number; ``url`` is ``None`` for a gap (``label`` an ellipsis)."""

    label: str
    url: str | None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Paging:
    """``previous`` and ``next`` are ``None`` at the ends; ``beyond`` says that the page asked for is past the last."""

    page: int
    pages: int
    previous: str | None
    next: str | None
    links: tuple[PageLink, ...]
    beyond: bool
    last: str


def paging(state: SearchState, page: int, per_page: int, total: int) -> Paging:
    """The pages of ``total`` hits."""
    pages = max(1, -(-total // per_page))
    shown = min(page, pages)
    numbers = sorted({1, pages, *range(max(1, shown - _AROUND), min(pages, shown + _AROUND) + 1)})
    links: list[PageLink] = []
    before = 0
    for number in numbers:
        if number - before > 1:
            links.append(PageLink("…", None))
        links.append(PageLink(str(number), _url(state, number), number == page))
        before = number
    return Paging(
        page=page,
        pages=pages,
        previous=_url(state, min(page - 1, pages)) if page > 1 else None,
        next=_url(state, page + 1) if page < pages else None,
        links=tuple(links) if pages > 1 else (),
        beyond=page > pages,
        last=_url(state, pages),
    )


def _url(state: SearchState, page: int) -> str:
    return search_url(state.replacing("page", str(page)))
