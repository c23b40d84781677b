"""``searchapp export``: the whole of what a search finds, as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import index_option, matching_options, narrowing_options, params_of
from searchapp.cli.writing import STANDARD_OUTPUT, write_output
from searchapp.errors import RequestError
from searchapp.search.schema import SORTS
from searchapp.services.concordance import DEFAULT_WIDTH, MAX_WIDTH
from searchapp.services.export.export import FORMATS, VIEWS, export
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
            click.echo(f"已导出 {made.total:,} {unit}：{output}", err=True)
    finally:
        library.reader.close()
