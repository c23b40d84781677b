"""``searchapp kwic``: every occurrence on a line of its own, the keywords under each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import (
    console,
    index_option,
    json_option,
    matching_options,
    narrowing_options,
    params_of,
    print_json,
)
from searchapp.search.request import MAX_PER_PAGE
from searchapp.services.concordance import DEFAULT_LINES, DEFAULT_WIDTH, LINE_SORTS, MAX_WIDTH, Concordance, concordance
from searchapp.services.payloads.concordance_json import concordance_json
from searchapp.wiring import open_library

_UNKNOWN = "未注明"


@click.command("kwic", cls=ChineseCommand)
@click.argument("query", nargs=-1, metavar="QUERY...")
@narrowing_options
@matching_options
@click.option("--sort", metavar="|".join(LINE_SORTS), help="document（默认）：原文次序；right：按右文；left：按左文。")
@click.option("--width", metavar="N", help=f"左右各显示几个字（默认 {DEFAULT_WIDTH}，最多 {MAX_WIDTH}）。")
@click.option("--page", help="第几页。")
@click.option("--per-page", help=f"每页几处（默认 {DEFAULT_LINES}，最多 {MAX_PER_PAGE}）。")
@index_option
@json_option
def kwic_command(query: tuple[str, ...], index: Path, *, as_json: bool, **given: Any) -> None:
    """逐处列出：词语出现一次列一行，左右文对齐。

    看一个词后面常接什么：searchapp kwic 党建引领 --sort right。
    """
    library = open_library(index)
    try:
        found = concordance(library, params_of(query, given))
        if as_json:
            print_json(concordance_json(found))
        else:
            _tell(found, console())
    finally:
        library.reader.close()


def _tell(found: Concordance, out: Console) -> None:
    counts = found.counts
    out.print(f"{found.total} 处，{counts.paragraphs} 段，{counts.reports} 篇报告", style="bold", soft_wrap=True)
    for told in found.diagnostics:
        out.print(f"  · {told.message}", soft_wrap=True)
    lefts = [_one_line(line.left) for line in found.lines]
    room = max(map(cell_len, lefts), default=0)
    for line, left in zip(found.lines, lefts, strict=True):
        meta = line.located.report.meta
        shown = Text(" " * (room - cell_len(left)) + left)
        shown.append(f" {_one_line(line.keyword)} ", style="bold red")
        shown.append(_one_line(line.right))
        year = _UNKNOWN if meta.year is None else str(meta.year)
        shown.append(f"  {meta.unit or _UNKNOWN} {year} {line.located.paragraph_id}", style="dim")
        out.print(shown, soft_wrap=True)
    shown_to = (found.page - 1) * found.per_page + len(found.lines)
    if found.lines and shown_to < found.total:
        out.print(f"\n到第 {shown_to} 处，共 {found.total} 处；下一页：--page {found.page + 1}", soft_wrap=True)


def _one_line(text: str) -> str:
    return "".join(" " if char.isspace() else char for char in text)
