"""``searchapp export`` and ``kwic``: all that a search finds, as a file or as one aligned line per occurrence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import index_option, json_option, matching_options, narrowing_options, params_of
from searchapp.cli.output import STANDARD_OUTPUT, console, print_json, say, write_output
from searchapp.errors import RequestError
from searchapp.search.request import MAX_PER_PAGE
from searchapp.search.schema import SORTS
from searchapp.services.concordance import DEFAULT_LINES, DEFAULT_WIDTH, LINE_SORTS, MAX_WIDTH, Concordance, concordance
from searchapp.services.export.export import FORMATS, VIEWS, export
from searchapp.services.payloads.listings import concordance_json
from searchapp.wiring import open_library


@click.command("export", cls=ChineseCommand)
@click.argument("query", nargs=-1, metavar="QUERY...")
@narrowing_options
@matching_options
@click.option("--sort", help=f"次序：{'、'.join(SORTS)}；逐处列出时：document、right、left。")
@click.option("--format", "format", metavar="|".join(FORMATS), help="格式；不写时看文件名的后缀，默认 csv。")
@click.option("--view", metavar="|".join(VIEWS), help="blocks（默认）：一段一行；kwic：一处一行，带左右文。")
@click.option("--width", metavar="N", help=f"逐处列出时，左右各几个字（默认 {DEFAULT_WIDTH}，最多 {MAX_WIDTH}）。")
@click.option("--site", metavar="URL", default="", help="永久地址前面的网址，如 http://192.168.1.5:5000。")
@click.option("--output", default=STANDARD_OUTPUT, metavar="FILE", help="写到哪个文件；-（默认）：标准输出。")
@index_option
def export_command(query: tuple[str, ...], index: Path, *, site: str, output: str, **given: Any) -> None:
    """导出全部结果（不只一页）：CSV、Excel、JSON Lines。

    例：searchapp export '"两个维护"' --year 2023 --output 两个维护.xlsx。
    """
    params = params_of(query, given)
    suffix = Path(output).suffix.removeprefix(".").lower()
    if "format" not in params and suffix in FORMATS:
        params["format"] = [suffix]
    library = open_library(index)
    try:
        made = export(library, params, lambda paragraph_id: f"{site.rstrip('/')}/p/{paragraph_id}")
        if output == STANDARD_OUTPUT and made.format == "xlsx" and sys.stdout.isatty():
            raise RequestError("Excel 文件不能显示在终端里；请用 --output 写到文件")
        write_output(output, made.chunks)
        if output != STANDARD_OUTPUT:
            unit = "处" if made.view == "kwic" else "段"
            say(f"已导出 {made.total:,} {unit}：{output}")
    finally:
        library.reader.close()


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
