"""``searchapp search``: the parameters of the API, a readable list or the API's JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from searchapp.cli.chinese import ChineseCommand
from searchapp.cli.options import command_line, console, index_option, json_option, print_json
from searchapp.cli.telling import tell
from searchapp.config import DEFAULT_INDEX
from searchapp.search.schema import FILTER_NAMES, SORTS
from searchapp.services.answers import answer_json
from searchapp.services.searching import search
from searchapp.wiring import open_library

_FILTER_HELP = {
    "unit": "单位（原文写法或部门名，可多次）。",
    "department": "部门（可多次）。",
    "year": "年份（可多次）；none 为未注明。",
    "section": "栏目（可多次）。",
    "part": "部分，如 存在问题（可多次）。",
    "kind": "文种（可多次）。",
    "unit_type": "单位类型，如 政府部门、高校（可多次）。",
    "place": "地区（可多次）。",
    "level": "层级，如 市级（可多次）。",
    "addressee": "主送单位（可多次）。",
}
SWITCHES = frozenset({"synonyms", "fold", "explain", "fillers"})


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name in reversed(FILTER_NAMES):
        excluding = f"排除：{_FILTER_HELP[name]}"
        command = click.option(f"--not-{_dashed(name)}", f"not_{name}", multiple=True, help=excluding)(command)
    for name in reversed(FILTER_NAMES):
        command = click.option(f"--{_dashed(name)}", name, multiple=True, help=_FILTER_HELP[name])(command)
    return command


@click.command("search", cls=ChineseCommand)
@click.argument("query", nargs=-1, metavar="QUERY...")
@_filter_options
@click.option("--year-from", help="从哪一年。")
@click.option("--year-to", help="到哪一年。")
@click.option("--block", multiple=True, help="段落类型：all、heading、paragraph、annex……（可多次）。")
@click.option("--sort", help=f"次序：{'、'.join(SORTS)}。")
@click.option("--page", help="第几页。")
@click.option("--per-page", help="每页几条（最多 100）。")
@click.option("--names", help="单位分面用现名（now）还是当时的名称（then）。")
@click.option("--match", metavar="all|any", help="all（默认）：全部条件都要有；any：有任意一个词即可。")
@click.option("--punct", metavar="exact|ignore", help="exact（默认）：标点也要相同；ignore：不管标点、引号和空格。")
@click.option("--synonyms", is_flag=True, help="同义词表（来源文件夹里的 synonyms.csv）里的其他说法也查。")
@click.option("--group", metavar="report", help="report：按报告归拢，每篇最多列 3 段。")
@click.option("--fold", is_flag=True, help="几乎相同的段落（只差数字、代号、标点）只列一段。")
@click.option("--explain", is_flag=True, help="每条结果说明得分的由来。")
@click.option("--fillers", is_flag=True, help='短语带间隔时（如 "关于*精神"），列出间隔里是什么、各多少处。')
@index_option
@json_option
def search_command(query: tuple[str, ...], index: Path, *, as_json: bool, **given: Any) -> None:
    """查找词语和短语。

    短语加引号：searchapp search '"两个维护"' --department 市水务局。以减号开头的检索式，前面加 -- 隔开。
    """
    params: dict[str, list[str]] = {"q": [" ".join(query)]}
    for name, value in given.items():
        if value not in (None, (), False):
            params[name] = [value] if isinstance(value, str) else ["true"] if value is True else list(value)
    library = open_library(index)
    try:
        answer = search(library, params)
        if as_json:
            print_json(answer_json(answer))
        else:
            beyond = [] if index == DEFAULT_INDEX else ["--index", str(index)]
            tell(answer, lambda changes: _command(beyond, params, changes), console())
    finally:
        library.reader.close()


def _command(beyond: list[str], params: dict[str, list[str]], changes: dict[str, tuple[str, ...]]) -> str:
    """The command line of the same search with ``changes``; ``beyond``: words that are no parameters."""
    changed = {**params, **changes}
    words = ["searchapp", "search", *beyond]
    for name, values in changed.items():
        if name in SWITCHES:
            words += [f"--{_dashed(name)}"] if values == ["true"] else []
        elif name not in ("q", "page"):
            words += [f"--{_dashed(name)}={value}" for value in values]
    return command_line([*words, "--", *changed["q"]])
