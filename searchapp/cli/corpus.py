"""``searchapp corpus``: a corpus looked at before it is indexed."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from searchapp.cli.chinese import ChineseCommand, ChineseGroup
from searchapp.cli.options import console
from searchapp.reports.gold import evaluate, parse_gold
from searchapp.services.answers import BLOCK_LABELS
from searchapp.services.corpus import ACCOUNT_KINDS, FileAccount, accounts, reports_of_sources
from searchapp.services.corrections import EXPORT_HEADER, export_rows

_PIECE_NAMES = {"contents": "目录", "furniture": "页面杂件", "marks": "标记"}
_KIND_NAMES = {str(kind): label for kind, label in BLOCK_LABELS.items()} | _PIECE_NAMES
_SCORE_NAMES = {"metadata": "元数据", "kind": "段落类型", "headings": "小标题", "part": "部分", "topic": "首栏目"}
_SHOWN_CONFUSIONS = 12

_sources = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(path_type=Path))


@click.group("corpus", cls=ChineseGroup)
def corpus_group() -> None:
    """索引之前看看一批报告：账目、元数据表、准确率。"""


@corpus_group.command("check", cls=ChineseCommand)
@_sources
def check_command(sources: tuple[Path, ...]) -> None:
    """逐个文件列账：每个字归到哪里；有字没有着落就以状态 1 结束。"""
    out = console()
    totals: Counter[str] = Counter()
    files = characters = lost = 0
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("文件", overflow="fold", ratio=1)
    for name in ("编码", "报告", "字数", *_KIND_NAMES.values(), "没有着落"):
        table.add_column(name, justify="right", no_wrap=True)
    unread: list[FileAccount] = []
    for found in accounts(sources):
        if found.kinds is None:
            unread.append(found)
            continue
        files, characters, lost = files + 1, characters + found.characters, lost + abs(found.lost)
        totals.update(found.kinds)
        table.add_row(*_cells(found))
    out.print(table)
    told = "，".join(f"{_KIND_NAMES[kind]} {totals[kind]:,}" for kind in ACCOUNT_KINDS if totals[kind])
    out.print(f"{files:,} 个文件，{characters:,} 字：{told}；没有着落 {lost}", soft_wrap=True)
    _tell_unread(unread, out)
    if lost:
        sys.exit(1)


def _cells(found: FileAccount) -> list[Text]:
    kinds = found.kinds or {}
    counts = [f"{kinds.get(kind, 0):,}" if kinds.get(kind) else "·" for kind in ACCOUNT_KINDS]
    cells = [found.file, found.encoding, str(found.reports), f"{found.characters:,}", *counts, str(found.lost)]
    return [Text(cell) for cell in cells]


def _tell_unread(unread: list[FileAccount], out: Console) -> None:
    for found in unread:
        out.print(f"未能读取 {found.file}：{found.reason}", soft_wrap=True)


@corpus_group.command("export-metadata", cls=ChineseCommand)
@_sources
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("metadata.csv"),
    show_default=True,
    help="写到哪个文件；- 为标准输出。",
)
@click.option("--force", is_flag=True, help="文件已经存在时覆盖它。")
def export_command(sources: tuple[Path, ...], output: Path, *, force: bool) -> None:
    """把读出的元数据写成更正表（带 BOM 的 UTF-8 CSV，可用 Excel 修改）。

    改好 value 一列后放进来源文件夹，名为 metadata.csv，再运行 searchapp index 即生效；没有改的值照旧。
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(EXPORT_HEADER)
    rows = list(export_rows(reports_of_sources(sources)))
    writer.writerows(rows)
    data = text.getvalue().encode("utf-8-sig", "replace")
    if str(output) == "-":
        sys.stdout.buffer.write(data)
        return
    if output.exists() and not force:
        raise click.UsageError(f"{output} 已经存在；加 --force 覆盖它")
    output.write_bytes(data)
    click.echo(f"写好了 {output}：{len(rows):,} 行。", err=True)


@corpus_group.command("evaluate", cls=ChineseCommand)
@click.argument("gold", metavar="GOLD", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_sources
@click.option("--misses", default=20, show_default=True, type=click.IntRange(0), help="列出几处不一致。")
def evaluate_command(gold: Path, sources: tuple[Path, ...], misses: int) -> None:
    """用人工标注（GOLD，每行一个 JSON）评定阅读的准确率，并列出混淆表。

    标注的格式见 docs/gold.md。
    """
    try:
        lines = parse_gold(gold.read_text(encoding="utf-8").splitlines())
    except (ValueError, OSError) as exc:
        raise click.UsageError(f"{gold.name} 不是标注文件：{exc}") from exc
    found = evaluate(lines, reports_of_sources(sources))
    out = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("项目", no_wrap=True)
    for name in ("准确率", "对", "共"):
        table.add_column(name, justify="right", no_wrap=True)
    for field, score in found.scores.items():
        table.add_row(_SCORE_NAMES.get(field, field), f"{score.accuracy:.1%}", f"{score.right:,}", f"{score.total:,}")
    out.print(f"{found.lines:,} 行标注")
    out.print(table)
    for field in ("part", "topic"):
        for (expected, read), count in list(found.scores[field].confusion.items())[:_SHOWN_CONFUSIONS]:
            out.print(f"{_SCORE_NAMES[field]}：应为 {expected}，读作 {read}，{count} 处", soft_wrap=True)
    for miss in found.misses[:misses]:
        shown = _SCORE_NAMES.get(miss.field, miss.field)
        out.print(f"{miss.file}:{miss.line} {shown} 应为 {miss.expected}，读作 {miss.found}", soft_wrap=True)
