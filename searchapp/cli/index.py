"""``searchapp index``, ``verify`` and ``reindex``, and the progress bar of long commands."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import (
    command_line,
    index_option,
    opensearch_prefix_option,
    opensearch_url_option,
    trust_option,
)
from searchapp.cli.output import console
from searchapp.config import DEFAULT_ENGINE, DEFAULT_INDEX, LARGE_ENGINE, LARGE_LIBRARY_BLOCKS, Settings
from searchapp.indexing.read_all import FileBudget
from searchapp.indexing.run import IndexingOptions, IndexingReport
from searchapp.reports.readers.limits import MEBIBYTE
from searchapp.wiring import (
    INDEXING_ENGINES,
    altered_files,
    index_sources,
    is_outgrown,
    move_library,
    verify_index,
)

_SHOWN_WARNINGS = 20
_BUDGET = FileBudget()


@click.command("index", cls=ChineseCommand)
@click.argument("sources", nargs=-1, metavar="SOURCE...", type=click.Path(path_type=Path))
@index_option
@click.option(
    "--engine",
    type=click.Choice(INDEXING_ENGINES),
    help=f"检索引擎；不写就沿用索引原来的，新建时为 {DEFAULT_ENGINE}。",
)
@opensearch_url_option
@opensearch_prefix_option
@click.option("--rebuild", is_flag=True, help="不沿用已有索引，全部重读重建（地址不变）。")
@click.option("--add", is_flag=True, help="在原有来源之外并入这些来源。")
@click.option("--replace", is_flag=True, help="不要原有来源，换成这些来源。")
@click.option("--jobs", type=click.IntRange(1, 64), help="读取文件的进程数；默认等于处理器核数。")
@click.option(
    "--file-seconds",
    type=click.FloatRange(min=0),
    default=_BUDGET.seconds,
    show_default=True,
    help="读一个文件最多用多少秒（每 10 MB）；超过的停下，记为未读；0 为不限。",
)
@click.option(
    "--file-memory",
    type=click.IntRange(0),
    default=_BUDGET.memory // MEBIBYTE,
    show_default=True,
    help="读一个文件最多用多少 MB 内存；0 为不限。",
)
@click.option(
    "--dictionary",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="分词用的词表，每行一个词；以后更新索引时沿用。",
)
@click.option("--no-dictionary", is_flag=True, help="不再沿用原来的词表。")
@click.option("--ocr", is_flag=True, help="用 ocrmypdf 识别没有文字层的 PDF（要先装好它和 chi_sim）。")
@click.option("--follow-links", is_flag=True, help="也读指向来源文件夹之外的符号链接；不写就列出名称，不跟随。")
@click.option("--strict", is_flag=True, help="有文件读不出来时以状态 1 结束。")
def index_command(
    sources: tuple[Path, ...],
    index: Path,
    engine: str | None,
    *,
    opensearch_url: str,
    opensearch_prefix: str,
    rebuild: bool,
    add: bool,
    replace: bool,
    jobs: int | None,
    file_seconds: float,
    file_memory: int,
    dictionary: Path | None,
    no_dictionary: bool,
    ocr: bool,
    follow_links: bool,
    strict: bool,
) -> None:
    """建立索引，或让它跟上来源的变化。

    SOURCE 是放报告的文件夹或单个报告文件（.txt、.docx、.pdf、.html、.xlsx、.zip 等）；不写就沿用索引原来的来源。
    只重读变动过的文件。
    """
    if add and replace:
        raise click.UsageError("--add 和 --replace 只能用一个。")
    if dictionary and no_dictionary:
        raise click.UsageError("--dictionary 和 --no-dictionary 只能用一个。")
    options = IndexingOptions(
        sources,
        add=add,
        replace=replace,
        rebuild=rebuild,
        jobs=jobs,
        budget=FileBudget(file_seconds, file_memory * MEBIBYTE),
        dictionary=dictionary,
        forget_dictionary=no_dictionary,
        ocr=ocr,
        follow_links=follow_links,
    )
    with Bar() as bar:
        report = index_sources(Settings(index, engine, opensearch_url, opensearch_prefix), options, bar)
    _tell(report, console())
    if is_outgrown(index, report.stats):
        console().print(_advice(index), soft_wrap=True)
    if strict and report.problems:
        sys.exit(1)


def _tell(report: IndexingReport, out: Console) -> None:
    """The table at the end, then what a person should look at."""
    stats = report.stats
    years = f"{stats.years[0]}—{stats.years[-1]}" if stats.years else "–"
    table = Table(title="索引已更新" if report.changed else "索引已是最新", title_justify="left", show_header=False)
    table.add_column(justify="left")
    table.add_column(justify="right")
    rows = (
        ("文件", f"{len(report.files):,}（未变 {report.unchanged_files:,}）"),
        ("报告", f"{stats.reports:,}"),
        ("段落", f"{stats.blocks:,}（正文 {stats.paragraphs:,}）"),
        ("字符", f"{stats.characters:,}"),
        ("单位", f"{stats.units:,}"),
        ("年份", years),
        ("提醒", f"{len(report.warnings) + len(report.problems):,}"),
    )
    for name, value in rows:
        table.add_row(name, value)
    out.print(table)
    if report.rebuilt_because:
        out.print(f"已从头重建：{report.rebuilt_because}", soft_wrap=True)
    if told := _about_synonyms(report):
        out.print(told, soft_wrap=True)
    for record in report.problems:
        kept = "，仍用上次读到的内容" if record.status == "kept" else ""
        out.print(f"未能读取 {record.file}：{record.reason}{kept}", soft_wrap=True)
    for warning in report.warnings[:_SHOWN_WARNINGS]:
        line = f" 第 {warning.line} 行" if warning.line else ""
        out.print(f"提醒 {warning.file}{line}：{warning.message}", soft_wrap=True)
    if len(report.warnings) > _SHOWN_WARNINGS:
        out.print(f"……还有 {len(report.warnings) - _SHOWN_WARNINGS} 条提醒")


def _about_synonyms(report: IndexingReport) -> str:
    """What became of the user's synonyms; empty when nothing changed."""
    now, before = report.synonyms, report.synonyms_before
    if now and not before:
        return f"采用了同义词表：{now:,} 组。检索时选“同义词：一并查找”（命令行 --synonyms）才用到。"
    if before and not now:
        return f"现在没有可用的同义词表（synonyms.csv），原有的 {before:,} 组同义词不再使用。"
    return f"同义词表有变化：现在 {now:,} 组，原来 {before:,} 组。" if report.synonyms_changed else ""


