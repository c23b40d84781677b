"""A test collection on disk (BEIR layout): corpus.jsonl, queries.jsonl, qrels.tsv. Knows files; no search."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ARTICLE = re.compile(r"第([〇零一二三四五六七八九十百千]+|[0-9]+)条\s*$")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be found."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the ids of the documents that answer it, with their grades (all above 0)."""

    id: str
    text: str
    relevant: dict[str, int]


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents in file order, and the questions that have an answer."""

    documents: tuple[Document, ...]
    questions: tuple[Question, ...]


def read_collection(folder: Path) -> Collection:
    """Raises ``OSError``, ``KeyError`` or ``ValueError`` for a folder that holds no collection."""
    documents = tuple(
        Document(str(row["_id"]), str(row.get("title") or ""), str(row["text"]))
        for row in _rows(folder / "corpus.jsonl")
    )
    relevant: dict[str, dict[str, int]] = {}
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if (grade := int(row["score"])) > 0:
                relevant.setdefault(row["query-id"], {})[row["corpus-id"]] = grade
    asked = ((str(row["_id"]), str(row["text"])) for row in _rows(folder / "queries.jsonl"))
    questions = tuple(Question(key, text, relevant[key]) for key, text in asked if key in relevant)
    return Collection(documents, questions)


def grouped(documents: tuple[Document, ...]) -> dict[str, list[int]]:
    """Which documents are one report, in which order: those whose titles differ only in a final ``第…条``.

    A statute is then a report and its articles, by number, are its paragraphs. Without such a title a document is a
    report of its own. Values are places in ``documents``.
    """
    groups: dict[str, list[tuple[int, int]]] = {}
    for at, document in enumerate(documents):
        article = _ARTICLE.search(document.title)
        name = document.title[: article.start()] if article else f"{document.title} {document.id}"
        groups.setdefault(name, []).append((_number(article.group(1)) if article else 0, at))
    return {name: [at for _, at in sorted(members)] for name, members in groups.items()}


def _number(text: str) -> int:
    if text.isascii():
        return int(text)
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
