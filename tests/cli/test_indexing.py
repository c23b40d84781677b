"""``searchapp index`` and ``verify``: what is told, and the exit status, for good and bad sources."""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path

import pytest

from searchapp.wiring import current_manifest, open_library

from .conftest import WATER_2023, Run, RunProcess


def total(run: Run, index: Path, query: str) -> int:
    answer = json.loads(run("search", query, "--index", index, "--json").stdout)
    assert isinstance(answer["total"], int)
    return answer["total"]


def test_a_run_tells_what_it_indexed(run: Run, reports: Path, tmp_path: Path) -> None:
    result = run("index", reports, "--index", tmp_path / "ix")
    assert result.exit_code == 0
    told = {row[1].strip(): row[2].strip() for row in _rows(result.stdout)}
    stats = json.loads(run("stats", "--index", tmp_path / "ix", "--json").stdout)
    assert told["文件"].startswith("2")
    assert told["报告"] == "2"
    assert told["段落"] == f"{stats['blocks']}（正文 {stats['paragraphs']}）"
    assert told["字符"] == f"{stats['characters']:,}"
    assert told["单位"] == "2"
    assert told["年份"] == "2023—2024"
    assert told["提醒"].isdigit()


def test_a_second_run_tells_that_nothing_changed(run: Run, reports: Path, tmp_path: Path) -> None:
    run("index", reports, "--index", tmp_path / "ix")
    before = (tmp_path / "ix" / "CURRENT").read_text(encoding="ascii")
    result = run("index", "--index", tmp_path / "ix")
    assert result.exit_code == 0
    assert "已是最新" in result.stdout
    assert (tmp_path / "ix" / "CURRENT").read_text(encoding="ascii") == before


