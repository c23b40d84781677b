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

END = "\0"
"""Stands behind every text: normalized texts hold no control characters."""

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*|[0-9]+[A-Za-z][A-Za-z0-9]*")
_SMALL_LETTER = re.compile("[a-z]")
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
    texts: list[str] = []
    marks = bytearray()
    words: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for text, written, cut in blocks:
        texts.append(text)
        words.update(set(cut))
        marks += _word_starts(text, cut)
        if written.isascii() or _SMALL_LETTER.search(text):
            for form in _LATIN.findall(unicodedata.normalize("NFKC", written)):
                forms.setdefault(form.lower(), Counter())[form] += 1
    text = "".join(text + END for text in texts)
    packed = np.packbits(np.frombuffer(bytes(marks), dtype=np.uint8)).tobytes()
    return CutTexts(text, packed, dict(words), {latin: dict(of_latin) for latin, of_latin in forms.items()})


def _word_starts(text: str, cut: Sequence[str]) -> bytearray:
    """Marks where words begin in ``text`` and the end behind it. What stands between words is in no word."""
    marks = bytearray(len(text) + 1)
    find = text.find
    at = 0
    for word in cut:
        found = find(word, at)
        if found >= 0:
            marks[found] = 1
            at = found + len(word)
    return marks


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
