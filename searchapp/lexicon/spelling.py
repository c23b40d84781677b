"""Did you mean: for text that stands nowhere, the nearest entries by sound and by one edit.

Nearness, best first: the same toneless syllables; syllables that are often taken for each other; one other character,
one more, one less, or two neighbours exchanged. Among equals, entries in more blocks come first. All entries of a
length are compared at once. Words put together freely (养老 and 服务) are no entry: two characters are exchanged for a
word of their sound where the whole then stands in the corpus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from searchapp.lexicon.entries import Entries, Numbers, Table
from searchapp.lexicon.pinyin import similar, spoken, syllables
from searchapp.lexicon.set_phrases import LONGEST

Nearness = Literal["sound", "similar", "edit"]
_RANKS: tuple[Nearness, ...] = ("sound", "similar", "edit")

SHORTEST = 2
SHORTEST_EDITED = 3
"""A word of two characters has hundreds of neighbours at one edit; only its sound, or an exchange, counts."""
SHORTEST_PIECE = 3
"""Characters of a wrong piece inside a longer text."""
WORD = 2
LONGEST_COMPOUND = 12
WORDS_TRIED = 8
"""Words of the same sound that are tried in one place of a compound, those in the most blocks first."""
LONGEST_TEXT = 40
"""Characters; nothing is offered for longer text."""


@dataclass(frozen=True, slots=True)
class Near:
    """The entry ``number`` would replace the characters ``start`` to ``end`` of the text that was asked for."""

    number: int
    start: int
    end: int
    nearness: Nearness


Stands = Callable[[str], bool]


class Neighbours:
    """Finds the nearest entries."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def nearest(self, text: str, limit: int, stands: Stands) -> list[Near]:
        """For normalized ``text``: whole entries, or, when there is none, entries in place of a piece of it.

        ``stands`` says whether a piece stands in the corpus; what does is not replaced.
        """
        if not SHORTEST <= len(text) <= LONGEST_TEXT:
            return []
        found = self._whole(text) if len(text) <= LONGEST else []
        if not found and len(text) > SHORTEST_PIECE:
            found = list(self._pieces(text, stands))
        if WORD < len(text) <= LONGEST_COMPOUND and all(near.nearness == "edit" for near in found):
            found.extend(self._words_within(text, stands))
        found.sort(key=lambda near: (_RANKS.index(near.nearness), near.start - near.end, self._order(near.number)))
        return found[:limit]

    def _order(self, number: int) -> tuple[int, int]:
        return -int(self._entries.blocks[number]), number

    def _whole(self, text: str) -> list[Near]:
        asked = _points(text)
        ranks: dict[int, Nearness] = {}
        length = len(text)
        chars, sounds = self._entries.chars(length), self._entries.sounds(length)
        groups: list[tuple[Nearness, int, npt.NDArray[np.bool_]]] = []
        other = chars != asked
        differing = other.sum(axis=1)
        groups.append(("sound", length, self._same_sound(text, sounds)))
        groups.append(("similar", length, (differing > 0) & self._alike(text, sounds, other)))
        exchanged = np.zeros(len(chars), dtype=bool)
        for at in range(length - 1):
            exchanged |= other[:, at] & (chars[:, at] == asked[at + 1]) & (chars[:, at + 1] == asked[at])
        groups.append(("edit", length, (differing == 2) & exchanged))
        if length >= SHORTEST_EDITED:
            groups.append(("edit", length, differing == 1))
            if length < LONGEST:
                groups.append(("edit", length + 1, _one_more(self._entries.chars(length + 1), asked)))
            groups.append(("edit", length - 1, _one_less(self._entries.chars(length - 1), asked)))
        for nearness, of_length, mask in groups:
            for number in np.flatnonzero(mask) + self._entries.first(of_length):
                ranks.setdefault(int(number), nearness)
        own = self._entries.find(text)
        return [Near(number, 0, length, nearness) for number, nearness in ranks.items() if number != own]

    def _same_sound(self, text: str, sounds: Table) -> npt.NDArray[np.bool_]:
        found = np.zeros(len(sounds), dtype=bool)
        for reading in spoken(text):
            codes = [self._entries.sound_codes.get(syllable, -1) for syllable in reading]
            if -1 not in codes:
                found |= (sounds == np.array(codes, dtype=sounds.dtype)).all(axis=1)
        return found

    def _alike(self, text: str, sounds: Table, other: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Whether every character that is another sounds like the one in its place."""
        asked = [self._classes_by_name.get(similar(syllable), -1) for syllable in syllables(text)]
        fits: npt.NDArray[np.bool_] = (~other | (self._classes[sounds] == np.array(asked))).all(axis=1)
        return fits

    @cached_property
    def _classes_by_name(self) -> dict[str, int]:
        names = dict.fromkeys(similar(name) for name in self._entries.sound_names)
        return {name: code for code, name in enumerate(names)}

    @cached_property
    def _classes(self) -> npt.NDArray[np.int32]:
        """For every syllable code, the class of syllables that it is often taken for."""
        codes = [self._classes_by_name[similar(name)] for name in self._entries.sound_names]
        return np.array(codes, dtype=np.int32)

    def _pieces(self, text: str, stands: Stands) -> Iterator[Near]:
        """Entries of three characters or more that sound like a piece of ``text``, or differ by one character.

        The longest pieces come first; nothing shorter is looked at than the longest that sounds like an entry.
        """
        asked = _points(text)
        heard = syllables(text)
        codes = np.array([self._entries.sound_codes.get(syllable, -1) for syllable in heard])
        classes = np.array([self._classes_by_name.get(similar(syllable), -1) for syllable in heard])
        for length in range(min(len(text) - 1, LONGEST), SHORTEST_PIECE - 1, -1):
            found = list(self._pieces_of(length, asked, codes, classes))
            found = [near for near in found if not stands(text[near.start : near.end])]
            yield from found
            if any(near.nearness != "edit" for near in found):
                return

    def _words_within(self, text: str, stands: Stands) -> Iterator[Near]:
        """Words of two characters that sound like a piece of ``text`` and make it a text that stands."""
        if stands(text):
            return
        sounds, first = self._entries.sounds(WORD), self._entries.first(WORD)
        for start in range(len(text) - WORD + 1):
            piece, before, after = text[start : start + WORD], text[:start], text[start + WORD :]
            same = self._same_sound(piece, sounds)
            numbers = (np.flatnonzero(same) + first).tolist()
            for number in sorted(numbers, key=self._order)[:WORDS_TRIED]:
                if stands(before + self._entries.text(number) + after):
                    yield Near(number, start, start + WORD, "sound")

    def _pieces_of(self, length: int, asked: Numbers, codes: Numbers, classes: Numbers) -> Iterator[Near]:
        chars, sounds = self._entries.chars(length), self._entries.sounds(length)
        first = self._entries.first(length)
        for start in range(len(asked) - length + 1):
            span = slice(start, start + length)
            differing = np.zeros(len(chars), dtype=np.int8)
            for at in range(length):
                differing += chars[:, at] != asked[start + at]
            near = np.flatnonzero(differing <= max(1, length // 2))
            if not len(near):
                continue
            other = chars[near] != asked[span]
            same = (sounds[near] == codes[span]).all(axis=1)
            alike = (~other | (self._classes[sounds[near]] == classes[span])).all(axis=1)
            for place in np.flatnonzero((differing[near] > 0) & (same | alike | (differing[near] == 1))).tolist():
                nearness: Nearness = "sound" if same[place] else "similar" if alike[place] else "edit"
                if nearness != "edit" or length > SHORTEST_EDITED:
                    yield Near(int(near[place]) + first, start, start + length, nearness)


def _points(text: str) -> Numbers:
    return np.array([ord(char) for char in text], dtype=np.int64)


def _one_more(chars: Table, asked: Numbers) -> npt.NDArray[np.bool_]:
    """Rows (of one character more) that are ``asked`` with a character put in."""
    head = np.cumprod(chars[:, :-1] == asked, axis=1).sum(axis=1)
    tail = np.cumprod((chars[:, 1:] == asked)[:, ::-1], axis=1).sum(axis=1)
    more: npt.NDArray[np.bool_] = head + tail >= len(asked)
    return more


def _one_less(chars: Table, asked: Numbers) -> npt.NDArray[np.bool_]:
    """Rows (of one character less) that are ``asked`` without one of its characters."""
    head = np.cumprod(chars == asked[:-1], axis=1).sum(axis=1)
    tail = np.cumprod((chars == asked[1:])[:, ::-1], axis=1).sum(axis=1)
    less: npt.NDArray[np.bool_] = head + tail >= len(asked) - 1
    return less
