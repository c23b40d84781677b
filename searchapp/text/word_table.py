"""Many texts cut into words at once: the words that ``Analyzer.words`` gives, as arrays, with where each begins.

A report takes half the time of its paragraphs one by one: Han runs go to the segmenter in one call, words are numbers
from there on, and where they begin follows from their lengths. ``t`` texts, ``n`` characters with a separator behind
every text, ``w`` words, ``v`` distinct words.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from searchapp.text.analyzer import Analyzer, is_word_character, words_besides_han

SEPARATOR = "\0"
"""Stands behind every text: normalized texts hold no control characters."""

REMEMBERED_WORDS = 1 << 18
"""Distinct words of a hundred thousand paragraphs and more, in 30 MB."""

_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FD5
_GAP = " "

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WordTable:
    """``points`` (n): the code points of all texts. ``begins`` (t + 1): where each text begins.

    ``vocabulary`` (v): the distinct words. ``numbers`` (w): each word's place there, text after text in order.
    ``starts`` (w): where each word begins in ``points``. ``limits`` (t + 1): the first word of each text.
    """

    points: npt.NDArray[np.uint32]
    begins: Ints
    vocabulary: list[str]
    numbers: Ints
    starts: Ints
    limits: Ints


def table_of(texts: Sequence[str], words: Sequence[Sequence[str]]) -> WordTable:
    """The table of texts that are already cut: ``words`` are those of each, in the order in which they stand there."""
    known = _Numbers()
    numbers = [known[word] for of_text in words for word in of_text]
    begins = np.cumsum([0, *[len(text) + 1 for text in texts]])
    starts: list[int] = []
    for begin, text, of_text in zip(begins[:-1].tolist(), texts, words, strict=True):
        at = 0
        for word in of_text:
            at = max(text.find(word, at), at)
            starts.append(begin + at)
            at += len(word)
    return WordTable(
        _points("".join([text + SEPARATOR for text in texts])),
        begins,
        list(known),
        np.array(numbers, dtype=np.int64),
        np.array(starts, dtype=np.int64),
        np.cumsum([0, *map(len, words)]),
    )


def _points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


class _Numbers(dict[str, int]):
    """Numbers of words in the order in which they come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class BulkCutter:
    """Cuts many texts at a time; remembers words from one time to the next."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._forget()

    def _forget(self) -> None:
        self._known = _Numbers()
        self._gap = self._known[_GAP]
        self._words: list[str] = []
        self._lengths = np.zeros(0, dtype=np.int64)

    def cut(self, texts: Sequence[str]) -> WordTable:
        """Normalized ``texts``, cut."""
        if len(self._known) > REMEMBERED_WORDS:
            self._forget()
        joined = "".join([text + SEPARATOR for text in texts])
        points = _points(joined)
        begins = np.cumsum([0, *[len(text) + 1 for text in texts]])
        is_han = (points >= _FIRST_HAN) & (points <= _LAST_HAN)
        masked = np.where(is_han, points, np.uint32(ord(_GAP))).tobytes().decode("utf-32-le")
        numbers = self._numbered(self._analyzer.cut_runs(masked) if masked else [])
        lengths = self._lengths[numbers]
        starts = np.cumsum(lengths) - lengths
        words = numbers != self._gap
        numbers, starts = numbers[words], starts[words]
        others = _others(points, joined, is_han)
        if others:
            numbers = np.concatenate((numbers, self._numbered([word for _, word in others])))
            starts = np.concatenate((starts, np.array([place for place, _ in others])))
            order = np.argsort(starts, kind="stable")
            numbers, starts = numbers[order], starts[order]
        vocabulary, numbers = self._vocabulary(numbers)
        return WordTable(points, begins, vocabulary, numbers, starts, np.searchsorted(starts, begins))

    def _numbered(self, words: Sequence[str]) -> Ints:
        numbers = np.fromiter(map(self._known.__getitem__, words), dtype=np.int64, count=len(words))
        if len(self._known) > len(self._words):
            new = list(islice(self._known, len(self._words), None))
            self._words.extend(new)
            self._lengths = np.append(self._lengths, np.fromiter(map(len, new), dtype=np.int64, count=len(new)))
        return numbers

    def _vocabulary(self, numbers: Ints) -> tuple[list[str], Ints]:
        """The words among all that are remembered which these are, and the place of each among them."""
        held = np.zeros(len(self._words), dtype=bool)
        held[numbers] = True
        places = np.cumsum(held) - 1
        return list(map(self._words.__getitem__, np.flatnonzero(held).tolist())), places[numbers]


def _others(points: npt.NDArray[np.uint32], text: str, is_han: npt.NDArray[np.bool_]) -> list[tuple[int, str]]:
    """The words that are not Han, with where they begin."""
    besides = points[~is_han]
    spelling = [point for point in np.unique(besides).tolist() if _spells(point)]
    if not spelling:
        return []
    places = np.flatnonzero(~is_han)[np.isin(besides, spelling)]
    # A point between two digits belongs to the number: what stands so near each other is looked at together.
    parted = np.flatnonzero(np.diff(places) > 2) + 1
    firsts, lasts = places[np.concatenate(([0], parted))], places[np.append(parted - 1, len(places) - 1)]
    found: list[tuple[int, str]] = []
    for begin, end in zip(firsts.tolist(), (lasts + 1).tolist(), strict=True):
        stretch = text[begin:end]
        if stretch.isascii() and stretch.isalnum():
            found.append((begin, stretch))
        else:
            found.extend((begin + place, word) for place, word in words_besides_han(stretch))
    return found


@functools.lru_cache(maxsize=1 << 14)
def _spells(point: int) -> bool:
    return is_word_character(chr(point))
