"""``units.csv``: what a department is called now, since when, and which organ stands above it.

A header row, then one row for each name: ``name`` (名称); ``now`` (现名), what the organ of that name became or is
properly called; ``since`` (自), the year, or a date in it, from which the name stands for that; ``parent`` (上级,
主管单位). A row needs ``now`` or ``parent``; one with neither only makes a parent known.

Several rows may have one name: an alias may mean one organ before a date and another since. Then the report's year
decides: the row that began last by then, or the earliest when none had begun. With one row the year does not matter,
for old names stay in use. Knows names only; must not know how tables are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from searchapp.reports import ReadWarning
from searchapp.reports.model import Evidence, Metadata
from searchapp.search.params import MAX_VALUE_CHARACTERS, printable

_COLUMNS = {
    "name": "name", "名称": "name", "now": "now", "现名": "now", "since": "since", "自": "since",
    "parent": "parent", "上级": "parent", "主管单位": "parent",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row. ``since`` is a year, 0 when the table says none; ``folder`` the display name of where the table stands,
    ending in ``/``: it speaks of the files below. ``where`` is the table and the line.
    """

    name: str
    now: str
    since: int
    parent: str
    folder: str
    where: tuple[str, int]

    def __str__(self) -> str:
        """All that decides what the row does to a report."""
        return f"{self.name}\t{self.now}\t{self.since}\t{self.parent}"


def parse_units(name: str, rows: Iterator[list[str]], warnings: list[ReadWarning]) -> Iterator[UnitRow]:
    """The rows of the table with the display name ``name``; what is wrong with it goes to ``warnings``."""
    header = [_COLUMNS.get(cell.strip().lower(), "") for cell in next(rows, [])]
    if "name" not in header or not {"now", "parent"} & set(header):
        warnings.append(ReadWarning(name, 1, "不是单位表（要有 name，以及 now 或 parent 列），没有采用"))
        return
    folder = PurePosixPath(name).parent.as_posix() + "/"
    for line, row in enumerate(rows, 2):
        cells = {column: cell.strip() for column, cell in zip(header, row, strict=False) if column}
        unit = cells.get("name", "")
        if not unit:
            continue
        if max(map(len, cells.values())) > MAX_VALUE_CHARACTERS:
            warnings.append(ReadWarning(name, line, f"名称太长（最多 {MAX_VALUE_CHARACTERS} 个字），这一行没有采用"))
            continue
        since = cells.get("since", "")
        year = int(since[:4]) if len(since[:4]) == 4 and since[:4].isascii() and since[:4].isdigit() else 0
        if since and not year:
            warnings.append(ReadWarning(name, line, f"“{printable(since)}”不是年份或日期，这一行照样采用"))
        now = cells.get("now", "")
        yield UnitRow(unit, "" if now == unit else now, year, cells.get("parent", ""), folder, (name, line))


def checked_units(rows: Sequence[UnitRow], warnings: list[ReadWarning]) -> list[UnitRow]:
    """The rows of all tables; names and parents that go in a circle, and parents that no row names, are told.

    A parent that would close a circle is left out. Names that come back later (both steps dated) are no circle.
    """
    known = {name for row in rows for name in (row.name, row.now)}
    told: set[str] = set()
    renames: dict[str, list[UnitRow]] = {}
    above: dict[str, list[str]] = {}
    same = _same_organ(rows)
    checked: list[UnitRow] = []
    for row in rows:
        if row.now:
            if _comes_back(row, renames):
                warnings.append(ReadWarning(*row.where, f"“{printable(row.name)}”的现名转成了圈"))
            renames.setdefault(row.name, []).append(row)
        if row.parent and row.parent not in known and row.parent not in told:
            told.add(row.parent)
            warnings.append(
                ReadWarning(*row.where, f"上级“{printable(row.parent)}”在单位表里没有自己的一行，请核对名称")
            )
        if row.parent:
            unit, parent = same.get(row.name, row.name), same.get(row.parent, row.parent)
            if _stands_above(unit, parent, above):
                warnings.append(ReadWarning(*row.where, f"“{printable(row.name)}”的上级转成了圈，这一行的上级没有采用"))
                checked.append(replace(row, parent=""))
                continue
            above.setdefault(unit, []).append(parent)
        checked.append(row)
    return checked


def with_units(meta: Metadata, rows: Sequence[UnitRow]) -> Metadata:
    """``meta`` with the department's present name and its parent, as far as ``rows`` tell; names may change often."""
    names = _names(meta, rows)
    evidence: dict[str, Evidence] = {}
    if len(names) > 1:
        evidence["organ"] = "correction"
        meta = replace(meta, organ=names[-1])
    for name in names:
        told = [row for row in rows if row.parent and row.name == name]
        told = told or [row for row in rows if row.parent and row.now == name]
        if told:
            evidence["parent"] = "correction"
            meta = replace(meta, parent=_in_year(told, meta.year).parent)
            break
    return replace(meta, evidence={**meta.evidence, **evidence}) if evidence else meta


def _names(meta: Metadata, rows: Sequence[UnitRow]) -> list[str]:
    """The department's name and those that it became, the present one last."""
    by_name: dict[str, list[UnitRow]] = {}
    for row in rows:
        if row.now:
            by_name.setdefault(row.name, []).append(row)
    name, year = meta.department or meta.unit, meta.year
    names = [] if name is None else [name]
    while names and names[-1] in by_name and names[-1] not in names[:-1]:
        row = _in_year(by_name[names[-1]], year)
        names.append(row.now)
        year = None if year is None else max(year, row.since)
    return names


def _in_year(rows: Sequence[UnitRow], year: int | None) -> UnitRow:
    """The row that began last by ``year`` (ever, when it is unknown), else the earliest; of equals the last."""
    begun = [row for row in rows if year is None or row.since <= year]
    if begun:
        return max(reversed(begun), key=lambda row: row.since)
    return min(reversed(rows), key=lambda row: row.since)


def _same_organ(rows: Sequence[UnitRow]) -> dict[str, str]:
    """Names that mean one organ, by its last name. A name that has meant several belongs to none of them."""
    became: dict[str, set[str]] = {}
    for row in rows:
        if row.now:
            became.setdefault(row.name, set()).add(row.now)
    same: dict[str, str] = {}
    for name in became:
        last, seen = name, {name}
        while len(following := became.get(last, set())) == 1 and (then := next(iter(following))) not in seen:
            seen.add(then)
            last = then
        same[name] = last
    return same


def _comes_back(row: UnitRow, renames: Mapping[str, Sequence[UnitRow]]) -> bool:
    """Whether ``row`` leads back to its own name by steps that no other date sets apart from it."""
    waiting, seen = [row.now], {row.now}
    while waiting:
        name = waiting.pop()
        if name == row.name:
            return True
        for step in renames.get(name, ()):
            apart = row.since and step.since and step.since != row.since
            shared = row.folder.startswith(step.folder) or step.folder.startswith(row.folder)
            if shared and not apart and step.now not in seen:
                seen.add(step.now)
                waiting.append(step.now)
    return False


def _stands_above(unit: str, parent: str, above: Mapping[str, Sequence[str]]) -> bool:
    """Whether ``unit`` is ``parent`` or stands above it."""
    waiting, seen = [parent], {parent}
    while waiting:
        name = waiting.pop()
        if name == unit:
            return True
        following = [each for each in above.get(name, ()) if each not in seen]
        seen.update(following)
        waiting.extend(following)
    return False
