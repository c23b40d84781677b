"""Where a text may be cut: at the ends of sentences and clauses, never inside what is marked. Plain text work.

Offsets are characters of the text given, end-exclusive.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from searchapp.search.occurrences import joined_spans

Span = tuple[int, int]

_END = re.compile(
    r"(?P<ends>(?:[。！？；，、：…\n!?;]|[,:](?!\d))+)[”’」』）》〉】〕］)\]\"]*\s*",
)
"""What ends a clause, with the brackets and quotes that close behind it; ``1,234`` and ``10:30`` hold no end."""
_BOUND = re.compile(r"[。！？；，、：…\n!?;,:”’」』）》〉】〕］)\]\"\s]")
"""What such an end is made of: before any other character a new one begins."""
_SENTENCE_ENDS = frozenset("。！？；…\n!?;")
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
