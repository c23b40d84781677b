"""``searchapp corpus``: the account of characters and the table to correct."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from searchapp.cli import main

from .conftest import Run


def test_the_account_is_told_file_by_file(run: Run, sample_corpus: Path) -> None:
    result = run("corpus", "check", sample_corpus)
    assert result.exit_code == 0
    assert "读了 21 个文件" in result.output
    assert "没有着落 0 字" in result.output
    assert "合计" in result.output
    assert "gb18030" in result.output


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_what_is_lost_is_told_of_every_file_however_narrow_the_window(
    monkeypatch: pytest.MonkeyPatch, sample_corpus: Path, columns: int
) -> None:
    written = io.StringIO()
    shown = Console(file=written, width=columns, markup=False, highlight=False, emoji=False)
    monkeypatch.setattr("searchapp.cli.corpus.console", lambda: shown)
    assert CliRunner().invoke(main, ["corpus", "check", str(sample_corpus)]).exit_code == 0
    lines = written.getvalue().splitlines()
    assert lines[0].rstrip().endswith("没有着落")
    assert any(line.split()[:1] == ["合计"] and line.rstrip().endswith(" 0") for line in lines)
    assert "…" not in written.getvalue()


def test_what_cannot_be_read_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "坏.txt").write_bytes(b"\x00\x01\x02" * 40)
    result = run("corpus", "check", tmp_path)
    assert result.exit_code == 0
    assert "未能读取" in result.output and "坏.txt" in result.output
    assert "一个文件也没有读出；1 个未能读取" in result.output


def test_what_was_not_read_of_a_file_is_told(run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("甲.txt", "示例局2022年工作报告")
        archive.writestr("乙.exe", "MZ")
    result = run("corpus", "check", tmp_path / "a.zip")
    assert result.exit_code == 0
    assert "注意 a.zip/乙.exe：不支持这种文件" in result.output
    assert "合计" not in result.output


def test_a_missing_folder_is_told(run: Run, tmp_path: Path) -> None:
    result = run("corpus", "check", tmp_path / "none")
    assert result.exit_code == 2


def test_the_table_is_written_for_excel_and_never_over_another(run: Run, sample_corpus: Path, tmp_path: Path) -> None:
    table = tmp_path / "metadata.csv"
    result = run("corpus", "export-metadata", sample_corpus, "--output", table)
    assert result.exit_code == 0
    data = table.read_bytes()
    assert data.startswith(b"\xef\xbb\xbffile,report,title,field,value,evidence\r\n")
    assert data.count(b"\r\n") == 1 + 24 * 15
    assert run("corpus", "export-metadata", sample_corpus, "--output", table).exit_code == 2
    assert run("corpus", "export-metadata", sample_corpus, "--output", table, "--force").exit_code == 0


def test_reading_is_measured_against_gold(run: Run, sample_corpus: Path) -> None:
    gold = Path(__file__).resolve().parents[1] / "gold" / "corpus.jsonl"
    result = run("corpus", "evaluate", gold, sample_corpus)
    assert result.exit_code == 0
    assert "准确率" in result.output and "首栏目" in result.output


def test_a_gold_file_that_is_none_is_told(run: Run, sample_corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text('{"file": "x"}\n', encoding="utf-8")
    result = run("corpus", "evaluate", tmp_path / "gold.jsonl", sample_corpus)
    assert result.exit_code == 2
    assert "第 1 行" in result.output
