"""The pages as the server makes them: time through the WSGI application, without a network, and bytes.

A results page has 20 hits and all facets, a report page the whole report with the query's words marked. Nothing is
compressed and nothing is answered 304. Knows searchapp's public services and its application; no engine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import EnvironBuilder

from benchmarks.generate import sentences
from benchmarks.measure import Spread, Told
from benchmarks.peers import Query
from benchmarks.queries import QueryClass, draw_queries
from benchmarks.searchapp_peer import SearchappPeer, source_files
from searchapp import wiring
from searchapp.config import Settings
from searchapp.indexing.run import IndexingOptions
from searchapp.text.analyzer import Analyzer
from searchapp.web import create_app

PER_PAGE = 20
LONG_REPORT_CHARACTERS = 60_000
RESULTS_LIMIT_MS, RESULTS_LIMIT_BYTES, REPORT_LIMIT_MS = 60, 60 * 1024, 150
"""What a results page may take at the 95th percentile and weigh, and what the page of a long report may take."""
_SENTENCES_A_PARAGRAPH = 6
_PARAGRAPHS_A_SECTION = 5
_DIGITS = "一二三四五六七八九十"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class PageTimes:
    """Pages of one sort: milliseconds of each address's first time and of its repeat, bytes of each page."""

    name: str
    first: Spread
    again: Spread
    bytes: Spread
    most_bytes: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """Milliseconds of each address's first time and of its repeat, and bytes of each page, in one order."""

    first: list[float]
    again: list[float]
    bytes: list[int]

    def spread(self, name: str) -> PageTimes:
        return PageTimes(name, Spread.of(self.first), Spread.of(self.again), Spread.of(self.bytes), max(self.bytes))


@dataclass(frozen=True, slots=True)
class Pages:
    """All figures of one corpus. ``report_characters``: of the report whose page was asked for."""

    corpus: str
    files: int
    blocks: int
    report_characters: int
    results: tuple[PageTimes, ...]
    reports: tuple[PageTimes, ...]


