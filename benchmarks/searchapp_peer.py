"""searchapp as a peer: its whoosh engine, through the same services as its page. Knows searchapp's public services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.peers import SEARCHAPP, Passage, PeerAnswer, Query
from searchapp import wiring
from searchapp.config import Settings
from searchapp.engines.base import paragraph_id
from searchapp.search.highlight import merged
from searchapp.search.params import parse_request
from searchapp.search.schema import DEFAULT_KINDS, department_of
from searchapp.search.snippet import fragments
from searchapp.services.indexing import IndexingOptions
from searchapp.services.searching import search
from searchapp.text.normalize import normalize


def source_files(folder: Path) -> int:
    """How many source files the index in ``folder`` was made from."""
    return len(wiring.current_manifest(folder).files)


def index_searchapp(source: Path, folder: Path) -> None:
    """The whole way from files to a published build."""
    wiring.index_sources(Settings(folder), IndexingOptions(sources=[source]))


class SearchappPeer:
    """searchapp with its whoosh engine, through the same services as its page."""

    name = SEARCHAPP

    def __init__(self, folder: Path) -> None:
        self._library = wiring.open_library(folder)

    def answer(self, asked: Query) -> PeerAnswer:
        """Ten hits with snippets, exact totals and counts, five facets: whatever is asked, always all of it."""
        result = search(self._library, _parameters(asked)).result
        for hit in result.hits:
            fragments(hit.located.block.text, tuple(merged(hit.highlights)))
        in_years = sum(value.count for value in result.facets["year"])
        return PeerAnswer(tuple(hit.located.paragraph_id for hit in result.hits), result.total, in_years)

    def matches(self, asked: Query) -> set[str]:
        request = parse_request(_parameters(asked)).request
        return {hit.located.paragraph_id for hit in self._library.reader.stream(request)}

    def passages(self) -> Iterator[Passage]:
        """Every block that a search covers by default, for the peers to index."""
        for report in self._library.reader.iterate():
            meta = report.meta
            unit, year = department_of(meta) or "", "" if meta.year is None else str(meta.year)
            for block in report.blocks:
                if block.kind in DEFAULT_KINDS:
                    section = block.topics[0].topic if block.topics else ""
                    text = normalize(block.text, block.marks)
                    yield Passage(paragraph_id(report.id, block.key), text, unit, year, section)

    def close(self) -> None:
        self._library.reader.close()


def _parameters(asked: Query) -> dict[str, list[str]]:
    typed = f'"{asked.texts[0]}"' if asked.kind == "phrase" else " ".join(asked.texts)
    chosen = {"unit": asked.unit, "year": asked.year}
    return {"q": [typed]} | {name: [value] for name, value in chosen.items() if value}
