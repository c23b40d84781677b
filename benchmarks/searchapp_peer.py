"""searchapp as a peer, with any of its engines, through the same services as its page. Knows its public services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.peers import Passage, PeerAnswer, Query
from searchapp import wiring
from searchapp.config import Settings
from searchapp.reports.model import paragraph_id
from searchapp.search.highlight import merged
from searchapp.search.params import parse_request
from searchapp.search.result import Hit
from searchapp.search.schema import DEFAULT_KINDS, department_of
from searchapp.search.snippet import Fragment, fragments
from searchapp.services.search import search
from searchapp.text.normalize import normalize


def source_files(folder: Path) -> int:
    """How many source files the index in ``folder`` was made from."""
    return len(wiring.current_manifest(folder).files)


def index_searchapp(source: Path, folder: Path, engine: str) -> None:
    """The whole way from files to a published build."""
    from searchapp.indexing.run import IndexingOptions

    wiring.index_sources(Settings(folder, engine), IndexingOptions(sources=[source]))


class SearchappPeer:
    """The engine is the one that the index was made with."""

    def __init__(self, folder: Path) -> None:
        self._library = wiring.open_library(folder)

    def answer(self, asked: Query) -> PeerAnswer:
        """Ten hits with snippets, exact totals and counts, five facets: whatever is asked, always all of it."""
        result = search(self._library, parameters(asked)).result
        shown = [
            "".join(hit.located.block.text[part.start : part.end] for part in _stretches(hit)) for hit in result.hits
        ]
        in_years = sum(value.count for value in result.facets["year"])
        ids = tuple(hit.located.paragraph_id for hit in result.hits)
        return PeerAnswer(ids, result.total, in_years, tuple(shown))

    def count(self, asked: Query) -> int:
        """Blocks, with reports and units; without filters with occurrences too."""
        request = parse_request(parameters(asked)).request
        return self._library.reader.counts(request, occurrences=not asked.filtered).paragraphs

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


def parameters(asked: Query) -> dict[str, list[str]]:
    """The query as a person types it, and its filters."""
    chosen = {"unit": asked.unit, "year": asked.year}
    return {"q": [_typed(asked)]} | {name: [value] for name, value in chosen.items() if value}


def _stretches(hit: Hit) -> tuple[Fragment, ...]:
    return fragments(hit.located.block.text, tuple(merged(hit.highlights))).stretches


def _typed(asked: Query) -> str:
    match asked.kind:
        case "phrase":
            return f'"{asked.texts[0]}"'
        case "gap":
            return f'"{"*".join(asked.texts)}"'
        case _:
            return " ".join(asked.texts)
