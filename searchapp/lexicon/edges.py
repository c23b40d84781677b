"""Which words a set phrase neither begins nor ends with, and which are left off when a phrase remains without them."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from importlib import resources

from searchapp.lexicon.coding import Segment

SHORTEST = 3
"""Characters of a phrase, unless the word list of the genre has it."""
SHORTEST_REST = 4
"""Characters that must be left of a phrase for its leading or trailing word to be left off."""
LIGHT_COHESION_BITS = 8.0
"""What a light verb and one word need to be a set phrase: 扩大内需 is one, 加强领导 is not."""

_NUMBER = re.compile(r"[一二三四五六七八九〇零十]{2,}年|[十百千万亿]+[个名项]|百分之|[一二三四五六七八九十百千万亿]+$")


@dataclass(frozen=True, slots=True)
class EdgeWords:
    """The lists of ``edges.toml``."""

    never_first: frozenset[str]
    never_last: frozenset[str]
    no_ending: frozenset[str]
    never_inside: frozenset[str]
    adverbs: frozenset[str]
    leading: frozenset[str]
    trailing: frozenset[str]


@functools.cache
def edge_words() -> EdgeWords:
    """The lists that come with searchapp."""
    data = tomllib.loads(resources.files("searchapp.lexicon").joinpath("edges.toml").read_text(encoding="utf-8"))
    return EdgeWords(**{name: frozenset(text.split()) for name, text in data.items()})


class Judge:
    """Says of n-grams that hold together and stand alone whether they read as set phrases.

    ``terms``: known set phrases, never doubted. ``cohesion``: that of every n-gram to be judged.
    """

    def __init__(self, segment: Segment, terms: Collection[str], cohesion: dict[str, float]) -> None:
        self._segment = segment
        self._terms = terms
        self._cohesion = cohesion

    def accepts(self, text: str) -> bool:
        """Whether ``text`` has the form of a set phrase, and is no other one with a light word at its end."""
        if text in self._terms:
            return True
        words = self._segment(text)
        if not self._well_formed(text, words):
            return False
        if len(words) < 2:
            return True
        lists = edge_words()
        first, last = words[0], words[-1]
        if first in lists.adverbs or first in lists.leading:
            if self._is_phrase(text[len(first) :]):
                return False
            if len(words) == 2 and len(last) <= 2:
                return first not in lists.adverbs and self._cohesion[text] >= LIGHT_COHESION_BITS
        return not (last in lists.trailing and self._is_phrase(text[: -len(last)]))

    def _is_phrase(self, rest: str) -> bool:
        """Whether what is left without a light word could be chosen instead."""
        if rest in self._terms:
            return True
        if len(rest) < SHORTEST_REST or rest not in self._cohesion:
            return False
        return self._well_formed(rest, self._segment(rest))

    def _well_formed(self, text: str, words: list[str]) -> bool:
        if len(text) < SHORTEST or _NUMBER.match(text):
            return False
        lists = edge_words()
        if text in lists.adverbs or text in lists.leading or text in lists.trailing:
            return False
        if len(words) < 2:
            return len(text) > SHORTEST and not text.isascii() and not (len(text) == 4 and text[:2] in lists.adverbs)
        if not lists.never_inside.isdisjoint(words):
            return False
        if any(text.endswith(name) and text != name for name in lists.no_ending):
            return False
        first, last = words[0], words[-1]
        if first in lists.never_first and not (first == "以" and "为" in words):
            return False
        return last not in lists.never_last
