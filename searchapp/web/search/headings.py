"""The list of headings as a page shows it: reports, their headings by level, how deep to go."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.urls import uri_to_iri

from searchapp.language import Labels, later, tr
from searchapp.services.addresses import part_of
from searchapp.services.headings import MAX_DEPTH, HeadingsList, ReportHeadings
from searchapp.services.payloads.encode import years_text
from searchapp.web import labels
from searchapp.web.links import report_url, search_url
from searchapp.web.paging import Paging, paging
from searchapp.web.search.switches import Choice
from searchapp.web.state import SearchState

DEPTH_LABELS = Labels({1: later("一级"), 2: later("到二级"), 3: later("到三级"), MAX_DEPTH: later("全部")})


@dataclass(frozen=True, slots=True)
class HeadingView:
    """A heading; ``depth`` from 1."""

    depth: int
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class OutlineView:
    """A report and its headings; ``hits``: how many of its blocks are found."""

    title: str
    url: str
    unit: str
    year: str
    hits: str
    headings: tuple[HeadingView, ...]


@dataclass(frozen=True, slots=True)
class HeadingsView:
    """``total`` reports, those of this page, and the levels to choose from."""

    reports: tuple[OutlineView, ...]
    total: str
    depths: tuple[Choice, ...]
    paging: Paging


def headings_view(found: HeadingsList, state: SearchState) -> HeadingsView:
    """The page of ``found``, which was asked for by ``state``."""
    return HeadingsView(
        reports=tuple(_outline(report, state) for report in found.reports),
        total=labels.number(found.total),
        depths=tuple(
            Choice(label, search_url(state.replacing("depth", str(depth))), depth == found.depth)
            for depth, label in DEPTH_LABELS.items()
        ),
        paging=paging(state, found.page, found.per_page, found.total),
    )


def _outline(found: ReportHeadings, state: SearchState) -> OutlineView:
    summary = found.summary
    report_id, meta = summary.report_id, summary.meta
    return OutlineView(
        title=meta.title or tr("（无题目）"),
        url=report_url(report_id, state=state),
        unit=meta.unit or tr("单位未注明"),
        year=years_text(meta) if meta.year is not None else tr("年份未注明"),
        hits=labels.number(found.hits),
        headings=tuple(
            HeadingView(
                heading.depth,
                heading.text,
                # Chinese as it is weighs a third of what it weighs percent-encoded, and there are hundreds of these.
                uri_to_iri(report_url(report_id, heading.key, state, part=part_of(heading.position, summary.blocks))),
            )
            for heading in found.headings
        ),
    )
