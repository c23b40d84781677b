"""From the lines of one report to drafts of its blocks: kinds, headings, heading paths. Knows no metadata.

A draft is a block before parts, topics and keys. Rules: READING 1; a run-in heading governs its own paragraph and
deeper numbered ones below it; an unnumbered paragraph goes back to the nearest own-line heading; a tail paragraph
(problems, plans or closing words that open a paragraph after a section of another part) leaves that section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from searchapp.reports import numbering as nb
from searchapp.reports.endings import annex_starts, find_signature, is_note, is_note_list_title
from searchapp.reports.head import head_extent
from searchapp.reports.marks import after_marks, without_marks
from searchapp.reports.model import BlockKind, Span
from searchapp.reports.parts import (
    CLOSING,
    PLAN,
    PROBLEMS,
    TextCue,
    heading_part,
    is_part_heading,
    path_part,
    text_cues,
)
from searchapp.reports.readers.lines import SourceLine
from searchapp.reports.titles import is_addressee

_TAIL_PARTS = (PROBLEMS, PLAN, CLOSING)
_MAX_UNNUMBERED_CHARACTERS = 30
_MIN_BODY_CHARACTERS = 60
_PUNCTUATION = re.compile("[，。！？；：、,!?;:“”《》（）()*&|/0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A block before its parts, topics and key. ``path`` holds (heading, is run-in) pairs, outermost first.

    ``rank`` is that of the number a paragraph begins with (``numbering``), None without one.
    """

    line: SourceLine
    kind: BlockKind
    path: tuple[tuple[str, bool], ...] = ()
    level: int = 0
    run_in: Span | None = None
    rank: int | None = None
    cues: tuple[TextCue, ...] = ()


def has_note_list(drafts: Sequence[Draft]) -> bool:
    """Whether the report lists its notes (注释, 名词解释, or lines that begin with ［1］)."""
    return any(
        (draft.kind == "annex" and not draft.path and is_note_list_title(draft.line.text))
        or (draft.kind == "note" and draft.line.text[0] in "［[〔")
        for draft in drafts
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    rank: int
    heading: str
    is_run_in: bool


@dataclass(frozen=True, slots=True)
class _Heading:
    """An own-line heading recognized before the walk."""

    rank: int


def outline(lines: Sequence[SourceLine]) -> list[Draft]:
    """Drafts of the blocks of one report, one for each line."""
    head = head_extent(lines)
    drafts = [Draft(line, "title") for line in lines[:head]]
    body = lines[head:]
    annexes = annex_starts(body)
    signature = find_signature(body[: min(annexes, default=len(body))])
    drafts.extend(_Walk(body, annexes, signature).drafts())
    return drafts


class _Walk:
    """One pass over the body of a report, with the stack of headings that govern the current line."""

    def __init__(self, lines: Sequence[SourceLine], annexes: set[int], signature: range) -> None:
        self._lines = lines
        self._annexes = annexes
        self._signature = signature
        self._first_annex = min(annexes, default=len(lines))
        self._headings = {index: found for index in range(len(lines)) if (found := self._find_heading(index))}
        body = [index for index in self._headings if index < self._first_annex]
        self._last_heading = max(body, default=-1)
        top = min((self._headings[index].rank for index in body), default=0)
        self._last_top = max((index for index in body if self._headings[index].rank == top), default=-1)
        self._stack: list[_Entry] = []

    def drafts(self) -> list[Draft]:
        return [self._draft(index, line) for index, line in enumerate(self._lines)]

    def _draft(self, index: int, line: SourceLine) -> Draft:
        if index in self._annexes:
            self._stack = [_Entry(nb.RANK_ANNEX, without_marks(line.text), False)]
            return Draft(line, "annex")
        in_annex = index >= self._first_annex
        if index in self._signature:
            return Draft(line, "signature")
        if line.is_table_row:
            self._leave_run_ins()
            return Draft(line, "annex" if in_annex else "table", self._path())
        if index == 0 and is_addressee(line.text):
            return Draft(line, "addressee")
        heading = self._headings.get(index)
        if heading:
            draft = self._heading(line, heading)
        elif is_note(line.text) and not in_annex:
            draft = Draft(line, "note", self._path())
        else:
            draft = self._paragraph(index, line)
        if in_annex:
            return Draft(line, "annex", draft.path, 0, draft.run_in, draft.rank, draft.cues)
        return draft

    def _find_heading(self, index: int) -> _Heading | None:
        line = self._lines[index]
        if line.is_table_row or index in self._annexes or index in self._signature:
            return None
        start = after_marks(line.text)
        number = nb.parse_number(line.text, start)
        if number:
            is_heading = bool(line.style) or nb.is_own_line_heading(line.text, number, start)
            return _Heading(number.rank) if is_heading else None
        if line.style:
            return _Heading(nb.RANK_UNNUMBERED_PART + 10 * (line.style - 1))
        if is_part_heading(line.text):
            return _Heading(nb.RANK_UNNUMBERED_PART)
        return _Heading(nb.RANK_UNNUMBERED) if self._is_unnumbered(index) else None

    def _is_unnumbered(self, index: int) -> bool:
        """A short line without punctuation between a long paragraph and another."""
        text = self._lines[index].text
        if not 4 <= len(text) <= _MAX_UNNUMBERED_CHARACTERS or _PUNCTUATION.search(text):
            return False
        around = [self._lines[other].text for other in (index - 1, index + 1) if 0 <= other < len(self._lines)]
        return len(around) == 2 and all(len(text) >= _MIN_BODY_CHARACTERS for text in around)

    def _heading(self, line: SourceLine, heading: _Heading) -> Draft:
        self._leave(heading.rank)
        path = self._path()
        self._stack.append(_Entry(heading.rank, without_marks(line.text), False))
        return Draft(line, "heading", path, min(len(self._stack), 6))

    def _paragraph(self, index: int, line: SourceLine) -> Draft:
        text = line.text
        start = after_marks(text)
        number = nb.parse_number(text, start)
        run_in: Span | None = None
        cues = text_cues(text, index > self._last_heading)
        if number:
            self._leave(number.rank)
            run_in = nb.find_run_in(text, number, start)
            if run_in:
                heading = without_marks(text[run_in[0] : run_in[1]])
                self._stack.append(_Entry(number.rank, heading, True))
        else:
            self._leave_run_ins()
            self._leave_section(index, cues)
        return Draft(line, "paragraph", self._path(), 0, run_in, number.rank if number else None, cues)

    def _leave(self, rank: int) -> None:
        while self._stack and self._stack[-1].rank >= rank:
            self._stack.pop()

    def _leave_run_ins(self) -> None:
        while self._stack and self._stack[-1].is_run_in:
            self._stack.pop()

    def _leave_section(self, index: int, cues: tuple[TextCue, ...]) -> None:
        """A tail paragraph leaves the section above it.

        After the last section it stands outside of all; before that it goes back to the heading that names the part,
        or to the outermost one. The first paragraph below a heading is no tail.
        """
        opening = cues[0] if cues and cues[0].start == 0 and cues[0].part in _TAIL_PARTS else None
        if opening is None or not self._stack or index - 1 in self._headings or index >= self._first_annex:
            return
        above = path_part(self._path())
        if above and above.part == opening.part:
            return
        if index > self._last_top:
            self._stack.clear()
            return
        while len(self._stack) > 1 and heading_part(self._stack[-1].heading, True) is None:
            self._stack.pop()

    def _path(self) -> tuple[tuple[str, bool], ...]:
        return tuple((entry.heading, entry.is_run_in) for entry in self._stack)
