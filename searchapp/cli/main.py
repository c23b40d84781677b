"""The ``searchapp`` command: its group and its commands, each imported when it is called for."""

from __future__ import annotations

import os
import stat
import sys
from importlib import import_module

import click

from searchapp import __version__
from searchapp.cli.help_format import ChineseGroup

_COMMANDS = {
    "index": "index:index_command",
    "search": "search:search_command",
    "kwic": "export:kwic_command",
    "export": "export:export_command",
    "suggest": "suggest:suggest_command",
    "phrases": "suggest:phrases_command",
    "check": "check:check_command",
    "cite": "library:cite_command",
    "serve": "server:serve_command",
    "reports": "library:reports_command",
    "show": "library:show_command",
    "stats": "library:stats_command",
    "verify": "index:verify_command",
    "reindex": "index:reindex_command",
    "corpus": "corpus:corpus_group",
}
"""By the name of a command, its module in this room and its name there."""


class _LateGroup(ChineseGroup):
    """A command comes in with its module: of half a second that all of them take, a search needs a fifth."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"searchapp.cli.{module}"), name)
        return command


@click.group(cls=_LateGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="searchapp", message="%(prog)s %(version)s", help="显示版本。")
def main() -> None:
    """在一批中文报告里精确查找短语，按单位、年份、栏目筛选，直达原文段落。"""
    # No file that a command makes is for every user to write to, however the system is set: such an index is refused.
    os.umask(os.umask(0o077) | stat.S_IWOTH)
    for stream in (sys.stdout, sys.stderr):
        # A console in another encoding shows ? for what it lacks, rather than stopping.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
