"""Floor 2: the words and set phrases of a library, for completion and for what was perhaps meant.

Made once for a build from its normalized texts, and one file. Knows texts and words; no report, no query, no engine.
"""

from searchapp.lexicon.build import build_lexicon, build_lexicon_of
from searchapp.lexicon.cutting import CutTexts, cut_table, cut_texts, pack_cut, unpack_cut
from searchapp.lexicon.entries import LEXICON_FILE, LEXICON_VERSION
from searchapp.lexicon.lexicon import Correction, Lexicon, Suggestion
from searchapp.lexicon.phrases import SetPhrase

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
