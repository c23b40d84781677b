"""Options that several commands share."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from searchapp.config import DEFAULT_INDEX
from searchapp.fields import FILTERS
from searchapp.store.builds import Trust


def _trust(_context: click.Context, _option: click.Parameter, value: bool) -> None:
    Trust.folders = value


trust_option: Callable[[Any], Any] = click.option(
    "--trust-index-folder",
    is_flag=True,
    expose_value=False,
    callback=_trust,
    envvar="SEARCHAPP_TRUST_INDEX_FOLDER",
    help="索引文件夹任何用户都能写，或属于别的用户时，也打开；确知可信才用。",
)
_index_option: Callable[[Any], Any] = click.option(
    "--index",
    "index",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_INDEX,
    show_default=True,
    metavar="DIR",
    help="索引文件夹。",
)


def index_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The index folder, and whether it is trusted whoever may write to it."""
    decorated: Callable[..., Any] = _index_option(trust_option(command))
    return decorated


opensearch_url_option: Callable[[Any], Any] = click.option(
    "--opensearch-url",
    default="",
    metavar="URL",
    help="opensearch 引擎：搜索集群的地址，几个用逗号隔开；用户名和口令写在环境变量里。",
)
opensearch_prefix_option: Callable[[Any], Any] = click.option(
    "--opensearch-prefix", default="", metavar="NAME", help="opensearch 引擎：索引名的前缀，每个库各用一个。"
)
json_option: Callable[[Any], Any] = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")


def command_line(words: Sequence[str]) -> str:
    """``words`` as one line to be copied into the shell of this system."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def dashed(name: str) -> str:
    """A parameter's name as an option writes it."""
    return name.replace("_", "-")


def narrowing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that narrow a search: every filter, every exclusion, years, kinds of block."""
    for option in (
        click.option("--block", multiple=True, help="段落类型：all（全部）、heading、paragraph、annex 等。"),
        click.option("--year-to", metavar="YEAR", help="到哪一年。"),
        click.option("--year-from", metavar="YEAR", help="从哪一年。"),
    ):
        command = option(command)
    for field in reversed(FILTERS):
        excluding = f"不要这个{field.label}。"
        command = click.option(f"--not-{dashed(field.name)}", f"not_{field.name}", multiple=True, help=excluding)(
            command
        )
    for field in reversed(FILTERS):
        including = "，".join(filter(None, (f"只要这个{field.label}", field.hint))) + "。"
        command = click.option(f"--{dashed(field.name)}", field.name, multiple=True, help=including)(command)
    return command


def matching_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what counts as found."""
    for option in (
        click.option("--synonyms", is_flag=True, help="同义词表（来源文件夹里的 synonyms.csv）里的其他说法也查。"),
        click.option(
            "--punct", metavar="exact|ignore", help="exact（默认）：标点也要相同；ignore：不管标点、引号和空格。"
        ),
        click.option("--match", metavar="all|any", help="all（默认）：全部条件都要有；any：有任意一个词即可。"),
    ):
        command = option(command)
    return command


def params_of(query: Sequence[str], given: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the words and options of a command line say, as the parameters of a search."""
    params: dict[str, list[str]] = {"q": [" ".join(query)]}
    for name, value in given.items():
        if value not in (None, (), False):
            params[name] = [value] if isinstance(value, str) else ["true"] if value is True else list(value)
    return params
