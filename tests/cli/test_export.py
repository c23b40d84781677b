"""``searchapp export`` and ``kwic``: the whole of a search as a file; every occurrence on its line."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rich.cells import cell_len

from .conftest import Run, RunProcess


def test_everything_goes_to_standard_output_as_csv(run_process: RunProcess, index: Path) -> None:
    done = run_process("export", '"两个维护"', "--index", index, "--site", "http://10.0.0.5:5000/")
    assert done.returncode == 0 and done.stderr == b""
    assert done.stdout.startswith(b"\xef\xbb\xbf") and b"\r\n" in done.stdout
    heads, *rows = csv.reader(io.StringIO(done.stdout.decode("utf-8-sig"), newline=""))
    assert len(rows) == 3
    first = dict(zip(heads, rows[0], strict=True))
    assert first["永久地址"] == f"http://10.0.0.5:5000/p/{first['段落编号']}"
    assert all("两个维护" in dict(zip(heads, row, strict=True))["原文"] for row in rows)


@pytest.mark.parametrize(("name", "count"), [("a.csv", 3), ("a.xlsx", 3), ("a.jsonl", 3), ("a.dat", 3)])
def test_the_format_is_that_of_the_file(run: Run, index: Path, tmp_path: Path, name: str, count: int) -> None:
    file = tmp_path / name
    result = run("export", '"两个维护"', "--index", index, "--output", file)
    assert result.exit_code == 0, result.output
    assert f"已导出 {count} 段" in result.output
    data = file.read_bytes()
    match file.suffix:
        case ".xlsx":
            assert load_workbook(io.BytesIO(data))["结果"].max_row == count + 1
        case ".jsonl":
            assert [json.loads(line)["block"] for line in data.splitlines()] == ["paragraph"] * count
        case _:
            assert data.startswith(b"\xef\xbb\xbf")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.skipif(os.name != "posix", reason="links and modes are POSIX")
@pytest.mark.parametrize("command", ["export", "metadata"])
def test_what_stands_there_keeps_its_kind_and_its_mode(
    run: Run, index: Path, tmp_path: Path, device: Callable[[str], Path], command: str
) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "file").chmod(0o600)
    (tmp_path / "link").symlink_to("file")
    words = {
        "export": ("export", "党", "--format", "csv", "--index", index),
        "metadata": ("corpus", "export-metadata", index.parent / "报告", "--force"),
    }[command]
    result = run(*words, "--output", tmp_path / "link")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    result = run(*words, "--output", device("full"))
    assert result.exit_code == 2
    assert result.output == "searchapp：写不了 full：磁盘空间不足\n"


def test_lines_can_be_exported(run: Run, index: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    result = run(
        "export", "党", "--view", "kwic", "--sort", "right", "--width", "3", "--index", index, "--output", file
    )
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert f"已导出 {len(lines)} 处" in result.output
    assert {line["keyword"] for line in lines} == {"党"}
    assert [line["right"] for line in lines] == sorted(line["right"] for line in lines)


def test_the_options_of_search_narrow_an_export(run: Run, index: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    run("export", "--year", "2024", "--not-part", "存在问题", "--index", index, "--output", file)
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert rows and {row["year"] for row in rows} == {2024}
    assert not any("存在问题" in row["parts"] for row in rows)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--format", "pdf"], "没有“pdf”这个值"),
        (["--sort", "x"], "没有“x”这个值"),
        (["--view", "kwic", "--width", "0"], "左右字数应是 1 到 200"),
        (["--output", "nowhere/a.csv"], "写不了 a.csv"),
    ],
)
def test_what_cannot_be_leaves_no_file(run: Run, index: Path, tmp_path: Path, args: list[str], told: str) -> None:
    result = run("export", "党建", "--index", index, "--output", tmp_path / "b.csv", *args)
    assert result.exit_code == 2
    assert told in result.output
    assert list(tmp_path.iterdir()) == []


def test_the_keywords_stand_under_each_other(run: Run, index: Path) -> None:
    result = run("kwic", "两个维护", "--sort", "right", "--width", "5", "--index", index)
    assert result.exit_code == 0
    head, *lines = result.output.splitlines()
    assert head == "3 处，3 段，1 篇报告"
    assert len({cell_len(line.partition(" 两个维护 ")[0]) for line in lines}) == 1
    assert len(lines) == 3


def test_lines_as_json_and_by_page(run: Run, index: Path) -> None:
    listed = json.loads(run("kwic", "党", "--per-page", "2", "--page", "2", "--json", "--index", index).stdout)
    assert (listed["page"], listed["per_page"], len(listed["lines"])) == (2, 2, 2)
    assert listed["total"] == listed["counts"]["occurrences"] > 4
    assert "下一页：--page 2" in run("kwic", "党", "--per-page", "2", "--index", index).output
    assert "没有要找的文字" in run("kwic", "--index", index).output
