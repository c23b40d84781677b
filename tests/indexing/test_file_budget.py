"""A file that misbehaves is named, its last good version is kept, and the rest is indexed."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.indexing.read_all import FileBudget
from searchapp.indexing.read_file import Task
from tests.indexes import index, opened, report_text, write

SMALL = FileBudget(seconds=60, memory=100 << 20)
LARGE_TEXT = ("坚持以党的建设为统领，压实管党治党责任。" * 9 + "\n") * 80_000
"""Three times ``SMALL`` when it is read, and a file of 44 MB."""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_beyond_its_budget_is_named_and_all_others_are_read(tmp_path: Path, jobs: int) -> None:
    source = tmp_path / "in"
    write(source, {f"{year}.txt": report_text("市水务局党组", year, "一是建强支部。") for year in range(2020, 2026)})
    write(source / "large", {"0.txt": LARGE_TEXT})
    report = index(tmp_path / "ix", source, jobs=jobs, budget=SMALL)
    assert [record.file for record in report.problems] == ["in/large/0.txt"]
    assert "--file-memory" in report.problems[0].reason
    assert report.stats.reports == 6


def test_the_last_good_version_of_a_file_is_kept(tmp_path: Path) -> None:
    source = tmp_path / "in"
    write(source, {"a.txt": report_text("市水务局党组", 2023, "一是建强支部。")})
    assert index(tmp_path / "ix", source).problems == []
    write(source, {"a.txt": LARGE_TEXT})
    report = index(tmp_path / "ix", source, budget=SMALL)
    assert [(record.file, record.status) for record in report.problems] == [("in/a.txt", "kept")]
    assert [summary.meta.unit for summary in opened(tmp_path / "ix").reader.reports()] == ["市水务局党组"]


def test_a_large_file_has_more_time(tmp_path: Path) -> None:
    task = Task("a.txt", tmp_path / "a.txt", None)
    assert FileBudget(seconds=9).seconds_of(task) == 9, "also one that is gone"
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(25 << 20)
    assert FileBudget(seconds=9).seconds_of(task) == 27


def test_an_outside_program_has_its_own_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recognition that takes longer than a file may is waited for."""
    pages = pytest.importorskip("tests.reports.readers.pages")
    lines = [line for line in report_text("市水务局党组", 2023, "一是建强支部。").splitlines() if line]
    (tmp_path / "answer.pdf").write_bytes(pages.make_pdf(lines))
    program = tmp_path / "bin/ocrmypdf"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\n/bin/sleep 13\nfor last; do :; done\n/bin/cp "{tmp_path}/answer.pdf" "$last"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    (tmp_path / "in").mkdir()
    (tmp_path / "in/scan.pdf").write_bytes(pages.make_picture_pdf(1))
    report = index(tmp_path / "ix", tmp_path / "in", ocr=True, budget=FileBudget(seconds=12))
    assert report.problems == [] and report.stats.reports == 1
