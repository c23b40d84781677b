"""Texts as symbols: what the search for set phrases counts, and the words of the texts with their blocks.

Every character of the joined texts is a symbol. Those that may stand in a phrase (Han characters and letters) are
numbered from ``FIRST_SYMBOL``; a digit bounds a phrase but is one and the same neighbour everywhere; anything else
(punctuation, the end of a block) is a free bound. ``n`` is the number of positions, ``s`` of symbols.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

BOUND = 0
DIGIT = 1
FIRST_SYMBOL = 2

Symbols = npt.NDArray[np.unsignedinteger]
Mask = npt.NDArray[np.bool_]
Segment = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class CodedTexts:
    """``symbols`` (n), the code point of each symbol (s), the first position of every block and the end (b + 1).

    ``begins`` (n): a word begins here. ``words``: the number of blocks that each word is cut in.
    A bound stands before the first text and after every text, so that every position has neighbours.
    """

    symbols: Symbols
    points: npt.NDArray[np.uint32]
    block_starts: npt.NDArray[np.int64]
    begins: Mask
    words: Counter[str]

    def texts(self, starts: npt.NDArray[np.int64], length: int) -> list[str]:
        """The ``length`` characters from each start on."""
        points = self.points[self.symbols[starts[:, None] + np.arange(length)]]
        found: list[str] = np.ascontiguousarray(points.astype("<u4")).view(f"<U{length}")[:, 0].tolist()
        return found


def code_texts(texts: Iterable[str], segment: Segment) -> CodedTexts:
    """Reads ``texts`` (normalized, one a block) once and cuts each into words with ``segment``."""
    pieces = [np.zeros(1, dtype=np.uint32)]
    begins = [np.zeros(1, dtype=bool)]
    starts = [1]
    words: Counter[str] = Counter()
    for text in texts:
        cut = segment(text)
        words.update(set(cut))
        begins.append(_word_starts(text, cut))
        pieces.append(np.frombuffer((text + "\0").encode("utf-32-le"), dtype=np.uint32))
        starts.append(starts[-1] + len(text) + 1)
    points = np.concatenate(pieces)
    pieces.clear()
    symbols, alphabet = _numbered(points)
    return CodedTexts(symbols, alphabet, np.array(starts, dtype=np.int64), np.concatenate(begins), words)


def _word_starts(text: str, cut: list[str]) -> Mask:
    """Marks where words begin in ``text`` and the bound after it. What stands between words is in no word."""
    marks = np.zeros(len(text) + 1, dtype=bool)
    starts = []
    at = 0
    for word in cut:
        found = text.find(word, at)
        if found >= 0:
            starts.append(found)
            at = found + len(word)
    marks[starts] = True
    return marks


def _numbered(points: npt.NDArray[np.uint32]) -> tuple[Symbols, npt.NDArray[np.uint32]]:
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
