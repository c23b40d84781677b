"""Ruled tables on a page: from ruled lines to rows of cells. Knows geometry only, nothing of PDF or text.

A table is told by its rules alone: rules that touch each other, with cells side by side and below each other. Tables
that are only aligned are left as text: where a cell has several lines, or is empty, nothing on the page says which
row a line belongs to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, right, top, bottom in points, ``top`` measured downwards."""

MAX_RULES = 4_000
"""A page with more is a drawing."""
MAX_SQUARES = 10_000
"""A grid of more is graph paper."""
MAX_THICKNESS = 3.0
_NEAR = 2.5
_MIN_CELLS = 3


@dataclass(frozen=True, slots=True)
class _Rule:
    """A straight line: where it stands (``at``), and from where to where it goes."""

    at: float
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Table:
    """A grid; ``cells`` gives for each square of it, row by row, the number of its cell (merged squares share one)."""

    columns: tuple[float, ...]
    lines: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]

    def cell_at(self, x: float, y: float) -> int | None:
        """The cell that holds a point, or None outside of the table."""
        column, row = bisect_right(self.columns, x) - 1, bisect_right(self.lines, y) - 1
        inside = 0 <= column < len(self.columns) - 1 and 0 <= row < len(self.lines) - 1
        return self.cells[row][column] if inside else None

    def rows(self) -> list[list[int | None]]:
        """The cells of each row from left to right, each once; None for one that began in a row above."""
        seen: set[int] = set()
        found: list[list[int | None]] = []
        for squares in self.cells:
            row = list(dict.fromkeys(squares))
            found.append([None if cell in seen else cell for cell in row])
            seen.update(row)
        return found


def find_tables(boxes: Iterable[Box]) -> list[Table]:
    """The tables that the rules among ``boxes`` draw, from top to bottom."""
    thin = [box for box in boxes if min(box[1] - box[0], box[3] - box[2]) <= MAX_THICKNESS]
    if not 4 <= len(thin) <= MAX_RULES:
        return []
    lying = _merged(_Rule((t + b) / 2, x0, x1) for x0, x1, t, b in thin if x1 - x0 > max(b - t, MAX_THICKNESS))
    standing = _merged(_Rule((x0 + x1) / 2, t, b) for x0, x1, t, b in thin if b - t > max(x1 - x0, MAX_THICKNESS))
    tables = [table for group in _touching(lying, standing) if (table := _table(*group))]
    return sorted(tables, key=lambda table: table.lines[0])


def _merged(rules: Iterable[_Rule]) -> list[_Rule]:
    """Rules with those that carry each other on made one."""
    found: list[_Rule] = []
    at = -1e9
    for rule in sorted(rules, key=lambda rule: rule.at):
        # Those that stand within a hair's breadth count as standing at the place of the first.
        at = at if rule.at - at <= _NEAR else rule.at
        found.append(_Rule(at, rule.start, rule.stop))
    merged: list[_Rule] = []
    for rule in sorted(found, key=lambda rule: (rule.at, rule.start)):
        last = merged[-1] if merged else None
        if last and last.at == rule.at and rule.start <= last.stop + _NEAR:
            merged[-1] = _Rule(rule.at, last.start, max(last.stop, rule.stop))
        else:
            merged.append(rule)
    return merged


def _touching(lying: Sequence[_Rule], standing: Sequence[_Rule]) -> list[tuple[list[_Rule], list[_Rule]]]:
    """Rules in groups that hang together where lying and standing ones meet."""
    parents = list(range(len(lying) + len(standing)))
    for index, rule in enumerate(lying):
        for other, post in enumerate(standing, len(lying)):
            meets = rule.start - _NEAR <= post.at <= rule.stop + _NEAR
            if meets and post.start - _NEAR <= rule.at <= post.stop + _NEAR:
                parents[_root(parents, index)] = _root(parents, other)
    groups: dict[int, tuple[list[_Rule], list[_Rule]]] = {}
    for index, rule in enumerate([*lying, *standing]):
        groups.setdefault(_root(parents, index), ([], []))[index >= len(lying)].append(rule)
    return list(groups.values())


def _root(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


def _table(lying: Sequence[_Rule], standing: Sequence[_Rule]) -> Table | None:
    """The table of one group of rules, whose outer edges may be open; None when they make no cells of whole squares."""
    if len(lying) < 2 or not standing:
        return None
    columns = _edges([rule.at for rule in standing], [end for rule in lying for end in (rule.start, rule.stop)])
    lines = _edges([rule.at for rule in lying], [end for rule in standing for end in (rule.start, rule.stop)])
    width, height = len(columns) - 1, len(lines) - 1
    if width < 2 or not _MIN_CELLS <= width * height <= MAX_SQUARES:
        return None
    across, down = _by_place(lying), _by_place(standing)
    parents = list(range(width * height))
    for row in range(height):
        for column in range(width):
            square = row * width + column
            if column + 1 < width and not _stands(down, columns[column + 1], lines[row], lines[row + 1]):
                parents[_root(parents, square + 1)] = _root(parents, square)
            if row + 1 < height and not _stands(across, lines[row + 1], columns[column], columns[column + 1]):
                parents[_root(parents, square + width)] = _root(parents, square)
    cells = tuple(tuple(_root(parents, row * width + column) for column in range(width)) for row in range(height))
    table = Table(tuple(columns), tuple(lines), cells)
    return table if _are_whole(table) else None


def _edges(inner: Sequence[float], ends: Sequence[float]) -> list[float]:
    """The places of rules, and how far those that cross them reach where no rule closes the table."""
    found = sorted(set(inner))
    if found[0] - min(ends) > 2 * _NEAR:
        found.insert(0, min(ends))
    if max(ends) - found[-1] > 2 * _NEAR:
        found.append(max(ends))
    return found


def _by_place(rules: Sequence[_Rule]) -> dict[float, list[_Rule]]:
    found: dict[float, list[_Rule]] = {}
    for rule in rules:
        found.setdefault(rule.at, []).append(rule)
    return found


def _stands(rules: Mapping[float, Sequence[_Rule]], at: float, start: float, stop: float) -> bool:
    """Whether a rule goes past the middle of a side of a square."""
    middle = (start + stop) / 2
    return any(rule.start <= middle <= rule.stop for rule in rules.get(at, ()))


def _are_whole(table: Table) -> bool:
    """Whether there are cells enough, and each is a rectangle of squares; other shapes are no cells of a table."""
    places: dict[int, list[tuple[int, int]]] = {}
    for row, squares in enumerate(table.cells):
        for column, cell in enumerate(squares):
            places.setdefault(cell, []).append((row, column))
    if len(places) < _MIN_CELLS:
        return False
    return all(_is_rectangle(squares) for squares in places.values())


def _is_rectangle(squares: Sequence[tuple[int, int]]) -> bool:
    rows, columns = [row for row, _ in squares], [column for _, column in squares]
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) == len(squares)
