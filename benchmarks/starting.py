"""Stages with processes that begin: the first answer of a fresh process, with warm files and with cold ones; memory.

"Cold" is what can honestly be had without being root: a fresh process, and the files of the index dropped from the
system's cache (``posix_fadvise``, ``DONTNEED``). The interpreter's and the libraries' own files stay in the cache.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.asking import Indexes
from benchmarks.measure import Told
from benchmarks.peers import Query
from benchmarks.queries import QueryClass
from benchmarks.registry import Entry
from benchmarks.running import Running, forget_files, running

ASKING_SECONDS = 120
"""How long a peer is asked before its memory is measured, at most."""


def first_answers(
    indexes: Indexes, classes: Sequence[QueryClass], queries: int, processes: int, told: Told
) -> dict[str, Any]:
    """By peer: ``cold``, lists of milliseconds by what they went into, of ``queries`` queries; ``fresh``, the best.

    ``import``, ``open`` and ``answer`` as the peer's own process tells them, ``whole`` from before that process was
    begun to its answer. ``fresh``: with one query and files in the cache, the quickest of ``processes`` processes.
    """
    sample = _spread([asked for drawn in classes for asked in drawn.queries], queries)
    warm = next((drawn.queries[0] for drawn in classes if drawn.name == "two frequent words"), sample[0])
    measured: dict[str, dict[str, Any]] = {}
    for entry, folder in indexes.items():
        if entry.counts_only:
            continue
        told(f"fresh processes: {entry.label}")
        runs = [_in_a_fresh_process(entry, folder, warm) for _ in range(processes)]
        cold = []
        for asked in sample:
            if entry.can_answer(asked):
                forget_files(folder)
                cold.append(_in_a_fresh_process(entry, folder, asked))
        measured[entry.name] = {
            "fresh": min(runs, key=lambda run: run["whole"]),
            "cold": {name: [run[name] for run in cold] for name in runs[0]},
        }
    return measured


def memory_serving(indexes: Indexes, classes: Sequence[QueryClass], told: Told) -> dict[str, Any]:
    """By peer, bytes after all queries were asked: ``alone``, with a second process beside it, what that adds.

    searchapp is its whole web application, the others are their index in a bare process. ``private`` and ``shared`` are
    those of the first process while the second has the same index open. ``adds``: by how much the proportional sizes
    (``Pss``) of both are more than that of the first alone.
    """
    measured: dict[str, dict[str, Any]] = {}
    for entry, folder in indexes.items():
        if entry.counts_only:
            continue
        told(f"memory: {entry.label}")
        queries = [asked for drawn in classes for asked in drawn.queries if entry.can_answer(asked)]
        with running(entry, folder, serving=bool(entry.engine)) as first:
            _ask_all(first, queries)
            alone = first.memory()
            with running(entry, folder, serving=bool(entry.engine)) as second:
                _ask_all(second, queries)
                both, other = first.memory(), second.memory()
            measured[entry.name] = {
                "alone": alone["Rss"],
                "anonymous": alone["Anonymous"],
                "private": both["Private_Clean"] + both["Private_Dirty"],
                "shared": both["Shared_Clean"] + both["Shared_Dirty"],
                "adds": both["Pss"] + other["Pss"] - alone["Pss"],
                "jieba_loaded": entry.name != "xapian" and first.jieba_loaded(),
            }
    return measured


def _ask_all(peer: Running, queries: Sequence[Query]) -> None:
    """All of them, or as many as go into ``ASKING_SECONDS``, over all classes alike."""
    until = time.perf_counter() + ASKING_SECONDS
    for asked in random.Random(1).sample(queries, len(queries)):
        peer.answer(asked)
        if time.perf_counter() > until:
            return


def _in_a_fresh_process(entry: Entry, folder: Path, asked: Query) -> dict[str, float]:
    with running(entry, folder) as peer:
        given = peer.answer(asked)
        whole = (time.perf_counter() - peer.started) * 1000
    times = {"import": peer.ready["import_ms"], "open": peer.ready["open_ms"], "answer": given["ms"], "whole": whole}
    return {name: round(ms, 2) for name, ms in times.items()}


def _spread(queries: Sequence[Query], count: int) -> list[Query]:
    """``count`` of them, evenly over all, so that every class is there."""
    count = min(count, len(queries))
    return [queries[at * len(queries) // count] for at in range(count)]
