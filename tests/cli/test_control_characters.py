"""What files, names and words of the command line hold reaches no terminal as a control character, by any command."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.table import Table
from rich.text import Text

from searchapp.cli import main, output
from searchapp.cli.main import _COMMANDS

UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
EVIL = "\x1b]0;改了标题\x07\x9b31m\x08\u202e责任\u2066\x7f"
REPORT = f"""示例区水务局{EVIL}2023年度工作报告
一、加强{EVIL}政治建设
始终压实责任，{EVIL}做到两个维护，完成了年初确定的目标。
二、存在的问题
个别支部{EVIL}活动不经常。
{"全面落实各项任务，完成了年初确定的目标，下一步要继续抓好落实。" * 12}
"""
SOURCE = Path(__file__).resolve().parents[2] / "searchapp" / "cli"


def run(*args: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args], prog_name="searchapp")
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evil") / "报告"
    folder.mkdir()
    (folder / "水务局2023.txt").write_text(REPORT, encoding="utf-8")
    (folder / "空.txt").write_text("", encoding="utf-8")
    (folder / "metadata.csv").write_text(f"file,field,value\n{EVIL}.txt,year,{EVIL}\n", encoding="utf-8")
    if os.name == "posix":
        (folder / f"{EVIL}\n提醒 假的.txt").write_text(REPORT, encoding="utf-8")
        if sys.platform == "linux":
            (folder / os.fsdecode(b"\xff\xfe.txt")).write_text(REPORT, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def evil_index(sources: Path) -> Path:
    index = sources.parent / "index"
    result = run("index", sources, "--index", index)
    assert result.exit_code == 0, result.output
    return index


def commands(sources: Path, index: Path) -> dict[str, list[tuple[str | Path, ...]]]:
    """Every command but the server, in ways that write what it has found or was given."""
    at = ("--index", index)
    (report,) = json.loads(run("reports", *at, "--json").output)
    paragraph = json.loads(run("search", "责任", *at, "--json").output)["hits"][0]["paragraph_id"]
    draft = sources.parent / "稿.txt"
    draft.write_text(f"始终压实责任，{EVIL}做到两个维护，完成了年初预定的目标。{EVIL}{REPORT}\n", encoding="utf-8")
    gold = sources.parent / "gold.jsonl"
    gold.write_text(f"{EVIL}\n", encoding="utf-8")
    table = sources.parent / "表.csv"
    return {
        "index": [("index", sources, *at), ("index", f"{EVIL}", *at), ("index", sources.parent, *at)],
        "search": [
            ("search", "责任", *at, "--explain"),
            ("search", "责任", *at, "--json"),
            ("search", f"{EVIL}没有", *at),
            ("search", '"压实*两个维护"', *at, "--fillers"),
            ("search", "责任", *at, "--unit", EVIL),
            ("search", "责任", *at, "--sort", EVIL),
        ],
        "kwic": [("kwic", "责任", *at), ("kwic", "责任", *at, "--json")],
        "export": [("export", "责任", *at, "--format", EVIL), ("export", "责任", *at, "--output", table)],
        "suggest": [("suggest", "责", *at), ("suggest", EVIL, *at), ("suggest", "责", *at, "--json")],
        "phrases": [("phrases", *at), ("phrases", *at, "--json")],
        "check": [("check", draft, *at, "--all"), ("check", draft, *at, "--json"), ("check", f"{EVIL}.txt", *at)],
        "cite": [("cite", paragraph, *at), ("cite", paragraph, *at, "--json"), ("cite", EVIL, *at)],
        "reports": [("reports", *at), ("reports", *at, "--json")],
        "show": [("show", report["report_id"], *at), ("show", paragraph, *at), ("show", EVIL, *at)],
        "stats": [("stats", *at), ("stats", *at, "--json"), ("stats", "--index", EVIL)],
        "verify": [("verify", *at), ("verify", *at, "--quick")],
        "reindex": [
            ("reindex", "--from", index, "--to", sources.parent / EVIL.replace("/", ""), "--engine", "whoosh"),
            ("reindex", "--from", EVIL, "--engine", "whoosh"),
        ],
        "corpus": [
            ("corpus", "check", sources),
            ("corpus", "export-metadata", sources, "--output", table, "--force"),
            ("corpus", "evaluate", gold, sources),
        ],
    }


def test_no_command_writes_a_control_character(sources: Path, evil_index: Path) -> None:
    told = commands(sources, evil_index)
    assert told.keys() == _COMMANDS.keys() - {"serve"}
    seen = ""
    for calls in told.values():
        for call in calls:
            shown = run(*call).output
            assert not (found := UNSAFE.search(shown)), (call, found, shown)
            seen += shown
    assert "␛]0;改了标题" in seen and "\\x9b" in seen and "\\u202e" in seen


def test_json_keeps_what_the_report_holds(evil_index: Path) -> None:
    hits = json.loads(run("search", "两个维护", "--index", evil_index, "--json").output)["hits"]
    assert any(EVIL in hit["text"] for hit in hits)


def test_names_that_break_lines_or_are_no_unicode_are_named_on_one_line(sources: Path, evil_index: Path) -> None:
    lines = run("index", sources, "--index", evil_index).output.splitlines()
    if os.name == "posix":
        assert not any(line.startswith("提醒 假的") for line in lines)
        assert sum("请改名" in line for line in lines) == (2 if sys.platform == "linux" else 1)


def test_on_a_terminal_only_the_styles_are_control_characters() -> None:
    written = io.StringIO()
    out = output._Output(file=written, force_terminal=True, color_system="truecolor", width=80, markup=False)
    out.print(Text(f"甲{EVIL}", style="bold red"))
    out.print(EVIL, style="dim", soft_wrap=True)
    table = Table(title=EVIL)
    table.add_column(EVIL)
    table.add_row(Text(EVIL))
    out.print(table)
    shown = re.sub(r"\x1b\[[\d;]*m", "", written.getvalue())
    assert "\x1b[" in written.getvalue()
    assert not UNSAFE.search(shown)


def test_nothing_is_written_past_the_one_place() -> None:
    past = re.compile(r"\bclick\.(?:s?echo|prompt|confirm)\(|(?<![\w.])print\(|\bConsole\(|std(?:out|err)\.write\(")
    for path in SOURCE.glob("*.py"):
        found = past.findall(path.read_text(encoding="utf-8"))
        assert not found or path.name == "output.py", (path.name, found)
