"""What a text that stands nowhere in the library may have been meant to be."""

from __future__ import annotations

import re

from searchapp.engines.base import Reader
from searchapp.lexicon import Correction, Lexicon
from searchapp.query.ast import Phrase
from searchapp.search.request import SearchRequest
from searchapp.search.schema import ALL_KINDS
from searchapp.text.normalize import normalize

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
    return reader.total(SearchRequest(Phrase(literal, literal, (0, len(literal))), kinds=ALL_KINDS)) > 0
