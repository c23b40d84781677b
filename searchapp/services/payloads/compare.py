"""The shapes of two reports side by side, as types; see ``types``."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from searchapp.reports.model import BlockKind, paragraph_id
from searchapp.search.result import ReportSummary
from searchapp.services.addresses import block_url
from searchapp.services.compare.values import Comparison, RowKind, Side
from searchapp.services.payloads.encode import report_json
from searchapp.services.payloads.shape import Shape, shaped
from searchapp.services.payloads.types import Count, PathJson, ReportJson, SpanJson

ShareJson = Annotated[float, Meta(ge=0, le=1)]


class SideJson(Shape):
    """A block of one of the reports."""

    paragraph_id: str
    block: BlockKind
    position: Annotated[Count, Meta(description="Its place in its report, from 0.")]
    text: str
    changes: Annotated[list[SpanJson], Meta(description="What the other block does not have.")]
    partner: Annotated[Count | None, Meta(description="Position of the other block, when it stands in another row.")]
    url: PathJson


class RowJson(Shape):
    """What stands beside each other; one side is null where nothing does."""

    kind: RowKind
    similarity: ShareJson
    a: SideJson | None
    b: SideJson | None


class CharactersJson(Shape):
    """Normalized characters of each report."""

    a: Count
    b: Count


class ComparisonJson(Shape):
    """Two reports side by side."""

    build: str
    a: ReportJson
    b: ReportJson
    counts: Annotated[dict[RowKind, Count], Meta(description="Pairs, and blocks that stand alone, by kind of row.")]
    characters: CharactersJson
    share_same: Annotated[ShareJson, Meta(description="Share of `b` in blocks taken over from `a` unchanged.")]
    share_alike: Annotated[ShareJson, Meta(description="Share of `b` that was in `a` before.")]
    rows: list[RowJson]


_DIGITS = 4


def comparison_json(build: str, found: Comparison) -> ComparisonJson:
    """A comparison; spans are code points of ``text``, end-exclusive; positions count from 0."""
    figures = found.figures
    return ComparisonJson(
        build=build,
        a=report_json(found.a),
        b=report_json(found.b),
        counts=dict(figures.blocks),
        characters=CharactersJson(a=figures.characters_a, b=figures.characters_b),
        share_same=round(figures.share_same, _DIGITS),
        share_alike=round(figures.share_alike, _DIGITS),
        rows=[
            RowJson(
                kind=row.kind,
                similarity=round(row.similarity, _DIGITS),
                a=_side_json(found.a, row.a),
                b=_side_json(found.b, row.b),
            )
            for row in found.rows
        ],
    )


def _side_json(report: ReportSummary, side: Side | None) -> SideJson | None:
    if side is None:
        return None
    block = side.block
    return shaped(
        SideJson,
        side,
        paragraph_id=paragraph_id(report.report_id, block.key),
        block=block.kind,
        text=block.text,
        url=block_url(report.report_id, block.key, side.position, report.blocks),
    )
