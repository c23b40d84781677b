"""Queries drawn from a corpus by frequency band, the same for the same seed, and the truth about phrases and gaps.

Truth is brute force: Python's ``in`` and ``re`` over the normalized text of every block. Goes over the passages three
times and holds few of them at a time. Knows passages; must not know any engine.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from benchmarks.peers import GAP_MOST, Passage, Query

SHARES = {
    "one character": ("as a phrase; 的 is among them", 15),
    "one word, frequent": ("in 2 % of the blocks or more", 20),
    "one word, middle": ("in 0.2 to 2 % of the blocks", 15),
    "one word, rare": ("in 2 to 20 blocks", 15),
    "two words": ("a frequent and a middle one of one block", 15),
    "two frequent words": ("both in 2 % or more, of one block", 15),
    "three words": ("of one block", 20),
    "phrase, frequent": ("4 to 8 characters, in 2 % or more", 20),
    "phrase, rare": ("4 to 8 characters, in at most 20 blocks", 15),
    "phrase that cuts a word": ("begins or ends inside a jieba word", 15),
    "gap": (f"two words with 0 to {GAP_MOST} characters between them", 15),
    "filtered by year": ("one frequent word", 10),
    "filtered by unit and year": ("one frequent word", 10),
}
"""Classes of queries: what they are, and how many of each there are among ``DEFAULT_QUERIES``."""
DEFAULT_QUERIES = sum(share for _, share in SHARES.values())

SAMPLED_PASSAGES = 1_000
PHRASE_CHARACTERS = (4, 8)
FREQUENT_SHARE = 0.02
"""A frequent word or set phrase stands in at least this share of the blocks."""
MIDDLE_SHARE = (0.002, 0.02)
RARE_BLOCKS = 20
_HAN = re.compile("[\u4e00-\u9fff]+")
_BATCH = 10_000
_COMMONEST = "的"
_GAP = rf"(?:[^。!?;⋯.]|(?<!\.)\.(?!\.)){{0,{GAP_MOST}}}"
"""What a gap may hold: anything but the end of a sentence (docs/inside/semantics.md, section 3)."""

Segment = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class QueryClass:
    """Queries of one sort; ``note`` says in words what they are."""

    name: str
    note: str
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    text: str
    blocks: int
    aligned: bool


@dataclass(frozen=True, slots=True)
class _Bands:
    """Han words of two to four characters by frequency, shuffled; characters by frequency, the most frequent first."""

    frequent: list[str]
    middle: list[str]
    rare: list[str]
    characters: list[str]


def draw_queries(
    passages: Collection[Passage], segment: Segment, count: int = DEFAULT_QUERIES, seed: int = 1
) -> list[QueryClass]:
    """Some ``count`` queries in classes; a class has fewer where the corpus has fewer, and is left out without any."""
    rng = random.Random(seed)
    sizes = {name: max(1, round(share * count / DEFAULT_QUERIES)) for name, (_, share) in SHARES.items()}
    places = sorted(rng.sample(range(len(passages)), min(SAMPLED_PASSAGES, len(passages))))
    bands, sample = _counted(passages, segment, set(places), rng)
    rng.shuffle(sample)
    spans = _spans(passages, sample, segment, rng)
    aligned = [span for span in spans if span.aligned]
    often = [span.text for span in aligned if span.blocks >= FREQUENT_SHARE * len(passages)]
    often = often or [span.text for span in sorted(aligned, key=lambda span: -span.blocks)[: sizes["phrase, frequent"]]]
    seldom = [span.text for span in aligned if span.blocks <= RARE_BLOCKS]
    cutting = [span.text for span in spans if not span.aligned and span.blocks > 1]
    characters = [_COMMONEST, *(one for one in _spread(bands.characters, sizes["one character"] - 1))]
    where = [(passage.unit, passage.year) for passage in sample if passage.unit and passage.year]
    filtered = [
        (word, unit, year) for word, (unit, year) in zip(_cycled(bands.frequent, len(where)), where, strict=False)
    ]
    sets = _sets(sample, segment, bands)
    drawn: dict[str, list[Query]] = {
        "one character": [Query((one,), "phrase") for one in characters],
        "one word, frequent": _words((word,) for word in bands.frequent),
        "one word, middle": _words((word,) for word in bands.middle),
        "one word, rare": _words((word,) for word in bands.rare),
        "two words": _words(sets["two words"]),
        "two frequent words": _words(sets["two frequent words"]),
        "three words": _words(sets["three words"]),
        "phrase, frequent": _phrases(often, sizes["phrase, frequent"], rng),
        "phrase, rare": _phrases(seldom, sizes["phrase, rare"], rng),
        "phrase that cuts a word": _phrases(cutting, sizes["phrase that cuts a word"], rng),
        "gap": [Query(sides, "gap") for sides in _gaps(sample, segment, rng)],
        "filtered by year": [Query((word,), "words", year=year) for word, _, year in filtered],
        "filtered by unit and year": [Query((word,), "words", unit, year) for word, unit, year in filtered],
    }
    return [
        QueryClass(name, note, tuple(islice(dict.fromkeys(drawn[name]), sizes[name])))
        for name, (note, _) in SHARES.items()
        if drawn[name]
    ]


def with_truth(passages: Iterable[Passage], classes: Sequence[QueryClass]) -> list[QueryClass]:
    """The same with the number of blocks that hold each phrase or gap, by brute force."""
    sought = [asked for drawn in classes for asked in drawn.queries if asked.kind != "words"]
    gaps = {asked: re.compile(_GAP.join(map(re.escape, asked.texts))) for asked in sought if asked.kind == "gap"}
    true: Counter[Query] = Counter()
    for joined in _joined(passages):
        lines = joined.split("\n")
        for asked in sought:
            if asked.kind == "gap":
                first, found = asked.texts[0], gaps[asked].search
                true[asked] += sum(1 for line in lines if first in line and found(line))
            else:
                true[asked] += _blocks(joined, asked.texts[0])
    return [
        replace(
            drawn,
            queries=tuple(replace(q, true=true[q]) if q.kind != "words" else q for q in drawn.queries),
        )
        for drawn in classes
    ]


def _words(sets: Iterable[tuple[str, ...]]) -> list[Query]:
    return [Query(texts, "words") for texts in sets]


def _phrases(texts: Sequence[str], count: int, rng: random.Random) -> list[Query]:
    distinct = sorted(set(texts))
    return [Query((text,), "phrase") for text in rng.sample(distinct, min(count, len(distinct)))]


def _cycled(values: Sequence[str], count: int) -> list[str]:
    return [values[number % len(values)] for number in range(count)] if values else []


def _spread(values: Sequence[str], count: int) -> list[str]:
    """``count`` of the values, evenly over all of them."""
    step = max(1, len(values) // max(1, count))
    return list(values[::step])[:count]


def _counted(
    passages: Collection[Passage], segment: Segment, places: set[int], rng: random.Random
) -> tuple[_Bands, list[Passage]]:
    """Words and characters by the blocks that hold them, and the passages at ``places``."""
    blocks: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    sample = []
    for place, passage in enumerate(passages):
        blocks.update(set(segment(passage.text)))
        if place in places:
            characters.update(set(passage.text))
            sample.append(passage)
    found = sorted((word, n) for word, n in blocks.items() if 2 <= len(word) <= 4 and _HAN.fullmatch(word))
    least, most = (share * len(passages) for share in MIDDLE_SHARE)
    frequent, middle, rare = (
        [word for word, n in found if n >= FREQUENT_SHARE * len(passages)],
        [word for word, n in found if least <= n < most],
        [word for word, n in found if 2 <= n <= RARE_BLOCKS],
    )
    for band in (frequent, middle, rare):
        rng.shuffle(band)
    by_count = sorted((-n, one) for one, n in characters.items() if _HAN.fullmatch(one))
    return _Bands(frequent, middle, rare, [one for _, one in by_count]), sample


def _sets(sample: Sequence[Passage], segment: Segment, bands: _Bands) -> dict[str, list[tuple[str, ...]]]:
    """Words that stand in one block together, so that every query finds something."""
    frequent, middle = set(bands.frequent), set(bands.middle)
    sets: dict[str, list[tuple[str, ...]]] = {"two words": [], "two frequent words": [], "three words": []}
    for passage in sample:
        words = [word for word in dict.fromkeys(segment(passage.text)) if 2 <= len(word) <= 4 and _HAN.fullmatch(word)]
        often, between = ([word for word in words if word in band] for band in (frequent, middle))
        if often and between:
            sets["two words"].append((often[0], between[0]))
        if len(often) > 2:
            sets["two frequent words"].append((often[1], often[-1]))
            sets["three words"].append((often[0], often[len(often) // 2], (between or often)[-1]))
    return {name: [texts for texts in found if len(set(texts)) == len(texts)] for name, found in sets.items()}


def _gaps(sample: Sequence[Passage], segment: Segment, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Two words of one run with something between them."""
    for passage in sample:
        words = segment(rng.choice(_HAN.findall(passage.text) or [""]))
        for at in range(len(words) - 2):
            between = sum(map(len, words[at + 1 : at + 3]))
            if at + 3 < len(words) and between <= GAP_MOST and len(words[at]) > 1 < len(words[at + 3]):
                yield words[at], words[at + 3]
                break