def write_long_report(folder: Path, seed: int) -> None:
    """A report of some 60,000 characters, as one more file in ``folder``."""
    pool = iter(sentences(seed + 1, LONG_REPORT_CHARACTERS // 20))
    lines, written, section = ["某某市人民政府2023年工作报告"], 0, 0
    while written < LONG_REPORT_CHARACTERS:
        lines.append(f"{_DIGITS[section % len(_DIGITS)]}、重点工作（{section + 1}）")
        for _ in range(_PARAGRAPHS_A_SECTION):
            lines.append("".join(next(pool) for _ in range(_SENTENCES_A_PARAGRAPH)))
            written += len(lines[-1])
        section += 1
    (folder / "99999_2023_某某市人民政府.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def measure_pages(source: Path, index: Path, queries: int, seed: int, told: Told) -> Pages:
    """Indexes the reports in ``source`` into ``index``, a folder that is not there yet, and asks for pages."""
    told("indexing for the pages")
    wiring.index_sources(Settings(index), IndexingOptions(sources=[source]))
    peer = SearchappPeer(index)
    passages = list(peer.passages())
    peer.close()
    classes = draw_queries(passages, Analyzer().words, queries, seed)
    handle = wiring.library_handle(Settings(index))
    library = handle.current()
    app = create_app(handle.current)
    told("results pages")
    results = _results(app, classes)
    characters, report_id = _longest(library.reader.iterate())
    told(f"the page of a report of {characters:,} characters")
    address = f"/reports/{report_id}"
    marked = [f"{address}?{urlencode({'q': _typed(asked)})}" for asked in _frequent(classes)]
    reports = (
        _ask(app, [address] * len(marked)).spread("as it is"),
        _ask(app, marked).spread("with the words of a query marked"),
    )
    library.reader.close()
    return Pages(source.name, source_files(index), len(passages), characters, results, reports)


def _results(app: Application, classes: Sequence[QueryClass]) -> tuple[PageTimes, ...]:
    """Each class's pages, those that an earlier class asked for left out; then all of them together."""
    of_classes: dict[str, _Asked] = {}
    known: set[str] = set()
    for drawn in classes:
        addresses = [address for asked in drawn.queries if (address := _results_page(asked)) not in known]
        known.update(addresses)
        if addresses:
            of_classes[drawn.name] = _ask(app, addresses)
    whole = _Asked([], [], [])
    for asked in of_classes.values():
        whole.first.extend(asked.first)
        whole.again.extend(asked.again)
        whole.bytes.extend(asked.bytes)
    return (*(asked.spread(name) for name, asked in of_classes.items()), whole.spread("all of them"))


def _ask(app: Application, addresses: Sequence[str]) -> _Asked:
    first = [_asked(app, address) for address in addresses]
    again = [_asked(app, address)[0] for address in addresses]
    return _Asked([took for took, _ in first], again, [weight for _, weight in first])


def _asked(app: Application, address: str) -> tuple[float, int]:
    """Milliseconds and bytes of one page. Raises ``RuntimeError`` for an answer that is none."""
    environ, statuses = EnvironBuilder(path=address).get_environ(), []

    def start(status: str, headers: Sequence[tuple[str, str]], error: object = None) -> None:
        statuses.append(status)

    began = time.perf_counter()
    weight = sum(map(len, app(environ, start)))
    took = (time.perf_counter() - began) * 1000
    if statuses != ["200 OK"]:
        raise RuntimeError(f"{address}: {statuses}")
    return took, weight


def _results_page(asked: Query) -> str:
    known = {"q": _typed(asked), "unit": asked.unit, "year": asked.year, "per_page": PER_PAGE}
    return f"/search?{urlencode({name: value for name, value in known.items() if value})}"


def _typed(asked: Query) -> str:
    return f'"{asked.texts[0]}"' if asked.kind == "phrase" else " ".join(asked.texts)


def _frequent(classes: Sequence[QueryClass]) -> Iterator[Query]:
    for drawn in classes:
        if "frequent" in drawn.name:
            yield from drawn.queries


def _longest(reports: Iterable[Any]) -> tuple[int, str]:
    """Characters and id of the longest report."""
    return max((sum(len(block.text) for block in report.blocks), report.id) for report in reports)


def pages_markdown(pages: Pages) -> str:
    """The figures as a section."""
    whole, marked = pages.results[-1], pages.reports[-1]
    lines = [
        f"## Pages: {pages.corpus}",
        "",
        f"{pages.files:,} files, {pages.blocks:,} blocks. Through the WSGI application, without a network; milliseconds"
        " of a page's first time in a freshly opened index and of its repeat, median / 95th percentile; KiB without"
        " compression, median / most.",
        "",
        f"### Results, {PER_PAGE} hits, all facets",
        "",
        *_table(pages.results),
        "",
        f"### The page of a report of {pages.report_characters:,} characters",
        "",
        *_table(pages.reports),
        "",
        f"- results: {_judged(whole.first.p95, RESULTS_LIMIT_MS, 'ms')} at the 95th percentile (first time), "
        f"{_judged(whole.most_bytes / 1024, RESULTS_LIMIT_BYTES / 1024, 'KiB')} at most",
        f"- report: {_judged(marked.first.p95, REPORT_LIMIT_MS, 'ms')} at the 95th percentile",
    ]
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[PageTimes]) -> Iterator[str]:
    yield "| pages | asked | first | again | KiB |"
    yield "|---|---:|---:|---:|---:|"
    for row in rows:
        yield (
            f"| {row.name} | {row.first.count} | {row.first.median:.1f} / {row.first.p95:.1f} "
            f"| {row.again.median:.1f} / {row.again.p95:.1f} "
            f"| {row.bytes.median / 1024:.1f} / {row.most_bytes / 1024:.1f} |"
        )


def _judged(value: float, limit: float, unit: str) -> str:
    return f"{value:.1f} {unit} (aim: {limit:g}{'' if value <= limit else '; missed'})"
