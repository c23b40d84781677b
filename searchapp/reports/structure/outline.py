"""From the lines of one report to drafts of its blocks: kinds, headings, heading paths. Knows no metadata.

A draft is a block before parts, topics and keys. Rules: READING 1; a run-in heading governs its own paragraph,
deeper numbered ones below it, and the unnumbered ones that ``Extents`` gives it; any other unnumbered paragraph goes
back to the nearest own-line heading; a tail paragraph at the end of a section leaves that section. A tail opens with a
cue of 存在问题, 安排 or 结束语, or turns to the listeners and sums up (``break`` in ``parts.toml``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from searchapp.reports.cue_tables import part_table
from searchapp.reports.model import BlockKind, Span
from searchapp.reports.readers.lines import SourceLine
from searchapp.reports.structure import numbering as nb
from searchapp.reports.structure.headings import find_extents, find_headings, head_extent
from searchapp.reports.structure.marks import after_marks, without_marks
from searchapp.reports.structure.titles import (
    annex_starts,
    find_signature,
    is_addressee,
    is_greeting,
    is_note,
    is_note_list_title,
)
from searchapp.reports.topics.parts import (
    CLOSING,
    PLAN,
    PROBLEMS,
    TextCue,
    heading_part,
    names_part,
    path_part,
    text_cues,
)
from searchapp.text.punctuation import FULL_STOPS


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
    index: int


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
        self._headings = find_headings(lines, annexes | set(signature))
        body = [index for index in self._headings if index < self._first_annex]
        self._last_heading = max(body, default=-1)
        top = min((self._headings[index] for index in body), default=0)
        self._last_top = max((index for index in body if self._headings[index] == top), default=-1)
        self._stack: list[_Entry] = []
        self._numbers = self._find_numbers()
        self._run_ins = {index: span for index in self._numbers if (span := self._find_run_in(index))}
        plain = [self._is_plain(index) for index in range(len(lines))]
        self._extents = find_extents(self._numbers, sorted(self._run_ins), len(lines), plain)

    def drafts(self) -> list[Draft]:
        return [self._draft(index, line) for index, line in enumerate(self._lines)]

    def _draft(self, index: int, line: SourceLine) -> Draft:
        if index in self._annexes:
            self._stack = [_Entry(nb.RANK_ANNEX, without_marks(line.text), False, index)]
            return Draft(line, "annex")
        in_annex = index >= self._first_annex
        if index in self._signature:
            return Draft(line, "signature")
        if line.is_table_row:
            self._leave_run_ins()
            return Draft(line, "annex" if in_annex else "table", self._path())
        if index == 0 and is_addressee(line.text):
            return Draft(line, "addressee")
        if index in self._headings:
            draft = self._heading(index, line, self._headings[index])
        elif is_note(line.text) and not in_annex:
            draft = Draft(line, "note", self._path())
        else:
            draft = self._paragraph(index, line)
        if in_annex:
            return Draft(line, "annex", draft.path, 0, draft.run_in, draft.rank, draft.cues)
        return draft

    def _heading(self, index: int, line: SourceLine, rank: int) -> Draft:
        self._leave(rank)
        path = self._path()
        self._stack.append(_Entry(rank, without_marks(line.text), False, index))
        return Draft(line, "heading", path, min(len(self._stack), 6))

    def _find_numbers(self) -> dict[int, nb.Numbering]:
        """The numbers that lines begin with; a heading without one counts by its rank, as the first of a row."""
        numbers: dict[int, nb.Numbering] = {}
        for index, line in enumerate(self._lines):
            if line.is_table_row or index in self._signature:
                continue
            number = nb.parse_number(line.text, after_marks(line.text))
            if number:
                numbers[index] = number
            elif index in self._headings:
                numbers[index] = nb.Numbering(self._headings[index], 0)
            elif index in self._annexes:
                numbers[index] = nb.Numbering(nb.RANK_ANNEX, 0)
        return numbers

    def _find_run_in(self, index: int) -> Span | None:
        if index in self._headings or index in self._annexes:
            return None
        text = self._lines[index].text
        start = after_marks(text)
        number = self._numbers[index]
        return nb.find_glued(text, number, start) or nb.find_run_in(text, number, start)

    def _is_plain(self, index: int) -> bool:
        line = self._lines[index]
        return index not in self._numbers and not line.is_table_row and index not in self._signature

    def _paragraph(self, index: int, line: SourceLine) -> Draft:
        text = line.text
        number = self._numbers.get(index)
        run_in: Span | None = None
        cues = text_cues(text, index > self._last_heading) or self._closing(index)
        if number:
            self._leave(number.rank)
            run_in = self._run_ins.get(index)
            if run_in:
                heading = without_marks(text[run_in[0] : run_in[1]])
                is_glued = run_in[1] < len(text) and text[run_in[1]] not in FULL_STOPS
                self._stack.append(_Entry(number.rank, heading, not is_glued, index))
        elif self._is_tail(index, cues):
            self._leave_run_ins()
            self._leave_section(index, cues)
        else:
            while self._stack and self._stack[-1].is_run_in and not self._extents.holds(self._stack[-1].index, index):
                self._stack.pop()
        return Draft(line, "paragraph", self._path(), 0, run_in, number.rank if number else None, cues)

    def _closing(self, index: int) -> tuple[TextCue, ...]:
        """The cue of a closing whose address (各位代表！) stands on the line above; only the last paragraph closes."""
        last = min(self._first_annex, self._signature.start if self._signature else len(self._lines)) - 1
        if index != last or index == 0 or index <= self._last_heading or not is_greeting(self._lines[index - 1].text):
            return ()
        return text_cues(f"{self._lines[index - 1].text}{self._lines[index].text}", True)[:1]

    def _leave(self, rank: int) -> None:
        while self._stack and self._stack[-1].rank >= rank:
            self._stack.pop()

    def _leave_run_ins(self) -> None:
        while self._stack and self._stack[-1].is_run_in:
            self._stack.pop()

    def _is_tail(self, index: int, cues: tuple[TextCue, ...]) -> bool:
        if not self._stack or index - 1 in self._headings or index >= self._first_annex:
            return False
        is_tail = opening_tail(cues) is not None or turns_to_problems(cues) or is_break(self._lines[index].text)
        return is_tail and self._extents.ends_section(index, self._stack[0].rank)

    def _leave_section(self, index: int, cues: tuple[TextCue, ...]) -> None:
        """A tail paragraph leaves the section above it.

        A section that names the tail's part keeps it. After the last section, and below headings that name no part, it
        stands outside of all; else it goes back to the heading that names a part. The first paragraph below a heading
        is no tail. A paragraph that only closes a row
        of run-in headings (各位代表！…) leaves no own-line heading; one that sums up and turns to problems goes back to
        the heading that names a part.
        """
        opening = opening_tail(cues)
        if opening is None:
            if turns_to_problems(cues):
                self._leave_to_part()
            return
        path = self._path()
        above = path_part(path)
        if any(names_part(heading, opening.part) for heading, _ in path):
            return
        if above is None or index > self._last_top:
            self._stack.clear()
            return
        self._leave_to_part()

    def _leave_to_part(self) -> None:
        while len(self._stack) > 1 and heading_part(self._stack[-1].heading, True) is None:
            self._stack.pop()

    def _path(self) -> tuple[tuple[str, bool], ...]:
        return tuple((entry.heading, entry.is_run_in) for entry in self._stack)


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
