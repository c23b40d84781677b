"""The literal index alone: how fast clauses are found and counted in many paragraphs, nothing remembered.

Paragraphs are drawn from a pool of sentences, so that a million of them are made in seconds. Times are those of a
clause that was not asked before: where it occurs, how often in each block, and the counts over all blocks.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.generate import PARAGRAPH_CHARACTERS, sentences
from searchapp.literal.builder import build_literal
from searchapp.literal.clauses import ClauseIndex
from searchapp.literal.text_index import LiteralIndex
from searchapp.query.ast import Clause, Gap, Link, Near, Phrase
from searchapp.text.normalize import normalize

POOL_SENTENCES = 60_000
ROUNDS = 3
_SENTENCE = re.compile(r"[^。！？；\n]{8,}[。！？；]")
_HAN = re.compile("[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class LiteralClass:
    """Clauses of one sort, with the milliseconds that each took (the median of its rounds)."""

    name: str
    milliseconds: tuple[float, ...]
    occurrences: float
    """Median occurrences of a clause."""

    def percentile(self, share: int) -> float:
        """Milliseconds under which ``share`` per cent of the clauses stay."""
        return float(np.percentile(self.milliseconds, share))


@dataclass(frozen=True, slots=True)
class LiteralResults:
    """What was measured over one number of paragraphs; ``size`` in bytes on disk."""

    paragraphs: int
    characters: int
    build_seconds: float
    size: int
    classes: tuple[LiteralClass, ...]


def measure_literal(folder: Path, paragraphs: int, queries: int, seed: int, source: Path | None) -> LiteralResults:
    """Builds the index in the empty ``folder`` and asks it; sentences come from ``source``, or are generated."""
    rng = random.Random(seed)
    pool = [normalize(sentence) for sentence in (_found(source) if source else sentences(seed, POOL_SENTENCES))]
    began = time.perf_counter()
    build_literal(folder, _paragraphs(pool, paragraphs, random.Random(seed)))
    built = time.perf_counter() - began
    index = LiteralIndex(folder)
    drawn = _clauses(pool, index, rng, queries)
    return LiteralResults(
        paragraphs=index.blocks,
        characters=int(index.lengths.sum()),
        build_seconds=built,
        size=sum(path.stat().st_size for path in folder.iterdir()),
        classes=tuple(_asked(name, clauses, index) for name, clauses in drawn.items()),
    )


def literal_markdown(results: LiteralResults) -> str:
    """One section of the report."""
    lines = [
        f"## literal/ over {results.paragraphs:,} paragraphs ({results.characters / 1e6:.0f} M characters)",
        "",
        f"Built in {results.build_seconds:.1f} s, {results.size / 2**20:,.0f} MiB. Clauses not asked before, counted.",
        "",
        "| clauses | median ms | p95 ms | median occurrences |",
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {of.name} | {of.percentile(50):.2f} | {of.percentile(95):.2f} | {of.occurrences:,.0f} |"
        for of in results.classes
    ]
    return "\n".join(lines) + "\n"


def _found(source: Path) -> list[str]:
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in sorted(source.rglob("*.txt")))
    return [sentence for text in texts for sentence in _SENTENCE.findall(text)]


def _paragraphs(pool: Sequence[str], count: int, rng: random.Random) -> Iterator[str]:
    for _ in range(count):
        aim, parts, length = rng.randint(*PARAGRAPH_CHARACTERS), [], 0
        while length < aim:
            parts.append(pool[int(rng.random() * len(pool))])
            length += len(parts[-1])
        yield "".join(parts)


def _clauses(pool: Sequence[str], index: LiteralIndex, rng: random.Random, queries: int) -> dict[str, list[Clause]]:
    """Clauses by sort, drawn from the text itself."""
    runs = [run for sentence in rng.sample(pool, min(len(pool), 5_000)) for run in _HAN.findall(sentence)]

    def stretch(least: int, most: int) -> str:
        while True:
            run, size = rng.choice(runs), rng.randint(least, most)
            if len(run) >= size:
                at = rng.randint(0, len(run) - size)
                return run[at : at + size]

    def counted(literal: str) -> int:
        return len(index.positions(literal))

    by_count = sorted({stretch(4, 8) for _ in range(queries * 8)}, key=lambda literal: (-counted(literal), literal))
    pairs = [(stretch(2, 4), stretch(2, 4)) for _ in range(queries)]
    near = [pair for run in rng.sample(runs, min(len(runs), queries * 4)) for pair in _pairs(run)][:queries]
    return {
        "的": [Phrase("的", "的")],
        "one character": [Phrase(one, one) for one in {stretch(1, 1) for _ in range(queries)}],
        "two characters": [Phrase(two, two) for two in {stretch(2, 2) for _ in range(queries)}],
        "set phrases (the most frequent of 4–8 characters)": [Phrase(text, text) for text in by_count[:queries]],
        "rare phrases": [Phrase(text, text) for text in by_count[-queries:]],
        "gap {0,12}, parts of one sentence": [Gap("x", pair, ((0, 12),)) for pair in near],
        "gap {0,40}, random parts": [Gap("x", pair, ((0, 40),)) for pair in pairs],
        "NEAR/20, random operands": [_near(*pair) for pair in pairs],
        "NEAR/20, operands of one sentence": [_near(*pair) for pair in near],
    }


def _pairs(run: str) -> Iterator[tuple[str, str]]:
    cuts = [run[at : at + 2] for at in range(0, len(run) - 1, 3)]
    yield from pairwise(cuts)


def _near(first: str, second: str) -> Near:
    return Near("x", (Phrase(first, first), Phrase(second, second)), (Link(20),))


def _asked(name: str, clauses: Sequence[Clause], index: LiteralIndex) -> LiteralClass:
    times: list[float] = []
    found: list[int] = []
    for clause in clauses:
        rounds: list[float] = []
        for _ in range(ROUNDS):
            fresh = ClauseIndex(index)
            seconds, total = _timed(lambda clause=clause, fresh=fresh: _count(fresh, clause))  # type: ignore[misc]
            rounds.append(seconds * 1000)
        times.append(float(np.median(rounds)))
        found.append(total)
    return LiteralClass(name, tuple(times), float(np.median(found)))


def _count(index: ClauseIndex, clause: Clause) -> int:
    _, counts = index.occurrences(clause)
    return int(counts.sum())


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result
