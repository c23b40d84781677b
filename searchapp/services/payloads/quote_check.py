"""The shapes of what the quote checker is sent and answers, as types; see ``shapes``. Meanings: docs/checking.md."""

from __future__ import annotations

from typing import Annotated, TypedDict

from msgspec import Meta

from searchapp.services.payloads.types import Count, PlacedJson, SpanJson
from searchapp.services.quote_check.values import Operation, Verdict


class PlaceJson(PlacedJson):
    """A block and the stretch of its text that is meant."""

    span: SpanJson
    text: str
    before: str
    after: str


class DifferenceJson(TypedDict):
    """What would make the sentence the library's."""

    operation: Operation
    span: SpanJson
    found_span: SpanJson
    text: str
    found: str


class SentenceJson(TypedDict):
    """A sentence, or a quotation inside one, and what the library says of it."""

    text: str
    span: SpanJson
    verdict: Verdict
    blocks: Count
    reports: Count
    similarity: Annotated[float, Meta(ge=0, le=1)] | None
    places: list[PlaceJson]
    differences: list[DifferenceJson]
    inside: list[SentenceJson]


class CheckJson(TypedDict):
    """A checked text, sentence by sentence."""

    build: str
    counts: dict[Verdict, Count]
    sentences: list[SentenceJson]


class CheckedTextJson(TypedDict):
    """A text to check."""

    text: str
