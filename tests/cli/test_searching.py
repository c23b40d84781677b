"""``searchapp search``, ``reports``, ``show``, ``stats``: answers, and what is told when there is none."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from searchapp.web import create_app
from searchapp.wiring import open_library

from .conftest import Run, RunProcess

HIT = {
    "paragraph_id": str,
    "report_id": str,
    "block": str,
    "title": str,
    "unit": str,
    "department": str,
    "year": int,
    "kind": str,
    "section": dict,
    "text": str,
    "highlights": list,
    "occurrences": int,
    "score": float,
    "source": dict,
    "url": str,
}
FACETS = ["unit", "year", "section", "part", "kind"]


def answer_of(run: Run, index: Path, *args: str) -> dict[str, Any]:
    result = run("search", "--index", index, "--json", *args)
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


@pytest.mark.parametrize("command", [["search", "学习"], ["reports"], ["show", "abc"], ["stats"], ["verify"]])
def test_without_an_index_the_command_that_makes_one_is_told(run: Run, tmp_path: Path, command: list[str]) -> None:
    result = run(*command, "--index", tmp_path / "ix")
    assert result.exit_code == 3
    assert "searchapp index" in result.stderr
    assert not result.stdout
    assert not (tmp_path / "ix").exists()


def test_json_has_the_shape_that_is_documented(run: Run, index: Path) -> None:
    answer = answer_of(run, index, '"两个维护"')
    expected = {"query", "build", "total", "page", "per_page", "counts", "took_ms", "hits", "facets", "diagnostics"}
    assert expected <= set(answer)
    assert answer["query"] == '"两个维护"'
    assert answer["total"] == 3
    assert answer["counts"] == {"occurrences": 3, "paragraphs": 3, "reports": 1, "units": 1}
    assert list(answer["facets"]) == FACETS
    for hit in answer["hits"]:
        assert {name: type(hit[name]) for name in HIT} == HIT
        assert set(hit["section"]) == {"headings", "parts", "topics"}
        assert set(hit["source"]) == {"file", "line", "column", "page"}
        assert [hit["text"][start:end] for start, end in hit["highlights"]] == ["两个维护"]
        assert hit["url"].startswith(f"/reports/{hit['report_id']}#")
    for values in answer["facets"].values():
        for value in values:
            assert set(value) == {"value", "label", "count", "selected"}


@pytest.mark.parametrize(
    "params",
    [
        {"q": ['"两个维护"']},
        {"q": ["学习"], "per_page": ["1"], "page": ["2"]},
        {"q": ["局"], "block": ["all"], "sort": ["newest"]},
        {"q": ["学习"], "unit": ["水务局", "农业局"], "year": ["2023"]},
        {"q": ["学习"], "not_year": ["2023"], "year_from": ["2020"], "year_to": ["2030"]},
        {"q": ["这里没有的词"]},
        {"q": [""], "part": ["存在问题"]},
        {"q": ["学习 没有"], "match": ["any"], "fold": ["true"], "explain": ["true"]},
        {"q": ['"学习*深入"'], "punct": ["ignore"], "fillers": ["true"], "group": ["report"]},
        {"q": ["学习"], "synonyms": ["true"]},
    ],
    ids=str,
)
def test_json_is_what_the_api_answers(run: Run, index: Path, params: dict[str, list[str]]) -> None:
    library = open_library(index)
    client = create_app(lambda: library).test_client()
    options = [
        word
        for name, values in params.items()
        if name != "q"
        for value in values
        for word in (f"--{name.replace('_', '-')}", *([] if value == "true" else [value]))
    ]
    told = answer_of(run, index, *options, "--", *params["q"])
    asked = client.get(f"/api/v1/search?{urlencode(params, doseq=True)}").get_json()
    library.reader.close()
    del told["took_ms"], asked["took_ms"]
    assert told == asked


def test_words_given_apart_are_one_query(run: Run, index: Path) -> None:
    assert answer_of(run, index, "理论学习", "调查研究")["query"] == "理论学习 调查研究"
    assert answer_of(run, index, "理论学习", "调查研究")["total"] == 1


def test_a_person_reads_counts_hits_and_where_they_stand(run: Run, index: Path) -> None:
    result = run("search", '"两个维护"', "--index", index)
    assert result.exit_code == 0
    assert "1 篇报告，3 处，3 段，1 个单位" in result.stdout
    assert result.stdout.count("报告/水务局2023.txt:") == 3
    assert "一、加强政治建设" in result.stdout


def test_no_hit_says_which_clause_has_none(run: Run, index: Path) -> None:
    result = run("search", "学习", "莫须有之词", "--index", index)
    assert result.exit_code == 0
    assert "“莫须有之词”在全库一处也没有" in result.stdout
    assert "“学习”在全库" not in result.stdout


def test_no_hit_offers_command_lines_that_can_be_copied(run: Run, index: Path) -> None:
    query = '"理论学习" "莫须有之词" -"it\'s"'
    result = run("search", query, "--index", index, "--block", "paragraph", "--page", "1")
    assert "去掉“莫须有之词”（1 段）" in result.stdout
    lines = [line.strip() for line in result.stdout.splitlines() if line.strip().startswith("searchapp search ")]
    assert len(lines) >= 2
    words = shlex.split(lines[0])
    assert words[-2:] == ["--", '"理论学习" -"it\'s"']
    assert "--block=paragraph" in words and not any(word.startswith("--page=") for word in words)
    copied = run(*words[1:])
    assert copied.exit_code == 0
    assert "1 篇报告，1 处，1 段" in copied.stdout


def test_what_punctuation_keeps_apart_is_one_command_away(run: Run, index: Path) -> None:
    result = run("search", '"做到两个维护"', "--index", index)
    assert "忽略标点（1 段）" in result.stdout
    command = next(line for line in result.stdout.splitlines() if "--punct=ignore" in line)
    assert "1 篇报告，1 处，1 段" in run(*shlex.split(command)[1:]).stdout


def test_groups_near_identical_blocks_and_explanations_are_shown(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    folder.mkdir()
    notes = [
        f"（{number}）{number}月召开专题会议{number}次，研究部署党建工作{'持续' * (number % 2)}。"
        for number in range(1, 9)
    ]
    text = "甲市水务局2023年度落实全面从严治党主体责任情况报告\n一、主要工作\n" + "\n".join(notes)
    (folder / "水务局2023.txt").write_text(text, encoding="utf-8")
    run("index", folder, "--index", tmp_path / "ix")
    grouped = run("search", "专题会议", "--group", "report", "--index", tmp_path / "ix").stdout
    assert "这篇报告另有 5 段" in grouped and grouped.count("报告/水务局2023.txt:") == 3
    folded = run("search", "专题会议", "--fold", "--index", tmp_path / "ix").stdout
    assert "段几乎相同" in folded and "相似段落只列一次，列出 2 段" in folded.splitlines()[0]
    explained = run("search", "专题会议", "--explain", "--per-page", "1", "--index", tmp_path / "ix").stdout
    assert "合计" in explained and "一字不差" in explained and "得分" in explained


def test_nothing_found_is_said_in_words(run: Run, index: Path) -> None:
    assert run("search", "这里没有的词", "--index", index).stdout.startswith("没有找到符合条件的段落\n")


def test_fillers_are_listed_with_their_counts(run: Run, index: Path) -> None:
    result = run("search", '"学习*深入"', "--fillers", "--index", index)
    assert '"学习*深入" 的间隔里：1 处，1 种' in result.stdout
    assert "    1  还不够" in result.stdout


def test_synonyms_of_the_table_are_sought_and_told(run: Run, tmp_path: Path, reports: Path) -> None:
    (reports / "synonyms.csv").write_bytes("理论学习,学习贯彻\n只有一种\n".encode("gb18030"))
    told = run("index", reports, "--index", tmp_path / "ix")
    assert "synonyms.csv" in told.output and "第 2 行" in told.output
    result = run("search", "理论学习", "--synonyms", "--index", tmp_path / "ix")
    assert "“理论学习”也按“学习贯彻”查找" in result.stdout
    assert "2 处，2 段" in result.stdout


def test_a_filter_value_that_does_not_exist_is_told(run: Run, index: Path) -> None:
    result = run("search", "学习", "--unit", "没有这个局", "--index", index)
    assert result.exit_code == 0
    assert "没有这个局" in result.stdout


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["字" * 5001], "5000"),
        (["学习", "--page", "-1"], "-1"),
        (["学习", "--page", "0"], "页码"),
        (["学习", "--page", "abc"], "abc"),
        (["学习", "--page", "9" * 50], "页码"),
        (["学习", "--per-page", "101"], "100"),
        (["学习", "--year", "abc"], "abc"),
        (["学习", "--year-from", "二〇二三"], "二〇二三"),
        (["学习", "--not-year", "20 23"], "20 23"),
        (["学习", "--sort", "best"], "best"),
        (["学习", "--block", "poem"], "poem"),
        (["学习", "--match", "some"], "匹配方式"),
        (["学习", "--punct", "none"], "标点的处理"),
        (["学习", "--group", "unit"], "分组方式"),
        (["学习", "--year", "20\x0023"], "年份"),
        (["学习", "--unit", "局" * 201], "200"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(run: Run, index: Path, args: list[str], told: str) -> None:
    result = run("search", *args, "--index", index)
    assert result.exit_code == 2
    assert result.stderr.startswith("searchapp：")
    assert told in result.stderr
    assert "\0" not in result.stderr
    assert not result.stdout


@pytest.mark.parametrize(
    "query",
    [
        "学\0习",
        "\0",
        "\ufeff学习",
        "\u202e学习",
        "\ud800学习",
        '"',
        "“",
        "((((",
        "A OR",
        "NOT",
        "-",
        "*",
        "[red]学习[/]",
        "！",
    ],
)
def test_whatever_is_typed_gets_an_answer(run: Run, index: Path, query: str) -> None:
    for form in ([], ["--json"]):
        result = run("search", *form, "--index", index, "--", query)
        assert result.exit_code == 0
        assert result.stdout.strip()


@pytest.mark.parametrize("value", ["\0", "\ud800", "[red]", "%s", "../../etc"])
def test_whatever_a_filter_is_given_gets_an_answer(run: Run, index: Path, value: str) -> None:
    result = run("search", "学习", "--unit", value, "--section", value, "--index", index)
    assert result.exit_code in (0, 2)
    assert "\0" not in result.output


@pytest.mark.parametrize("identifier", ["", "abc", "zz-1", "-", "--", "../x", "a\0b", "\ud800", "x" * 5_000])
def test_an_unknown_id_is_told(run: Run, index: Path, identifier: str) -> None:
    result = run("show", "--index", index, "--", identifier)
    assert result.exit_code == 1
    assert result.stderr.startswith("searchapp：")


def test_every_report_and_paragraph_that_is_listed_can_be_shown(run: Run, index: Path) -> None:
    listed = json.loads(run("reports", "--index", index, "--json").stdout)
    assert [report["year"] for report in listed] == [2024, 2023] or [report["year"] for report in listed] == [
        2023,
        2024,
    ]
    for report in listed:
        assert {
            "report_id",
            "title",
            "unit",
            "department",
            "body",
            "year",
            "kind",
            "sources",
            "paragraphs",
            "headings",
        } <= set(report)
        assert all(set(source) == {"file", "lines"} for source in report["sources"])
        shown = run("show", report["report_id"], "--index", index)
        assert shown.exit_code == 0
        assert report["title"] in shown.stdout
    for hit in answer_of(run, index, '"两个维护"')["hits"]:
        shown = run("show", hit["paragraph_id"], "--index", index)
        assert shown.exit_code == 0
        assert hit["text"] in shown.stdout
        assert f"第 {hit['source']['line']} 行" in shown.stdout


def test_stats_are_the_sizes_of_the_library(run: Run, index: Path) -> None:
    stats = json.loads(run("stats", "--index", index, "--json").stdout)
    assert stats["reports"] == 2
    assert stats["years"] == [2023, 2024]
    assert "2 篇报告" in run("stats", "--index", index).stdout


@pytest.mark.parametrize(
    "locale",
    [{"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": ""}, {"PYTHONIOENCODING": "gb2312"}, {"PYTHONIOENCODING": "ascii"}],
    ids=["C", "gb2312", "ascii"],
)
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_output_in_a_pipe_of_any_encoding_is_no_error(
    run_process: RunProcess, index: Path, locale: dict[str, str], form: list[str]
) -> None:
    done = run_process("search", '"两个维护"', *form, "--index", index, **locale)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout) > 100


def test_a_reader_that_stops_reading_is_no_error(environment: dict[str, str], index: Path) -> None:
    command = [sys.executable, "-m", "searchapp", "search", "", "--per-page", "100", "--index", str(index)]
    with subprocess.Popen(
        command, env={**environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["search", "学习"], 0),
        (["search", "学习", "--page", "-1"], 2),
        (["show", "abc"], 1),
        (["nonsense"], 2),
        (["search", "--nonsense"], 2),
        (["search", "学习", "--index", "/nonexistent/ix"], 3),
    ],
)
def test_a_process_ends_with_the_documented_status(
    run_process: RunProcess, index: Path, args: list[str], status: int
) -> None:
    where = [] if "--index" in args or args == ["nonsense"] else ["--index", str(index)]
    done = run_process(*args, *where)
    assert done.returncode == status
    assert bool(done.stderr) == (status != 0)


@pytest.mark.parametrize("args", [["nonsense"], ["search", "--nonsense"], ["index", "--jobs", "x"], ["show"]])
def test_a_mistyped_command_is_answered_in_chinese(run: Run, args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert any("\u4e00" <= char <= "\u9fff" for char in result.stderr), result.stderr
