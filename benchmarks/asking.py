"""Stages that ask open indexes: whole answers, counts alone. Knows peers as running processes.

Peers take turns query by query, so that what else the machine does falls on all alike; of the rounds the best time of
each query counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Told
from benchmarks.peers import Query
from benchmarks.queries import QueryClass
from benchmarks.registry import Entry
from benchmarks.running import Running, running

SLOW_MS = 1_000
"""A query that took longer is not asked in further rounds."""
Indexes = dict[Entry, Path]


@dataclass(frozen=True, slots=True)
class _Way:
    """A way of asking, and which queries a peer can be asked so."""

    can: Callable[[Entry, Query], bool]
    ask: Callable[[Running, Query], dict[str, Any]]


def whole_answers(indexes: Indexes, classes: Sequence[QueryClass], rounds: int, told: Told) -> dict[str, Any]:
    """By peer: ``classes`` with times of each query's first time in a freshly opened index and of its repeat.

    A query that a peer is not asked has null for its times. ``totals`` are those of the answers, in the same order;
    ``facets_exact`` whether the years of the facet added up to the total wherever no year was chosen.
    """
    return _rounds(indexes, classes, rounds, told, _Way(Entry.can_answer, Running.answer))


def counts_alone(indexes: Indexes, classes: Sequence[QueryClass], rounds: int, told: Told) -> dict[str, Any]:
    """The same for counting without hits and facets."""
    return _rounds(indexes, classes, rounds, told, _Way(Entry.can_count, Running.count))


def _rounds(indexes: Indexes, classes: Sequence[QueryClass], rounds: int, told: Told, way: _Way) -> dict[str, Any]:
    measured: dict[str, dict[str, Any]] = {
        entry.name: {"classes": {drawn.name: _empty(drawn) for drawn in classes}, "facets_exact": True}
        for entry in indexes
    }
    with _all_running(indexes) as peers:
        for number in range(rounds):
            for drawn in classes:
                told(f"round {number + 1} of {rounds}: {drawn.name}")
                for peer in peers.values():
                    peer.reopen()
                for phase in ("first", "again"):
                    for at, asked in enumerate(drawn.queries):
                        for entry, peer in peers.items():
                            of = measured[entry.name]["classes"][drawn.name]
                            if way.can(entry, asked) and (of[phase][at] or 0) <= SLOW_MS:
                                given = way.ask(peer, asked)
                                _note(of, phase, at, given)
                                if not _years_add_up(asked, given):
                                    measured[entry.name]["facets_exact"] = False
    return measured


def _empty(drawn: QueryClass) -> dict[str, list[Any]]:
    return {name: [None] * len(drawn.queries) for name in ("first", "again", "totals")}


def _note(of: dict[str, list[Any]], phase: str, at: int, given: dict[str, Any]) -> None:
    best = of[phase][at]
    of[phase][at] = min(math.inf if best is None else best, round(given["ms"], 3))
    of["totals"][at] = given["total"]


def _years_add_up(asked: Query, given: dict[str, Any]) -> bool:
    """Whether the facet of years counts every block, where it is asked for; searchapp's counts more under a year."""
    return bool(asked.year) or given.get("in_years") in (None, given["total"])


@contextmanager
def _all_running(indexes: Indexes) -> Iterator[dict[Entry, Running]]:
    with ExitStack() as open_peers:
        yield {entry: open_peers.enter_context(running(entry, folder)) for entry, folder in indexes.items()}