def test_changed_added_and_removed_files_are_followed(run: Run, reports: Path, tmp_path: Path) -> None:
    index = tmp_path / "ix"
    run("index", reports, "--index", index)
    assert total(run, index, '"两个维护"') == 3
    (reports / "水务局2023.txt").write_text(WATER_2023.replace("践行“两个维护”", "担当作为"), encoding="utf-8")
    assert run("index", "--index", index).exit_code == 0
    assert total(run, index, '"两个维护"') == 2
    (reports / "水务局2023.txt").rename(tmp_path / "水务局2023.txt")
    assert run("index", "--index", index).exit_code == 0
    assert total(run, index, '"两个维护"') == 0
    (tmp_path / "水务局2023.txt").rename(reports / "水务局2023.txt")
    assert run("index", "--index", index).exit_code == 0
    assert total(run, index, '"两个维护"') == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("乱码.txt", bytes(range(256)) * 20),
        ("空字节.txt", b"\x00\x01\x02" * 100),
        ("坏.docx", b"PK\x03\x04 not a document"),
        ("不是文档.docx", "只是文字".encode()),
        ("空.docx", b""),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_indexed(
    run: Run, reports: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (reports / name).write_bytes(content)
    for options, status in (([], 0), (["--strict"], 1)):
        result = run("index", reports, "--index", tmp_path / "ix", *options)
        assert result.exit_code == status
        named = [line for line in result.stdout.splitlines() if f"报告/{name}：" in line]
        assert len(named) == 1, result.output
        assert len(named[0].split("：", 1)[1]) > 3, "no reason is given"
        assert total(run, tmp_path / "ix", '"两个维护"') == 3


def test_strict_is_content_when_every_file_was_read(run: Run, reports: Path, tmp_path: Path) -> None:
    assert run("index", reports, "--index", tmp_path / "ix", "--strict").exit_code == 0


def test_a_file_that_became_unreadable_keeps_its_last_good_version(run: Run, reports: Path, tmp_path: Path) -> None:
    index = tmp_path / "ix"
    run("index", reports, "--index", index)
    (reports / "水务局2023.txt").write_bytes(b"\x00" * 500)
    result = run("index", "--index", index)
    assert result.exit_code == 0
    assert "仍用上次" in result.stdout
    assert total(run, index, '"两个维护"') == 3


def test_a_folder_without_any_readable_report_makes_no_index(run: Run, tmp_path: Path) -> None:
    (tmp_path / "报告").mkdir()
    (tmp_path / "报告" / "坏.txt").write_bytes(b"\x00" * 500)
    result = run("index", tmp_path / "报告", "--index", tmp_path / "ix")
    assert result.exit_code == 2
    assert "坏.txt" in result.stderr
    assert run("stats", "--index", tmp_path / "ix").exit_code == 3


@pytest.mark.parametrize("make", [False, True], ids=["missing", "empty"])
def test_a_missing_or_empty_folder_is_an_error_and_makes_no_index(run: Run, tmp_path: Path, make: bool) -> None:
    if make:
        (tmp_path / "报告").mkdir()
    result = run("index", tmp_path / "报告", "--index", tmp_path / "ix")
    assert result.exit_code == 2
    assert "报告" in result.stderr
    assert run("stats", "--index", tmp_path / "ix").exit_code == 3


@pytest.mark.parametrize("how", ["missing", "empty"])
def test_a_source_that_is_suddenly_gone_is_no_mass_removal(run: Run, reports: Path, tmp_path: Path, how: str) -> None:
    index = tmp_path / "ix"
    run("index", reports, "--index", index)
    for file in reports.iterdir():
        file.unlink()
    if how == "missing":
        reports.rmdir()
    result = run("index", "--index", index)
    assert result.exit_code == 2
    assert "索引没有改动" in result.stderr
    assert total(run, index, '"两个维护"') == 3


def test_other_sources_need_to_be_added_or_to_replace(run: Run, reports: Path, tmp_path: Path) -> None:
    index, other = tmp_path / "ix", tmp_path / "另一批"
    other.mkdir()
    (other / "水务局2022.txt").write_text(WATER_2023.replace("2023", "2022"), encoding="utf-8")
    run("index", reports, "--index", index)

    refused = run("index", other, "--index", index)
    assert refused.exit_code == 2
    assert "--add" in refused.stderr and "--replace" in refused.stderr
    assert total(run, index, '"两个维护"') == 3

    assert run("index", other, "--index", index, "--add").exit_code == 0
    assert total(run, index, '"两个维护"') == 6
    assert [root.label for root in current_manifest(index).roots] == ["报告", "另一批"]

    assert run("index", reports, "--index", index).exit_code == 2, "one of two sources alone is another set of sources"

    assert run("index", other, "--index", index, "--replace").exit_code == 0
    assert total(run, index, '"两个维护"') == 3
    assert [root.label for root in current_manifest(index).roots] == ["另一批"]


def test_add_and_replace_exclude_each_other(run: Run, reports: Path, tmp_path: Path) -> None:
    result = run("index", reports, "--index", tmp_path / "ix", "--add", "--replace")
    assert result.exit_code == 2
    assert "--add" in result.stderr


def test_no_source_and_no_index_says_what_to_write(run: Run, tmp_path: Path) -> None:
    result = run("index", "--index", tmp_path / "ix")
    assert result.exit_code == 2
    assert "searchapp index" in result.stderr


def test_an_index_of_another_schema_is_refused_with_what_to_do_and_rebuilt_when_asked(
    run: Run, reports: Path, tmp_path: Path
) -> None:
    index = tmp_path / "ix"
    run("index", reports, "--index", index)
    manifest = index / (index / "CURRENT").read_text(encoding="ascii").strip() / "manifest.json"
    data = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**data, "schema_version": 0}), encoding="utf-8")
    refused = run("search", "学习", "--index", index)
    assert refused.exit_code == 3
    assert "searchapp index --rebuild" in refused.stderr
    rebuilt = run("index", reports, "--index", index, "--rebuild")
    assert rebuilt.exit_code == 0
    assert total(run, index, '"两个维护"') == 3


# Whoosh leaves a file open when what it unpickles is damaged.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("file", ["manifest.json", "text.npy", "blocks.jsonl", "whoosh", "CURRENT"])
def test_a_damaged_index_is_told_and_an_indexing_run_mends_it(
    run: Run, reports: Path, tmp_path: Path, file: str
) -> None:
    index = tmp_path / "ix"
    run("index", reports, "--index", index)
    build = index / (index / "CURRENT").read_text(encoding="ascii").strip()
    for damaged in [index / file] if file == "CURRENT" else list(build.glob(file)):
        for part in damaged.iterdir() if damaged.is_dir() else [damaged]:
            part.write_bytes(part.read_bytes()[:7])
    told = run("search", "学习", "--index", index)
    assert told.exit_code == 3
    assert "searchapp index --rebuild" in told.stderr
    assert run("index", reports, "--index", index).exit_code == 0
    assert total(run, index, '"两个维护"') == 3
    gc.collect()


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX only")
@pytest.mark.skipif(sys.platform == "darwin", reason="the file system takes UTF-8 names only")
def test_a_file_name_that_is_no_text_is_named_and_the_rest_is_indexed(run: Run, reports: Path, tmp_path: Path) -> None:
    (reports / os.fsdecode("水务".encode("gb18030") + b".txt")).write_text(WATER_2023, encoding="utf-8")
    result = run("index", reports, "--index", tmp_path / "ix")
    assert result.exit_code == 0
    assert "改名" in result.stdout
    assert total(run, tmp_path / "ix", '"两个维护"') == 3


