"""``searchapp check``: the summary, the sentences that differ, the exit status, and drafts that cannot be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document

from searchapp.cli import main

from .conftest import Run, RunProcess

Piped = Callable[..., Result]

DRAFT = """一、
2023年，临江区水务局党组深入学习贯彻党的二十大精神，坚决做到“两个维护”。
理论学习还不够深入、调查研究还不够扎实。
规范支部建设，开展主题党日，促进党建与业务融合。
天边飞过一群不知名的白鸟。
"""


@pytest.fixture
def piped(index: Path) -> Piped:
    """Checks what comes in through standard input."""

    def invoke(data: str | bytes, *args: str) -> Result:
        result = CliRunner().invoke(
            main, ["check", "-", "--index", str(index), *args], input=data, prog_name="searchapp"
        )
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        return result

    return invoke


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "稿.txt"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def test_the_summary_comes_first_and_then_what_is_not_exact(run: Run, index: Path, draft: Path) -> None:
    result = run("check", draft, "--index", index)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "共 5 句：一字不差 1，仅标点不同 1，相近 1，库中没有 1，太短 1"
    assert "3. 仅标点不同  理论学习还不够深入[-、-]{+，+}调查研究还不够扎实。" in lines
    assert "[-促进-]{+推动+}党建与业务融合。" in result.stdout
    assert "5. 库中没有  天边飞过一群不知名的白鸟。" in lines
    assert "临江区农业局  2024年" in result.stdout and "2024.txt:" in result.stdout
    assert "一字不差  2023年" not in result.stdout


def test_all_shows_the_exact_and_the_short_too(run: Run, index: Path, draft: Path) -> None:
    result = run("check", draft, "--index", index, "--all")
    assert "1. 太短  一、" in result.stdout
    assert "2. 一字不差  2023年" in result.stdout


def test_json_holds_every_sentence(run: Run, index: Path, draft: Path) -> None:
    answer = json.loads(run("check", draft, "--index", index, "--json").stdout)
    assert answer["counts"] == {"exact": 1, "punctuation": 1, "nearest": 1, "absent": 1, "short": 1}
    assert [each["verdict"] for each in answer["sentences"]] == ["short", "exact", "punctuation", "nearest", "absent"]
    nearest = answer["sentences"][3]
    assert [(each["text"], each["found"]) for each in nearest["differences"]] == [("促进", "推动")]
    assert nearest["places"][0]["year"] == 2024


def test_a_word_document_is_a_draft_too(run: Run, index: Path, tmp_path: Path) -> None:
    document = Document()
    for line in DRAFT.splitlines():
        document.add_paragraph(line)
    document.save(str(tmp_path / "稿.docx"))
    result = run("check", tmp_path / "稿.docx", "--index", index)
    assert result.stdout.startswith("共 5 句：一字不差 1，仅标点不同 1，相近 1，库中没有 1，太短 1")


def test_standard_input_is_read_as_utf8(piped: Piped) -> None:
    assert piped("\ufeff个别支部活动不经常。").stdout == "共 1 句：一字不差 1\n"


def test_strict_fails_when_a_sentence_is_not_exact(piped: Piped) -> None:
    assert piped("一、\n个别支部活动不经常。", "--strict").exit_code == 0
    assert piped("个别支部活动不经常；", "--strict").exit_code == 1
    assert piped("个别支部活动不经常；").exit_code == 0


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"", "没有可核对的文字"), (b" \n", "没有可核对的文字"), (b"\xc4\xe3\xba\xc3", "不是 UTF-8"), (b"a\0b", "空字节")],
)
def test_what_is_no_text_is_told(piped: Piped, data: bytes, told: str) -> None:
    result = piped(data)
    assert result.exit_code == 2
    assert told in result.stderr and not result.stdout


@pytest.mark.parametrize(
    "case",
    [
        ("没有.txt", None, "没有这个文件"),
        ("空.txt", b"", "文件是空的"),
        ("图.png", b"\x89PNG", "不支持这种文件"),
        ("坏.docx", b"PK\x03\x04", "坏.docx"),
        ("乱.txt", b"\x00\x01\x02" * 50, "空字节"),
        ("x\0y.txt", None, "没有这个文件"),
    ],
)
def test_a_draft_that_cannot_be_read_is_told(
    run: Run, index: Path, tmp_path: Path, case: tuple[str, bytes | None, str]
) -> None:
    name, data, told = case
    if data is not None:
        (tmp_path / name).write_bytes(data)
    result = run("check", str(tmp_path / name), "--index", index)
    assert result.exit_code == 2
    assert told in result.stderr and not result.stdout


def test_a_folder_is_no_draft(run: Run, index: Path, tmp_path: Path) -> None:
    assert "是文件夹" in run("check", tmp_path, "--index", index).stderr


def test_without_an_index_the_command_that_makes_one_is_told(run: Run, draft: Path, tmp_path: Path) -> None:
    result = run("check", draft, "--index", tmp_path / "ix")
    assert result.exit_code == 3
    assert "searchapp index" in result.stderr


def test_a_pipe_of_any_encoding_is_no_error(run_process: RunProcess, index: Path, draft: Path) -> None:
    done = run_process("check", str(draft), "--index", str(index), PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
