"""Raw tantivy as a peer: a field of jieba's words, fast fields for facets, stored text. Knows tantivy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import tantivy

from benchmarks.peers import FACETS, TEN, Passage, PeerAnswer, Query, snippet, words_of

WRITER_BYTES = 300_000_000
MOST_VALUES = 65_000
_SPACES = "spaces"
_AGGREGATIONS = {name: {"terms": {"field": name, "size": MOST_VALUES, "segment_size": MOST_VALUES}} for name in FACETS}


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", tokenizer_name=_SPACES, index_option="position")
    builder.add_bytes_field("id", stored=True)
    builder.add_bytes_field("text", stored=True)
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _with_tokenizer(opened: Any) -> Any:
    opened.register_tokenizer(_SPACES, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return opened


def index_tantivy(passages: Iterable[Passage], folder: Path, told: Callable[[int], None]) -> None:
    """The bare loop: rjieba's words into one writer, with as many threads as it likes; one commit."""
    from benchmarks.words import plain_words

    index = _with_tokenizer(tantivy.Index(_schema(), path=str(folder)))
    writer = index.writer(WRITER_BYTES)
    for number, passage in enumerate(passages, 1):
        writer.add_document(
            tantivy.Document(
                words=" ".join(plain_words(passage.text)),
                id=passage.id.encode(),
                text=passage.text.encode(),
                unit=passage.unit,
                year=passage.year,
                section=passage.section,
            )
        )
        told(number)
    writer.commit()
    writer.wait_merging_threads()


class TantivyPeer:
    """tantivy as it comes, by its Python face: one search, one aggregation of three facets."""

    def __init__(self, folder: Path) -> None:
        index = _with_tokenizer(tantivy.Index.open(str(folder)))
        self._schema = index.schema
        self._searcher = index.searcher()

    def answer(self, asked: Query) -> PeerAnswer:
        parsed = self._parsed(asked)
        found = self._searcher.search(parsed, TEN)
        facets = self._searcher.aggregate(parsed, _AGGREGATIONS)
        hits = [self._searcher.doc(address) for _, address in found.hits]
        in_years = sum(bucket["doc_count"] for bucket in facets["year"]["buckets"])
        sought = words_of(asked)
        return PeerAnswer(
            tuple(bytes(hit.get_first("id")).decode() for hit in hits),
            found.count,
            in_years,
            tuple(snippet(bytes(hit.get_first("text")).decode(), sought) for hit in hits),
        )

    def count(self, asked: Query) -> int:
        number: int = self._searcher.search(self._parsed(asked), 1).count
        return number

    def close(self) -> None:
        del self._searcher

    def _parsed(self, asked: Query) -> Any:
        if asked.kind == "phrase" and len(asked.cut[0]) > 1:
            parts = [tantivy.Query.phrase_query(self._schema, "words", list(asked.cut[0]))]
        else:
            parts = [self._term("words", word) for words in asked.cut for word in words]
        parts += [self._term(name, value) for name, value in (("unit", asked.unit), ("year", asked.year)) if value]
        if len(parts) == 1:
            return parts[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def _term(self, field: str, value: str) -> Any:
        return tantivy.Query.term_query(self._schema, field, value)
