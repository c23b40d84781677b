"""Snippets: the stretches of a block's original text that best show why it is a hit, and where a text may be cut.

Plain text work, no engine. Offsets are characters of the text given, end-exclusive.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from searchapp.search.occurrences import joined_spans
from searchapp.text.normalize import normalize
from searchapp.text.punctuation import SENTENCE_ENDS, blind
from searchapp.time_limit import checkpoint

MAX_SNIPPET_CHARACTERS = 160
MAX_STRETCHES = 3
_LEAD_CHARACTERS = 40
"""The most that stands before the first mark of a stretch, unless the text ends soon after the last."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Fragment:
    """``text[start:end]`` of a block; ``marks`` are spans of that text inside it, ascending."""

    start: int
    end: int
    marks: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Snippet:
    """``stretches`` of a text, one at least, in its order and apart; ``further`` counts the spans that are in none."""

    stretches: tuple[Fragment, ...]
    further: int = 0


@dataclass(frozen=True, slots=True)
class _Sought:
    """A span and the number of the part of the query that it shows."""

    start: int
    end: int
    part: int


def fragments(text: str, spans: tuple[Span, ...], limit: int = MAX_SNIPPET_CHARACTERS) -> Snippet:
    """The best of ``text`` in at most ``limit`` characters. ``spans`` are distinct and ascend; they may overlap.

    The rule (docs/inside/semantics.md, section 8):

    - Spans whose texts are equal in normal form without punctuation show the same part of the query. One stretch that
      holds all parts is best; else as few stretches as hold the most parts, three at most, which share ``limit``. Each
      takes what is new in the most parts, then the most spans, the first of equals.
    - A stretch begins and ends at the end of a sentence or a clause when one is within reach, and never inside a span.
    - Only a span longer than ``limit`` is cut, when there is no other. A text without spans is shown from its start.
    """
    if len(text) <= limit:
        return Snippet((Fragment(0, len(text), spans),))
    cuts = Cuts(text, spans)
    if not spans:
        return Snippet((Fragment(0, cuts.end(0, limit), ()),))
    best = _best_cores(_sought(text, spans), limit)
    if not best:
        start = spans[0][0]
        return Snippet((Fragment(start, start + limit, ((start, start + limit),)),), len(spans) - 1)
    stretches = tuple(_with_marks(start, end, spans) for start, end in _grown(text, best, cuts, limit))
    return Snippet(stretches, len(spans) - sum(len(stretch.marks) for stretch in stretches))


def _sought(text: str, spans: Sequence[Span]) -> list[_Sought]:
    parts: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for start, end in spans:
        if (written := text[start:end]) not in numbers:
            form = normalize(written)
            numbers[written] = parts.setdefault(blind(form) or form, len(parts))
    return [_Sought(start, end, numbers[text[start:end]]) for start, end in spans]


