"""Completion: what one may be about to type, what was perhaps meant, and the set phrases of the library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from searchapp.errors import ParameterError
from searchapp.language import tr
from searchapp.lexicon import Correction, SetPhrase, Suggestion
from searchapp.search.params import Parameters, printable, values_of
from searchapp.search.schema import spoken
from searchapp.services.library import Library
from searchapp.services.nearness import NEAREST_LIMIT, corrections
from searchapp.services.payloads import types
from searchapp.services.payloads.encode import Json

DEFAULT_LIMIT = 10
MAX_LIMIT = 100
LONGEST_TYPED = 200
"""Characters; what is longer is no beginning of a word."""
MEASURE_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Completion:
    """``query`` as typed, the build that answered, and what goes on from there."""

    query: str
    build: str
    suggestions: tuple[Suggestion, ...]


def suggest(library: Library, q: str, limit: int = DEFAULT_LIMIT) -> Completion:
    """Words and set phrases that begin with ``q``, sound as it, or contain it; each with the blocks that hold it."""
    found = library.lexicon.suggest(q, limit) if len(q) <= LONGEST_TYPED else []
    return Completion(q, library.build, tuple(found))


def nearest(library: Library, word: str, limit: int = NEAREST_LIMIT) -> tuple[Correction, ...]:
    """What ``word`` may have been meant to be; nothing when it stands somewhere in the library."""
    return corrections(library.reader, library.lexicon, word, limit)


def phrases(library: Library, limit: int | None = None) -> Iterator[SetPhrase]:
    """The set phrases of the library, most frequent first."""
    return islice(library.lexicon.phrases(), limit)


def suggest_json(library: Library, params: Parameters) -> types.SuggestJson:
    """The answer to ``q`` and ``limit`` of an address. Raises ``ParameterError``."""
    query = next(reversed(values_of(params, "q")), "")
    completion = suggest(library, query, _limit(params))
    return completion_json(completion)


def completion_json(completion: Completion) -> types.SuggestJson:
    """A completion."""
    return {
        "query": completion.query,
        "build": completion.build,
        "suggestions": [
            {"text": found.text, "blocks": found.blocks, "kind": found.kind} for found in completion.suggestions
        ],
    }


def phrase_json(phrase: SetPhrase) -> Json:
    """A set phrase with its measures in bits."""
    return {
        "text": phrase.text,
        "frequency": phrase.frequency,
        "blocks": phrase.blocks,
        "cohesion": round(phrase.cohesion, MEASURE_DIGITS),
        "left_entropy": round(phrase.left_entropy, MEASURE_DIGITS),
        "right_entropy": round(phrase.right_entropy, MEASURE_DIGITS),
    }


def _limit(params: Parameters) -> int:
    text = next(reversed(values_of(params, "limit")), "").strip()
    if not text:
        return DEFAULT_LIMIT
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MAX_LIMIT)) else 0
    if not 1 <= number <= MAX_LIMIT:
        raise ParameterError(
            "limit",
            tr(
                "{name}应是 1 到 {most} 的整数，现在是“{text}”。",
                name=spoken("limit"),
                most=MAX_LIMIT,
                text=printable(text),
            ),
        )
    return number
