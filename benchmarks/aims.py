"""What was aimed at, each beside what was measured. Knows figures; must not know how tables look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import COSTS, Part, characters_a_second, cold, of_size, ratio, slope, spread

WHOOSH, TANTIVY = "searchapp-whoosh", "searchapp-tantivy"
CITY, PROVINCE = 60_000, 1_000_000
_PHRASES = ("phrase, frequent", "phrase, rare", "phrase that cuts a word")
_MEBIBYTE = 1 << 20
_LINEAR = 1.05
"""A slope above this is worse than linear; less above 1 is noise."""


@dataclass(frozen=True, slots=True)
class Judged:
    """``reached`` is ``None`` where nothing was measured."""

    figure: str
    aim: str
    measured: str = "not measured"
    reached: bool | None = None


def judged(results: Mapping[str, Any]) -> list[Judged]:
    """Every aim; of sizes that were not measured it says so."""
    city, province = (of_size(results, size) or {"facts": {}} for size in (CITY, PROVINCE))
    return [*_answers(city), *_counts(city), *_province(province), *_indexing(city), *_starts(city), *_growth(results)]


def _at_most(figure: str, value: float | None, most: float, unit: str) -> Judged:
    aim = f"<= {most:g}{unit}"
    if value is None:
        return Judged(figure, aim)
    return Judged(figure, aim, f"{value:.3g}{unit}", value <= most)


def _at_least(figure: str, value: float | None, least: float, unit: str) -> Judged:
    aim = f">= {least:,g}{unit}"
    if value is None:
        return Judged(figure, aim)
    return Judged(figure, aim, f"{value:,.3g}{unit}" if value < 1000 else f"{value:,.0f}{unit}", value >= least)


def _answers(city: Part) -> Iterator[Judged]:
    of = "whoosh, 60,000, whole answer"
    for phase, words in (("first", "first time"), ("again", "again")):
        found = ratio(city, WHOOSH, "whoosh-plain", phase)
        yield _at_least(f"{of}, {words}: plain Whoosh's median by ours", 1 / found if found else None, 15, " times")
    again, first = (spread(city, "answers", WHOOSH, phase) for phase in ("again", "first"))
    dropped = cold(city, WHOOSH)
    yield _at_most(f"{of}, warm (again): p95", again and again.p95, 25, " ms")
    yield _at_most(f"{of}, first time in an open index: p95", first and first.p95, 80, " ms")
    yield _at_most(f"{of}, cold (fresh process, cold files): p95", dropped and dropped.p95, 80, " ms")
    for name, peer, most in (("SQLite FTS5", "fts5-words", 1), ("Xapian", "xapian", 2)):
        for phase, words in (("first", "first time"), ("again", "again")):
            yield _at_most(f"{of}, {words}: our median by that of {name}", ratio(city, WHOOSH, peer, phase), most, "")


def _counts(city: Part) -> Iterator[Judged]:
    for peer in (WHOOSH, TANTIVY):
        found = spread(city, "counts", peer, "first", _PHRASES)
        figure = f"{_engine(peer)}, 60,000, exact phrase with counts, not asked before: p95"
        yield _at_most(figure, found and found.p95, 5, " ms")


def _province(province: Part) -> Iterator[Judged]:
    of = "tantivy, 1,000,000"
    for phase, words in (("first", "first time"), ("again", "again")):
        found = spread(province, "answers", TANTIVY, phase)
        yield _at_most(f"{of}, whole answer, {words}: p95", found and found.p95, 20, " ms")
        by = ratio(province, TANTIVY, "tantivy-raw", phase)
        yield _at_most(f"{of}, whole answer, {words}: our median by raw tantivy's", by, 1.5, "")
    found = spread(province, "counts", TANTIVY, "first")
    yield _at_most(f"{of}, counts alone, not asked before: p95", found and found.p95, 40, " ms")


def _indexing(city: Part) -> Iterator[Judged]:
    speeds = {peer: characters_a_second(city, peer) for peer in (WHOOSH, TANTIVY, "whoosh-plain", "tantivy-raw")}

    def by(ours: str, theirs: str) -> float | None:
        mine, other = speeds[ours], speeds[theirs]
        return mine / other if mine and other else None

    yield _at_least("whoosh, 60,000, indexing by plain Whoosh with jieba", by(WHOOSH, "whoosh-plain"), 3, " times")
    yield _at_least("tantivy, 60,000, indexing, characters a second", speeds[TANTIVY], 1_000_000, "")
    yield _at_least(
        "tantivy, 60,000, indexing by the bare rjieba and tantivy loop", by(TANTIVY, "tantivy-raw"), 0.6, ""
    )


def _starts(city: Part) -> Iterator[Judged]:
    for peer, seconds, mebibytes in ((WHOOSH, 1, 400), (TANTIVY, 0.6, 200)):
        of = f"{_engine(peer)}, 60,000"
        fresh = city.get("starts", {}).get(peer, {}).get("fresh")
        yield _at_most(f"{of}, fresh process to first answer", fresh and fresh["whole"] / 1000, seconds, " s")
        memory = city.get("memory", {}).get(peer)
        yield _at_most(f"{of}, memory serving", memory and memory["alone"] / _MEBIBYTE, mebibytes, " MiB")
        yield _at_most(f"{of}, what a second process adds", memory and memory["adds"] / _MEBIBYTE, 100, " MiB")
        loaded = memory and memory["jieba_loaded"]
        figure, aim = f"{of}, jieba's own dictionary while serving", "not loaded"
        yield Judged(figure, aim, "loaded" if loaded else aim, not loaded) if memory else Judged(figure, aim)


def _growth(results: Mapping[str, Any]) -> Iterator[Judged]:
    """The steepest of all costs, for each engine."""
    for peer in (WHOOSH, TANTIVY):
        found = [(of, cost.name) for cost in COSTS if (of := slope(cost.points(results, peer))) is not None]
        steepest, name = max(found, default=(None, "none known"))
        figure = f"{_engine(peer)}, as the work grows: slope of the cost that grows most ({name})"
        yield _at_most(figure, steepest, _LINEAR, "")


def _engine(peer: str) -> str:
    return peer.partition("-")[2]
