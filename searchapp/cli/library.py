"""``searchapp reports``, ``show``, ``stats`` and ``cite``: what the library holds, and passages with their source."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import index_option, json_option
from searchapp.cli.output import console, print_json
from searchapp.errors import NotFoundError
from searchapp.reports.model import Block, Report, split_paragraph_id
from searchapp.search.schema import department_of
from searchapp.services.citation.cited_passage import cited, cited_json, span_of
from searchapp.services.labels import years_text
from searchapp.services.library import Library
from searchapp.services.payloads.encode import report_json
from searchapp.services.payloads.shape import shaped
from searchapp.services.payloads.types import StatsJson
from searchapp.services.report_list import ListRequest, list_reports
from searchapp.wiring import open_library

UNKNOWN = "未注明"
_NARROW = 110
"""Columns of a terminal below which departments and kinds fold early, to leave room for titles."""


@click.command("reports", cls=ChineseCommand)
@index_option
@json_option
def reports_command(index: Path, *, as_json: bool) -> None:
    """列出全部报告：单位、年份、文种、段落数。"""
    library = open_library(index)
    summaries = list_reports(library, ListRequest()).found
    if as_json:
        print_json([report_json(summary) for summary in summaries])
        return
    out = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("编号", "年份"):
        table.add_column(name, no_wrap=True)
    for name, most in (("部门", 16), ("文种", 12)):
        table.add_column(name, overflow="fold", max_width=most if out.width < _NARROW else None)
    table.add_column("段落", justify="right", no_wrap=True)
    table.add_column("标题", overflow="fold")
    for summary in summaries:
        meta = summary.meta
        year = UNKNOWN if meta.year is None else str(meta.year)
        cells = (
            summary.report_id,
            year,
            department_of(meta) or UNKNOWN,
            meta.kind,
            f"{summary.paragraphs:,}",
            meta.title,
        )
        table.add_row(*(Text(cell) for cell in cells))
    out.print(f"{len(summaries):,} 篇报告")
    out.print(table)


@click.command("show", cls=ChineseCommand)
@click.argument("identifier", metavar="ID")
@index_option
def show_command(identifier: str, index: Path) -> None:
    """显示一篇报告，或一个段落（连同它在报告中的位置）。

    ID 是报告编号（见 searchapp reports）或段落编号（见 searchapp search 的结果）。
    """
    library = open_library(index)
    if split_paragraph_id(identifier)[1]:
        _show_block(library, identifier)
    else:
        _show_report(library, identifier)


def _show_report(library: Library, identifier: str) -> None:
    ids = library.resolve_report(identifier)
    if not ids:
        raise NotFoundError(f"没有这篇报告：{identifier}。用 searchapp reports 查看全部编号。")
    out = console()
    if len(ids) > 1:
        out.print(f"{identifier} 现在对应 {len(ids)} 篇报告：{'、'.join(ids)}", soft_wrap=True)
        return
    report = library.reader.report(ids[0])
    out.print(_described(report), style="bold", soft_wrap=True)
    for source in report.sources:
        out.print(f"{source.file}  第 {source.first_line}—{source.last_line} 行", style="dim", soft_wrap=True)
    for block in report.blocks:
        out.print(_text(block), soft_wrap=True)


def _show_block(library: Library, identifier: str) -> None:
    location = library.locate(identifier)
    located = location.located
    out = console()
    if location.moved:
        out.print("原段落已不在，这里是离它最近的段落。")
    meta = located.report.meta
    out.print(f"{meta.title}  {meta.unit or UNKNOWN}  {years_text(meta)}", style="bold", soft_wrap=True)
    if located.block.headings:
        out.print(" › ".join(located.block.headings), style="dim", soft_wrap=True)
    out.print(_text(located.block), soft_wrap=True)
    source = located.block.source
    out.print(f"{source.file}  第 {source.line} 行  {located.paragraph_id}", style="dim", soft_wrap=True)


def _described(report: Report) -> str:
    meta = report.meta
    parent = f"（上级 {meta.parent}）" if meta.parent else ""
    return f"{meta.title}\n{meta.unit or UNKNOWN}{parent}  {years_text(meta)}  {meta.kind}"


def _text(block: Block) -> Text:
    style = "bold" if block.kind in ("title", "heading") else ""
    indent = "　　" if block.kind == "paragraph" else ""
    return Text(indent + block.text, style=style)


@click.command("stats", cls=ChineseCommand)
@index_option
@json_option
def stats_command(index: Path, *, as_json: bool) -> None:
    """库有多大：报告、段落、字数、单位、年份。"""
    library = open_library(index)
    stats = library.reader.stats()
    if as_json:
        print_json(shaped(StatsJson, stats, build=library.build))
        return
    years = "—".join(str(year) for year in sorted({*stats.years[:1], *stats.years[-1:]})) or UNKNOWN
    console().print(
        f"{stats.reports:,} 篇报告，{stats.blocks:,} 段（正文 {stats.paragraphs:,}），{stats.characters:,} 字，"
        f"{stats.units:,} 个单位，年份 {years}，版次 {library.build}",
        soft_wrap=True,
    )


@click.command("cite", cls=ChineseCommand)
@click.argument("paragraph", metavar="PARAGRAPH_ID")
@index_option
@click.option("--start", type=click.IntRange(0), help="只引这一处所在的“一是”条目或句子：起点（从 0 数的字）。")
@click.option("--end", type=click.IntRange(0), help="这一处的终点（不含）。")
@json_option
def cite_command(paragraph: str, index: Path, *, start: int | None, end: int | None, as_json: bool) -> None:
    """引用一个段落：原文、公文写法的出处、GB/T 7714 的著录。

    PARAGRAPH_ID 是检索结果和 searchapp search --json 里的段落编号。
    """
    library = open_library(index)
    try:
        found = cited(library, paragraph, span_of(start, end))
        if as_json:
            print_json(cited_json(library.build, found))
            return
    finally:
        library.reader.close()
    out = console()
    if found.moved:
        out.print("原段落已不在，这里是离它最近的段落。")
    out.print(found.text + found.citation.official, soft_wrap=True)
    out.print(found.citation.gbt7714, soft_wrap=True)
