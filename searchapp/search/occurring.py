"""Where a clause occurs in one text: plain loops over a normalized text, or over its punctuation-blind reading.

Semantics: docs/semantics.md, section 3. Highlights and the oracle are made from it; the arrays of ``literal`` answer
the same for all blocks at once. Offsets are characters of the text given, end-exclusive.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from searchapp.query.ast import Clause, Gap, Link, Near, Phrase, Word, literals
from searchapp.text.punctuation import blind, sentence_ends

Span = tuple[int, int]


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


def spans(clause: Clause, text: str) -> list[Span]:
    """What to show of ``clause`` in ``text``: whole phrases, gaps from end to end, the operands that stand near."""
    match clause:
        case Phrase(literal=literal) | Word(literal=literal):
            return [(at, at + len(literal)) for at in occurrences(text, literal)]
        case Gap():
            return gap_spans(clause, text)
        case Near():
            return sorted({span for operand in _reached(clause, text) for span in operand})


def gap_spans(gap: Gap, text: str) -> list[Span]:
    """For every start of ``gap``, from there to its nearest end: each part followed by the next one's nearest."""
    if any(part not in text for part in gap.parts):
        return []
    barriers = [at for at, ends in enumerate(sentence_ends(text)) if ends]
    reach = {at: at + len(gap.parts[-1]) for at in occurrences(text, gap.parts[-1])}
    for part, (least, most) in zip(reversed(gap.parts[:-1]), reversed(gap.bounds), strict=True):
        nexts = sorted(reach)
        found: dict[int, int] = {}
        for at in occurrences(text, part):
            end = at + len(part)
            barrier = bisect_left(barriers, end)
            last = min(end + most, barriers[barrier] if barrier < len(barriers) else len(text))
            following = bisect_left(nexts, end + least)
            if following < len(nexts) and nexts[following] <= last:
                found[at] = reach[nexts[following]]
        reach = found
    return sorted(reach.items())


def fillers(gap: Gap, text: str) -> list[str]:
    """What stands between the parts, for every occurrence of ``gap``; of several gaps, joined by `` … ``."""
    found: list[str] = []
    for start, end in gap_spans(gap, text):
        stretches: list[str] = []
        at = start + len(gap.parts[0])
        for index, part in enumerate(gap.parts[1:], start=1):
            following = _next_part(gap, index, text, at, end)
            stretches.append(text[at:following])
            at = following + len(part)
        found.append(" … ".join(stretches))
    return found


def _next_part(gap: Gap, index: int, text: str, at: int, end: int) -> int:
    """Where the part ``index`` stands that leads from ``at`` to ``end``: the nearest from which the rest is reached."""
    least, most = gap.bounds[index - 1]
    rest = Gap(gap.text, gap.parts[index:], gap.bounds[index:]) if index < len(gap.parts) - 1 else None
    reached = dict(gap_spans(rest, text)) if rest is not None else None
    for following in range(at + least, min(at + most, end) + 1):
        if text.startswith(gap.parts[index], following) and (reached is None or reached.get(following) == end):
            return following
    raise ValueError("the span is none of this gap's")


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
    for start in candidates:
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
