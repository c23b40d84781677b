"""``searchapp search``: the parameters of the API, a readable list or the API's JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import (
    command_line,
    console,
    dashed,
    index_option,
    json_option,
    matching_options,
    narrowing_options,
    params_of,
    print_json,
)
from searchapp.cli.render import tell
from searchapp.config import DEFAULT_INDEX
from searchapp.services.payloads.encode import answer_json
from searchapp.services.search import search
from searchapp.wiring import open_library

_SORT_HELP = "次序：relevance 最相关（默认）、newest 从新到旧、oldest 从旧到新、document 按原文。"
SWITCHES = frozenset({"synonyms", "fold", "explain", "fillers"})


@click.command("search", cls=ChineseCommand)
@click.argument("query", nargs=-1, metavar="QUERY...")
@narrowing_options
@click.option("--sort", metavar="ORDER", help=_SORT_HELP)
@click.option("--page", metavar="N", help="第几页。")
@click.option("--per-page", metavar="N", help="每页几条（最多 100）。")
@click.option("--names", metavar="now|then", help="单位用现名（now，默认）还是当时的名称（then）统计。")
@matching_options
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
      searchapp search '"两个维护"' --department 临溪区委 --year 2023
      searchapp search '"意识形态*责任制"' --fillers
      searchapp search '怎样推进党建和业务融合' --match any
    """
    params = params_of(query, given)
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
            words += [f"--{dashed(name)}"] if values == ["true"] else []
        elif name not in ("q", "page"):
            words += [f"--{dashed(name)}={value}" for value in values]
    return command_line([*words, "--", *changed["q"]])
