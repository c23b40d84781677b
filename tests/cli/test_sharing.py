"""``searchapp index --begin``, ``--shard i/n``, ``--finish``."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run, RunProcess


def test_machines_that_share_the_reading_make_one_index(run_process: RunProcess, reports: Path, tmp_path: Path) -> None:
    index = tmp_path / "ix"
    begun = run_process("index", reports, "--index", index, "--begin")
    assert "2 个文件" in begun.stdout.decode("utf-8")
    assert f"--index {index} --finish" in begun.stdout.decode("utf-8"), "the command as it must be typed"
    for number in (1, 2):
        done = run_process("index", "--index", index, "--shard", f"{number}/2")
        assert f"第 {number}/2 份做好了" in done.stdout.decode("utf-8")
    finished = run_process("index", "--index", index, "--finish")
    assert "索引已更新" in finished.stdout.decode("utf-8")
    found = run_process("search", '"两个维护"', "--index", index, "--json")
    assert b'"total": 3' in found.stdout


def test_finishing_too_early_says_what_is_missing(run: Run, reports: Path, tmp_path: Path) -> None:
    index = tmp_path / "ix"
    run("index", reports, "--index", index, "--begin")
    run("index", "--index", index, "--shard", "2/3")
    result = run("index", "--index", index, "--finish")
    assert result.exit_code == 3
    assert "第 1、3 份" in result.output
    assert "--shard" in result.output


def test_a_file_that_cannot_be_read_is_named_by_the_machine_that_tried(run: Run, reports: Path, tmp_path: Path) -> None:
    (reports / "坏.docx").write_bytes(b"PK\x03\x04 not a zip")
    index = tmp_path / "ix"
    run("index", reports, "--index", index, "--begin")
    result = run("index", "--index", index, "--shard", "1/1", "--strict")
    assert result.exit_code == 1
    assert "未能读取 报告/坏.docx" in result.output
    assert "坏.docx" in run("index", "--index", index, "--finish").output


@pytest.mark.parametrize("share", ["0/2", "3/2", "2", "1/0", "x/2", "-1/2", "1/1000", "１/２"])
def test_what_is_no_share_is_refused(run: Run, tmp_path: Path, share: str) -> None:
    result = run("index", "--index", tmp_path / "ix", "--shard", share)
    assert result.exit_code == 2
    assert "i/n" in result.output


@pytest.mark.parametrize(
    "options",
    [["--begin", "--finish"], ["--shard", "1/2", "--begin"], ["--finish", "--rebuild"], ["--shard", "1/2", "--ocr"]],
)
def test_steps_and_options_that_exclude_each_other_are_refused(run: Run, tmp_path: Path, options: list[str]) -> None:
    assert run("index", "--index", tmp_path / "ix", *options).exit_code == 2


def test_sources_are_named_at_the_beginning_only(run: Run, reports: Path, tmp_path: Path) -> None:
    result = run("index", reports, "--index", tmp_path / "ix", "--shard", "1/2")
    assert result.exit_code == 2
    assert "--begin" in result.output
