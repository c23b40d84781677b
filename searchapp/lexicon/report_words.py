"""What the lexicon needs of a report: normalized texts, where words begin in them, words, Latin words as written.

Made where a report is read and analyzed, kept as bytes with the build, and taken up as it is when the next build holds
the same report.
"""

from __future__ import annotations

import json
import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from searchapp.text.word_table import SEPARATOR, WordTable, table_of

END = SEPARATOR
"""Stands behind every text."""

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*|(?<![0-9])[0-9]++[A-Za-z][A-Za-z0-9]*")
_HEAD = struct.Struct("!I")
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class CutTexts:
    """``text``: normalized texts, one a block, each with ``END`` behind it. ``begins``: for each character of it a bit,
    packed: a word begins here. ``words``: in how many blocks each word is cut. ``forms``: how often each Latin word
    (normalized) is written in which form.
    """

    text: str
    begins: bytes
    words: dict[str, int]
    forms: dict[str, dict[str, int]]


def cut_texts(blocks: Iterable[tuple[str, str, Sequence[str]]]) -> CutTexts:
    """``blocks``: the normalized text of each, the text as written, and the words of the former."""
    known = list(blocks)
    table = table_of([text for text, _, _ in known], [words for _, _, words in known])
    return cut_table(table, [written for _, written, _ in known])


def cut_table(table: WordTable, written: Sequence[str]) -> CutTexts:
    """The same from a table whose first texts are those of the blocks; ``written``: these as written."""
    points = table.points[: table.begins[len(written)]]
    numbers, starts = (each[: table.limits[len(written)]] for each in (table.numbers, table.starts))
    begins = np.zeros(len(points), dtype=np.uint8)
    begins[starts] = 1
    text_of = np.repeat(np.arange(len(written)), np.diff(table.limits[: len(written) + 1]))
    size = max(len(table.vocabulary), 1)
    held = np.sort(text_of * size + numbers)
    distinct = held[np.concatenate(([True], held[1:] != held[:-1]))] if len(held) else held
    counts = np.bincount(distinct % size, minlength=size).tolist()
    words = {word: count for word, count in zip(table.vocabulary, counts, strict=False) if count}
    text = points.tobytes().decode("utf-32-le", "surrogatepass")
    return CutTexts(text, np.packbits(begins).tobytes(), words, _forms(table, written))


def _forms(table: WordTable, written: Sequence[str]) -> dict[str, dict[str, int]]:
    """How often each Latin word is written in which form."""
    small = np.flatnonzero((table.points >= ord("a")) & (table.points <= ord("z")))
    lettered = set((np.searchsorted(table.begins, small, side="right") - 1).tolist())
    forms: dict[str, Counter[str]] = {}
    for number, text in enumerate(written):
        if number in lettered or text.isascii():
            for form in _LATIN.findall(unicodedata.normalize("NFKC", text)):
                forms.setdefault(form.lower(), Counter())[form] += 1
    return {latin: dict(of_latin) for latin, of_latin in forms.items()}


def usual_form(latin: str, usual: dict[str, str]) -> str:
    """``latin`` with its Latin words as they are usually written."""
    return _LATIN.sub(lambda match: usual.get(match.group(), match.group()), latin)


def pack_cut(cut: CutTexts) -> bytes:
    """As bytes, to keep."""
    head = json.dumps([cut.text, cut.words, cut.forms], ensure_ascii=False).encode("utf-8")
    return zlib.compress(_HEAD.pack(len(head)) + head + cut.begins, _LEVEL)


def unpack_cut(data: bytes) -> CutTexts:
    """What :func:`pack_cut` was given. Raises ``ValueError`` for anything else."""
    try:
        plain = zlib.decompress(data)
        (size,) = _HEAD.unpack_from(plain)
        text, words, forms = json.loads(plain[_HEAD.size : _HEAD.size + size])
        return CutTexts(text, plain[_HEAD.size + size :], words, forms)
    except (zlib.error, struct.error, TypeError) as exc:
        raise ValueError("no texts that were cut") from exc
