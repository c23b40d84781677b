"""部分 of every block of a report: the argument's course over headings, lists and paragraphs. Knows drafts in order.

Rules (READING 2): text cues beat the heading above; a list inherits its lead-in's part; a review never begins inside
another part; what follows a tail paragraph goes on in the tail's part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.reports.model import PartSpan
from searchapp.reports.structure.marks import without_marks
from searchapp.reports.structure.outline import Draft
from searchapp.reports.topics.parts import (
    AIMS,
    CLOSING,
    OPENING,
    PLAN,
    PROBLEMS,
    REVIEW,
    PartCue,
    TextCue,
    heading_part,
    heading_turn,
    names_part,
    part_spans,
    path_part,
)

_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_MATTER = "主要工作"
_BARE = re.compile("年(?:度)?的?(?:政府)?工作$")
_THIS_YEAR = "9999"


def assign_parts(drafts: Sequence[Draft]) -> list[tuple[PartSpan, ...]]:
    """The parts of each draft of one report, in order."""
    course = _Course()
    return [course.parts(draft) for draft in drafts]


class _Course:
    """What goes before, as far as it tells the part of what comes."""

    def __init__(self) -> None:
        self._lead: PartCue | None = None
        self._list_rank: int | None = None
        self._tail: PartCue | None = None
        self._tail_path: tuple[tuple[str, bool], ...] = ()
        self._reviewed = ""
        self._planned: dict[str, PartCue] = {}

    def parts(self, draft: Draft) -> tuple[PartSpan, ...]:
        length = len(draft.line.text)
        above = self._above(draft.path)
        if draft.kind == "heading":
            self._lead = self._list_rank = self._tail = None
            both = heading_turn(draft.line.text)
            if both:
                return part_spans(length, both, PartCue(both[0].part, both[0].cue))
            own = self._own(draft.line.text) or above
            return (PartSpan(own.part, (0, length), own.cue),) if own else ()
        if draft.kind in ("title", "addressee", "signature"):
            return ()
        if self._tail and draft.rank is None and draft.path == self._tail_path:
            above = self._tail
        cues = _counting(draft.cues, above)
        if draft.rank is None:
            self._lead, self._list_rank = _lead(cues), None
            self._turn(draft, cues)
        elif self._list_rank is None:
            self._list_rank = draft.rank
        elif draft.rank < self._list_rank:
            # An outer number ends the list.
            self._lead = None
        return part_spans(length, cues, self._lead if draft.rank is not None and self._lead else above)

    def _own(self, heading: str) -> PartCue | None:
        """The part that a heading names: 2024年主要工作, or 2024年的工作, after a review of 2023 is what is planned."""
        own = heading_part(heading)
        year = next((found[0] for found in _YEAR.finditer(heading)), _THIS_YEAR if "今年" in heading else "")
        is_bare = own is None and _BARE.search(heading) is not None
        if (is_bare or (own and own.cue == _MATTER)) and self._reviewed and year > self._reviewed:
            cue = PartCue(PLAN, own.cue if own else "工作")
            self._planned[without_marks(heading)] = cue
            return cue
        if own and own.part == REVIEW and year != _THIS_YEAR:
            self._reviewed = max(self._reviewed, year)
        return own

    def _above(self, path: Sequence[tuple[str, bool]]) -> PartCue | None:
        above = path_part(path)
        if above is None or above.cue == _MATTER:
            return next((self._planned[heading] for heading, _ in path if heading in self._planned), above)
        return above

    def _turn(self, draft: Draft, cues: Sequence[TextCue]) -> None:
        """Problems or plans outside of all sections, or in one that names them, hold until the next heading."""
        if not cues or cues[-1].part not in (PROBLEMS, PLAN):
            return
        if not draft.path or any(names_part(heading, cues[-1].part) for heading, _ in draft.path):
            self._tail, self._tail_path = PartCue(cues[-1].part, cues[-1].cue), draft.path


def _counting(cues: tuple[TextCue, ...], above: PartCue | None) -> tuple[TextCue, ...]:
    """The cues that count below this part: ``一年来`` begins no review among problems or plans."""
    if above is None or above.part == REVIEW:
        return cues
    return tuple(cue for cue in cues if cue.part != REVIEW)


def _lead(cues: Sequence[TextCue]) -> PartCue | None:
    if not cues or cues[-1].part in (OPENING, CLOSING, AIMS):
        return None
    return PartCue(cues[-1].part, cues[-1].cue)
