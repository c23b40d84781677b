"""Completion: entries that continue what is typed, by their text, by how they sound, or by both mixed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np

from searchapp.lexicon.entries import Entries, Numbers
from searchapp.lexicon.pinyin import typed
from searchapp.lexicon.set_phrases import LONGEST
from searchapp.text.normalize import normalize

LONGEST_TYPED = 48
"""Letters of pinyin; more are not looked up."""
_LETTERS = re.compile("[a-z]+")
_NO_LETTERS = re.compile("[^a-z]+")
_AFTER_ALL = "\U0010ffff"


class Completer:
    """Finds entries by what has been typed of them."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._mixer = MixedCompleter(entries)

    def complete(self, text: str, limit: int) -> list[int]:
        """Numbers of entries: those that begin with ``text``; that sound as it; that do with other readings of their
        characters; that go on from it as characters and pinyin together; set phrases that contain it. Each group by the
        number of blocks that hold them.
        """
        found: dict[int, None] = {}
        for numbers in self._groups(text):
            found.update(dict.fromkeys(self._entries.best(numbers, limit + len(found))))
            if len(found) >= limit:
                break
        return list(found)[:limit]

    def _groups(self, text: str) -> Iterator[Numbers]:
        prefix = normalize(text)
        unspaced = prefix.replace("'", "").replace(" ", "")
        letters = typed(text)
        if len(letters) == 1:
            # A letter begins too many things for those that are written with it to come before all others.
            yield np.concatenate([self._beginning(prefix), self._by_sound(letters)])
        elif 1 <= len(prefix) <= LONGEST:
            yield self._beginning(prefix)
        if 1 < len(letters) <= LONGEST_TYPED:
            yield self._by_sound(letters)
            yield self._by_initials(letters)
        if is_mixed(unspaced):
            yield self._mixed(unspaced)
        if 1 <= len(prefix) < LONGEST:
            yield self._containing(prefix)

    def _beginning(self, prefix: str) -> Numbers:
        found = []
        for length in range(len(prefix), LONGEST + 1):
            texts = self._entries.texts(length)
            low = np.searchsorted(texts, np.array(prefix, dtype=texts.dtype))
            if length == len(prefix):
                high = np.searchsorted(texts, np.array(prefix, dtype=texts.dtype), side="right")
            else:
                high = np.searchsorted(texts, np.array(prefix + _AFTER_ALL, dtype=texts.dtype))
            found.append(np.arange(int(low), int(high)) + self._entries.first(length))
        return np.concatenate(found)

    def _mixed(self, prefix: str) -> Numbers:
        """By characters and letters; the run that it begins with says which entries are looked at."""
        letters = _LETTERS.match(prefix)
        if letters:
            return self._mixer.of(prefix, self._by_sound(letters[0]).tolist())
        written = _NO_LETTERS.match(prefix)
        if written is None or len(written[0]) >= LONGEST:
            return np.zeros(0, dtype=np.int64)
        place = len(written[0])
        return self._mixer.of(prefix, self._mixer.next_begins(self._beginning(written[0]), place, prefix[place]))

    def _by_initials(self, letters: str) -> Numbers:
        """By first letters, with every reading of every character."""
        if len(letters) > LONGEST:
            return np.zeros(0, dtype=np.int64)
        heads = self._entries.array("initials")
        low = np.searchsorted(heads, np.array(letters.encode(), dtype=heads.dtype))
        high = np.searchsorted(heads, np.array(letters.encode() + b"\x7f", dtype=heads.dtype))
        if len(letters) == LONGEST:
            high = np.searchsorted(heads, np.array(letters.encode(), dtype=heads.dtype), side="right")
        return self._entries.array("initials_entries")[low:high].astype(np.int64)

    def _by_sound(self, letters: str) -> Numbers:
        """Whole syllables, their first letters, or the one after the other: liangge, lgwh, lianggwh.

        Lines of syllables ascend, so those with the first letter follow each other; each further letter goes on in the
        same syllable or begins the next.
        """
        lines = self._lines
        begin, end = lines.get(letters[0], (0, 0))
        pattern = re.compile(b"\n" + b"(?:[^\n ]* )?".join(letter.encode() for letter in letters))
        blob = self._entries.array("pinyin").data
        at = np.fromiter((match.start() for match in pattern.finditer(blob, begin, end)), dtype=np.int64)
        numbers = np.searchsorted(self._entries.array("pinyin_ends"), at, side="right")
        return self._entries.array("pinyin_entries")[numbers].astype(np.int64)

    @cached_property
    def _lines(self) -> dict[str, tuple[int, int]]:
        """Where the lines that begin with each letter stand among the lines of syllables."""
        blob = self._entries.array("pinyin")
        ends = np.concatenate([[0], self._entries.array("pinyin_ends")])
        firsts = blob[ends[:-1] + 1] if len(ends) > 1 else blob
        letters = {chr(code): np.searchsorted(firsts, [code, code + 1]) for code in np.unique(firsts).tolist()}
        return {letter: (int(ends[low]), int(ends[high])) for letter, (low, high) in letters.items()}

    def _containing(self, piece: str) -> Numbers:
        """Set phrases with ``piece`` after their beginning."""
        points = [ord(char) for char in piece]
        found = [np.zeros(0, dtype=np.int64)]
        for length in range(len(points) + 1, LONGEST + 1):
            numbers, chars = self._phrases[length]
            holds = np.zeros(len(numbers), dtype=bool)
            for shift in range(1, length - len(points) + 1):
                there = chars[shift] == points[0]
                for offset, point in enumerate(points[1:], 1):
                    if not there.any():
                        break
                    there &= chars[shift + offset] == point
                holds |= there
            found.append(numbers[holds])
        return np.concatenate(found)

    @cached_property
    def _phrases(self) -> dict[int, tuple[Numbers, Numbers]]:
        """Set phrases of each length: their numbers, and their code points by place (length x phrases)."""
        tables = {}
        for length in range(1, LONGEST + 1):
            chars = self._entries.chars(length)
            first = self._entries.first(length)
            chosen = np.flatnonzero(self._entries.kinds[first : first + len(chars)])
            tables[length] = (chosen + first, np.ascontiguousarray(chars[chosen].T))
        return tables


