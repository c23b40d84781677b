"""Normalization N: the form in which texts and phrases are compared, with a map back to the original.

N is closed under substrings: for every substring ``s`` of ``t``, ``N(s)`` is a substring of ``N(t)``. That holds
because each code point is mapped alone, and white space is kept or dropped by its nearest neighbours only.
Rules and their reasons: docs/inside/semantics.md, section 2. Knows characters; must not know words, queries or reports.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import opencc

NORMALIZER_VERSION = 1

Span = tuple[int, int]

_DOUBLE_QUOTES = "“”„‟〝〞〟「」『』«»"
_SINGLE_QUOTES = "‘’‚‛‹›"
_DASHES = "‐‑‒–—―−﹣⸺⸻─━"
_VARIANTS = (
    dict.fromkeys(_DOUBLE_QUOTES, '"')
    | dict.fromkeys(_SINGLE_QUOTES, "'")
    | dict.fromkeys(_DASHES, "-")
    | {"〜": "~", "∼": "~"}
)
# Han blocks that OpenCC's character table covers; other scripts never reach it.
_HAN_RANGES = ((0x2E80, 0x2FDF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
_VARIATION_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
_FIXPOINT_ROUNDS = 4


@functools.cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def _fold_once(char: str) -> str:
    folded: list[str] = []
    for piece in unicodedata.normalize("NFKC", char).lower():
        code = ord(piece)
        if piece.isspace():
            folded.append(" ")
        elif unicodedata.category(piece) in _INVISIBLE_CATEGORIES or _within(code, _VARIATION_SELECTORS):
            continue
        elif _within(code, _HAN_RANGES):
            # One character at a time: on strings OpenCC decides by context, which would break the substring law.
            folded.append(_simplifier().convert(piece))
        else:
            folded.append(_VARIANTS.get(piece, piece))
    return "".join(folded)


def _fold_character(char: str) -> str:
    """One code point folded until it no longer changes (some foldings open the way for another)."""
    if char.isspace():
        return " "
    folded = _fold_once(char)
    for _ in range(_FIXPOINT_ROUNDS):
        again = "".join(_fold_once(piece) for piece in folded)
        if again == folded:
            break
        folded = again
    return folded


class _FoldTable(dict[int, str]):
    """Folding of single code points, filled as they are met; ``irregular`` are those not folded one to one."""

    def __init__(self) -> None:
        super().__init__()
        self.irregular: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _fold_character(char)
        if len(folded) != 1 or folded == " ":
            self.irregular.add(char)
        self[code] = folded
        return folded


_FOLDS = _FoldTable()
_KEPT_SPACE = re.compile(r"(?<=[a-z0-9]) +(?=[a-z0-9])")
# Control characters never survive folding, so NUL can stand for a kept space for a moment.
_PLACEHOLDER = "\0"


@dataclass(frozen=True, slots=True)
class Normalized:
    """A normalized text and, for each of its characters, that character's code point offset in the original."""

    text: str
    offsets: Sequence[int]

    def original_span(self, start: int, end: int) -> Span:
        """The original code points behind ``text[start:end]``; ``start < end``."""
        return self.offsets[start], self.offsets[end - 1] + 1


def normalize(text: str, skip: Sequence[Span] = ()) -> str:
    """N(text). ``skip``: spans of ``text`` that are not part of it (publisher's marks), ascending, disjoint."""
    folded = without(text, skip).translate(_FOLDS)
    if " " not in folded:
        return folded
    return _KEPT_SPACE.sub(_PLACEHOLDER, folded).replace(" ", "").replace(_PLACEHOLDER, " ")


def regular_fold(char: str) -> str:
    """What a character is folded to when that is one character and no space, else nothing."""
    folded = _FOLDS[ord(char)]
    return "" if char in _FOLDS.irregular else folded


def normalize_with_map(text: str, skip: Sequence[Span] = ()) -> Normalized:
    """N(text) with the map back to ``text``; ``skip`` as for :func:`normalize`."""
    normalized = normalize(text, skip)
    if not skip and _FOLDS.irregular.isdisjoint(text):
        return Normalized(normalized, range(len(text)))
    return Normalized(normalized, _offsets(text, skip))


def without(text: str, skip: Sequence[Span]) -> str:
    """``text`` without the spans ``skip`` (ascending, disjoint)."""
    if not skip:
        return text
    kept, at = [], 0
    for start, end in skip:
        kept.append(text[at:start])
        at = end
    kept.append(text[at:])
    return "".join(kept)


def _offsets(text: str, skip: Sequence[Span]) -> list[int]:
    skipped = {offset for start, end in skip for offset in range(start, end)}
    offsets: list[int] = []
    previous = ""
    pending_space: int | None = None
    for offset, char in enumerate(text):
        if offset in skipped:
            continue
        for piece in _FOLDS[ord(char)]:
            if piece == " ":
                if pending_space is None:
                    pending_space = offset
                continue
            if pending_space is not None and _is_ascii_word(previous) and _is_ascii_word(piece):
                offsets.append(pending_space)
            pending_space = None
            offsets.append(offset)
            previous = piece
    return offsets


def _is_ascii_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


@functools.cache
def normalizer_fingerprint() -> str:
    """What decides N: this module's version and the versions of the Unicode and OpenCC data."""
    return f"N{NORMALIZER_VERSION} unicode-{unicodedata.unidata_version} opencc-{opencc.__version__}"


SEPARATOR = "\0"
"""Stands behind every text while they are together."""
_CODE_POINTS = 0x110000
_IRREGULAR = 0
_UNKNOWN = np.iinfo(np.uint32).max


def normalize_all(texts: Sequence[str]) -> list[str]:
    """N of each, by table look-up over all together; texts with characters not folded one to one (spaces) go alone."""
    joined = "".join([text + SEPARATOR for text in texts])
    folded = _folded(np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32))
    ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)
    irregular = folded == _IRREGULAR
    irregular[ends - 1] = False
    normalized = folded.tobytes().decode("utf-32-le")
    if not irregular.any():
        return normalized.split(SEPARATOR)[:-1]
    alone = set(np.searchsorted(ends, np.flatnonzero(irregular), side="right").tolist())
    return [
        normalize(text) if number in alone else normalized[end - 1 - len(text) : end - 1]
        for number, (text, end) in enumerate(zip(texts, ends.tolist(), strict=True))
    ]


def _folded(points: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Each code point folded; ``_IRREGULAR`` where that is not one code point, or a space."""
    table = _table()
    folded = table[points]
    unknown = folded == _UNKNOWN
    if unknown.any():
        for point in np.unique(points[unknown]).tolist():
            table[point] = ord(regular_fold(chr(point)) or chr(_IRREGULAR))
        folded = table[points]
    return folded


@functools.cache
def _table() -> npt.NDArray[np.uint32]:
    """Foldings of the code points met so far."""
    table = np.full(_CODE_POINTS, _UNKNOWN, dtype=np.uint32)
    table[ord(SEPARATOR)] = _IRREGULAR
    return table
