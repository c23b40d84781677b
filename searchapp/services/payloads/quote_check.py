"""The shapes of what the quote checker is sent and answers; see ``types``. Meanings: docs/using/checking.md."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from searchapp.services.payloads.encode import placed_json
from searchapp.services.payloads.shape import Shape, shaped
from searchapp.services.payloads.types import Count, PlacedJson, SpanJson
from searchapp.services.quote_check.values import CheckAnswer, CheckedSentence, Operation, Verdict


class PlaceJson(PlacedJson):
    """A block and the stretch of its text that is meant."""

    span: SpanJson
    text: str
    before: str
    after: str


class DifferenceJson(Shape):
    """What would make the sentence the library's."""

    operation: Operation
    span: SpanJson
    found_span: SpanJson
    text: str
    found: str


class SentenceJson(Shape):
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


class CheckJson(Shape):
    """A checked text, sentence by sentence."""

    build: str
    counts: dict[Verdict, Count]
    sentences: list[SentenceJson]


class CheckedTextJson(Shape):
    """A text to check."""

    text: str


def check_json(answer: CheckAnswer) -> CheckJson:
    """A checked text, without the text as a whole. Spans are code points, end-exclusive."""
    return shaped(CheckJson, answer, sentences=[sentence_json(sentence) for sentence in answer.sentences])


def sentence_json(sentence: CheckedSentence) -> SentenceJson:
    """One sentence, or one quotation inside it."""
    places = [placed_json(PlaceJson, place.located, place) for place in sentence.places]
    return shaped(SentenceJson, sentence, places=places, inside=[sentence_json(each) for each in sentence.inside])
