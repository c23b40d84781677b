"""How far a run-in heading reaches: which unnumbered paragraphs after it belong to it. Knows numbers, not words.

Rule (measured on 156 government reports): a run-in heading whose next sibling (same form, a higher number) comes after
unnumbered paragraphs holds these. The last heading of a row has no sibling; it holds what follows when an earlier
heading of the same form held something. Dash bullets are items of one paragraph and hold nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from searchapp.reports.structure import numbering as nb
from searchapp.reports.structure.numbering import Numbering

_MIN_HELD_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Extents:
    """What lies after each numbered line of a report; indexes are those of the body's lines.

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
