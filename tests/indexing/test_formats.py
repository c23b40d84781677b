"""Files of many formats through the whole line: read, carried over, changed, verified."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from searchapp.config import Settings
from searchapp.wiring import verify_index
from tests.indexes import ask, index, opened, report_text

WATER = report_text("市水务局党组", 2023, "一是纠治四风。")
DISTRICT = report_text("区委", 2022, "一是建强支部。")


def zipped(**members: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return data.getvalue()


def test_an_archive_is_read_carried_over_and_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/all.zip").write_bytes(zipped(水务=WATER, 区委=DISTRICT))
    assert index(tmp_path / "ix", tmp_path / "in").stats.reports == 2
    hit = ask(opened(tmp_path / "ix"), q='"四风"')["hits"][0]
    assert hit["source"]["file"] == "in/all.zip/水务.txt"
    again = index(tmp_path / "ix")
    assert (again.changed, again.unchanged_files) == (False, 1)
    (tmp_path / "in/b.txt").write_text("坏", encoding="utf-8")
    kept = index(tmp_path / "ix")
    assert kept.unchanged_files == 1
    assert [each["paragraph_id"] for each in ask(opened(tmp_path / "ix"), q='"四风"')["hits"]] == [hit["paragraph_id"]]
    assert verify_index(Settings(tmp_path / "ix")).agrees
    (tmp_path / "in/all.zip").write_bytes(zipped(区委=DISTRICT.replace("支部", "堡垒")))
    index(tmp_path / "ix")
    assert ask(opened(tmp_path / "ix"), q='"四风"')["total"] == 0
    assert ask(opened(tmp_path / "ix"), q='"堡垒"')["total"] == 1
    (tmp_path / "in/all.zip").write_bytes(b"PK broken")
    assert [record.status for record in index(tmp_path / "ix").problems if "zip" in record.file] == ["kept"]
    assert ask(opened(tmp_path / "ix"), q='"堡垒"')["total"] == 1


def test_the_same_report_in_an_archive_and_beside_it_is_one(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/all.zip").write_bytes(zipped(水务=WATER, 区委=DISTRICT))
    (tmp_path / "in/水务.txt").write_text(WATER, encoding="utf-8")
    report = index(tmp_path / "ix", tmp_path / "in")
    assert report.stats.reports == 2
    again = index(tmp_path / "ix")
    assert not again.changed


def test_two_reports_on_one_line_keep_their_own_words(tmp_path: Path) -> None:
    """Reports may begin on the same line (a table of reports, a file without line breaks)."""
    (tmp_path / "in").mkdir()
    rows = "标题,正文\n" + "".join(
        f'{unit}{year}年工作报告,"{year}年，{unit}{"抓好落实。" * 80}"\n'
        for unit, year in (("甲局", 2021), ("乙局", 2022))
    )
    (tmp_path / "in/table.csv").write_text(rows, encoding="utf-8")
    index(tmp_path / "ix", tmp_path / "in")
    library = opened(tmp_path / "ix")
    assert library.reader.stats().reports == 2
    for unit in ("甲局", "乙局"):
        hits = ask(library, q=f'"{unit}"', block="paragraph")["hits"]
        assert hits and all(unit in hit["text"] for hit in hits)
    assert verify_index(Settings(tmp_path / "ix")).agrees


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(WATER, encoding="utf-8")
    with (tmp_path / "in/huge.txt").open("wb") as file:
        file.truncate(300_000_000)
    report = index(tmp_path / "ix", tmp_path / "in")
    assert report.stats.reports == 1
    assert [(record.file, "过大" in record.reason) for record in report.problems] == [("in/huge.txt", True)]