LONGEST_MIXED = 48
"""Characters and letters together; more are not looked up."""
_RUN = re.compile(r"[a-z]+|[^a-z]")


def is_mixed(prefix: str) -> bool:
    """Whether a normalized text has letters as well as other characters."""
    runs = _RUN.findall(prefix)
    letters = [run for run in runs if run[0].isascii() and run.isalpha()]
    return 0 < len(letters) < len(runs) and len(prefix) <= LONGEST_MIXED


def mixed_pattern(prefix: str) -> re.Pattern[str]:
    """What :func:`_spelled` of an entry begins with, if the entry goes on from ``prefix``.

    A character stands for itself, whatever it sounds like. Letters are whole syllables, their first letters, or the one
    after the other; the first letter of a run begins a syllable, each further letter goes on in it or begins the next.
    """
    parts: list[str] = []
    for run in _RUN.findall(prefix):
        if run.isascii() and run.isalpha():
            parts.extend(("." + "(?:[^ ]* .)?".join(run), "[^ ]* "))
        else:
            parts.append(re.escape(run) + "[^ ]* ")
    if parts and prefix[-1].isascii() and prefix[-1].isalpha():
        parts.pop()
    return re.compile("".join(parts))


class MixedCompleter:
    """Finds entries by characters and pinyin mixed: 党jian, 两gewh, dang建.

    An input method leaves such text in a box when a person commits the first character and types on.
    """

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def of(self, prefix: str, candidates: Iterable[int]) -> Numbers:
        """Numbers of those ``candidates`` that go on from ``prefix``."""
        pattern = mixed_pattern(prefix)
        found = [number for number in candidates if pattern.match(self._spelled(number))]
        return np.array(found, dtype=np.int64)

    def next_begins(self, numbers: Numbers, place: int, letter: str) -> Iterator[int]:
        """Those ``numbers`` whose syllable at ``place`` begins with ``letter``."""
        codes = [code for code, name in enumerate(self._entries.sound_names) if name.startswith(letter)]
        for length in range(place + 1, LONGEST + 1):
            first = self._entries.first(length)
            sounds = self._entries.sounds(length)
            own = numbers[(numbers >= first) & (numbers < first + len(sounds))]
            yield from own[np.isin(sounds[own - first, place], codes)].tolist()

    def _spelled(self, number: int) -> str:
        """An entry as ``党dang 建jian ``: each character, its syllable, a space."""
        text = self._entries.text(number)
        sounds = self._entries.sounds(len(text))[number - self._entries.first(len(text))]
        names = self._entries.sound_names
        return "".join(f"{char}{names[code]} " for char, code in zip(text, sounds.tolist(), strict=True))
