"""Gaps and nearness, exactly: the cluster names the blocks that may match, their texts are read here.

Intervals of the cluster are no way to say it: nested ones with bounds for each gap lose matches.
"""

from __future__ import annotations

from collections.abc import Sequence

from searchapp.engines.opensearch.queries import ALL, Query, Segment, Trees, Verified, all_of, any_of, verified_as
from searchapp.engines.opensearch.snapshot import Snapshot
from searchapp.engines.opensearch.texts import texts
from searchapp.errors import QueryRefusedError
from searchapp.language import tr
from searchapp.query.ast import Clause, Node, Word
from searchapp.search.occurrences import blinded, starts
from searchapp.text.punctuation import blind

MAX_CANDIDATES = 100_000
"""Blocks that are read to verify one query; beyond it the query is refused."""


def exact_trees(trees: Trees, query: Node, snapshot: Snapshot, others: Sequence[Query]) -> Trees:
    """``trees`` such that the query of ``query`` is exact for blocks that pass ``others``.

    Raises ``QueryRefusedError`` when too many blocks would have to be read.
    """
    clauses = trees.uncertain(query)
    if not clauses:
        return trees
    held: dict[tuple[object, ...], set[str]] = {verified_as(clause): set() for clause in clauses}
    possible = any_of([trees.possible(clause) for clause in clauses])
    candidates = all_of([each for each in (trees.query(query), possible, *others) if each != ALL])
    total = snapshot.search({"query": candidates, "size": 0, "track_total_hits": True})["hits"]["total"]["value"]
    if total > MAX_CANDIDATES:
        raise QueryRefusedError(
            tr(
                "间隔或邻近的条件要逐段核对 {total:,} 段，超过 {most:,} 段；请把其中的文字写长一些，或加上别的条件",
                total=total,
                most=MAX_CANDIDATES,
            )
        )
    for known, text in texts(snapshot, candidates):
        for clause in clauses:
            if holds(clause, text, trees.segment, trees.blind):
                held[verified_as(clause)].add(known)
    return _with(trees, held)


def _with(trees: Trees, verified: Verified) -> Trees:
    return Trees(trees.segment, trees.blind, verified)


def holds(clause: Clause, text: str, segment: Segment, ignore_punctuation: bool) -> bool:
    """Whether a normalized text holds a clause."""
    sought = blinded(clause) if ignore_punctuation else None
    if starts(clause, text) if sought is None else starts(sought, blind(text)):
        return True
    return isinstance(clause, Word) and set(segment(clause.literal)) <= set(segment(text))


def occurrences(clauses: Sequence[Clause], text: str, ignore_punctuation: bool) -> int:
    """How often ``clauses`` stand in a normalized text."""
    total, without = 0, blind(text) if ignore_punctuation else ""
    for clause in clauses:
        sought = blinded(clause) if ignore_punctuation else None
        total += len(starts(clause, text) if sought is None else starts(sought, without))
    return total