def _advice(index: Path) -> str:
    command = command_line(["searchapp", "reindex", "--from", str(index), "--engine", LARGE_ENGINE])
    return f"段落超过 {LARGE_LIBRARY_BLOCKS:,}，建议换用 {LARGE_ENGINE} 引擎：{command}"


@click.command("verify", cls=ChineseCommand)
@index_option
@click.option("--quick", is_flag=True, help="只算每个索引文件的校验值，看有没有损坏；不读来源，可每晚运行。")
@click.option(
    "--deep",
    is_flag=True,
    help="还按索引所存的原文把检索用的数组和全部词表重做一遍，逐个比较；费时和重建相当，临时文件和索引一样大。",
)
def verify_command(index: Path, *, quick: bool, deep: bool) -> None:
    """重读来源，逐段核对索引，并抽取短语逐字计数比较。

    从快到慢：--quick 只看索引文件有没有损坏；不加选项，再看索引与来源是否一致；
    --deep 再看检索用的每个数组、每个词表是否与原文一致。
    """
    out = console()
    if quick and deep:
        raise click.UsageError("--quick 和 --deep 只能用一个。")
    if quick:
        _verify_files(index, out)
        return
    with Bar("重做", "篇报告") as bar:
        found = verify_index(Settings(index), deep, bar)
    out.print(
        f"核对了 {found.files:,} 个文件、{found.reports:,} 篇报告、{found.blocks:,} 段、{found.characters:,} 字，"
        f"抽查 {found.phrases} 个短语。",
        soft_wrap=True,
    )
    if deep:
        out.print(f"重做并比较了检索用的全部数组和 {found.lists:,} 个词表。", soft_wrap=True)
    for file in found.skipped:
        out.print(f"现在读不出来，未核对：{file}", soft_wrap=True)
    for difference in found.differences:
        out.print(difference, soft_wrap=True)
    if found.lost_characters:
        out.print(f"有 {found.lost_characters} 个字没有着落。")
    if not found.agrees:
        update = command_line(["searchapp", "index", "--index", str(index)])
        rebuild = command_line(["searchapp", "index", "--rebuild", "--index", str(index)])
        out.print(f"不一致。来源有过改动就更新索引：{update}；没有改动，就重建：{rebuild}", soft_wrap=True)
        sys.exit(1)
    out.print("一致：来源中的每一段都在索引里，恰好一次；没有丢失一个字。")


