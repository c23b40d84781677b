"""Floor 2: the words and set phrases of a library, for completion and for what was perhaps meant.

Made once for a build from its normalized texts, and one file. Knows texts and words; no report, no query, no engine.
"""

from searchapp.lexicon.build import build_lexicon
from searchapp.lexicon.entries import LEXICON_FILE, LEXICON_VERSION
from searchapp.lexicon.lexicon import Correction, Lexicon, Suggestion
from searchapp.lexicon.phrases import SetPhrase

__all__ = ["LEXICON_FILE", "LEXICON_VERSION", "Correction", "Lexicon", "SetPhrase", "Suggestion", "build_lexicon"]
