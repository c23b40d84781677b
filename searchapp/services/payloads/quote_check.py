"""The shapes of what the quote checker is sent and answers, as types; see ``types``. Meanings: docs/using/checking.md.

Checked sentences as plain JSON values, for the API and ``--json``: the names of ``checking_model``.
"""

from __future__ import annotations

from typing import Annotated, TypedDict

from msgspec import Meta

from searchapp.services.payloads.encode import placed_json
from searchapp.services.payloads.types import Count, PlacedJson, SpanJson
from searchapp.services.quote_check.values import CheckAnswer, CheckedSentence, Operation, Place, Verdict


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


def check_json(answer: CheckAnswer) -> CheckJson:
    """A checked text, without the text as a whole. Spans are code points, end-exclusive."""
    return {
        "build": answer.build,
        "counts": dict(answer.counts),
        "sentences": [sentence_json(sentence) for sentence in answer.sentences],
    }


def sentence_json(sentence: CheckedSentence) -> SentenceJson:
    """One sentence, or one quotation inside it."""
    return {
        "text": sentence.text,
        "span": list(sentence.span),
        "verdict": sentence.verdict,
        "blocks": sentence.blocks,
        "reports": sentence.reports,
        "similarity": sentence.similarity,
        "places": [_place_json(place) for place in sentence.places],
        "differences": [
            {
                "operation": difference.operation,
                "span": list(difference.span),
                "found_span": list(difference.found_span),
                "text": difference.text,
                "found": difference.found,
            }
            for difference in sentence.differences
        ],
        "inside": [sentence_json(each) for each in sentence.inside],
    }


def _place_json(place: Place) -> PlaceJson:
    return {
        **placed_json(place.located),
        "span": list(place.span),
        "text": place.text,
        "before": place.before,
        "after": place.after,
    }
