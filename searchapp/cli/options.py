"""Options that several commands share."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from searchapp.config import DEFAULT_INDEX

index_option: Callable[[Any], Any] = click.option(
    "--index",
    "index",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_INDEX,
    show_default=True,
    metavar="DIR",
    help="索引文件夹。",
)
json_option: Callable[[Any], Any] = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")


PIPED_WIDTH = 160
"""Columns of a table that goes to a file or another program."""


def console() -> Console:
    """Standard output for people: no markup is read in what reports hold."""
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False)


def command_line(words: Sequence[str]) -> str:
    """``words`` as one line to be copied into the shell of this system."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def print_json(value: object) -> None:
    """Standard output for programs."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(text.encode("utf-8", "replace").decode("utf-8"))
