"""``searchapp corpus``: a corpus looked at before it is indexed."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from pathlib import Path

import click
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from searchapp.cli.help_format import ChineseCommand, ChineseGroup
from searchapp.cli.output import STANDARD_OUTPUT, console, say, write_output
from searchapp.indexing.corpus_account import ACCOUNT_KINDS, FileAccount, accounts, reports_of_sources
from searchapp.indexing.metadata_table import EXPORT_HEADER, export_rows
from searchapp.reports.gold import evaluate, parse_gold
from searchapp.services.labels import BLOCK_LABELS

_PIECE_NAMES = {"contents": "目录", "furniture": "页面杂件", "marks": "标记"}
_LEGEND = (
    "各栏是字数，空白不计；“·”是没有。目录、页面杂件（页眉、页脚、页码、水印、批注、网站的导航和说明）和标记"
    "（文中的注释号、发布者的记号）不参加搜索，其余都参加。“没有着落”应当都是 0，否则是程序的错。"
)
_NARROW = "窗口不够宽，逐个文件的各类字数没有列出；把窗口拉宽，或把输出存成文件，就能看到。"
_NO_LIMIT = 10_000
"""Columns in which any table fits."""
_MIN_NAME_WIDTH, _MAX_FORMAT_WIDTH = 24, 16
_KIND_NAMES = {str(kind): label for kind, label in BLOCK_LABELS.items()} | _PIECE_NAMES
_SCORE_NAMES = {"metadata": "元数据", "kind": "段落类型", "headings": "小标题", "part": "部分", "topic": "首栏目"}
_SHOWN_CONFUSIONS = 12

_sources = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(path_type=Path))


@click.group("corpus", cls=ChineseGroup)
def corpus_group() -> None:
    """索引之前看看一批报告：账目、元数据表、准确率。"""


@corpus_group.command("check", cls=ChineseCommand)
@_sources
def corpus_check_command(sources: tuple[Path, ...]) -> None:
    """逐个文件列账：读出的每个字（空白不计）归到哪一类；有字没有着落就以状态 1 结束。

    读不了的文件，以及读了但有一部分没有读出的，列在表的后面，各有原因。
    """
    out = console()
    found = list(accounts(sources))
    read = [each for each in found if each.kinds is not None]
    lost = sum(abs(each.lost) for each in read)
    if read:
        table = _account_table(read)
        if Measurement.get(out, out.options.update(max_width=_NO_LIMIT), table).minimum <= out.width:
            out.print(table)
        else:
            out.print(_account_table(read, with_kinds=False))
            out.print()
            out.print(_kinds_table(read))
            out.print(_NARROW, soft_wrap=True)
        out.print(_LEGEND, soft_wrap=True)
    for file, message in (note for each in read for note in each.notes):
        out.print(f"注意 {file}：{message}", soft_wrap=True)
    unread = [each for each in found if each.kinds is None]
    for each in unread:
        out.print(f"未能读取 {each.file}：{each.reason}", soft_wrap=True)
    told = f"读了 {len(read):,} 个文件，{sum(each.characters for each in read):,} 字，没有着落 {lost:,} 字"
    failed = f"；{len(unread):,} 个未能读取" if unread else ""
    out.print(f"{told if read else '一个文件也没有读出'}{failed}。", soft_wrap=True)
    if lost:
        sys.exit(1)


def _totals(found: list[FileAccount]) -> Counter[str]:
    """Characters of each kind in all files."""
    totals: Counter[str] = Counter()
    for each in found:
        totals.update(each.kinds or {})
    return totals


def _kinds_table(found: list[FileAccount]) -> Table:
    """One line a kind of text that occurs, for all files together."""
    totals = _totals(found)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("归到哪一类", no_wrap=True)
    table.add_column("字数", justify="right", no_wrap=True)
    for kind in ACCOUNT_KINDS:
        if totals[kind]:
            table.add_row(_KIND_NAMES[kind], f"{totals[kind]:,}")
    return table


def _account_table(found: list[FileAccount], *, with_kinds: bool = True) -> Table:
    """One line a file and one for all, with a column for each kind of text that occurs, unless there is no room."""
    totals = _totals(found)
    kinds = [kind for kind in ACCOUNT_KINDS if totals[kind]] if with_kinds else []
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("文件", overflow="fold", ratio=1, min_width=_MIN_NAME_WIDTH)
    table.add_column("格式或编码", overflow="fold", max_width=_MAX_FORMAT_WIDTH)
    for name in ("报告", "字数", *(_KIND_NAMES[kind] for kind in kinds), "没有着落"):
        table.add_column(name, justify="right", no_wrap=True)
    rows = [(each.file, each.encoding, each.reports, each.characters, each.kinds or {}, each.lost) for each in found]
    if len(found) > 1:
        reports, characters = sum(each.reports for each in found), sum(each.characters for each in found)
        rows.append(("合计", "", reports, characters, totals, sum(abs(each.lost) for each in found)))
    for file, encoding, reports, characters, counts, lost in rows:
        cells = [f"{counts[kind]:,}" if counts.get(kind) else "·" for kind in kinds]
        row = [file, encoding, f"{reports:,}", f"{characters:,}", *cells, f"{lost:,}"]
        table.add_row(*(Text(cell) for cell in row))
    return table


@corpus_group.command("export-metadata", cls=ChineseCommand)
@_sources
@click.option(
    "--output",
    "-o",
    default="metadata.csv",
    metavar="FILE",
    show_default=True,
    help="写到哪个文件；- 为标准输出。",
)
@click.option("--force", is_flag=True, help="文件已经存在时覆盖它。")
def corpus_export_command(sources: tuple[Path, ...], output: str, *, force: bool) -> None:
    """把读出的元数据写成更正表（带 BOM 的 UTF-8 CSV，可用 Excel 修改）。

    改好 value 一列后放进来源文件夹，名为 metadata.csv，再运行 searchapp index 即生效；没有改的值照旧。
    """
    if output != STANDARD_OUTPUT and Path(output).is_file() and not force:
        raise click.UsageError(f"{output} 已经存在；加 --force 覆盖它")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(EXPORT_HEADER)
    rows = list(export_rows(reports_of_sources(sources)))
    writer.writerows(rows)
    data = text.getvalue().encode("utf-8-sig", "replace")
    write_output(output, [data])
    if output != STANDARD_OUTPUT:
        say(f"写好了 {output}：{len(rows):,} 行。")


@corpus_group.command("evaluate", cls=ChineseCommand)
@click.argument("gold", metavar="GOLD", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_sources
@click.option("--misses", default=20, show_default=True, type=click.IntRange(0), help="列出几处不一致。")
def evaluate_command(gold: Path, sources: tuple[Path, ...], misses: int) -> None:
    """用人工标注（GOLD，每行一个 JSON）评定阅读的准确率，并列出混淆表。

    标注的格式见 docs/inside/gold.md。
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
