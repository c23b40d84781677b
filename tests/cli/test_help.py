"""Every command and option explains itself, in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from searchapp.cli import main

from .conftest import Run

NEED_AN_INDEX = ["index", "search", "kwic", "export", "suggest", "phrases", "reports", "show", "stats", "verify"]
COMMANDS = [*NEED_AN_INDEX, "check", "cite", "serve", "corpus", "reindex"]
_CHINESE = re.compile("[\u4e00-\u9fff]")


def walk(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """A command and all below it, each with the words that lead to it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            assert below.name == name
            yield from walk(below, (*path, name))


ALL_COMMANDS = list(walk(main))


def test_the_commands_are_those_that_are_documented() -> None:
    assert sorted(path[0] for path, _ in ALL_COMMANDS if len(path) == 1) == sorted(COMMANDS)


@pytest.mark.parametrize(("path", "command"), ALL_COMMANDS, ids=[" ".join(path) or "-" for path, _ in ALL_COMMANDS])
def test_every_command_and_option_has_help_in_chinese(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help and _CHINESE.search(command.help), f"{path}: the command has no help"
    # As click makes it: a command keeps the help option that it is first asked for.
    parent = click.Context(main, info_name="searchapp", **main.context_settings)
    context = click.Context(command, info_name=path[-1], parent=parent) if path else parent
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Option):
            assert parameter.help and _CHINESE.search(parameter.help), f"{path}: {parameter.opts} has no Chinese help"


@pytest.mark.parametrize("path", [path for path, _ in ALL_COMMANDS], ids=lambda path: " ".join(path) or "-")
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_is_shown_without_an_index(run: Run, path: tuple[str, ...], flag: str) -> None:
    result = run(*path, flag)
    assert result.exit_code == 0
    assert _CHINESE.search(result.output)


@pytest.mark.parametrize("name", NEED_AN_INDEX)
def test_every_command_that_needs_an_index_takes_where_it_is(name: str) -> None:
    command = dict(ALL_COMMANDS)[(name,)]
    options = [option for parameter in command.params for option in parameter.opts]
    assert "--index" in options


def test_a_path_of_the_wrong_kind_is_told_in_chinese(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("党建")
    for words, told in (
        (("stats", "--index", tmp_path / "file"), "是文件，应是文件夹"),
        (("index", tmp_path, "--dictionary", tmp_path), "是文件夹，应是文件"),
        (("corpus", "evaluate", tmp_path / "none", tmp_path), "没有这个文件"),
    ):
        result = run(*words)
        assert result.exit_code == 2
        assert told in result.stderr, words


def test_the_version_is_told(run: Run) -> None:
    assert re.fullmatch(r"searchapp \d+\.\d+\.\d+\n", run("--version").output)
