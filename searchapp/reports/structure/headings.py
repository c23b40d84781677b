"""Headings of one report: its title lines, the headings on lines of their own, and how far run-in headings reach."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from searchapp.reports.readers.lines import TITLE_STYLE, SourceLine
from searchapp.reports.structure import numbering as nb
from searchapp.reports.structure.marks import after_marks, without_marks
from searchapp.reports.structure.numbering import Numbering, parse_number
from searchapp.reports.structure.titles import is_addressee, is_subtitle, is_title_line
from searchapp.reports.topics.parts import heading_part, is_part_heading
from searchapp.text.punctuation import CLAUSE_ENDS, SENTENCE_ENDS, STATEMENT_ENDS

_MAX_UNNUMBERED_CHARACTERS = 44
_MIN_BODY_CHARACTERS = 30
_PUNCTUATION = re.compile(f"[{CLAUSE_ENDS}…《》（）()*&|/0-9A-Za-z]")
_SENTENCE = re.compile(f"[^{SENTENCE_ENDS}]+[{STATEMENT_ENDS}]?")
_MATTER = re.compile(
    r"(?:(?:最后|首先|其次|下面|现在)[，,])?(?:我?(?:再|着重|先)?[讲谈说]一?[讲谈说下])?"
    r"(?:关于[\u4e00-\u9fff、“”]{2,24}|(?<=[讲谈说下])[\u4e00-\u9fff、“”]{2,24})(?<!报告|决议|说明|意见)[。：:]?"
)
_LINE_ENDS = re.compile(f"[{CLAUSE_ENDS}”’）)]$")


def find_headings(lines: Sequence[SourceLine], others: Container[int]) -> dict[int, int]:
    """The rank of each line that is a heading, by its index; ``others`` are indexes of what is none (annexes …).

    Besides numbered ones (``numbering``) and those that name a part, three forms without 一、 are headings: a short
    line between long ones; a line that only announces what follows (关于工资制度问题。); a sentence behind 第一、 that
    unnumbered paragraphs continue. The last two are those of reports before 1990 (measured on 156 government reports).
    """
    ranks = {
        index: rank
        for index, line in enumerate(lines)
        if not line.is_table_row and index not in others and (rank := _rank(lines, index)) is not None
    }
    first = min(ranks, default=-1)
    unnumbered = [
        index
        for index, rank in ranks.items()
        if rank == nb.RANK_UNNUMBERED and (heading_part(lines[index].text) or lines[index].text.startswith("关于"))
    ]
    if first in unnumbered:
        # A report that begins with an unnumbered part or matter sets 一、 below such headings.
        ranks.update(dict.fromkeys(unnumbered, nb.RANK_UNNUMBERED_PART))
    return ranks


def _rank(lines: Sequence[SourceLine], index: int) -> int | None:
    line = lines[index]
    start = after_marks(line.text)
    number = nb.parse_number(line.text, start)
    if number:
        is_heading = line.style or nb.is_own_line_heading(line.text, number, start) or _is_point(lines, index, number)
        return number.rank if is_heading else None
    if line.style:
        return nb.RANK_UNNUMBERED_PART + 10 * (line.style - 1)
    if is_part_heading(line.text):
        return nb.RANK_UNNUMBERED_PART
    return nb.RANK_UNNUMBERED if _is_unnumbered(lines, index) or _is_matter(lines, index) else None


def _is_unnumbered(lines: Sequence[SourceLine], index: int) -> bool:
    """A short line that ends no sentence, between a paragraph that ends one (or a heading) and a long one."""
    text = lines[index].text
    if not 4 <= len(text) <= _MAX_UNNUMBERED_CHARACTERS or _PUNCTUATION.search(text) or text[-1] in "，,、":
        return False
    if not 0 < index < len(lines) - 1 or len(lines[index + 1].text) < _MIN_BODY_CHARACTERS:
        return False
    before = lines[index - 1].text
    return len(before) >= _MIN_BODY_CHARACTERS and _LINE_ENDS.search(before) is not None


def _is_point(lines: Sequence[SourceLine], index: int, number: nb.Numbering) -> bool:
    """A sentence behind 第一、 that unnumbered paragraphs go on from: no item of a list."""
    text = lines[index].text
    if number.rank != nb.RANK_ITEM or not text.startswith("第") or not 0 < index < len(lines) - 1:
        return False
    if len(text) > nb.MAX_MINOR_HEADING_CHARACTERS or _SENTENCE.fullmatch(text, number.end) is None:
        return False
    before = lines[index - 1].text
    is_alone = not before.startswith("第") or nb.parse_number(before) is None
    return is_alone and _goes_on(lines, index) and nb.parse_number(lines[index + 1].text) is None


def _is_matter(lines: Sequence[SourceLine], index: int) -> bool:
    """A line that only says what comes next."""
    return 0 < index < len(lines) - 1 and _MATTER.fullmatch(lines[index].text) is not None and _goes_on(lines, index)


def _goes_on(lines: Sequence[SourceLine], index: int) -> bool:
    after = lines[index + 1]
    return len(after.text) >= _MIN_BODY_CHARACTERS and not after.is_table_row


MAX_HEAD_LINES = 12
_MAX_HEAD_CHARACTERS = 80
_MAIN_TITLE_END = re.compile("(?:报告|汇报|总结)$")
_BODY_END = re.compile("[。；：，;,:]$")


def head_extent(lines: Sequence[SourceLine]) -> int:
    """How many lines from the first on are title lines: title, subtitle, date and place, who delivered it.

    The head ends at an addressee, a heading, or a line that reads like body text. Without any line that looks like
    a title there is no head.
    """
    extent = 0
    has_title = False
    for line in lines[:MAX_HEAD_LINES]:
        if not _may_be_head(line, has_title):
            break
        has_title = has_title or is_title_line(line)
        extent += 1
    return extent if has_title else 0


def _may_be_head(line: SourceLine, has_title: bool) -> bool:
    text = without_marks(line.text)
    if line.is_table_row or is_addressee(text):
        return False
    if line.style is not None:
        return line.style == TITLE_STYLE or (not has_title and is_title_line(line))
    if is_subtitle(text):
        return True
    if len(text) > _MAX_HEAD_CHARACTERS or _BODY_END.search(text):
        return False
    if is_part_heading(text):
        # A summary of a year may be the title itself, but only as the first line.
        return not has_title and _MAIN_TITLE_END.search(text) is not None
    return parse_number(text) is None


_MIN_HELD_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Extents:
    """What lies after each numbered line of a report; indexes are those of the body's lines.

    Rule (measured on 156 government reports): a run-in heading whose next sibling (same form, a higher number) comes
    after unnumbered paragraphs holds these. The last of a row has no sibling; it holds what follows, unless it is an
    item, when a fifth of its form's other headings hold something. Dash bullets hold nothing: they are items.

    ``following`` gives for a numbered line the next one of its own rank or an outer one; ``next_numbered`` for every
    line the next numbered line after it (the number of lines when there is none). ``holding`` are the ranks whose
    headings hold unnumbered paragraphs in this report.
    """

    numbers: Mapping[int, Numbering]
    following: Mapping[int, int]
    next_numbered: Sequence[int]
    holding: frozenset[int]

    def holds(self, heading: int, index: int) -> bool:
        """Whether the run-in heading at ``heading`` governs the unnumbered line at ``index``."""
        number = self.numbers.get(heading)
        if number is None or number.is_bullet:
            return False
        if self.has_sibling(heading):
            return index < self.following[heading]
        return number.rank in self.holding and number.rank != nb.RANK_ITEM

    def has_sibling(self, heading: int) -> bool:
        """Whether the next line of the same rank, or an outer one, carries on this line's row of numbers."""
        number = self.numbers[heading]
        after = self.numbers.get(self.following.get(heading, -1))
        return after is not None and after.rank == number.rank and after.value > number.value

    def ends_section(self, index: int, outermost: int) -> bool:
        """Whether no number carries on the section after the line: a new row, an outer heading or nothing follows.

        ``outermost`` is the rank of the section's own heading.
        """
        after = self.numbers.get(self.next_numbered[index]) if index < len(self.next_numbered) else None
        return after is None or after.rank <= outermost or after.rank >= nb.RANK_FOURTH or after.value <= 1


