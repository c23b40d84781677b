"""Hits by report: the head of a report, its best blocks, and how many it has besides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from searchapp.search.result import SearchResult
from searchapp.web import labels
from searchapp.web.links import report_url
from searchapp.web.search.hits import HitView, hit_view
from searchapp.web.state import SearchState


@dataclass(frozen=True, slots=True)
class GroupView:
    """A report and its best hits; ``number``: its place among the reports, from 1.

    ``others``: how many hits it has besides, empty when none; all of them are marked at ``url``.
    """

    number: int
    title: str
    url: str
    unit: str
    year: str
    hits: tuple[HitView, ...]
    others: str


def group_views(result: SearchResult, first: int, state: SearchState, asks_text: bool) -> Iterator[GroupView]:
    """The reports of the page; ``first`` is the number of the first."""
    at = 0
    for number, group in enumerate(result.grouped, first):
        hits = tuple(hit_view(hit, number, state, asks_text) for hit in result.hits[at : at + group.shown])
        at += group.shown
        yield GroupView(
            number=number,
            title=hits[0].title,
            url=report_url(group.report_id, state=state),
            unit=hits[0].unit,
            year=hits[0].year,
            hits=hits,
            others=labels.number(group.others) if group.others else "",
        )
