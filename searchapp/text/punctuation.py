"""Punctuation: which normalized characters the punctuation-blind reading leaves out, and a text without them.

Leaving out is decided for each character alone, so the blind reading is closed under substrings as N is. Unicode
general categories P (punctuation, quotes, brackets, ``%``, ``*``) and Z (spaces); symbols such as ``+`` and ``~``
stay.
"""

from __future__ import annotations

import re
import unicodedata

STATEMENT_ENDS = "。！!"
FULL_STOPS = STATEMENT_ENDS + "？?"
SENTENCE_ENDS = FULL_STOPS + "；;"
CLAUSE_ENDS = SENTENCE_ENDS + "：:"
"""Characters of a text as written, each set with the one before: what ends a statement, or a question too; a sentence,
for which reports also use semicolons; and what a list or a quotation follows.
"""

NORMALIZED_ENDS = frozenset(unicodedata.normalize("NFKC", SENTENCE_ENDS) + "⋯")
"""Normalized characters that end a sentence; ``…`` becomes ``...`` in N, so a ``.`` beside another one ends it too."""

ELLIPSIS = "."

_SENTENCE_ENDS = re.compile(f"[{''.join(sorted(NORMALIZED_ENDS))}]|{re.escape(ELLIPSIS)}{{2,}}")


class _Table(dict[int, str | None]):
    """``str.translate`` table, filled as characters are met: ``None`` drops the character."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        self[code] = None if is_punctuation(char) else char
        return self[code]


def is_punctuation(char: str) -> bool:
    """Whether the blind reading leaves ``char`` out."""
    return unicodedata.category(char)[0] in "PZ"


_TABLE = _Table()


def blind(text: str) -> str:
    """``text`` (normalized) without punctuation and spaces; may be empty."""
    return text.translate(_TABLE)


def blind_with_map(text: str) -> tuple[str, list[int]]:
    """:func:`blind`, and for each of its characters the offset in ``text``."""
    kept = [at for at, char in enumerate(text) if _TABLE[ord(char)] is not None]
    return "".join(text[at] for at in kept), kept


def sentence_ends(text: str) -> list[int]:
    """Offsets of the characters of a normalized text that a gap may not run over, ascending."""
    return [at for found in _SENTENCE_ENDS.finditer(text) for at in range(*found.span())]
