"""What a text that stands nowhere in the library may have been meant to be."""

from __future__ import annotations

from searchapp.engines.base import Reader
from searchapp.lexicon import Correction, Lexicon
from searchapp.query.ast import Phrase
from searchapp.search.request import SearchRequest
from searchapp.search.schema import ALL_KINDS
from searchapp.text.normalize import normalize

NEAREST_LIMIT = 3


def corrections(reader: Reader, lexicon: Lexicon, word: str, limit: int = NEAREST_LIMIT) -> tuple[Correction, ...]:
    """What ``word`` may have been meant to be; nothing when it stands somewhere in the library.

    Corrections that stand as a whole come before those that were mended in a piece only.
    """
    if not normalize(word) or _stands(reader, normalize(word)):
        return ()
    found = lexicon.nearest(word, limit, lambda piece: _stands(reader, piece))
    return tuple(sorted(found, key=lambda near: not _stands(reader, normalize(near.text))))


def nearest_texts(reader: Reader, lexicon: Lexicon, word: str) -> tuple[str, ...]:
    """The texts of :func:`corrections`."""
    return tuple(correction.text for correction in corrections(reader, lexicon, word))


def _stands(reader: Reader, literal: str) -> bool:
    """Whether normalized text stands in any block of the library."""
    return reader.total(SearchRequest(Phrase(literal, literal, (0, len(literal))), kinds=ALL_KINDS)) > 0
