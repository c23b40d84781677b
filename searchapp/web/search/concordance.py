"""The concordance as a page shows it: lines in three columns, their orders, their pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.urls import uri_to_iri

from searchapp.language import Labels, later, tr
from searchapp.services.concordance import Concordance, KwicLine, LineSort
from searchapp.web import labels
from searchapp.web.links import located_url, search_url
from searchapp.web.paging import Paging, paging
from searchapp.web.search.switches import Choice
from searchapp.web.state import SearchState

SORT_LABELS: Mapping[LineSort, str] = Labels(
    {"document": later("按原文次序"), "left": later("按左文"), "right": later("按右文")}
)
WIDTHS = (10, 20, 40)


@dataclass(frozen=True, slots=True)
class LineView:
    """One occurrence. White space of the original is shown as single spaces; ``where`` is the report's title."""

    left: str
    keyword: str
    right: str
    url: str
    unit: str
    year: str
    where: str


@dataclass(frozen=True, slots=True)
class KwicView:
    """``first``, ``last`` and ``total`` number the lines of this page among all."""

    lines: tuple[LineView, ...]
    first: str
    last: str
    total: str
    width: int
    sorts: tuple[Choice, ...]
    widths: tuple[Choice, ...]
    paging: Paging


def kwic_view(found: Concordance, state: SearchState) -> KwicView:
    """The page of ``found``, which was asked for by ``state``."""
    begun = (found.page - 1) * found.per_page
    return KwicView(
        lines=tuple(_line(line, state) for line in found.lines),
        first=labels.number(begun + 1),
        last=labels.number(begun + len(found.lines)),
        total=labels.number(found.total),
        width=found.width,
        sorts=tuple(
            Choice(label, search_url(state.replacing("sort", sort)), sort == found.sort)
            for sort, label in SORT_LABELS.items()
        ),
        widths=tuple(
            Choice(
                tr("{width} 字", width=width), search_url(state.replacing("width", str(width))), width == found.width
            )
            for width in WIDTHS
        ),
        paging=paging(state, found.page, found.per_page, found.total),
    )


def _line(line: KwicLine, state: SearchState) -> LineView:
    # Every line repeats the query in its address: Chinese as it is weighs a third of what it weighs percent-encoded.
    located = line.located
    meta = located.report.meta
    return LineView(
        left=_one_line(line.left),
        keyword=_one_line(line.keyword),
        right=_one_line(line.right),
        url=uri_to_iri(located_url(located, state)),
        unit=meta.unit or labels.unknown(),
        year=labels.unknown() if meta.year is None else str(meta.year),
        where=meta.title or tr("（无题目）"),
    )


def _one_line(text: str) -> str:
    return "".join(" " if char.isspace() else char for char in text)
