"""Tail paragraphs: what stands at the end of a section without belonging to it. Knows one paragraph's beginning.

A tail opens with a cue of 存在问题, 安排 or 结束语 (READING 1), or turns to the listeners and sums up; the table of the
latter is ``break`` in ``parts.toml``.
"""

from __future__ import annotations

from collections.abc import Sequence

from searchapp.reports.cue_tables import part_table
from searchapp.reports.topics.parts import CLOSING, PLAN, PROBLEMS, TextCue

_TAIL_PARTS = (PROBLEMS, PLAN, CLOSING)


def opening_tail(cues: Sequence[TextCue]) -> TextCue | None:
    """The cue of a tail's part that stands in the paragraph's first sentence, or None."""
    return cues[0] if cues and cues[0].start == 0 and cues[0].part in _TAIL_PARTS else None


def turns_to_problems(cues: Sequence[TextCue]) -> bool:
    """Whether the paragraph comes to problems after something else: so ends a review that names them at last."""
    return any(cue.part == PROBLEMS and cue.start > 0 for cue in cues)


def is_break(text: str) -> bool:
    """Whether the paragraph turns to the listeners or sums up, so that it ends a row of run-in headings."""
    return part_table().breaks.match(text) is not None
