"""The layout of help: lines that fit the terminal, where a Chinese character takes two columns.

Click counts characters, so its lines of Chinese would be up to twice as wide as the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import click
from rich.cells import cell_len

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
