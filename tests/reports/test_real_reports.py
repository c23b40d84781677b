"""The 156 government reports against the collectors' labels, with their names and without."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from searchapp.reports import FileReading, read_report_file

# 0350: the label is known to be wrong. 0334, 0343: without their names the text states neither (READING 3).
WRONG_LABELS = {"0350"}
UNSTATED = {"0334", "0343"}
Row = dict[str, str]


@pytest.fixture(scope="module", params=["named", "renamed"])
def readings(request: pytest.FixtureRequest, shared: Path) -> list[tuple[Row, FileReading]]:
    folder = shared / "reports_real"
    with (folder / "metadata.csv").open(encoding="utf-8-sig", newline="") as source:
        rows = sorted(csv.DictReader(source), key=lambda row: row["file"])
    found = []
    for number, row in enumerate(rows, 1):
        name = row["file"] if request.param == "named" else f"{number:04d}.txt"
        if request.param == "named" or row["file"][:4] not in UNSTATED:
            found.append((row, read_report_file((folder / row["file"]).read_bytes(), name)))
    return found


def test_no_file_is_split(readings: list[tuple[Row, FileReading]]) -> None:
    assert [row["file"] for row, reading in readings if len(reading.reports) != 1] == []


def test_years_are_right(readings: list[tuple[Row, FileReading]]) -> None:
    stated = [(row, reading) for row, reading in readings if row["year"] and row["file"][:4] not in WRONG_LABELS]
    assert [row["file"] for row, reading in stated if reading.reports[0].meta.year != int(row["year"])] == []


def test_units_name_their_place(readings: list[tuple[Row, FileReading]]) -> None:
    wrong = []
    for row, reading in readings:
        unit, place = reading.reports[0].meta.unit or "", row["place"].split("/")[-1]
        national = unit in ("国务院", "中共中央", "全国人民代表大会")
        if not (national if place == "全国" else place.rstrip("市县省") in unit):
            wrong.append(row["file"])
    assert wrong == []


def test_most_paragraphs_have_a_topic(readings: list[tuple[Row, FileReading]]) -> None:
    local = [reading for row, reading in readings if row["level"] in ("省级", "市级")]
    paragraphs = [each for of in local for each in of.reports[0].blocks if each.kind == "paragraph"]
    assert sum(not each.topics for each in paragraphs) < 0.25 * len(paragraphs)
