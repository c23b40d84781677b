"""The set phrases of a corpus: n-grams that hold together, stand alone, and are no mere part of a longer one.

The measures are those of :mod:`searchapp.lexicon.ngrams`; the thresholds were set by reading what came out for public
government reports. Words as jieba cuts them count at the two ends of a phrase: some may not be there, and light ones
are left off when a phrase remains without them. A few may not occur at all (``phrase_edges.toml``).
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from importlib import resources

import numpy as np
import numpy.typing as npt

from searchapp.lexicon.coding import CodedTexts, Segment
from searchapp.lexicon.ngrams import Grams

LONGEST = 20
"""Characters: 习近平新时代中国特色社会主义思想 has 15."""
LEAST_FREQUENCY = 3
FREQUENCY_PER_CHARACTER = 2e-6
"""A phrase stands at least this often for every character of the corpus: 30 times in 15 million."""
LEAST_COHESION_BITS = 5.0
LEAST_ENTROPY_BITS = 1.0
LEAST_ENTROPY_SHARE = 0.25
"""Of the entropy that so many places can have at most: 6 places have 2.6 bits when all neighbours differ."""
FREE_ENTROPY_BITS = 1.25
"""With as much on both sides it is a part of many longer phrases, and one itself."""
LEAST_AT_WORDS = 0.6
"""Of the places of a phrase, this share begins and ends where words do."""
SURE_AT_WORDS = 0.3
SURE_COHESION_BITS = 7.0
"""With as much cohesion, and free neighbours, fewer are enough: jieba cuts 社会主义市场|经济体制."""
LOOSE_COHESION_BITS = 3.5
LOOSE_ENTROPY_BITS = 3.0
LOOSE_FREQUENCY = 5
"""What has a 的 or 和 inside holds together less (党的建设), and is to be freer, and so many times as frequent."""
MOST_INSIDE_LONGER = 0.8


_JOINING = frozenset("的和与")
_NUMERALS = frozenset("一两二三四五六七八九十")


@dataclass(frozen=True, slots=True)
class SetPhrase:
    """A phrase (normalized), how often it stands in the corpus and in how many blocks, and its measures in bits."""

    text: str
    frequency: int
    blocks: int
    cohesion: float
    left_entropy: float
    right_entropy: float


def least_frequency(coded: CodedTexts) -> int:
    """How often an n-gram must stand in the texts to be looked at."""
    return max(LEAST_FREQUENCY, round(len(coded.symbols) * FREQUENCY_PER_CHARACTER))


def find_phrases(
    coded: CodedTexts, grams: Iterable[Grams], segment: Segment, terms: Collection[str] = ()
) -> list[SetPhrase]:
    """The set phrases of the texts, by descending frequency, then by text.

    ``grams``: the frequent n-grams of the texts, by ascending length. ``terms``: known set phrases, which are
    phrases whatever their form when they stand often enough.
    """
    # 四风 is a set phrase; 党组, which the word list of the genre has for other reasons, is a word.
    terms = {term for term in terms if len(term) >= SHORTEST or term[0] in _NUMERALS}
    candidates = [_Candidates.among(each, coded, terms) for each in grams]
    cohesion = {text: float(each.grams.cohesion[number]) for each in candidates for number, text in each.texts.items()}
    judge = Judge(segment, terms, cohesion)
    # ends[p]: the furthest end of an accepted phrase that begins at p.
    ends = np.zeros(len(coded.symbols), dtype=np.uint32)
    found: list[SetPhrase] = []
    for each in reversed(candidates):
        found.extend(each.accepted(coded, judge, ends))
    return sorted(found, key=lambda phrase: (-phrase.frequency, phrase.text))


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The n-grams of one length that hold together, stand alone, and begin and end where words do.

    ``grams`` has only their places; ``texts``: by number.
    """

    grams: Grams
    texts: dict[int, str]

    @classmethod
    def among(cls, grams: Grams, coded: CodedTexts, terms: Collection[str]) -> _Candidates:
        """Those of ``grams`` that pass, and those among the known ``terms``."""
        least = least_frequency(coded)
        ends = grams.positions + np.uint32(grams.length)
        at_words = coded.begins[grams.positions] & coded.ends[ends]
        at_words_share = np.bincount(grams.ids[at_words], minlength=len(grams.counts)) / grams.counts
        entropy, cohesion = np.minimum(grams.left, grams.right), grams.cohesion
        alone = entropy >= np.minimum(LEAST_ENTROPY_BITS, np.log2(grams.counts) * LEAST_ENTROPY_SHARE)
        joined = np.array([not _JOINING.isdisjoint(text[1:-1]) for text in grams.texts], dtype=bool)
        loose = joined & (entropy >= LOOSE_ENTROPY_BITS) & (grams.counts >= LOOSE_FREQUENCY * least)
        sure = (cohesion >= SURE_COHESION_BITS) & (entropy >= FREE_ENTROPY_BITS)
        passed = alone & (cohesion >= np.where(loose, LOOSE_COHESION_BITS, LEAST_COHESION_BITS))
        passed &= at_words_share >= np.where(sure, SURE_AT_WORDS, LEAST_AT_WORDS)
        passed |= np.array([text in terms for text in grams.texts], dtype=bool)
        kept = passed[grams.ids]
        left = replace(grams, positions=grams.positions[kept], ids=grams.ids[kept])
        return cls(left, {number: grams.texts[number] for number in np.flatnonzero(passed).tolist()})

    def accepted(self, coded: CodedTexts, judge: Judge, ends: npt.NDArray[np.uint32]) -> list[SetPhrase]:
        """The phrases among them; their places are put down in ``ends``, which holds those of longer phrases."""
        grams = self.grams
        inside = _inside(grams, ends)
        covered = np.bincount(grams.ids[inside], minlength=len(grams.counts))
        free = np.minimum(grams.left, grams.right) >= FREE_ENTROPY_BITS
        whole = free | (covered <= MOST_INSIDE_LONGER * grams.counts)
        chosen = np.zeros(len(grams.counts), dtype=bool)
        for number, text in self.texts.items():
            if whole[number] and judge.accepts(text):
                chosen[number] = True
        kept = chosen[grams.ids]
        positions, ids = grams.positions[kept], grams.ids[kept]
        ends[positions] = positions + np.uint32(grams.length)
        blocks = blocks_of(coded, positions, ids, len(grams.counts))
        return [
            SetPhrase(
                text=self.texts[number],
                frequency=int(grams.counts[number]),
                blocks=int(blocks[number]),
                cohesion=float(grams.cohesion[number]),
                left_entropy=float(grams.left[number]),
                right_entropy=float(grams.right[number]),
            )
            for number in np.flatnonzero(chosen).tolist()
        ]


