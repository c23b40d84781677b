"""The shapes of two reports side by side, as types; see ``shapes``."""

from __future__ import annotations

from typing import Annotated, TypedDict

from msgspec import Meta

from searchapp.reports.model import BlockKind
from searchapp.services.compare.values import RowKind
from searchapp.services.payloads.types import Count, PathJson, ReportJson, SpanJson

ShareJson = Annotated[float, Meta(ge=0, le=1)]


class SideJson(TypedDict):
    """A block of one of the reports."""

    paragraph_id: str
    block: BlockKind
    position: Annotated[Count, Meta(description="Its place in its report, from 0.")]
    text: str
    changes: Annotated[list[SpanJson], Meta(description="What the other block does not have.")]
    partner: Annotated[Count | None, Meta(description="Position of the other block, when it stands in another row.")]
    url: PathJson


class RowJson(TypedDict):
    """What stands beside each other; one side is null where nothing does."""

    kind: RowKind
    similarity: ShareJson
    a: SideJson | None
    b: SideJson | None


class CharactersJson(TypedDict):
    """Normalized characters of each report."""

    a: Count
    b: Count


class ComparisonJson(TypedDict):
    """Two reports side by side."""

    build: str
    a: ReportJson
    b: ReportJson
    counts: Annotated[dict[RowKind, Count], Meta(description="Pairs, and blocks that stand alone, by kind of row.")]
    characters: CharactersJson
    share_same: Annotated[ShareJson, Meta(description="Share of `b` in blocks taken over from `a` unchanged.")]
    share_alike: Annotated[ShareJson, Meta(description="Share of `b` that was in `a` before.")]
    rows: list[RowJson]
