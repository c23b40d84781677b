"""Checked sentences as plain JSON values, for the API and ``--json``: the names of ``checking_model``."""

from __future__ import annotations

from searchapp.services.payloads import quote_check as shapes
from searchapp.services.payloads.encode import placed_json
from searchapp.services.quote_check.values import CheckAnswer, CheckedSentence, Place


def check_json(answer: CheckAnswer) -> shapes.CheckJson:
    """A checked text, without the text as a whole. Spans are code points, end-exclusive."""
    return {
        "build": answer.build,
        "counts": dict(answer.counts),
        "sentences": [sentence_json(sentence) for sentence in answer.sentences],
    }


def sentence_json(sentence: CheckedSentence) -> shapes.SentenceJson:
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


def _place_json(place: Place) -> shapes.PlaceJson:
    return {
        **placed_json(place.located),
        "span": list(place.span),
        "text": place.text,
        "before": place.before,
        "after": place.after,
    }
