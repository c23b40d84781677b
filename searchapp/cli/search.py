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
from searchapp.search.schema import FILTER_NAMES
from searchapp.services.answers import answer_json
from searchapp.services.searching import search
from searchapp.wiring import open_library

_FILTER_HELP = {
    "unit": ("单位", "原文写法或部门名"),
    "department": ("部门", ""),
    "year": ("年份", "none 为未注明"),
    "section": ("栏目", "如 组织建设"),
    "part": ("部分", "如 存在问题"),
    "kind": ("文种", "如 政府工作报告"),
    "unit_type": ("单位类型", "如 政府部门、高校"),
    "place": ("地区", ""),
    "level": ("层级", "如 市级"),
    "addressee": ("主送单位", ""),
}
"""What a filter narrows by, and a word about its values."""
_SORT_HELP = "次序：relevance 最相关（默认）、newest 从新到旧、oldest 从旧到新、document 按原文。"
SWITCHES = frozenset({"synonyms", "fold", "explain", "fillers"})


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name in reversed(FILTER_NAMES):
        told = f"不要这个{_FILTER_HELP[name][0]}。"
        command = click.option(f"--not-{_dashed(name)}", f"not_{name}", multiple=True, help=told)(command)
    for name in reversed(FILTER_NAMES):
        told = "，".join(filter(None, (f"只要这个{_FILTER_HELP[name][0]}", _FILTER_HELP[name][1]))) + "。"
        command = click.option(f"--{_dashed(name)}", name, multiple=True, help=told)(command)
    return command


@click.command("search", cls=ChineseCommand)
@click.argument("query", nargs=-1, metavar="QUERY...")
@_filter_options
@click.option("--year-from", metavar="YEAR", help="从哪一年。")
@click.option("--year-to", metavar="YEAR", help="到哪一年。")
@click.option("--block", multiple=True, help="段落类型：all（全部）、heading、paragraph、annex 等。")
@click.option("--sort", metavar="ORDER", help=_SORT_HELP)
@click.option("--page", metavar="N", help="第几页。")
@click.option("--per-page", metavar="N", help="每页几条（最多 100）。")
@click.option("--names", metavar="now|then", help="单位用现名（now，默认）还是当时的名称（then）统计。")
@click.option("--match", metavar="all|any", help="all（默认）：全部条件都要有；any：有任意一个词即可。")
@click.option("--punct", metavar="exact|ignore", help="exact（默认）：标点也要相同；ignore：不管标点、引号和空格。")
@click.option("--synonyms", is_flag=True, help="同义词表（来源文件夹里的 synonyms.csv）里的其他说法也查。")
@click.option("--group", metavar="report", help="按报告归并，每篇最多列 3 段。")
@click.option("--fold", is_flag=True, help="相似段落（只差数字、代号、标点）只列一段。")
@click.option("--explain", is_flag=True, help="每条结果说明得分的由来。")
@click.option("--fillers", is_flag=True, help='短语带间隔时（如 "意识形态*责任制"），列出间隔里是什么、各多少处。')
@index_option
@json_option
def search_command(query: tuple[str, ...], index: Path, *, as_json: bool, **given: Any) -> None:
    """查找词语和短语。

    词用空格隔开；一字不差的短语加引号，外面再加一层单引号。筛选的选项都可以写几次。每条结果下面有段落编号，
    searchapp show 编号 显示原文。以减号开头的检索式，前面加 -- 隔开。

    \b
      searchapp search 党建 引领
      searchapp search '"两个维护"' --department 市水务局 --year 2023
      searchapp search '"意识形态*责任制"' --fillers
      searchapp search '怎样推进党建和业务融合' --match any
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