@pytest.mark.parametrize("index", ["/dev/null/ix", "x" * 300], ids=["below a file", "too long a name"])
def test_a_place_where_no_index_can_be_is_told(run: Run, reports: Path, index: str) -> None:
    result = run("index", reports, "--index", index)
    assert result.exit_code in (2, 3)
    assert result.stderr.strip()


def test_the_absolute_place_of_a_source_is_never_told(run: Run, reports: Path, tmp_path: Path) -> None:
    (reports / "坏.txt").write_bytes(b"\x00" * 500)
    told = run("index", reports, "--index", tmp_path / "ix").output
    told += run("reports", "--index", tmp_path / "ix", "--json").output
    told += run("search", "学习", "--index", tmp_path / "ix", "--json").output
    assert str(tmp_path) not in told


def test_verify_agrees_with_untouched_sources_and_not_with_touched_ones(
    run: Run, reports: Path, tmp_path: Path
) -> None:
    index = tmp_path / "ix"
    run("index", reports, "--index", index)
    agreed = run("verify", "--index", index)
    assert agreed.exit_code == 0, agreed.output
    assert "一致" in agreed.stdout
    (reports / "水务局2023.txt").write_text(WATER_2023 + "新添一段，索引里还没有。\n", encoding="utf-8")
    differs = run("verify", "--index", index)
    assert differs.exit_code == 1
    assert "新添一段" in differs.stdout


def test_what_becomes_of_synonyms_is_told(run: Run, reports: Path, tmp_path: Path) -> None:
    def index() -> str:
        return run("index", reports, "--index", tmp_path / "ix").stdout

    table = reports / "synonyms.csv"
    assert "同义词" not in index()
    table.write_text("基层党组织,党支部\n主题党日,党日活动\n", encoding="utf-8")
    assert "采用了同义词表：2 组。" in index()
    assert "同义词" not in index()
    table.write_text("基层党组织,党支部\n", encoding="utf-8")
    assert "同义词表有变化：现在 1 组，原来 2 组。" in index()
    table.write_text("基层党组织,支部\n", encoding="utf-8")
    assert "同义词表有变化：现在 1 组，原来 1 组。" in index()
    table.unlink()
    assert "原有的 1 组同义词不再使用" in index()
    assert "同义词" not in index()


def test_verify_counts_reports_in_the_usual_word(run: Run, reports: Path, tmp_path: Path) -> None:
    run("index", reports, "--index", tmp_path / "ix")
    assert "2 篇报告" in run("verify", "--index", tmp_path / "ix").stdout


def test_index_and_sources_moved_together_still_find_each_other(run: Run, reports: Path, tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    reports.rename(tmp_path / "甲" / "报告")
    run("index", tmp_path / "甲" / "报告", "--index", tmp_path / "甲" / "ix")
    (tmp_path / "甲").rename(tmp_path / "乙")
    moved = run("index", tmp_path / "乙" / "报告", "--index", tmp_path / "乙" / "ix")
    assert moved.exit_code == 0
    assert "已是最新" in moved.stdout


def test_worker_processes_give_the_same_index(run_process: RunProcess, reports: Path, tmp_path: Path) -> None:
    for jobs in ("1", "2"):
        assert run_process("index", reports, "--index", tmp_path / jobs, "--jobs", jobs).returncode == 0
    one, two = (open_library(tmp_path / jobs) for jobs in ("1", "2"))
    assert list(one.reader.iterate()) == list(two.reader.iterate())


def _rows(table: str) -> list[list[str]]:
    return [line.split("│") for line in table.splitlines() if line.startswith("│")]
