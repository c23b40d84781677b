"""Where a text may be cut: at the ends of sentences and clauses, never inside what is marked. Plain text work.

Offsets are characters of the text given, end-exclusive.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from searchapp.search.occurring import joined_spans

Span = tuple[int, int]

_END = re.compile(
    r"(?P<ends>(?:[。！？；，、：…\n!?;]|[,:](?!\d))+)[”’」』）》〉】〕］)\]\"]*\s*",
)
"""What ends a clause, with the brackets and quotes that close behind it; ``1,234`` and ``10:30`` hold no end."""
_SENTENCE_ENDS = frozenset("。！？；…\n!?;")
_LISTING = frozenset("、")
"""Parts a clause only, so a cut there is the last choice."""


class Cuts:
    """The places of ``text`` at which a stretch of it may begin or end. ``spans``, ascending, are not to be cut."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._whole = joined_spans(spans)
        self._starts = [start for start, _ in self._whole]
        found = [(match.end(), frozenset(match["ends"])) for match in _END.finditer(text)]
        ends = [(at, signs) for at, signs in found if self._marked_around(at) is None]
        self._sentences = [0, *(at for at, signs in ends if signs & _SENTENCE_ENDS), len(text)]
        self._clauses = [0, *(at for at, signs in ends if signs != _LISTING), len(text)]
        self._any = [0, *(at for at, _ in ends), len(text)]

    def begin(self, earliest: int, core: int) -> int:
        """Where to begin before ``core``, ``earliest`` or later.

        The first beginning of a sentence there, else of a clause, of an item, else ``earliest``, or what follows a mark
        there.
        """
        for places in (self._sentences, self._clauses, self._any):
            at = bisect_left(places, earliest)
            if at < len(places) and places[at] <= core:
                return places[at]
        marked = self._marked_around(earliest)
        return earliest if marked is None else min(marked[1], core)

    def end(self, core: int, latest: int) -> int:
        """Where to end after ``core``, ``latest`` or earlier.

        The last end of a sentence in the farther half, else of a clause in it, else of anything, else ``latest``, or
        before a mark there.
        """
        half = (core + latest + 1) // 2
        for places, least in ((self._sentences, half), (self._clauses, half), (self._any, core)):
            at = bisect_right(places, latest) - 1
            if at >= 0 and places[at] >= least:
                return places[at]
        marked = self._marked_around(latest)
        return latest if marked is None else max(marked[0], core)

    def _marked_around(self, at: int) -> Span | None:
        """The marked stretch that a cut at ``at`` would divide."""
        before = bisect_left(self._starts, at) - 1
        if before >= 0 and at < self._whole[before][1]:
            return self._whole[before]
        return None
