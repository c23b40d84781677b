"""The ``searchapp`` command: its group and its commands."""

from __future__ import annotations

import sys

import click

from searchapp import __version__
from searchapp.cli.browse import reports_command, show_command, stats_command
from searchapp.cli.check import check_command
from searchapp.cli.chinese import ChineseGroup
from searchapp.cli.cite import cite_command
from searchapp.cli.corpus import corpus_group
from searchapp.cli.export import export_command
from searchapp.cli.index import index_command, verify_command
from searchapp.cli.kwic import kwic_command
from searchapp.cli.reindex import reindex_command
from searchapp.cli.search import search_command
from searchapp.cli.serve import serve_command
from searchapp.cli.suggest import phrases_command, suggest_command


@click.group(cls=ChineseGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="searchapp", message="%(prog)s %(version)s", help="显示版本。")
def main() -> None:
    """在一批中文报告里精确查找短语，按单位、年份、栏目筛选，直达原文段落。"""
    for stream in (sys.stdout, sys.stderr):
        # A console in another encoding shows ? for what it lacks, rather than stopping.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


for _command in (
    index_command,
    search_command,
    kwic_command,
    export_command,
    suggest_command,
    phrases_command,
    check_command,
    cite_command,
    serve_command,
    reports_command,
    show_command,
    stats_command,
    verify_command,
    reindex_command,
    corpus_group,
):
    main.add_command(_command)
