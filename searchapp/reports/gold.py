"""Gold: how well reading agrees with a person's reading. Knows gold lines and reports; must not know files or commands.

A gold line is one JSON object. ``{"file", "line", "report": {field: value}}`` states metadata of the report that the
line belongs to; any other states a block: ``{"file", "line", "kind", "headings", "parts", "topic"}``. ``file`` is the
file's name without folders, ``line`` the block's first line, ``headings`` its heading path as written, ``parts`` the
parts in order without repeats, ``topic`` the first topic (null: 未归类). Where no text may stand in the gold, ``depth``
(how many headings govern the block) and ``level`` take the place of ``headings``. What is left out is not judged.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from searchapp.reports.model import Block, Metadata, Report

NONE = "无"
MISSING = "（没有这一块）"
_HEADING_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Score:
    """Right answers among those asked for, and how often each (expected, found) pair of wrong ones occurred."""

    right: int
    total: int
    confusion: Mapping[tuple[str, str], int]

    @property
    def accuracy(self) -> float:
        """The share that is right; 1.0 when nothing was asked for."""
        return self.right / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True)
class Miss:
    """One wrong answer: where it stands, and what was expected and found there."""

    file: str
    line: int
    field: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores by field: ``metadata``, ``kind``, ``headings``, ``part`` and ``topic``; every miss; lines of gold."""

    lines: int
    scores: Mapping[str, Score]
    misses: tuple[Miss, ...]


def parse_gold(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Gold lines from the lines of a ``.jsonl`` file, empty ones skipped. Raises ValueError that names a bad line."""
    gold: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise ValueError(f"第 {number} 行不是 JSON：{error}") from error
        if not isinstance(entry, dict) or "file" not in entry or "line" not in entry:
            raise ValueError(f"第 {number} 行缺少 file 或 line")
        gold.append(entry)
    return gold


def evaluate(gold_lines: Sequence[Mapping[str, Any]], reports: Iterable[Report]) -> Evaluation:
    """Compare gold lines with the reports read from the same files; a block that is missing has every field wrong."""
    blocks, metas = _by_place(reports)
    answers: list[tuple[str, Miss]] = []
    for entry in gold_lines:
        place = (str(entry["file"]), int(entry["line"]))
        if "report" in entry:
            meta = metas.get(place)
            for name, value in entry["report"].items():
                found = NONE if meta is None else _shown(getattr(meta, name, None))
                answers.append(("metadata", Miss(*place, name, _shown(value), found)))
            continue
        found_block = blocks.get(place)
        for name, read in _READ.items():
            if name in entry:
                found = MISSING if found_block is None else read(found_block)
                field = _FIELDS.get(name, name)
                answers.append((field, Miss(*place, field, _EXPECTED[name](entry[name]), found)))
    fields = ("metadata", "kind", "headings", "part", "topic")
    scores = {field: _score([miss for of, miss in answers if of == field]) for field in fields}
    misses = tuple(miss for _, miss in answers if miss.expected != miss.found)
    return Evaluation(len(gold_lines), scores, misses)


def _by_place(
    reports: Iterable[Report],
) -> tuple[dict[tuple[str, int], Block], dict[tuple[str, int], Metadata]]:
    blocks: dict[tuple[str, int], Block] = {}
    metas: dict[tuple[str, int], Metadata] = {}
    for report in reports:
        for block in report.blocks:
            place = (PurePosixPath(block.source.file).name, block.source.line)
            blocks.setdefault(place, block)
            metas.setdefault(place, report.meta)
    return blocks, metas


def _score(answers: Sequence[Miss]) -> Score:
    wrong = Counter((each.expected, each.found) for each in answers if each.expected != each.found)
    return Score(len(answers) - sum(wrong.values()), len(answers), dict(wrong.most_common()))


def _shown(value: object) -> str:
    return NONE if value is None else str(value)


def _path(headings: Sequence[str]) -> str:
    """Headings by their first characters: gold need not repeat a text that is long, or not its own."""
    return " / ".join(heading[:_HEADING_CHARACTERS] for heading in headings) or NONE


def _parts(parts: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(parts)) or NONE


def _topic(block: Block) -> str:
    return block.topics[0].topic if block.topics else NONE


_FIELDS = {"parts": "part", "depth": "headings", "level": "headings"}
_READ: Mapping[str, Callable[[Block], str]] = {
    "kind": lambda block: block.kind,
    "headings": lambda block: _path(block.headings),
    "depth": lambda block: str(len(block.headings)),
    "level": lambda block: str(block.level),
    "parts": lambda block: _parts(span.part for span in block.parts),
    "topic": _topic,
}
_EXPECTED: Mapping[str, Callable[[Any], str]] = {
    "kind": str,
    "headings": _path,
    "depth": str,
    "level": str,
    "parts": _parts,
    "topic": _shown,
}
