"""Results as Markdown. Knows figures; must not know how they came about."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.measure import COLD_PROCESSES, ROUNDS, Cold, Exactness, Indexing, Latency
from benchmarks.queries import QueryClass

PACKAGES = ("whoosh-reloaded", "jieba", "rjieba", "numpy")
_GIBIBYTE = 1 << 30
_MEBIBYTE = 1 << 20


@dataclass(slots=True)
class Results:
    """All figures of one corpus. ``sampled``: blocks in the stock analyzer's index."""

    corpus: str
    files: int
    paragraphs: int
    characters: int
    sampled: int = 0
    indexing: list[Indexing] = field(default_factory=list)
    classes: list[tuple[QueryClass, list[Latency]]] = field(default_factory=list)
    cold: list[Cold] = field(default_factory=list)
    exactness: list[Exactness] = field(default_factory=list)
    stock_exactness: list[Exactness] = field(default_factory=list)


def machine_facts(seed: int) -> str:
    """Cores, memory, Python, packages, load, date and seed: one list."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIBIBYTE
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return "\n".join(
        (
            f"- machine: {os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, {platform.system()}; "
            f"load at the start {os.getloadavg()[0]:.1f}",
            f"- Python {platform.python_version()}, {packages}",
            f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, seed {seed}",
        )
    )


def markdown(results: Results) -> str:
    """One corpus as a section."""
    parts = (_heading(results), _indexing(results), _latency(results), _cold(results), _exactness(results))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---|" + "---:|" * (len(head) - 1)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _heading(results: Results) -> Iterator[str]:
    yield f"## {results.corpus}"
    yield ""
    yield f"{results.files:,} files, {results.paragraphs:,} blocks, {results.characters:,} characters."


def _indexing(results: Results) -> Iterator[str]:
    yield "### Indexing"
    yield ""
    yield (
        "searchapp: the whole way from files to a published build, on all cores. Plain Whoosh: the same blocks, already"
        " read and parsed, by one `writer`; jieba's dictionary is loaded beforehand."
    )
    yield ""

    def rows() -> Iterator[Sequence[str]]:
        for made in results.indexing:
            yield (
                made.peer,
                f"{made.seconds:.1f}",
                f"{made.processor_seconds:.1f}",
                f"{results.paragraphs / made.seconds:,.0f}",
                f"{results.characters / made.seconds:,.0f}",
                f"{made.bytes / _MEBIBYTE:.1f}",
            )

    yield from _table(("", "seconds", "processor s", "blocks/s", "characters/s", "MiB on disk"), rows())


def _latency(results: Results) -> Iterator[str]:
    yield "### Answers, milliseconds"
    yield ""
    yield (
        "Always ten hits and the exact total. searchapp adds to every answer five facets, counts of occurrences,"
        " reports and units, and ten snippets; plain Whoosh adds three `groupedby` where the class says facets. First:"
        " a query's first time in a freshly opened index. Warm: asked again. Median / 95th percentile over the queries"
        f" of a class, each query's time the best of {ROUNDS} rounds. Ratio: searchapp / plain Whoosh, by medians;"
        " below 1 searchapp is faster."
    )
    yield ""

    def rows() -> Iterator[Sequence[str]]:
        for drawn, (ours, plain) in results.classes:
            yield (
                f"{drawn.name} ({drawn.note})",
                str(len(drawn.queries)),
                *(f"{a.median:.1f} / {a.p95:.1f}" for a in (ours.first, plain.first, ours.warm, plain.warm)),
                f"{ours.first.median / plain.first.median:.2f}",
                f"{ours.warm.median / plain.warm.median:.2f}",
            )

    head = (
        "class",
        "queries",
        "searchapp first: median / p95",
        "plain first",
        "searchapp warm",
        "plain warm",
        "ratio first",
        "ratio warm",
    )
    yield from _table(head, rows())
    inexact = sorted({made.peer for _, both in results.classes for made in both if not made.facets_exact})
    if inexact:
        yield ""
        yield f"Facet counts that did not add up to the total: {', '.join(inexact)}."


def _cold(results: Results) -> Iterator[str]:
    yield "### The first answer of a fresh process, milliseconds"
    yield ""
    yield (
        f"The fastest of {COLD_PROCESSES} processes, one query a class; the files may be in the system's cache. Import:"
        " the peer's modules, and for plain Whoosh jieba's dictionary, which it needs to answer. Then opening the"
        " index, then the answer."
    )
    yield ""

    def rows() -> Iterator[Sequence[str]]:
        for cold in results.cold:
            yield (
                f"{cold.query_class}: {cold.peer}",
                f"{cold.import_ms:.0f}",
                f"{cold.open_ms:.1f}",
                f"{cold.answer_ms:.1f}",
                f"{cold.import_ms + cold.open_ms + cold.answer_ms:.0f}",
            )

    yield from _table(("", "import", "open", "answer", "whole"), rows())


def _exactness(results: Results) -> Iterator[str]:
    yield "### Phrases against brute force"
    yield ""
    yield (
        "Blocks over all queries of the class that have any. The last rows: jieba's own `ChineseAnalyzer` over the"
        f" first {results.sampled:,} blocks only."
    )
    yield ""

    def rows() -> Iterator[Sequence[str]]:
        for made in (*results.exactness, *results.stock_exactness):
            yield (
                f"{made.query_class}: {made.peer}",
                f"{made.whole} of {made.queries}",
                *(f"{number:,}" for number in (made.true, made.found, made.missed, made.wrong)),
            )

    yield from _table(("", "queries exact", "true blocks", "found", "missed", "wrong"), rows())
