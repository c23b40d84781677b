"""Click in Chinese: help laid out by terminal columns, messages about wrong usage, and the exit status of errors.

Click counts characters; a Chinese one takes two columns, so Click's own lines would be up to twice as wide.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click
from rich.cells import cell_len

from searchapp.cli.exit_status import (
    EXIT_INTERRUPTED,
    EXIT_LIBRARY,
    EXIT_NOT_FOUND,
    EXIT_REQUEST,
    EXIT_TERMINATED,
    closed_pipes_end_it,
    status_when_written,
)
from searchapp.cli.output import say
from searchapp.errors import LibraryError, NotFoundError, SearchappError

_NEVER_FIRST = "，。、；：！？）》”’…)"
_NEVER_LAST = "（《“‘("
_UNITS = re.compile(rf"[{_NEVER_LAST}]*(?:[!-'*-~]+|[^\s])[{_NEVER_FIRST}]*| +")
"""What is not torn apart: a word of Latin letters, or a character, with the punctuation that belongs to it."""
_NO_SPACE = re.compile(r"(?<=[^\x00-\x7f])\s*\n\s*|\s*\n\s*(?=[^\x00-\x7f])")
"""A line break in the source beside a Chinese character: it stands for nothing."""
_AS_IT_STANDS = "\b\n"
"""How a paragraph begins that click is not to wrap."""
_MAX_TERM_WIDTH = 30
_SPACING = 2

_PIECES = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 …"}
_DEFAULT = re.compile(
    r"(?P<stop>。?)\s*\[(?:default: (?P<value>[^;\]]*))?(?:; )?"
    r"(?:(?P<least>[\d.]+)<=x<=(?P<most>[\d.]+)|x>=(?P<from>[\d.]+))?\]$"
)
"""What click says behind the help of an option: its default and its bounds."""
_ABOUT_PATHS = {
    "does not exist.": "没有这个文件",
    "is a file.": "是文件，应是文件夹",
    "is a directory.": "是文件夹，应是文件",
    "": "没有读它的权限",
}
"""What is off about a path, by the end of Click's own message."""


def wrapped(text: str, width: int) -> Iterator[str]:
    """``text`` in lines of at most ``width`` columns; only what cannot be broken is longer."""
    line = ""
    for unit in _UNITS.findall(" ".join(_NO_SPACE.sub("", text).split())):
        if line and cell_len(line + unit.rstrip()) > width:
            yield line.rstrip()
            line = unit.lstrip()
        else:
            line += unit
    if line.strip():
        yield line.rstrip()


class ChineseFormatter(click.HelpFormatter):
    """Help whose columns and lines are measured in columns of the terminal."""

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        """Paragraphs, with an empty line between them."""
        margin = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            self.write("\n" if number else "")
            for line in _lines(paragraph, self.width - self.current_indent):
                self.write(f"{margin}{line}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _MAX_TERM_WIDTH, col_spacing: int = _SPACING
    ) -> None:
        """Terms and what they mean, in two columns; a term too long for its column has a line of its own."""
        rows = list(rows)
        margin = " " * self.current_indent
        column = min(col_max, max(cell_len(term) for term, _ in rows)) + col_spacing
        for term, told in rows:
            lines = list(wrapped(told, self.width - self.current_indent - column))
            gap = column - cell_len(term)
            beside = lines.pop(0) if lines and gap >= col_spacing else ""
            self.write(f"{margin}{term}{' ' * gap}{beside}".rstrip() + "\n")
            for line in lines:
                self.write(f"{margin}{' ' * column}{line}\n")


def _lines(paragraph: str, width: int) -> Iterable[str]:
    if paragraph.startswith(_AS_IT_STANDS):
        return paragraph.removeprefix(_AS_IT_STANDS).splitlines()
    return wrapped(paragraph, width)


class ChineseContext(click.Context):
    """A context whose help is laid out by :class:`ChineseFormatter`."""

    formatter_class = ChineseFormatter