def find_extents(
    numbers: Mapping[int, Numbering], run_ins: Sequence[int], count: int, plain: Sequence[bool]
) -> Extents:
    """The extents of a report of ``count`` lines. Linear in their number.

    ``run_ins`` are the numbered lines that are run-in headings; ``plain`` tells for each line whether it is an
    unnumbered paragraph.
    """
    following: dict[int, int] = {}
    open_lines: list[int] = []
    for index in sorted(numbers):
        while open_lines and numbers[open_lines[-1]].rank >= numbers[index].rank:
            following[open_lines.pop()] = index
        open_lines.append(index)
    next_numbered = [count] * count
    nearest = count
    for index in range(count - 1, -1, -1):
        next_numbered[index] = nearest
        if index in numbers:
            nearest = index
    extents = Extents(numbers, following, next_numbered, frozenset())
    return Extents(numbers, following, next_numbered, _holding(extents, run_ins, plain))


def _holding(extents: Extents, run_ins: Sequence[int], plain: Sequence[bool]) -> frozenset[int]:
    before = [0]
    for is_plain in plain:
        before.append(before[-1] + is_plain)
    rows: dict[int, list[bool]] = {}
    for index in run_ins:
        if extents.has_sibling(index):
            held = before[extents.following[index]] > before[index + 1]
            rows.setdefault(extents.numbers[index].rank, []).append(held)
    return frozenset(rank for rank, held in rows.items() if any(held) and sum(held) >= _MIN_HELD_SHARE * len(held))
