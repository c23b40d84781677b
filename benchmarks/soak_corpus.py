"""Versions of a library that tell which one an answer is of, and what each holds, counted from the rule alone.

Every block of a report but its title and opening names its version (第N版). Which reports there are and which of their
paragraphs hold :data:`PHRASE` follows from the version, and the first report grows by a paragraph with each: no two
versions near each other have the same figures. Nothing here is asked of searchapp.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PHRASE = "压实责任链条"
WORDS = ("党建引领", "基层治理", "民生实事", "水利工程", "作风建设", "专题教育", "项目建设", "营商环境")
PLACES = ("临江", "云溪", "澄川", "平湖")
OFFICES = ("水务局", "农业农村局", "交通运输局", "教育局", "审计局", "林业局")
YEARS = tuple(range(2018, 2025))
HEADINGS = ("思想建设", "组织建设", "作风建设", "存在问题", "下一步打算")
PARAGRAPHS_A_HEADING = 4
Figures = dict[str, object]
"""Numbers by name, or by the value of a facet."""

_DIGITS = "一二三四五"
_MARK = re.compile(r"第(\d+)版")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Reports of ``units`` (at most 24) over :data:`YEARS`; those of the first half are in every version."""

    units: int = 16

    @property
    def unit_names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(f"{place}区{office}" for office in OFFICES for place in PLACES)[: self.units]

    @property
    def lasting_units(self) -> tuple[str, ...]:
        """Those whose reports are in every version."""
        return self.unit_names[: self.units // 2]

    def reports(self, version: int) -> Iterator[tuple[int, str, int]]:
        """Number, unit and year of each report of a version: of those that come and go one in five is missing."""
        for number, unit in enumerate(self.unit_names):
            for year in YEARS:
                if number < self.units // 2 or (number * 3 + year + version) % 5:
                    yield number, unit, year

    def write(self, folder: Path, version: int) -> None:
        """Makes ``folder`` hold this version and nothing else."""
        kept = set()
        for place, (number, unit, year) in enumerate(self.reports(version)):
            lines = [*_lines(number, unit, year, version), *(_more(version) if not place else ())]
            file = folder / f"{unit}{year}.txt"
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
            kept.add(file.name)
        for file in folder.iterdir():
            if file.name not in kept:
                file.unlink()

    def hits(self, version: int) -> dict[str, dict[int, int]]:
        """By unit and year the paragraphs that hold :data:`PHRASE`; a report that there is not has no number."""
        found: dict[str, dict[int, int]] = {unit: {} for unit in self.unit_names}
        for place, (number, unit, year) in enumerate(self.reports(version)):
            found[unit][year] = _hits(number, year, version) + (0 if place else version + 1)
        return found

    def figures(self, version: int, unit: str | None = None, year: int | None = None) -> Figures:
        """What a search for :data:`PHRASE` says, narrowed to a unit or a year (a facet counts without its own)."""
        units, years = Counter[str](), Counter[str]()
        inside: list[tuple[str, int]] = []
        for name, by_year in self.hits(version).items():
            for of_year, count in by_year.items():
                if count and year in (None, of_year):
                    units[name] += count
                if count and unit in (None, name):
                    years[str(of_year)] += count
                if count and year in (None, of_year) and unit in (None, name):
                    inside.append((name, count))
        return {
            "total": sum(count for _, count in inside),
            "reports": len(inside),
            "units": len({name for name, _ in inside}),
            "unit": dict(units),
            "year": dict(years),
        }

    def size(self, version: int) -> Figures:
        """What the library says of itself."""
        reports = sum(1 for _ in self.reports(version))
        paragraphs = reports * (1 + len(HEADINGS) * PARAGRAPHS_A_HEADING) + version + 1
        return {"reports": reports, "paragraphs": paragraphs, "blocks": paragraphs + reports * (1 + len(HEADINGS))}


def marks(text: str) -> frozenset[int]:
    """The versions that ``text`` names."""
    return frozenset(int(number) for number in set(_MARK.findall(text)))


def _hits(number: int, year: int, version: int) -> int:
    places = range(len(HEADINGS) * PARAGRAPHS_A_HEADING)
    return sum(_has_phrase(number, year, version, place) for place in places)


def _has_phrase(number: int, year: int, version: int, place: int) -> bool:
    return (number + year + place + version) % 7 == 0


def _lines(number: int, unit: str, year: int, version: int) -> Iterator[str]:
    yield f"{unit}{year}年度落实全面从严治党主体责任情况报告"
    yield f"{year}年，{unit}党组认真履行全面从严治党主体责任，各项工作取得新的成效。"
    for above, heading in enumerate(HEADINGS):
        yield f"{_DIGITS[above]}、{heading}（第{version}版）"
        for below in range(PARAGRAPHS_A_HEADING):
            place = above * PARAGRAPHS_A_HEADING + below
            first, second = WORDS[(number + place) % len(WORDS)], WORDS[(year + place * 3) % len(WORDS)]
            held = f"，{PHRASE}" if _has_phrase(number, year, version, place) else ""
            yield (
                f"围绕{first}第{place + 1}项任务，{unit}坚持问题导向，统筹推进{second}{held}，"
                f"全年召开会议{(number + place) % 9 + 2}次，办结事项{(year + place * 7) % 90 + 10}件。"
                f"本段见于第{version}版。"
            )


def _more(version: int) -> Iterator[str]:
    for number in range(version + 1):
        yield f"另外，第{number + 1}件补充事项，{PHRASE}，本段见于第{version}版。"
