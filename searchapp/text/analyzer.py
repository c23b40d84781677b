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
import threading
from collections.abc import Callable, Iterable, Sequence
from importlib import resources
from typing import Literal

from searchapp.text.normalize import normalize, normalizer_fingerprint

ANALYZER_VERSION = 2

Backend = Literal["auto", "rjieba", "jieba"]

# Han runs as jieba itself cuts them out; characters of the extension planes become words of one character;
# a number keeps its decimals; any other letters and digits are words by script-independent runs.
_TOKEN = re.compile(
    r"(?P<han>[\u4e00-\u9fd5]+)"
    r"|[0-9]+(?:\.[0-9]+)+"
    r"|[〇\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
    r"|[^\W_〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+"
)

_HAN_WORD = re.compile(r"[\u4e00-\u9fd5]{2,}")


class Analyzer:
    """Cuts normalized text into words.

    ``dictionary`` holds the user's words beside the bundled terms of the genre; only words of Han characters take
    effect, in normal form (see :func:`dictionary_words`). ``backend`` ``auto`` takes rjieba when it can be imported.
    Raises ``ImportError`` when a named backend is not installed.
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

    def cut_runs(self, text: str) -> Sequence[str]:
        """The words of Han runs with spaces between; every space comes back as it is."""
        return self._cut(text)

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text could give other characters or words; 16 hexadecimal digits."""
        made_by = [f"A{ANALYZER_VERSION}", normalizer_fingerprint(), "jieba-0.42.1 hmm"]
        parts = [*made_by, *bundled_terms(), "", *self.dictionary]
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()


def words_besides_han(text: str) -> list[tuple[int, str]]:
    """The words of ``text`` that are not cut out of Han runs, with where they begin."""
    return [(match.start(), match.group()) for match in _TOKEN.finditer(text) if match.lastgroup != "han"]


def is_word_character(char: str) -> bool:
    """Whether a word may begin with ``char``."""
    return _TOKEN.match(char) is not None


def dictionary_words(text: str) -> tuple[list[str], list[str]]:
    """The words of a dictionary file in normal form, and the entries that are of no use.

    One entry a line; ``#`` begins a comment; what follows the word after white space (jieba's frequency and tag) is
    passed over. A word with anything but Han characters never takes effect, since words are cut out of Han runs.
    """
    words: list[str] = []
    useless: list[str] = []
    for line in text.splitlines():
        entry = line.partition("#")[0].split()
        if entry:
            word = normalize(entry[0])
            (words if _HAN_WORD.fullmatch(word) else useless).append(word or entry[0])
    return words, useless


@functools.cache
def bundled_terms() -> tuple[str, ...]:
    """The terms of the genre that come with searchapp."""
    text = resources.files("searchapp.text").joinpath("terms.txt").read_text(encoding="utf-8")
    return tuple(sorted(set(dictionary_words(text)[0])))


@functools.lru_cache(maxsize=4)
def _segmenter(dictionary: tuple[str, ...], backend: Backend) -> Callable[[str], Sequence[str]]:
    words = sorted({*bundled_terms(), *dictionary})
    if backend == "jieba":
        return _jieba_segmenter(words)
    try:
        return _rjieba_segmenter(words)
    except ImportError:
        if backend == "rjieba":
            raise
        return _jieba_segmenter(words)


_rjieba_taken = threading.Lock()
"""Held from the first segmenter on, which takes the dictionary that importing rjieba reads (33 MiB)."""


def _rjieba_segmenter(words: Sequence[str]) -> Callable[[str], list[str]]:
    """A segmenter of its own: to add a word again changes how often it counts as standing in texts."""
    import rjieba

    segmenter = rjieba if _rjieba_taken.acquire(blocking=False) else rjieba.Jieba()
    for word in words:
        segmenter.add_word(word, None, None)
    cut: Callable[[str], list[str]] = segmenter.cut
    return cut


def _jieba_segmenter(words: Sequence[str]) -> Callable[[str], list[str]]:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    segmenter = jieba.Tokenizer()
    for word in words:
        segmenter.add_word(word)
    cut: Callable[[str], list[str]] = segmenter.lcut
    return cut
