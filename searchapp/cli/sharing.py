"""The options of ``searchapp index`` by which several machines share the reading, and what is told of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from searchapp.cli.options import command_line
from searchapp.config import DEFAULT_INDEX
from searchapp.services.indexing import IndexingOptions
from searchapp.services.sharing import ShareMade

MOST_SHARES = 999
_SHOWN_FAILURES = 20


def _share(_: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """``i/n``: share i of n, from 1 to :data:`MOST_SHARES`."""
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,3})/([0-9]{1,3})", value)
    if not found or not 1 <= int(found[1]) <= int(found[2]) <= MOST_SHARES:
        raise click.BadParameter(f"“{value}”不是 i/n（第 i 份，共 n 份；i 从 1 到 n，如 2/4）。", param=parameter)
    return int(found[1]), int(found[2])


def sharing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--begin``, ``--shard`` and ``--finish``."""
    for option in (
        click.option("--finish", is_flag=True, help="分头建索引：各份交齐后合成，并切换到新索引。"),
        click.option("--shard", callback=_share, metavar="I/N", help="分头建索引：在这台机器上读第 I 份，共 N 份。"),
        click.option("--begin", is_flag=True, help="分头建索引：记下来源和选项，由各台机器用 --shard 各读一份。"),
    ):
        command = option(command)
    return command


def check_sharing(options: IndexingOptions, *, begin: bool, shard: tuple[int, int] | None, finish: bool) -> None:
    """Raises ``click.UsageError`` for steps that exclude each other, or options that belong to the first step."""
    if begin + (shard is not None) + finish > 1:
        raise click.UsageError("--begin、--shard、--finish 是先后三步，一次只做一步。")
    told = (
        *(options.sources, options.add, options.replace, options.rebuild),
        *(options.ocr, options.dictionary, options.forget_dictionary),
    )
    if (shard is not None or finish) and any(told):
        raise click.UsageError("来源和选项在 --begin 时写一次，--shard 和 --finish 照它办。")


def tell_begun(files: int, index: Path, out: Console) -> None:
    """What to do next."""
    command = command_line(["searchapp", "index", *([] if index == DEFAULT_INDEX else ["--index", str(index)])])
    out.print(f"已开始，共 {files:,} 个文件。", soft_wrap=True)
    out.print(f"在每台机器上各做一份（例如分 4 份）：{command} --shard 1/4 …… --shard 4/4", soft_wrap=True)
    out.print(f"都做完后，在一台机器上：{command} --finish", soft_wrap=True)


def tell_share(share: tuple[int, int], made: ShareMade, out: Console) -> None:
    """What one machine did."""
    number, count = share
    files = f"{made.files:,} 个文件（未变 {made.unchanged:,}）"
    out.print(f"第 {number}/{count} 份做好了：{files}，读出报告 {made.reports:,} 份。", soft_wrap=True)
    for failed in made.failed[:_SHOWN_FAILURES]:
        out.print(f"未能读取 {failed}", soft_wrap=True)
    if len(made.failed) > _SHOWN_FAILURES:
        out.print(f"……还有 {len(made.failed) - _SHOWN_FAILURES} 个文件未能读取", soft_wrap=True)
