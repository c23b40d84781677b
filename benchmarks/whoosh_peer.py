"""Plain Whoosh as a peer: set up with jieba as a careful user would. Knows whoosh and jieba, not searchapp."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import jieba
from whoosh import fields, index, query, sorting
from whoosh.analysis import LowercaseFilter, Token, Tokenizer
from whoosh.qparser import QueryParser

from benchmarks.peers import FACETS, TEN, Passage, PeerAnswer, Query, snippet, words_of

WRITER_MEMORY_MEGABYTES = 1024

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
    from jieba.analyse import ChineseAnalyzer

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


def index_plain(passages: Iterable[Passage], folder: Path, told: Callable[[int], None]) -> None:
    """Indexes passages that are already read and parsed; ``told`` hears how many are done."""
    _write(passages, folder, plain_schema(plain_analyzer()), told)


def index_stock(passages: Iterable[Passage], folder: Path, told: Callable[[int], None]) -> None:
    """The same with jieba's own Whoosh analyzer."""
    _write(passages, folder, plain_schema(stock_analyzer()), told)


def _write(passages: Iterable[Passage], folder: Path, schema: fields.Schema, told: Callable[[int], None]) -> None:
    warm_jieba()
    target = index.create_in(str(folder), schema)
    writer = target.writer(limitmb=WRITER_MEMORY_MEGABYTES)
    for number, passage in enumerate(passages, 1):
        writer.add_document(
            id=passage.id, text=passage.text, unit=passage.unit, year=passage.year, section=passage.section
        )
        told(number)
    writer.commit()
    target.close()


class PlainPeer:
    """Whoosh as it comes, with jieba words; it cuts the words of a query itself."""

    def __init__(self, folder: Path) -> None:
        warm_jieba()
        self._index = index.open_dir(str(folder), readonly=True)
        self._searcher = self._index.searcher()
        self._parser = QueryParser("text", self._index.schema)

    def answer(self, asked: Query) -> PeerAnswer:
        """Ten hits with their stored fields, the exact total and three ``groupedby``."""
        options: dict[str, Any] = {"groupedby": list(FACETS), "maptype": sorting.Count}
        results = self._searcher.search(self._parsed(asked), limit=TEN, filter=self._filter(asked), **options)
        # Under groupedby Whoosh gives every match, whatever the limit: only the stored fields of ten are read.
        hits = results[:TEN]
        counted = [results.groups(name) for name in FACETS]
        sought = words_of(asked)
        return PeerAnswer(
            tuple(hit["id"] for hit in hits),
            len(results),
            sum(counted[FACETS.index("year")].values()),
            tuple(snippet(hit["text"], sought) for hit in hits),
        )

    def count(self, asked: Query) -> int:
        found = self._searcher.docs_for_query(self._parsed(asked))
        return sum(1 for _ in found)

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
