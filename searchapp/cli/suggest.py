"""``searchapp suggest`` and ``searchapp phrases``: the words and set phrases of the library."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import index_option, json_option
from searchapp.cli.output import console, print_json
from searchapp.services.suggest import DEFAULT_LIMIT, MAX_LIMIT, completion_json, nearest, phrase_json, phrases, suggest
from searchapp.wiring import open_library

SHOWN_PHRASES = 50


@click.command("suggest", cls=ChineseCommand)
@click.argument("text", metavar="TEXT")
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_LIMIT),
    default=DEFAULT_LIMIT,
    show_default=True,
    metavar="N",
    help="最多列出几条。",
)
@index_option
@json_option
def suggest_command(text: str, limit: int, index: Path, *, as_json: bool) -> None:
    """补全：列出以 TEXT 开头的词语和套话，按段落数排列。

    TEXT 可以是汉字，也可以是拼音或拼音首字母。

    \b
      searchapp suggest 廉政风
      searchapp suggest lgwh
    """
    library = open_library(index)
    try:
        completion = suggest(library, text, limit)
        if as_json:
            print_json(completion_json(completion))
            return
        out = console()
        if completion.suggestions:
            table = Table(box=None, pad_edge=False, show_header=False)
            table.add_column(overflow="fold")
            table.add_column(justify="right", no_wrap=True)
            for found in completion.suggestions:
                table.add_row(Text(found.text), f"{found.blocks:,} 段")
            out.print(table)
            return
        out.print(f"没有以“{text}”开头的词语。", soft_wrap=True)
        for near in nearest(library, text):
            told = "" if near.replacement == near.text else f"“{near.replacement}”有 "
            out.print(f"是不是“{near.text}”（{told}{near.blocks:,} 段）", soft_wrap=True)
    finally:
        library.reader.close()


@click.command("phrases", cls=ChineseCommand)
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=SHOWN_PHRASES,
    show_default=True,
    metavar="N",
    help="最多列出几条。",
)
@index_option
@json_option
def phrases_command(limit: int, index: Path, *, as_json: bool) -> None:
    """列出库中的固定表述（套话），按出现次数排列。

    凝合度是几个字粘得多紧，左熵、右熵是前后搭配有多自由；都是越大越像固定说法。
    """
    library = open_library(index)
    try:
        found = list(phrases(library, limit))
        if as_json:
            print_json({"build": library.build, "phrases": [phrase_json(phrase) for phrase in found]})
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("表述", overflow="fold")
        for name in ("处", "段", "凝合度", "左熵", "右熵"):
            table.add_column(name, justify="right", no_wrap=True)
        for phrase in found:
            measures = (phrase.cohesion, phrase.left_entropy, phrase.right_entropy)
            numbers = (f"{phrase.frequency:,}", f"{phrase.blocks:,}", *(f"{measure:.1f}" for measure in measures))
            table.add_row(Text(phrase.text), *numbers)
        console().print(table)
    finally:
        library.reader.close()