def _best_cores(sought: Sequence[_Sought], limit: int) -> list[Span]:
    """As few stretches of spans as show the most parts, in ``limit`` characters; none when every span is longer."""
    best: list[Span] = []
    most, all_of_them = 0, len({each.part for each in sought})
    for count in range(1, MAX_STRETCHES + 1):
        share = limit // count
        for room in (share - share // 4, share):  # with words around the marks if that is possible
            cores, parts = _cores(sought, room, count)
            if parts == all_of_them:
                return cores
            if parts > most:
                best, most = cores, parts
    return best


def _cores(sought: Sequence[_Sought], room: int, count: int) -> tuple[list[Span], int]:
    """At most ``count`` stretches of spans, ``room`` characters each at most, and how many parts they show."""
    left = [each for each in sought if each.end - each.start <= room]
    shown: set[int] = set()
    cores: list[Span] = []
    while left and len(cores) < count:
        checkpoint()
        first, last = _densest(left, room, shown)
        chosen = left[first:last]
        if shown.issuperset(each.part for each in chosen):
            break
        shown.update(each.part for each in chosen)
        core = (chosen[0].start, max(each.end for each in chosen))
        cores.append(core)
        left = [each for each in left if each.end <= core[0] or each.start >= core[1]]
    return joined_spans(sorted(cores)), len(shown)


def _densest(left: Sequence[_Sought], room: int, shown: set[int]) -> tuple[int, int]:
    """The slice of ``left`` within ``room`` with the most parts that are not shown, then the most spans; linear."""
    held: dict[int, int] = {}
    best, best_worth, last = (0, 1), (-1, 0), 0
    for first in range(len(left)):
        while last < len(left) and left[last].end - left[first].start <= room:
            if (part := left[last].part) not in shown:
                held[part] = held.get(part, 0) + 1
            last += 1
        if (worth := (len(held), last - first)) > best_worth:
            best, best_worth = (first, last), worth
        if (part := left[first].part) in held:
            held[part] -= 1
            if not held[part]:
                del held[part]
    return best


def _grown(text: str, cores: Sequence[Span], cuts: Cuts, limit: int) -> list[Span]:
    """The cores with the words around them; what meets is one stretch."""
    room = (limit - sum(end - start for start, end in cores)) // len(cores)
    grown: list[Span] = []
    for at, (start, end) in enumerate(cores):
        after = cores[at + 1][0] if at + 1 < len(cores) else len(text)
        before = grown[-1][1] if grown else 0
        lead = max(min(_LEAD_CHARACTERS, room // 2), room - (after - end))
        begin = cuts.begin(max(before, start - lead), start)
        stop = cuts.end(end, min(after, end + room - (start - begin)))
        if grown and begin <= before:
            grown[-1] = (grown[-1][0], stop)
        else:
            grown.append((begin, stop))
    return grown


def _with_marks(start: int, end: int, spans: Sequence[Span]) -> Fragment:
    return Fragment(start, end, tuple(span for span in spans if start <= span[0] and span[1] <= end))


_END = re.compile(
    rf"(?P<ends>(?:[{SENTENCE_ENDS}，、：…\n]|[,:](?!\d))+)[”’」』）》〉】〕］)\]\"]*\s*",
)
"""What ends a clause, with the brackets and quotes that close behind it; ``1,234`` and ``10:30`` hold no end."""
_BOUND = re.compile(rf"[{SENTENCE_ENDS}，、：…\n,:”’」』）》〉】〕］)\]\"\s]")
"""What such an end is made of: before any other character a new one begins."""
_SENTENCE_ENDS = frozenset(SENTENCE_ENDS + "…\n")
_LISTING = frozenset("、")
"""Parts a clause only, so a cut there is the last choice."""
_Place = tuple[int, frozenset[str]]


def _ends_sentence(place: _Place) -> bool:
    return bool(place[1] & _SENTENCE_ENDS)


def _ends_clause(place: _Place) -> bool:
    return place[1] != _LISTING


def _ends_anything(place: _Place) -> bool:
    return True


class Cuts:
    """The places of ``text`` at which a stretch of it may begin or end. ``spans``, ascending, are not to be cut.

    Only what is near the cuts asked for is looked at: a text may be long.
    """

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._text = text
        self._whole = joined_spans(spans)
        self._starts = [start for start, _ in self._whole]

    def begin(self, earliest: int, core: int) -> int:
        """Where to begin before ``core``, ``earliest`` or later.

        The first beginning of a sentence there, else of a clause, of an item, else ``earliest``, or what follows a mark
        there.
        """
        places = self._places(earliest, core)
        for ends in (_ends_sentence, _ends_clause, _ends_anything):
            if (first := next(filter(ends, places), None)) is not None:
                return first[0]
        marked = self._marked_around(earliest)
        return earliest if marked is None else min(marked[1], core)

    def end(self, core: int, latest: int) -> int:
        """Where to end after ``core``, ``latest`` or earlier.

        The last end of a sentence in the farther half, else of a clause in it, else of anything, else ``latest``, or
        before a mark there.
        """
        places = self._places(core, latest)[::-1]
        half = (core + latest + 1) // 2
        for ends, least in ((_ends_sentence, half), (_ends_clause, half), (_ends_anything, core)):
            if (last := next(filter(ends, places), None)) is not None and last[0] >= least:
                return last[0]
        marked = self._marked_around(latest)
        return latest if marked is None else max(marked[0], core)

    def _places(self, first: int, last: int) -> list[_Place]:
        """Ends from ``first`` to ``last``, ascending, and the signs of each; the bounds of the text end anything."""
        places: list[_Place] = [(0, _SENTENCE_ENDS)] if first <= 0 else []
        begin = first
        while begin > 0 and _BOUND.match(self._text, begin - 1):
            begin -= 1
        for found in _END.finditer(self._text, begin):
            if (at := found.end()) > last:
                break
            if at >= first and self._marked_around(at) is None:
                places.append((at, frozenset(found["ends"])))
        if last >= len(self._text):
            places.append((len(self._text), _SENTENCE_ENDS))
        return places

    def _marked_around(self, at: int) -> Span | None:
        """The marked stretch that a cut at ``at`` would divide."""
        before = bisect_left(self._starts, at) - 1
        if before >= 0 and at < self._whole[before][1]:
            return self._whole[before]
        return None
