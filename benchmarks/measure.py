"""Measuring: indexing, cold and warm answers, exactness. Knows peers by their face; must not know how results look."""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks.peers import Passage, Peer, Query, folder_bytes
from benchmarks.queries import QueryClass, truth

ROUNDS = 3
COLD_PROCESSES = 3
COLD_CLASSES = ("two frequent words", "phrase, frequent", "filtered by year, three facets")

_Key = tuple[str, str, Query]
Told = Callable[[str], None]
OpenPeers = Callable[[], Sequence[Peer]]


@dataclass(frozen=True, slots=True)
class Indexing:
    """Wall time and processor time (all processes), in seconds, and bytes on disk."""

    peer: str
    seconds: float
    processor_seconds: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: median and 95th percentile (nearest rank) of ``count`` answers."""

    median: float
    p95: float
    count: int

    @classmethod
    def of(cls, times: Iterable[float]) -> Spread:
        """Raises ``ValueError`` without any time."""
        ordered = sorted(times)
        if not ordered:
            raise ValueError("no times")
        return cls(median(ordered), ordered[math.ceil(0.95 * len(ordered)) - 1], len(ordered))


@dataclass(frozen=True, slots=True)
class Latency:
    """One peer, one class: each query's first time in a freshly opened index, and its repeat; best of the rounds."""

    peer: str
    first: Spread
    warm: Spread
    facets_exact: bool
    """Whether the years of the facet added up to the total, where facets were asked for."""


@dataclass(frozen=True, slots=True)
class Cold:
    """A fresh process: milliseconds, of the fastest of ``COLD_PROCESSES`` processes."""

    peer: str
    query_class: str
    import_ms: float
    open_ms: float
    answer_ms: float


@dataclass(frozen=True, slots=True)
class Exactness:
    """Blocks over all queries of a class: true, found, missed, wrong; ``whole`` queries were answered exactly."""

    peer: str
    query_class: str
    queries: int
    whole: int
    true: int
    found: int
    missed: int
    wrong: int


def measured_indexing(peer: str, folder: Path, work: Callable[[], object]) -> Indexing:
    """Runs ``work``, which writes an index into ``folder``."""
    processor, began = _processor_seconds(), time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    return Indexing(peer, seconds, _processor_seconds() - processor, folder_bytes(folder))


def _processor_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def latencies(open_peers: OpenPeers, classes: Sequence[QueryClass], told: Told) -> list[list[Latency]]:
    """For each class, what each peer took.

    Every round opens the indexes anew for each class and asks every query twice. Of the rounds the
    best time of each query counts, and peers take turns query by query: what else the machine does falls on all alike
    and is mostly left out.
    """
    first: dict[_Key, float] = {}
    warm: dict[_Key, float] = {}
    inexact: set[tuple[str, str]] = set()
    names: list[str] = []
    for number in range(ROUNDS):
        for drawn in classes:
            told(f"round {number + 1} of {ROUNDS}: {drawn.name}")
            peers = open_peers()
            names = [peer.name for peer in peers]
            for best in (first, warm):
                for asked in drawn.queries:
                    for peer in peers:
                        key = (peer.name, drawn.name, asked)
                        began = time.perf_counter()
                        answer = peer.answer(asked)
                        best[key] = min(best.get(key, math.inf), (time.perf_counter() - began) * 1000)
                        if answer.in_years is not None and not asked.year and answer.in_years != answer.total:
                            inexact.add((peer.name, drawn.name))
            for peer in peers:
                peer.close()

    def of(best: dict[_Key, float], name: str, drawn: QueryClass) -> Spread:
        return Spread.of(best[name, drawn.name, asked] for asked in drawn.queries)

    return [
        [
            Latency(name, of(first, name, drawn), of(warm, name, drawn), (name, drawn.name) not in inexact)
            for name in names
        ]
        for drawn in classes
    ]


def cold(folders: dict[str, Path], classes: Sequence[QueryClass], told: Told) -> list[Cold]:
    """The first query of some classes, each answer in a process of its own; files may be in the system's cache."""
    results = []
    for drawn in classes:
        if drawn.name not in COLD_CLASSES:
            continue
        told(f"cold: {drawn.name}")
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in folders}
        for _ in range(COLD_PROCESSES):
            for name, folder in folders.items():
                runs[name].append(_in_a_fresh_process(name, folder, drawn.queries[0]))
        for name, of_peer in runs.items():
            best = min(of_peer, key=lambda run: sum(run.values()))
            results.append(Cold(name, drawn.name, **best))
    return results


def _in_a_fresh_process(name: str, folder: Path, asked: Query) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.cold", name, str(folder), json.dumps(asdict(asked))]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    times: dict[str, float] = json.loads(done.stdout)
    return times


def exactness(peers: Sequence[Peer], drawn: QueryClass, passages: Sequence[Passage]) -> list[Exactness]:
    """All matches of each query that has any, compared with brute force."""
    truths = {asked: right for asked in drawn.queries if (right := truth(passages, asked))}
    return [_compared(peer, drawn.name, truths) for peer in peers]


def _compared(peer: Peer, query_class: str, truths: dict[Query, set[str]]) -> Exactness:
    whole = true = found = missed = wrong = 0
    for asked, right in truths.items():
        given = peer.matches(asked)
        whole += right == given
        true += len(right)
        found += len(given)
        missed += len(right - given)
        wrong += len(given - right)
    return Exactness(peer.name, query_class, len(truths), whole, true, found, missed, wrong)
