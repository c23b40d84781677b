"""The analyzer: normalized text to jieba words.

Words rank hits and widen plain words; they never decide what a phrase matches. rjieba segments Han runs (the same
words as jieba, twenty times faster); jieba is the reference and the fallback. What is not Han is split by rule,
because the two differ only there. Knows words; must not know queries or reports.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from searchapp.text.normalize import normalizer_fingerprint

ANALYZER_VERSION = 1

Backend = Literal["auto", "rjieba", "jieba"]

# Han runs as jieba itself cuts them out; characters of the extension planes become words of one character;
# a number keeps its decimals; any other letters and digits are words by script-independent runs.
_TOKEN = re.compile(
    r"(?P<han>[\u4e00-\u9fd5]+)"
    r"|[0-9]+(?:\.[0-9]+)+"
    r"|[〇\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
    r"|[^\W_〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+"
)


class Analyzer:
    """Cuts normalized text into words.

    ``dictionary`` holds user words (written as in :func:`searchapp.text.normalize.normalize`'s output). ``backend``
    ``auto`` takes rjieba when it can be imported. Raises ``ImportError`` when a named backend is not installed.
    """

    def __init__(self, dictionary: Iterable[str] = (), backend: Backend = "auto") -> None:
        self.dictionary = tuple(sorted(set(dictionary)))
        self._cut = _segmenter(self.dictionary, backend)

    def words(self, text: str) -> list[str]:
        """The words of normalized ``text``, in order, repeats kept; punctuation and masks are no words."""
        words: list[str] = []
        for match in _TOKEN.finditer(text):
            if match.lastgroup == "han":
                words.extend(self._cut(match.group()))
            else:
                words.append(match.group())
        return words

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text could give other characters or words; 16 hexadecimal digits."""
        parts = [f"A{ANALYZER_VERSION}", normalizer_fingerprint(), "jieba-0.42.1 hmm", *self.dictionary]
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()


@functools.lru_cache(maxsize=4)
def _segmenter(dictionary: Sequence[str], backend: Backend) -> Callable[[str], list[str]]:
    if backend == "jieba":
        return _jieba_segmenter(dictionary)
    try:
        return _rjieba_segmenter(dictionary)
    except ImportError:
        if backend == "rjieba":
            raise
        return _jieba_segmenter(dictionary)


def _rjieba_segmenter(dictionary: Sequence[str]) -> Callable[[str], list[str]]:
    import rjieba

    if not dictionary:
        # Importing rjieba has built this segmenter already; a second one would cost 80 ms at every start.
        shared: Callable[[str], list[str]] = rjieba.cut
        return shared
    segmenter = rjieba.Jieba()
    for word in dictionary:
        segmenter.add_word(word, None, None)
    cut: Callable[[str], list[str]] = segmenter.cut
    return cut


def _jieba_segmenter(dictionary: Sequence[str]) -> Callable[[str], list[str]]:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    segmenter = jieba.Tokenizer()
    for word in dictionary:
        segmenter.add_word(word)
    cut: Callable[[str], list[str]] = segmenter.lcut
    return cut
