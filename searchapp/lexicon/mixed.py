"""Completion of what is typed half in characters, half in pinyin: 党jian, 两gewh, dang建.

An input method leaves such things in a box when a person commits the first character and types on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from searchapp.lexicon.entries import Entries, Numbers
from searchapp.lexicon.set_phrases import LONGEST

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
    """Finds entries by characters and letters."""

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
