"""Passages and queries on disk, so that a corpus is read once and every peer goes through it in its own process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from pathlib import Path

from benchmarks.peers import Passage
from benchmarks.queries import Query, QueryClass


class PassageFile:
    """Passages in a file, one a line, behind a first line that says how many and how many characters they have."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open(encoding="utf-8") as lines:
            self.count, self.characters = json.loads(next(lines))

    def __len__(self) -> int:
        return int(self.count)

    def __iter__(self) -> Iterator[Passage]:
        with self._path.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                yield Passage(*json.loads(line))

    def __contains__(self, passage: object) -> bool:
        return any(passage == each for each in self)


def write_passages(path: Path, passages: Iterable[Passage]) -> PassageFile:
    """Writes them, whole or not at all."""
    body = path.with_suffix(".part")
    count = characters = 0
    width = 64
    with body.open("w", encoding="utf-8") as lines:
        lines.write(" " * width + "\n")
        for passage in passages:
            lines.write(json.dumps(astuple(passage), ensure_ascii=False) + "\n")
            count += 1
            characters += len(passage.text)
        lines.seek(0)
        lines.write(json.dumps([count, characters]).ljust(width))
    body.replace(path)
    return PassageFile(path)


def write_queries(path: Path, classes: Sequence[QueryClass]) -> None:
    """Writes the classes with their queries."""
    given = [{"name": of.name, "note": of.note, "queries": [asked.plain() for asked in of.queries]} for of in classes]
    path.write_text(json.dumps(given, ensure_ascii=False, indent=0), encoding="utf-8")


def read_queries(path: Path) -> list[QueryClass]:
    """Reads what :func:`write_queries` wrote."""
    given = json.loads(path.read_text(encoding="utf-8"))
    return [QueryClass(of["name"], of["note"], tuple(map(Query.read, of["queries"]))) for of in given]
