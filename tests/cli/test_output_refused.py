"""Output that nobody takes, under every command: one line or none, a status that says so, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from searchapp.cli import main
from searchapp.cli.exit_status import EXIT_CLOSED_PIPE, EXIT_REQUEST

from .test_help import ALL_COMMANDS, NEED_AN_INDEX

FULL = Path("/dev/full")
WORDS = {
    "check": [["{report}"], ["{report}", "--json"]],
    "cite": [["{paragraph}"], ["{paragraph}", "--json"]],
    "corpus check": [["{reports}"]],
    "corpus evaluate": [["{gold}", "{corpus}"]],
    "corpus export-metadata": [["{reports}", "--output", "-"], ["{reports}", "--output", "/dev/stdout", "--force"]],
    "export": [["党"], ["党", "--output", "/dev/stdout"], ["党", "--format", "xlsx"], ["党", "--format", "jsonl"]],
    "index": [["{reports}"], ["{reports}", "--index", "{new}"], ["--add", "{reports}", "--index", "{new}"]],
    "kwic": [["党"], ["党", "--json"]],
    "phrases": [[], ["--json"]],
    "reindex": [["--engine", "whoosh", "--from", "{index}", "--to", "{new}"]],
    "reports": [[], ["--json"]],
    "search": [["党"], ["党", "--json"], ["没有的词语"]],
    "serve": [["--port", "0"]],
    "show": [["{paragraph}"], ["{report_id}"]],
    "stats": [[], ["--json"]],
    "suggest": [["党"], ["党", "--json"]],
    "verify": [[]],
}
"""What each command is asked, so that it has something to say."""


def _command_lines() -> list[list[str]]:
    commands = [path for path, command in ALL_COMMANDS if not isinstance(command, click.Group)]
    helps = [[*path, "--help"] for path, _ in ALL_COMMANDS]
    return [*helps, ["--version"], *([*path, *words] for path in commands for words in WORDS[" ".join(path)])]


COMMAND_LINES = _command_lines()
pytestmark = pytest.mark.skipif(not FULL.is_char_device(), reason="no device that is always full")


FORKING = """
import json, os, sys, tempfile
from searchapp.__main__ import run
import searchapp.cli, searchapp.wiring, searchapp.web

for line in sys.stdin:
    words, refusing = json.loads(line)
    told = tempfile.TemporaryFile()
    process = os.fork()
    if process == 0:
        if refusing == "full":
            out = os.open("/dev/full", os.O_WRONLY)
        else:
            reader, out = os.pipe()
            os.close(reader)
        os.dup2(out, 1)
        os.dup2(told.fileno(), 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.argv = ["searchapp", *words]
        run()
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    told.seek(0)
    print(json.dumps([status, told.read().decode()]), flush=True)
"""
"""Runs a command for every line, each a process that ends as the interpreter does; only the imports are shared."""


@pytest.fixture(scope="module")
def forking(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The process of :data:`FORKING`."""
    command = [sys.executable, "-c", FORKING]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


@pytest.fixture(scope="module")
def values(index: Path, sample_corpus: Path) -> dict[str, object]:
    """What the names in :data:`WORDS` stand for, but for ``new``."""
    listed = CliRunner().invoke(main, ["search", "党", "--json", "--index", str(index)]).stdout
    paragraph: str = json.loads(listed)["hits"][0]["paragraph_id"]
    return {
        "report": index.parent / "报告" / "水务局2023.txt",
        "reports": index.parent / "报告",
        "corpus": sample_corpus,
        "gold": sample_corpus.parent / "tests" / "gold" / "corpus.jsonl",
        "index": index,
        "report_id": paragraph.partition("-")[0],
        "paragraph": paragraph,
    }


@pytest.mark.parametrize("refusing", ["full", "gone"])
@pytest.mark.parametrize("words", COMMAND_LINES, ids=" ".join)
def test_refused_output_is_one_line_or_none(
    forking: subprocess.Popen[str], values: dict[str, object], tmp_path: Path, words: list[str], refusing: str
) -> None:
    """A full disk is told; a reader that has gone is no news to anybody."""
    filled = [word.format_map({**values, "new": tmp_path / "new"}) for word in words]
    if words[0] in {*NEED_AN_INDEX, "check", "cite", "serve"} and not {"--help", "--index"} & set(words):
        filled += ["--index", str(values["index"])]
    assert forking.stdin and forking.stdout
    forking.stdin.write(json.dumps([filled, refusing]) + "\n")
    forking.stdin.flush()
    status, told = json.loads(forking.stdout.readline())
    if refusing == "gone":
        assert (status, told) == (EXIT_CLOSED_PIPE, "")
    else:
        assert (status, len(told.splitlines())) == (EXIT_REQUEST, 1), told
        assert told.startswith("searchapp：") and told.endswith("：磁盘空间不足\n")


def ended(
    command: list[str], environment: dict[str, str], stdout: int, stderr: int
) -> subprocess.CompletedProcess[str]:
    """How the command ended as a process of its own."""
    whole = [sys.executable, "-m", "searchapp", *command]
    return subprocess.run(
        whole, env=environment, stdout=stdout, stderr=stderr, encoding="utf-8", timeout=300, check=False
    )


@pytest.mark.parametrize("words", [["search", "--no-such"], ["show", "0"]], ids=" ".join)
def test_a_status_is_the_same_when_nobody_takes_the_line_about_it(
    words: list[str], index: Path, environment: dict[str, str]
) -> None:
    command = [*words, "--index", str(index)]
    expected = ended(command, environment, subprocess.DEVNULL, subprocess.PIPE)
    with FULL.open("wb") as full:
        assert ended(command, environment, subprocess.DEVNULL, full.fileno()).returncode == expected.returncode


def test_whoever_closes_the_output_wants_none(index: Path, environment: dict[str, str]) -> None:
    line = f'"{sys.executable}" -m searchapp stats --index "{index}" >&- 2>&-'
    assert subprocess.run(["sh", "-c", line], env=environment, timeout=120, check=False).returncode == 0
