"""Where a clause occurs in one text: plain loops over a normalized text, or over its punctuation-blind reading.

Semantics: docs/inside/semantics.md, section 3. Highlights and the oracle are made from it; the arrays of ``literal``
answer the same for all blocks at once. Offsets are characters of the text given, end-exclusive.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from searchapp.query.ast import Clause, Gap, Link, Near, Phrase, Word, literals
from searchapp.text.punctuation import blind, sentence_ends
from searchapp.time_limit import checkpoint, watched

Span = tuple[int, int]

BETWEEN = " … "
"""Stands between the fillers of several gaps."""


def occurrences(text: str, literal: str) -> Iterator[int]:
    """Every start of ``literal`` in ``text``, overlaps counted, ascending."""
    at = text.find(literal)
    while at >= 0:
        yield at
        at = text.find(literal, at + 1)


def starts(clause: Clause, text: str) -> list[int]:
    """The distinct starts of ``clause`` in ``text``, ascending: what is counted as its occurrences."""
    match clause:
        case Phrase(literal=literal) | Word(literal=literal):
            return list(occurrences(text, literal))
        case Gap():
            return [start for start, _ in gap_spans(clause, text)]
        case Near():
            reached = _reached(clause, text)
            return [start for start, _ in reached[0]] if reached else []


def spans(clause: Clause, text: str) -> Iterator[Span]:
    """What to show of ``clause`` in ``text``: whole phrases, gaps from end to end, the operands that stand near."""
    match clause:
        case Phrase(literal=literal) | Word(literal=literal):
            return ((at, at + len(literal)) for at in occurrences(text, literal))
        case Gap():
            return iter(gap_spans(clause, text))
        case Near():
            return iter(sorted({span for operand in _reached(clause, text) for span in operand}))


def gap_spans(gap: Gap, text: str) -> list[Span]:
    """For every start of ``gap``, from there to its nearest end: each part followed by the next one's nearest."""
    return [(places[0], places[-1] + len(gap.parts[-1])) for places in _chains(gap, text)]


def fillers(gap: Gap, text: str) -> list[str]:
    """What stands between the parts, for every occurrence of ``gap``; of several gaps, joined by `` … ``."""
    return [BETWEEN.join(text[slice(*span)] for span in of_each) for of_each in filler_spans(gap, text)]


def filler_spans(gap: Gap, text: str) -> list[tuple[Span, ...]]:
    """Where that stands: for every occurrence, in order, a span for each gap; it may be empty."""
    ends = [len(part) for part in gap.parts]
    return [
        tuple((at + size, following) for at, size, following in zip(places, ends, places[1:], strict=False))
        for places in _chains(gap, text)
    ]


def _chains(gap: Gap, text: str) -> list[tuple[int, ...]]:
    """Where the parts stand, for every start of ``gap``: each the nearest to the one before from which the rest is
    reached.
    """
    if any(part not in text for part in gap.parts):
        return []
    barriers = sentence_ends(text)
    chains: dict[int, tuple[int, ...]] = {at: (at,) for at in occurrences(text, gap.parts[-1])}
    for part, (least, most) in zip(reversed(gap.parts[:-1]), reversed(gap.bounds), strict=True):
        checkpoint()
        nexts = list(chains)
        found: dict[int, tuple[int, ...]] = {}
        for at in occurrences(text, part):
            end = at + len(part)
            barrier = bisect_left(barriers, end)
            last = min(end + most, barriers[barrier] if barrier < len(barriers) else len(text))
            following = bisect_left(nexts, end + least)
            if following < len(nexts) and nexts[following] <= last:
                found[at] = (at, *chains[nexts[following]])
        chains = found
    return list(chains.values())


def _reached(near: Near, text: str) -> list[list[Span]]:
    """For each operand, its occurrences that take part in the clause; empty lists when it does not match."""
    sizes = [len(operand.literal) for operand in near.operands]
    found = [(list(occurrences(text, o.literal)), size) for o, size in zip(near.operands, sizes, strict=True)]
    for at in range(len(near.links) - 1, -1, -1):
        found[at] = _beside(found[at], found[at + 1], near.links[at], after=True)
    for at, link in enumerate(near.links):
        found[at + 1] = _beside(found[at + 1], found[at], link, after=False)
    return [[(start, start + size) for start in of_each] for of_each, size in found]


_Starts = tuple[list[int], int]
"""Starts of occurrences, ascending, and the length that they share."""


def _beside(these: _Starts, others: _Starts, link: Link, after: bool) -> _Starts:
    """Those of ``these`` that stand to one of ``others`` as ``link`` says; none is related to itself.

    ``after``: whether ``others`` are the next operand, else the one before.
    """
    (candidates, size), (places, other_size) = these, others
    found: list[int] = []
    for start in watched(candidates):
        least, most = start - link.distance - other_size, start + size + link.distance
        if link.ordered:
            least, most = (start + 1, most) if after else (least, start - 1)
        near = places[bisect_left(places, least) : bisect_right(places, most)]
        if len(near) > (size == other_size and start in near):
            found.append(start)
    return found, size


def blinded(clause: Clause) -> Clause | None:
    """``clause`` for the punctuation-blind reading; ``None`` when a part of it is punctuation only.

    Such a clause keeps its exact meaning: there is nothing of it to be found without punctuation.
    """
    if not all(blind(literal) for literal in literals(clause)):
        return None
    match clause:
        case Phrase(literal=literal) | Word(literal=literal):
            return replace(clause, literal=blind(literal))
        case Gap(parts=parts):
            return replace(clause, parts=tuple(blind(part) for part in parts))
        case Near(operands=operands):
            return replace(clause, operands=tuple(replace(o, literal=blind(o.literal)) for o in operands))


def joined_spans(found: Sequence[Span]) -> list[Span]:
    """Overlapping or touching spans joined; ``found`` ascends."""
    joined: list[Span] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
