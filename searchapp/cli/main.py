"""The ``searchapp`` command: its group, and how errors leave it."""

from __future__ import annotations

import sys
from typing import Any

import click

from searchapp import __version__
from searchapp.cli.browse import reports_command, show_command, stats_command
from searchapp.cli.index import index_command, verify_command
from searchapp.cli.search import search_command
from searchapp.cli.serve import serve_command
from searchapp.errors import LibraryError, NotFoundError, SearchappError

EXIT_NOT_FOUND = 1
EXIT_REQUEST = 2
EXIT_LIBRARY = 3


class _Group(click.Group):
    """A group whose commands' searchapp errors become one line on standard error and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SearchappError as exc:
            click.echo(f"searchapp：{exc}", err=True)
            sys.exit(_status(exc))


def _status(error: SearchappError) -> int:
    if isinstance(error, NotFoundError):
        return EXIT_NOT_FOUND
    return EXIT_LIBRARY if isinstance(error, LibraryError) else EXIT_REQUEST


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="searchapp", message="%(prog)s %(version)s")
def main() -> None:
    """在一批中文报告里精确查找短语，按单位、年份、栏目筛选，直达原文段落。"""
    for stream in (sys.stdout, sys.stderr):
        # A console in another encoding shows ? for what it lacks, rather than stopping.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


for _command in (
    index_command,
    search_command,
    serve_command,
    reports_command,
    show_command,
    stats_command,
    verify_command,
):
    main.add_command(_command)
