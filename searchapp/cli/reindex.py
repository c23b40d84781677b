"""``searchapp reindex``: a library moved to another engine."""

from __future__ import annotations

from pathlib import Path

import click

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import console, opensearch_prefix_option, opensearch_url_option
from searchapp.cli.progress import Bar
from searchapp.config import DEFAULT_INDEX, Settings
from searchapp.wiring import INDEXING_ENGINES, move_library


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
