"""Queries drawn from a corpus by frequency band, the same for the same seed, and the truth about phrases.

Truth is brute force: Python's ``in`` over the normalized text of every block. Knows passages; must not know any engine.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.peers import Passage, Query

SAMPLED_SPANS = 1_500
PHRASE_CHARACTERS = (4, 8)
FREQUENT_SHARE = 0.02
"""A frequent word or set phrase stands in at least this share of the blocks."""
MIDDLE_SHARE = (0.002, 0.02)
RARE_BLOCKS = 20
_HAN = re.compile("[\u4e00-\u9fff]+")

Segment = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class QueryClass:
    """Queries of one sort; ``note`` says in words what they are."""

    name: str
    note: str
    queries: tuple[Query, ...]

    @property
    def is_phrase(self) -> bool:
        """Whether brute force can tell the right answer."""
        return self.queries[0].kind == "phrase"


@dataclass(frozen=True, slots=True)
class _Span:
    text: str
    blocks: int
    aligned: bool


def truth(passages: Sequence[Passage], asked: Query) -> set[str]:
    """Ids of the blocks that contain the phrase."""
    return {passage.id for passage in passages if asked.texts[0] in passage.text}


def draw_queries(passages: Sequence[Passage], segment: Segment, count: int, seed: int) -> list[QueryClass]:
    """Classes of ``count`` queries each; fewer where the corpus has fewer, none where it has none."""
    rng = random.Random(seed)
    frequent, middle, rare = _word_bands(passages, segment, rng)
    spans = _spans(passages, segment, rng)
    aligned = [span for span in spans if span.aligned]
    often = [span.text for span in aligned if span.blocks >= FREQUENT_SHARE * len(passages)]
    often = often or [span.text for span in sorted(aligned, key=lambda span: -span.blocks)[:count]]
    seldom = [span.text for span in aligned if span.blocks <= RARE_BLOCKS]
    cutting = [span.text for span in spans if not span.aligned and span.blocks > 1]
    pairs = [(first, second) for first, second in zip(_cycled(frequent, count), _cycled(middle, count), strict=False)]
    common = [(first, second) for first in frequent for second in frequent if first < second]
    rng.shuffle(common)
    places = [(passage.unit, passage.year) for passage in passages if passage.unit and passage.year]
    where = rng.choices(places, k=count) if places else []
    classes = [
        _class("one word, frequent", "in 2 % of the blocks or more", _words(frequent, count)),
        _class("one word, middle", "in 0.2 to 2 % of the blocks", _words(middle, count)),
        _class("one word, rare", f"in 2 to {RARE_BLOCKS} blocks", _words(rare, count)),
        _class("two words", "a frequent and a middle one", [Query(pair, "words") for pair in pairs]),
        _class("two frequent words", "both in 2 % or more", [Query(pair, "words") for pair in common[:count]]),
        _class("phrase, frequent", "set phrases of 4 to 8 characters", _phrases(often, count, rng)),
        _class("phrase, rare", f"in at most {RARE_BLOCKS} blocks", _phrases(seldom, count, rng)),
        _class("phrase that cuts a word", "begins or ends inside a jieba word", _phrases(cutting, count, rng)),
        _class(
            "one word, three facets",
            "frequent; unit, year, section",
            [Query((word,), "words", facets=True) for word in frequent[:count]],
        ),
        _class(
            "two words, three facets",
            "both frequent",
            [Query(pair, "words", facets=True) for pair in common[:count]],
        ),
        _class(
            "filtered by year, three facets",
            "one frequent word",
            [
                Query((word,), "words", True, year=year)
                for word, (_, year) in zip(_cycled(frequent, count), where, strict=False)
            ],
        ),
        _class(
            "filtered by unit and year, facets",
            "one frequent word",
            [
                Query((word,), "words", True, unit, year)
                for word, (unit, year) in zip(_cycled(frequent, count), where, strict=False)
            ],
        ),
    ]
    return [drawn for drawn in classes if drawn.queries]


def _class(name: str, note: str, queries: Sequence[Query]) -> QueryClass:
    return QueryClass(name, note, tuple(dict.fromkeys(queries)))


def _words(words: Sequence[str], count: int) -> list[Query]:
    return [Query((word,), "words") for word in words[:count]]


def _phrases(texts: Sequence[str], count: int, rng: random.Random) -> list[Query]:
    distinct = sorted(set(texts))
    return [Query((text,), "phrase") for text in rng.sample(distinct, min(count, len(distinct)))]


def _cycled(values: Sequence[str], count: int) -> list[str]:
    return [values[number % len(values)] for number in range(count)] if values else []


def _word_bands(
    passages: Sequence[Passage], segment: Segment, rng: random.Random
) -> tuple[list[str], list[str], list[str]]:
    """Frequent, middle and rare Han words of two to four characters, each band shuffled."""
    blocks: Counter[str] = Counter()
    for passage in passages:
        blocks.update(set(segment(passage.text)))
    found = sorted((word, n) for word, n in blocks.items() if 2 <= len(word) <= 4 and _HAN.fullmatch(word))
    least, most = (share * len(passages) for share in MIDDLE_SHARE)
    bands = (
        [word for word, n in found if n >= FREQUENT_SHARE * len(passages)],
        [word for word, n in found if least <= n < most],
        [word for word, n in found if 2 <= n <= RARE_BLOCKS],
    )
    for band in bands:
        rng.shuffle(band)
    return bands


def _spans(passages: Sequence[Passage], segment: Segment, rng: random.Random) -> list[_Span]:
    """Random stretches of Han text, distinct, with the blocks that hold them and whether jieba cuts at both ends."""
    spans: dict[str, bool] = {}
    for passage in rng.choices(passages, k=SAMPLED_SPANS):
        runs = [run for run in _HAN.findall(passage.text) if len(run) >= PHRASE_CHARACTERS[0]]
        if not runs:
            continue
        run = rng.choice(runs)
        length = rng.randint(PHRASE_CHARACTERS[0], min(PHRASE_CHARACTERS[1], len(run)))
        start = rng.randint(0, len(run) - length)
        text = run[start : start + length]
        spans.setdefault(text, _aligned(segment(run), start, start + length))
    joined = "\0".join(passage.text for passage in passages)
    return [_Span(text, _blocks(joined, text), aligned) for text, aligned in spans.items()]


def _aligned(words: Sequence[str], start: int, end: int) -> bool:
    ends, at = {0}, 0
    for word in words:
        at += len(word)
        ends.add(at)
    return start in ends and end in ends


def _blocks(joined: str, text: str) -> int:
    blocks, at = 0, joined.find(text)
    while at >= 0:
        blocks += 1
        end = joined.find("\0", at)
        at = -1 if end < 0 else joined.find(text, end)
    return blocks
