"""Texts as symbols: what the search for set phrases counts, and the words of the texts with their blocks.

Every character of the joined texts is a symbol. Those that may stand in a phrase (Han characters and letters) are
numbered from ``FIRST_SYMBOL``; a digit bounds a phrase but is one and the same neighbour everywhere; anything else
(punctuation, the end of a block) is a free bound. ``n`` is the number of positions, ``s`` of symbols.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from searchapp.lexicon.report_words import END, CutTexts, cut_texts

BOUND = 0
DIGIT = 1
FIRST_SYMBOL = 2

Symbols = npt.NDArray[np.unsignedinteger]
Mask = npt.NDArray[np.bool_]
Segment = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class CodedTexts:
    """``symbols`` (n), the code point of each symbol (s), the first position of every block and the end (b + 1).

    ``begins`` (n): a word begins here. ``ends`` (n): one ends before it, as before another word, a bound or a digit.
    ``words``: the number of blocks that each word is cut in.
    A bound stands before the first text and after every text, so that every position has neighbours.
    """

    symbols: Symbols
    points: npt.NDArray[np.uint32]
    block_starts: npt.NDArray[np.int64]
    begins: Mask
    ends: Mask
    words: dict[str, int]

    def texts(self, starts: npt.NDArray[np.int64], length: int) -> list[str]:
        """The ``length`` characters from each start on."""
        points = self.points[self.symbols[starts[:, None] + np.arange(length)]]
        found: list[str] = np.ascontiguousarray(points.astype("<u4")).view(f"<U{length}")[:, 0].tolist()
        return found


def code_texts(texts: Iterable[str], segment: Segment) -> CodedTexts:
    """Reads ``texts`` (normalized, one a block) once and cuts each into words with ``segment``."""
    return code_pieces(cut_texts([(text, text, segment(text))]) for text in texts)


def code_pieces(pieces: Iterable[CutTexts]) -> CodedTexts:
    """Reads texts that are already cut, once, piece by piece."""
    points: list[Symbols] = [np.zeros(1, dtype=np.uint16)]
    begins = [np.zeros(1, dtype=bool)]
    words = _Words()
    for piece in pieces:
        points.append(_points(piece.text))
        marks = np.frombuffer(piece.begins, dtype=np.uint8)
        begins.append(np.unpackbits(marks, count=len(piece.text)).view(bool))
        words.count(piece.words)
    joined = np.concatenate(points)
    points.clear()
    symbols, alphabet = _numbered(joined)
    starts = np.flatnonzero(joined == ord(END)) + 1
    del joined
    of_words = np.concatenate(begins)
    begins.clear()
    ends = of_words | (symbols < FIRST_SYMBOL)
    return CodedTexts(symbols, alphabet, starts.astype(np.int64), of_words, ends, words.counted())


def _points(text: str) -> Symbols:
    """Code points, in two bytes where they are enough."""
    points: Symbols = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    return points.astype(np.uint16) if points.max(initial=0) <= np.iinfo(np.uint16).max else points


class _Words(dict[str, int]):
    """Numbers of words in the order in which they come, and how often each was counted."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = array("I")
        self._counts = array("I")

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number

    def count(self, words: Mapping[str, int]) -> None:
        """Adds the counts of a piece."""
        self._numbers.extend(map(self.__getitem__, words))
        self._counts.extend(words.values())

    def counted(self) -> dict[str, int]:
        """The sum of each word's counts."""
        numbers, counts = (np.frombuffer(each, dtype=np.uint32) for each in (self._numbers, self._counts))
        sums = np.bincount(numbers, weights=counts, minlength=len(self)).astype(np.int64)
        return dict(zip(self, sums.tolist(), strict=True))


def _numbered(points: Symbols) -> tuple[Symbols, npt.NDArray[np.uint32]]:
    """Symbols of code points (n) and the code point of each symbol (s); bounds and digits have none of their own."""
    used = np.zeros(0x110000, dtype=bool)
    used[points] = True
    present = np.flatnonzero(used)
    letters = np.array([point for point in present.tolist() if _in_phrases(chr(point))], dtype=np.uint32)
    digits = [point for point in present.tolist() if chr(point).isdigit()]
    table = np.zeros(0x110000, dtype=np.uint32)
    table[digits] = DIGIT
    table[letters] = np.arange(FIRST_SYMBOL, FIRST_SYMBOL + len(letters), dtype=np.uint32)
    dtype: type[np.unsignedinteger] = np.uint16 if len(letters) + FIRST_SYMBOL <= np.iinfo(np.uint16).max else np.uint32
    heads = np.fromiter(chain((0, ord("0")), letters.tolist()), dtype=np.uint32)
    return table.astype(dtype)[points], heads


def _in_phrases(char: str) -> bool:
    return char.isalpha() or char == "〇"
