"""Plain Whoosh as a peer: set up with jieba as a careful user would. Knows whoosh and jieba, not searchapp."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jieba
from jieba.analyse import ChineseAnalyzer
from whoosh import fields, index, query, sorting
from whoosh.analysis import LowercaseFilter, Token, Tokenizer
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import QueryParser

from benchmarks.peers import PLAIN, Passage, PeerAnswer, Query

TEN = 10
WRITER_MEMORY_MEGABYTES = 1024
FACETS = ("unit", "year", "section")

_WORD = re.compile(r"\w")


class JiebaTokenizer(Tokenizer):  # type: ignore[misc]
    """jieba words with word positions, so that ``Phrase`` works: punctuation is left out and takes no position."""

    def __call__(self, value: str, positions: bool = False, **options: Any) -> Iterator[Token]:
        token = Token(positions=positions, **options)
        place = 0
        for word, start, end in jieba.tokenize(value):
            if _WORD.search(word):
                token.original = token.text = word
                token.stopped, token.boost, token.pos = False, 1.0, place
                token.startchar, token.endchar = start, end
                yield token
                place += 1


def plain_analyzer() -> Any:
    """What a careful Whoosh user makes: jieba words, every word kept, lower case."""
    return JiebaTokenizer() | LowercaseFilter()


def stock_analyzer() -> Any:
    """``jieba.analyse.ChineseAnalyzer`` as it comes."""
    return ChineseAnalyzer()


def warm_jieba() -> None:
    """Loads jieba's dictionary, so that no peer pays for it while it is measured."""
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()


def plain_schema(analyzer: Any) -> fields.Schema:
    """Text with positions, stored for the hit list; facets as identifiers with sortable columns."""
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        text=fields.TEXT(analyzer=analyzer, stored=True, phrase=True),
        unit=fields.ID(stored=True, sortable=True),
        year=fields.ID(stored=True, sortable=True),
        section=fields.ID(stored=True, sortable=True),
    )


def index_plain(passages: Sequence[Passage], folder: Path, told: Callable[[int], None]) -> None:
    """Indexes passages that are already read and parsed; ``told`` hears how many are done."""
    folder.mkdir()
    _write(index.create_in(str(folder), plain_schema(plain_analyzer())), passages, told)


def _write(target: Any, passages: Sequence[Passage], told: Callable[[int], None]) -> None:
    writer = target.writer(limitmb=WRITER_MEMORY_MEGABYTES)
    for number, passage in enumerate(passages):
        writer.add_document(
            id=passage.id, text=passage.text, unit=passage.unit, year=passage.year, section=passage.section
        )
        told(number + 1)
    writer.commit()
    target.close()


class PlainPeer:
    """Whoosh as it comes, with jieba words."""

    def __init__(self, opened: Any, name: str = PLAIN) -> None:
        self.name = name
        self._index = opened
        self._searcher = opened.searcher()
        self._parser = QueryParser("text", opened.schema)

    @classmethod
    def open(cls, folder: Path) -> PlainPeer:
        """Opens a folder that :func:`index_plain` wrote."""
        return cls(index.open_dir(str(folder), readonly=True))

    @classmethod
    def stock(cls, passages: Sequence[Passage]) -> PlainPeer:
        """An index in memory with jieba's own Whoosh analyzer."""
        storage = RamStorage()
        _write(storage.create_index(plain_schema(stock_analyzer())), passages, lambda done: None)
        return cls(storage.open_index(), "Whoosh with jieba's ChineseAnalyzer")

    def answer(self, asked: Query) -> PeerAnswer:
        """Ten hits with their stored fields and the exact total; three ``groupedby`` when facets are asked for."""
        options: dict[str, Any] = {}
        if asked.facets:
            # Skipping blocks by quality would make the facet counts wrong.
            options = {"groupedby": list(FACETS), "maptype": sorting.Count, "optimize": False}
        results = self._searcher.search(self._parsed(asked), limit=TEN, filter=self._filter(asked), **options)
        ids = tuple(hit["id"] for hit in results)
        in_years = None
        if asked.facets:
            counted = [results.groups(name) for name in FACETS]
            in_years = sum(counted[FACETS.index("year")].values())
        return PeerAnswer(ids, len(results), in_years)

    def matches(self, asked: Query) -> set[str]:
        results = self._searcher.search(self._parsed(asked), limit=None, scored=False, filter=self._filter(asked))
        return {hit["id"] for hit in results}

    def close(self) -> None:
        self._searcher.close()
        self._index.close()

    def _parsed(self, asked: Query) -> query.Query:
        if asked.kind == "phrase":
            return self._parser.parse('"{}"'.format(asked.texts[0].replace('"', " ")))
        return self._parser.parse(" ".join(asked.texts))

    def _filter(self, asked: Query) -> query.Query | None:
        chosen = [query.Term(name, getattr(asked, name)) for name in ("unit", "year") if getattr(asked, name)]
        return query.And(chosen) if chosen else None