def _spans(passages: Iterable[Passage], sample: Sequence[Passage], segment: Segment, rng: random.Random) -> list[_Span]:
    """Random stretches of Han text, distinct, with the blocks that hold them and whether jieba cuts at both ends."""
    spans: dict[str, bool] = {}
    for passage in sample:
        runs = [run for run in _HAN.findall(passage.text) if len(run) >= PHRASE_CHARACTERS[0]]
        if not runs:
            continue
        run = rng.choice(runs)
        length = rng.randint(PHRASE_CHARACTERS[0], min(PHRASE_CHARACTERS[1], len(run)))
        start = rng.randint(0, len(run) - length)
        spans.setdefault(run[start : start + length], _aligned(segment(run), start, start + length))
    blocks: Counter[str] = Counter()
    for joined in _joined(passages):
        for text in spans:
            blocks[text] += _blocks(joined, text)
    return [_Span(text, blocks[text], aligned) for text, aligned in spans.items()]


def _aligned(words: Sequence[str], start: int, end: int) -> bool:
    ends, at = {0}, 0
    for word in words:
        at += len(word)
        ends.add(at)
    return start in ends and end in ends


def _joined(passages: Iterable[Passage]) -> Iterator[str]:
    """Texts of many passages, a line each (a normalized text has no line breaks)."""
    texts = (passage.text for passage in passages)
    while batch := list(islice(texts, _BATCH)):
        yield "\n".join(batch)


def _blocks(joined: str, text: str) -> int:
    blocks, at = 0, joined.find(text)
    while at >= 0:
        blocks += 1
        end = joined.find("\n", at)
        at = -1 if end < 0 else joined.find(text, end)
    return blocks
