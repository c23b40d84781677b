"""Floor 2: the words and set phrases of a library, for completion and for what was perhaps meant.

Made once for a build from its normalized texts, and one file. Knows texts and words; no report, no query, no engine.
What makes it is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from searchapp.lexicon.entries import LEXICON_FILE, LEXICON_VERSION
from searchapp.lexicon.lexicon import Correction, Lexicon, Suggestion
from searchapp.lexicon.set_phrases import SetPhrase

if TYPE_CHECKING:
    from searchapp.lexicon.build import build_lexicon, build_lexicon_of
    from searchapp.lexicon.report_words import CutTexts, cut_table, cut_texts, pack_cut, unpack_cut

__all__ = [
    "LEXICON_FILE",
    "LEXICON_VERSION",
    "Correction",
    "CutTexts",
    "Lexicon",
    "SetPhrase",
    "Suggestion",
    "build_lexicon",
    "build_lexicon_of",
    "cut_table",
    "cut_texts",
    "pack_cut",
    "unpack_cut",
]

_LATE = {"build_lexicon": "build", "build_lexicon_of": "build"} | dict.fromkeys(
    ("CutTexts", "cut_table", "cut_texts", "pack_cut", "unpack_cut"), "report_words"
)
"""In which module stands what is imported late."""


def __getattr__(name: str) -> Any:
    """What is imported late (PEP 562)."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