class ChineseCommand(click.Command):
    """A command whose help is in Chinese throughout."""

    context_class = ChineseContext

    def invoke(self, ctx: click.Context) -> Any:
        """Raises ``IndexDamagedError`` for whatever comes of an index whose files are no longer what they were."""
        try:
            return super().invoke(ctx)
        except (SearchappError, click.ClickException, click.Abort, click.exceptions.Exit, OSError):
            raise
        except Exception as exc:
            from searchapp.wiring import damage_of_index

            index = ctx.params.get("index")
            if index is not None and (damage := damage_of_index(index)):
                raise damage from exc
            raise

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
        records = [(names.replace("INTEGER RANGE", "N"), _DEFAULT.sub(_default, told)) for names, told in records]
        if records:
            with formatter.section("选项"):
                formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这份帮助。"
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [_PIECES.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]


class ChineseGroup(ChineseCommand, click.Group):
    """A group in Chinese; errors of its commands become one line on standard error and an exit status."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("命令"):
            formatter.write_dl([(name, command.get_short_help_str(80)) for name, command in commands if command])

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with closed_pipes_end_it():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with closed_pipes_end_it():
            return super().invoke(ctx)

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        run: Any = super().main
        if not standalone_mode:
            return run(*args, standalone_mode=False, **extra)
        sys.exit(status_when_written(lambda: _status_of(lambda: run(*args, standalone_mode=False, **extra))))


def _status_of(run: Callable[[], Any]) -> int:
    """The exit status of a command; its errors become one line on standard error."""
    try:
        status = run()
    except SystemExit as exc:
        status = exc.code
        if status == EXIT_TERMINATED:
            say("已中断。")
    except SearchappError as exc:
        say(f"searchapp：{exc}")
        return _status(exc)
    except click.UsageError as exc:
        command = exc.ctx.command_path if exc.ctx else "searchapp"
        say(f"{command}：{usage_message(exc)}。用法见 {command} --help")
        return exc.exit_code
    except click.ClickException as exc:
        say(f"searchapp：{exc.format_message()}")
        return exc.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("已中断。")
        return EXIT_INTERRUPTED
    return status if isinstance(status, int) else 0


def _default(found: re.Match[str]) -> str:
    value, least, most = found.group("value", "least", "most")
    told = [f"默认 {value.removesuffix('.0')}"] if value else []
    if least is not None:
        told.append(f"{least} 到 {most}")
    elif found["from"] is not None:
        told.append(f"不小于 {found['from']}")
    return (f"（{'，'.join(told)}）" if told else "") + found["stop"]


def _status(error: SearchappError) -> int:
    if isinstance(error, NotFoundError):
        return EXIT_NOT_FOUND
    return EXIT_LIBRARY if isinstance(error, LibraryError) else EXIT_REQUEST


def usage_message(error: click.UsageError) -> str:
    """What is off about the words of a command."""
    match error:
        case click.NoSuchOption():
            close = f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
            return f"没有选项 {error.option_name}{close}"
        case click.MissingParameter():
            return f"缺少 {_name(error.param)}"
        case click.BadParameter():
            return f"{_name(error.param)} 的值不对：{_reason(error)}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 后面缺少值"
        case _ if error.message.startswith("No such command"):
            return f"没有这个命令：{error.message.split(maxsplit=3)[3].rstrip('.')}"
        case _ if error.message.startswith("Got unexpected extra"):
            return f"多出了参数：{error.message.partition('(')[2].partition(')')[0]}"
        case _:
            return error.message.rstrip("。")


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return "参数"
    return param.opts[0] if isinstance(param, click.Option) else str(param.metavar or param.name)


def _reason(error: click.BadParameter) -> str:
    kind = error.param.type if error.param is not None else None
    match kind:
        case click.Choice():
            return f"可用 {'、'.join(map(str, kind.choices))}"
        case click.IntRange() | click.FloatRange():
            number = "整数" if isinstance(kind, click.IntRange) else "数"
            least = f"不小于 {kind.min}" if kind.max is None else f" {kind.min} 到 {kind.max}"
            return f"应是{least} 的{number}"
        case click.Path():
            return next(said for ending, said in _ABOUT_PATHS.items() if error.message.endswith(ending))
        case _:
            return error.message.rstrip(".。")
