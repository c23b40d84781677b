"""SQLite FTS5 as a peer: jieba's words joined by spaces, or trigrams of characters; facets by SQL. Knows sqlite3."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.peers import TEN, Passage, PeerAnswer, Query, snippet, words_of

FILE = "fts5.sqlite"
CACHE_KIBIBYTES = 256 * 1024
TRIGRAM = 3

_PASSAGES = """
CREATE TABLE passages (number INTEGER PRIMARY KEY, id TEXT, text TEXT);
CREATE TABLE facets (number INTEGER PRIMARY KEY, unit TEXT, year TEXT, section TEXT);
"""
_FACETS = """
WITH hit AS MATERIALIZED (SELECT unit, year, section FROM {found})
SELECT 'unit', unit, count(*) FROM hit GROUP BY unit
UNION ALL SELECT 'year', year, count(*) FROM hit GROUP BY year
UNION ALL SELECT 'section', section, count(*) FROM hit GROUP BY section
"""


def index_words(passages: Iterable[Passage], folder: Path, told: Callable[[int], None]) -> None:
    """Words with positions; the text stands beside them, for snippets."""
    from benchmarks.words import plain_words

    _write(
        passages,
        folder,
        "CREATE VIRTUAL TABLE texts USING fts5(words, content='', tokenize='unicode61')",
        lambda passage: " ".join(plain_words(passage.text)),
        told,
    )


def index_trigrams(passages: Iterable[Passage], folder: Path, told: Callable[[int], None]) -> None:
    """Every three characters; the text stands beside them, for snippets and for what is shorter."""
    statement = "CREATE VIRTUAL TABLE texts USING fts5(words, content='', tokenize='trigram')"
    _write(passages, folder, statement, lambda passage: passage.text, told)


def _write(
    passages: Iterable[Passage],
    folder: Path,
    texts: str,
    indexed: Callable[[Passage], str],
    told: Callable[[int], None],
) -> None:
    connection = sqlite3.connect(folder / FILE)
    connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _PASSAGES + texts)
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIBIBYTES}")
    for number, passage in enumerate(passages, 1):
        connection.execute("INSERT INTO passages VALUES (?, ?, ?)", (number, passage.id, passage.text))
        values = (number, passage.unit, passage.year, passage.section)
        connection.execute("INSERT INTO facets VALUES (?, ?, ?, ?)", values)
        connection.execute("INSERT INTO texts (rowid, words) VALUES (?, ?)", (number, indexed(passage)))
        told(number)
    connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")
    connection.commit()
    connection.close()


class _Fts5Peer:
    """What both have in common; ``_found`` says what to join and the conditions, as SQL with its values."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(f"file:{folder / FILE}?mode=ro", uri=True)
        self._db.execute(f"PRAGMA cache_size=-{CACHE_KIBIBYTES}")

    def answer(self, asked: Query) -> PeerAnswer:
        """Two statements: the best ten with their texts, and the three facets; the years add up to the total."""
        tables, conditions, values, ranked = self._found(asked, facets=True)
        found = f"{tables} WHERE {conditions}"
        order = "ORDER BY rank" if ranked else ""
        # The texts are read for the ten alone: sorting them along costs a hundred times as much.
        numbers = f"SELECT facets.number AS number FROM {found} {order} LIMIT {TEN}"
        top = f"SELECT id, text FROM ({numbers}) JOIN passages USING (number)"
        rows = self._db.execute(top, values).fetchall()
        in_years = total = 0
        for facet, _, count in self._db.execute(_FACETS.format(found=found), values):
            total += count if facet == "unit" else 0
            in_years += count if facet == "year" else 0
        sought = words_of(asked)
        return PeerAnswer(
            tuple(row[0] for row in rows), total, in_years, tuple(snippet(row[1], sought) for row in rows)
        )

    def count(self, asked: Query) -> int:
        tables, conditions, values, _ = self._found(asked, facets=asked.filtered)
        number: int = self._db.execute(f"SELECT count(*) FROM {tables} WHERE {conditions}", values).fetchone()[0]
        return number

    def close(self) -> None:
        self._db.close()

    def _found(self, asked: Query, facets: bool) -> tuple[str, str, list[str], bool]:
        raise NotImplementedError


class Fts5WordsPeer(_Fts5Peer):
    """jieba's words: a phrase is a phrase of words."""

    def _found(self, asked: Query, facets: bool) -> tuple[str, str, list[str], bool]:
        cut = asked.cut if asked.kind == "phrase" else [(word,) for words in asked.cut for word in words]
        match = " AND ".join(f'"{" ".join(words)}"' for words in cut)
        tables = "texts JOIN facets ON facets.number = texts.rowid" if facets else "texts"
        return tables, *_with_filters("texts MATCH ?", [match], asked), True


class Fts5TrigramPeer(_Fts5Peer):
    """Characters: whatever is shorter than three is looked for in all texts, or in those that the rest leaves."""

    def _found(self, asked: Query, facets: bool) -> tuple[str, str, list[str], bool]:
        long = [text for text in asked.texts if len(text) >= TRIGRAM]
        short = [text for text in asked.texts if len(text) < TRIGRAM]
        tables, conditions, values = [], [], []
        if long:
            tables.append("texts")
            conditions.append("texts MATCH ?")
            values.append(" AND ".join(f'"{text}"' for text in long))
        if short:
            tables.append("passages")
            conditions.extend("instr(passages.text, ?) > 0" for _ in short)
            values.extend(short)
        if facets:
            tables.append("facets")
        numbers = [f"{table}.{'rowid' if table == 'texts' else 'number'}" for table in tables]
        conditions.extend(f"{numbers[0]} = {number}" for number in numbers[1:])
        return ", ".join(tables), *_with_filters(" AND ".join(conditions), values, asked), bool(long)


def _with_filters(conditions: str, values: list[str], asked: Query) -> tuple[str, list[str]]:
    for name, value in (("unit", asked.unit), ("year", asked.year)):
        if value:
            conditions += f" AND facets.{name} = ?"
            values.append(value)
    return conditions, values