def _verify_files(index: Path, out: Console) -> None:
    """Exits with status 1 when a file is damaged."""
    files, size, altered = altered_files(Settings(index))
    if not altered:
        out.print(f"索引文件完好：{files} 个文件，{size / MEBIBYTE:,.1f} MB，校验值全部相符。", soft_wrap=True)
        return
    for name in altered:
        out.print(f"索引文件已损坏：{name}", soft_wrap=True)
    rebuild = command_line(["searchapp", "index", "--rebuild", "--index", str(index)])
    out.print(f"来源没有受影响；请重建：{rebuild}", soft_wrap=True)
    sys.exit(1)


@click.command("reindex", cls=ChineseCommand)
@click.option(
    "--from",
    "source",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_INDEX,
    show_default=True,
    metavar="DIR",
    help="现有的索引文件夹。",
)
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="新的索引文件夹；不写就在原处换。",
)
@click.option("--engine", type=click.Choice(INDEXING_ENGINES), required=True, help="换成哪个检索引擎。")
@trust_option
@opensearch_url_option
@opensearch_prefix_option
def reindex_command(
    source: Path, target: Path | None, engine: str, *, opensearch_url: str, opensearch_prefix: str
) -> None:
    """把索引换到另一个检索引擎，不必重读来源。

    报告、地址、词表、同义词都不变；以后照常用 searchapp index 更新。
    """
    place = source if target is None else target
    with Bar("转存", "篇报告") as bar:
        stats = move_library(source, Settings(place, engine, opensearch_url, opensearch_prefix), bar)
    console().print(f"{place} 现在用 {engine} 引擎：报告 {stats.reports:,} 篇，段落 {stats.blocks:,}。", soft_wrap=True)


class Bar:
    """A progress bar on standard error: how many of what there is, paragraphs a second, time left.

    ``doing`` and ``unit``: what is done to what, in Chinese.
    """

    def __init__(self, doing: str = "读取", unit: str = "个文件") -> None:
        self._doing = doing
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(unit + " · {task.fields[rate]} 段/秒 · 剩余"),
            TimeRemainingColumn(),
            console=console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task: TaskID | None = None
        self._paragraphs = 0

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, files: int) -> None:
        self._task = self._bar.add_task(self._doing, total=files, rate="0")

    def file_done(self, paragraphs: int) -> None:
        if self._task is None:
            return
        self._paragraphs += paragraphs
        elapsed = self._bar.tasks[0].elapsed or 0.0
        rate = f"{self._paragraphs / elapsed:,.0f}" if elapsed else "–"
        self._bar.update(self._task, advance=1, rate=rate)

    def writing(self) -> None:
        if self._task is not None:
            self._bar.update(self._task, description="写入")
