"""Generated reports: a folder of text files of the genre, the same for the same seed.

Sentences are distinct (numbers, invented names, many combinations), set phrases have long posting lists (Zipf), a
unit's reports go through the years, and a paragraph has about 250 characters. Knows files; must not know any engine.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from pathlib import Path

from benchmarks import vocabulary as words

PARAGRAPHS_A_REPORT = 40
PARAGRAPHS_A_SECTION = 5
YEARS = tuple(range(2014, 2024))
PARAGRAPH_CHARACTERS = (120, 380)
"""A paragraph ends with the first sentence past a length drawn from this range."""
RARE_NAMES = 20_000
_CHINESE_DIGITS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Corpus:
    """What was written: a folder, its files, body paragraphs (headings and titles apart) and their characters."""

    folder: Path
    files: int
    paragraphs: int
    characters: int


class _Zipf:
    """Draws from a list in falling order of frequency: the n-th value has the weight ``1 / (n + shift)``."""

    def __init__(self, values: Sequence[str], rng: random.Random, shift: float = 2.0) -> None:
        self._values = values
        self._weights = list(accumulate(1 / (rank + shift) for rank in range(len(values))))
        self._whole, self._last = self._weights[-1], len(values) - 1
        self._random = rng.random

    def draw(self) -> str:
        # What random.choices does, without what it does besides: most of the time goes into these draws.
        return self._values[bisect(self._weights, self._random() * self._whole, 0, self._last)]


class _Writer:
    """Makes sentences, paragraphs and reports from one random source."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.phrases = _Zipf(words.SET_PHRASES, self.rng)
        self.verbs = _Zipf(words.VERBS, self.rng)
        self.nouns = _Zipf(words.NOUNS, self.rng)
        self.rare = _Zipf(_rare_names(self.rng), self.rng, shift=50)

    def sentence(self) -> str:
        """A sentence of some 30 to 60 characters."""
        rng, number = self.rng, self.rng.randint(2, 9_999)
        opening = rng.choice(words.OPENINGS) if rng.random() < 0.4 else ""
        manner, outcome = rng.choice(words.MANNERS), rng.choice(words.OUTCOMES)
        verb, second = self.verbs.draw(), self.verbs.draw()
        phrase, noun = self.phrases.draw(), self.nouns.draw()
        body = (
            f"{manner}{verb}{phrase}，{second}{noun}{self.nouns.draw()}{number}{rng.choice(words.MEASURES)}，{outcome}",
            f"把{phrase}和{self.phrases.draw()}作为{noun}的重点，{manner}{verb}{self.nouns.draw()}的{second}{self.nouns.draw()}",
            f"{verb}“{phrase}”{noun}，到{self.rare.draw()}{second}{self.nouns.draw()}{number}{rng.choice(words.MEASURES)}",
            f"由{self.rare.draw()}牵头，{manner}{verb}{noun}和{self.nouns.draw()}，{outcome}",
            f"{manner}{verb}{noun}，{second}{self.nouns.draw()}，{self.verbs.draw()}{phrase}的{self.nouns.draw()}，{outcome}",
        )
        return opening + rng.choice(body) + "。"

    def paragraph(self) -> str:
        aim, text = self.rng.randint(*PARAGRAPH_CHARACTERS), ""
        while len(text) < aim:
            text += self.sentence()
        return text

    def report(self, unit: str, year: int, paragraphs: int) -> tuple[list[str], list[str]]:
        """Lines of a report, and which of them are body paragraphs."""
        title = f"{unit}党组{year}年落实全面从严治党主体责任情况报告"
        opening = f"{year}年，{unit}党组{self.paragraph()}现将有关情况报告如下。"
        lines, body = [title, opening], [opening]
        headings = self.rng.sample(words.HEADINGS, len(words.HEADINGS))
        sections = max(1, -(-(paragraphs - 1) // PARAGRAPHS_A_SECTION))
        for section in range(sections):
            if section >= sections - 2 and sections > 2:
                heading = words.FINAL_HEADINGS[section - sections]
            else:
                heading = headings[section % len(headings)]
            lines.append(f"{_CHINESE_DIGITS[section % 10]}、{heading}")
            for _ in range(min(PARAGRAPHS_A_SECTION, paragraphs - len(body))):
                body.append(self.paragraph())
                lines.append(body[-1])
        return lines, body


def generate(folder: Path, paragraphs: int, seed: int) -> Corpus:
    """Writes reports with exactly ``paragraphs`` body paragraphs into the empty ``folder``."""
    writer = _Writer(seed)
    files = written = characters = 0
    for unit, year in _reports(writer.rng):
        if written >= paragraphs:
            break
        lines, body = writer.report(unit, year, min(PARAGRAPHS_A_REPORT, paragraphs - written))
        (folder / f"{files + 1:05d}_{year}_{unit}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        files += 1
        written += len(body)
        characters += sum(map(len, body))
    return Corpus(folder, files, written, characters)


def sentences(seed: int, count: int) -> list[str]:
    """``count`` sentences of the genre."""
    writer = _Writer(seed)
    return [writer.sentence() for _ in range(count)]


def _reports(rng: random.Random) -> Iterator[tuple[str, int]]:
    """Every unit with every year; enough for three million paragraphs."""
    cities = [f"{first}{second}市" for first, second in product(words.PLACE_FIRST, words.PLACE_SECOND)]
    units = [f"{city}{organ}" for city, organ in product(cities, words.ORGANS)]
    rng.shuffle(units)
    return product(units, YEARS)


def _rare_names(rng: random.Random) -> list[str]:
    pool = list(product(words.RARE_SYLLABLES, words.RARE_SYLLABLES, words.RARE_ENDINGS))
    return ["".join(name) for name in rng.sample(pool, RARE_NAMES)]
