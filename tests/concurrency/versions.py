"""Versions of a library that differ in a known way, so that an answer shows which one it is of.

In version ``k`` every hit of ``PHRASE`` names ``k`` in its text; how many there are, of which unit and year, follows
from ``k`` alone. The numbers here are counted from that rule, never asked of searchapp.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

PHRASE = "压实责任链条"
UNITS = ("临江区水务局", "临江区农业局", "临江区旅游局")


def hits_of(version: int) -> list[tuple[str, int]]:
    """Unit and year of every paragraph of ``version`` that holds ``PHRASE`` (once)."""
    return [(UNITS[number % len(UNITS)], 2020 + (number + version) % 4) for number in range(12 + 3 * version)]


def mark(version: int) -> str:
    """What every hit of ``version`` says of itself."""
    return f"本段见于第{version}号文本"


def write_version(folder: Path, version: int) -> None:
    """Makes ``folder`` hold version ``version``: a report for every unit and year."""
    hits = Counter(hits_of(version))
    for unit in UNITS:
        for year in range(2020, 2024):
            file = folder / f"{unit}{year}.txt"
            if not hits[unit, year]:
                file.unlink(missing_ok=True)
                continue
            lines = [
                f"{unit}{year}年度落实全面从严治党主体责任情况报告",
                f"{year}年，{unit}党组认真履行全面从严治党主体责任，各项工作取得新的成效。",
                "一、主要工作",
                *(f"第{number}件，{PHRASE}，{mark(version)}。" for number in range(hits[unit, year])),
            ]
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
