"""Completion of what is typed, corrections of text found nowhere in the library, and the library's set phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from searchapp.engines.base import Reader
from searchapp.errors import ParameterError
from searchapp.language import tr
from searchapp.lexicon import Correction, Lexicon, SetPhrase, Suggestion
from searchapp.query.ast import Phrase
from searchapp.search.params import Parameters, printable, values_of
from searchapp.search.request import SearchRequest
from searchapp.search.schema import ALL_KINDS, spoken
from searchapp.services.library import Library
from searchapp.services.payloads import types
from searchapp.services.payloads.shape import shaped
from searchapp.text.normalize import normalize

DEFAULT_LIMIT = 10
MAX_LIMIT = 100
LONGEST_TYPED = 200
"""Characters; what is longer is no beginning of a word."""
MEASURE_DIGITS = 2

NEAREST_LIMIT = 3
_LEAST_LETTERS = 2
_LETTERS = re.compile("[a-z]")
_PINYIN = re.compile("[a-z' \u4e00-\u9fff]+")
"""Letters of pinyin, and characters that are already chosen."""


def corrections(reader: Reader, lexicon: Lexicon, word: str, limit: int = NEAREST_LIMIT) -> tuple[Correction, ...]:
    """What ``word`` may have been meant to be; nothing when it stands somewhere in the library.

    Corrections that stand as a whole come before those that were mended in a piece only.
    """
    if not normalize(word) or _stands(reader, normalize(word)):
        return ()
    found = lexicon.nearest(word, limit, lambda piece: _stands(reader, piece))
    return tuple(sorted(found, key=lambda near: not _stands(reader, normalize(near.text))))


def nearest_texts(reader: Reader, lexicon: Lexicon, word: str) -> tuple[str, ...]:
    """The texts of :func:`corrections`; of pinyin, whole or half (dangjian, lgwh, 党jian), what it was the sound of."""
    sounded = _sounded(lexicon, word)
    mended = [correction.text for correction in corrections(reader, lexicon, word)]
    return tuple(dict.fromkeys((*sounded, *mended)))


def _sounded(lexicon: Lexicon, word: str) -> list[str]:
    """What may have been meant by letters that an input method never turned into characters."""
    literal = normalize(word)
    if len(literal) < _LEAST_LETTERS or not _LETTERS.search(literal) or not _PINYIN.fullmatch(literal):
        return []
    return [found.text for found in lexicon.suggest(word, NEAREST_LIMIT) if literal not in normalize(found.text)]


def _stands(reader: Reader, literal: str) -> bool:
    """Whether normalized text stands in any block of the library."""
    return reader.counts(SearchRequest(Phrase(literal, literal), kinds=ALL_KINDS)).paragraphs > 0


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
    return shaped(types.SuggestJson, completion)


def phrase_json(phrase: SetPhrase) -> types.PhraseJson:
    """A set phrase with its measures in bits."""
    measures = ("cohesion", "left_entropy", "right_entropy")
    return shaped(types.PhraseJson, phrase, **{name: round(getattr(phrase, name), MEASURE_DIGITS) for name in measures})


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