def _inside(grams: Grams, ends: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Which of the places (m) lie inside an accepted phrase, by the ends of those that begin at each position."""
    longer = LONGEST - grams.length
    limits = grams.positions + np.uint32(grams.length)
    if len(limits) * (longer + 1) >= len(ends):
        return np.maximum.accumulate(ends)[grams.positions] >= limits
    # A phrase that holds the place begins at most so many positions before it.
    inside = ends[grams.positions] >= limits
    for before in range(1, longer + 1):
        inside |= ends[np.maximum(grams.positions, before) - np.uint32(before)] >= limits
    return inside


def blocks_of(
    coded: CodedTexts, positions: npt.NDArray[np.uint32], ids: npt.NDArray[np.int32], size: int
) -> npt.NDArray[np.int64]:
    """In how many blocks each n-gram (``size`` of them) stands."""
    blocks = np.uint64(len(coded.block_starts) + 1)
    # There are fewer blocks than positions, which ascend: they are what is looked up.
    limits = np.searchsorted(positions, coded.block_starts.astype(positions.dtype))
    of_each = np.diff(limits, prepend=0, append=len(positions))
    places = ids.astype(np.uint64) * blocks
    places += np.repeat(np.arange(len(of_each), dtype=np.uint64), of_each)
    places.sort()
    places = places[np.concatenate(([True], places[1:] != places[:-1]))] if len(places) else places
    return np.bincount((places // blocks).astype(np.int64), minlength=size)


SHORTEST = 3
"""Characters of a phrase, unless the word list of the genre has it."""
SHORTEST_REST = 4
"""Characters that must be left of a phrase for its leading or trailing word to be left off."""
LIGHT_COHESION_BITS = 8.0
"""What a light verb and one word need to be a set phrase: 扩大内需 is one, 加强领导 is not."""

_NUMBER = re.compile(r"[一二三四五六七八九〇零十]{2,}年|[十百千万亿]+[个名项]|百分之|[一二三四五六七八九十百千万亿]+$")


@dataclass(frozen=True, slots=True)
class EdgeWords:
    """The lists of ``phrase_edges.toml``."""

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
    data = tomllib.loads(resources.files("searchapp.lexicon").joinpath("phrase_edges.toml").read_text(encoding="utf-8"))
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
