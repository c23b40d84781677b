"""The visible text of a web page as lines, in document order. Knows HTML elements, nothing of articles.

A block element or ``<br>`` ends a line; white space is collapsed as a browser does, and none is left between two
Chinese characters that only a line end parts. Rows of data tables are one line with their cells joined by `` | ``;
tables that only lay out a page are read cell by cell. Items of ordered lists carry their numbers. Scripts, styles,
form controls, comments and hidden elements are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from searchapp.reports.readers.docx.numbering import format_number
from searchapp.reports.readers.lines import squeeze

CELL_SEPARATOR = " | "
MAX_CELL_CHARACTERS = 500
"""A longer cell belongs to a table that lays out the page; so does one of several lines above a fifth of this."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SKIPPED = _words(
    "head script style noscript template textarea select option button iframe object embed svg math audio video canvas"
    " map input rt rp"
)
_INLINE = _words(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q ruby rb s samp small"
    " span strike strong sub sup time tt u var wbr"
)
_ASIDE_TAGS = frozenset({"nav", "footer", "aside", "form", "menu"})
_ASIDE_NAME = re.compile(
    r"(?:^|[\W_])(?:nav\w*|menu\w*|foot\w*|bottom|side\w*|share\w*|comments?|crumbs?|breadcrumbs?|recommend\w*"
    r"|related|copyright|login|search\w*|pager|pagination|toolbar|ad|ads)(?:$|[\W_])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HEADING = re.compile(r"h([1-6])")
_LIST_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_OWN_NUMBER = re.compile(r"[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[、.．)）]|[①-⑳]|第[一二三四五六七八九十\d]+")
_PADDING = " \t\r\n\f\xa0\u3000\ufeff\u200b"


@dataclass(slots=True)
class PageLine:
    """One line of a page: where it stands, and what tells text from navigation.

    ``element`` is the block element that holds the line; ``link_characters`` counts those inside links.
    """

    text: str
    number: int
    element: Any
    style: int | None = None
    is_table_row: bool = False
    is_aside: bool = False
    link_characters: int = 0

    @property
    def is_link_list(self) -> bool:
        """Whether more than half of the line is links."""
        return self.link_characters * 2 > len(squeeze(self.text))


class PageReader:
    """One pass over an element and what it holds; ``depth`` is the deepest nesting met."""

    def __init__(self) -> None:
        self.lines: list[PageLine] = []
        self.depth = 0
        self._pieces: list[str] = []
        self._number: int | None = None
        self._links = 0
        self._label = ""
        self._counts: dict[Any, int] = {}
        self._blocks: list[Any] = []
        self._open = self._in_link = self._in_aside = self._in_pre = 0

    def read(self, root: Any) -> list[PageLine]:
        """The lines of ``root``; nesting may be of any depth."""
        stack: list[tuple[Any, bool]] = [(root, False)]
        while stack:
            element, is_done = stack.pop()
            if is_done:
                self._end(element)
            elif isinstance(element.tag, str) and not _is_skipped(element) and not self._read_row(element):
                self._start(element)
                stack.append((element, True))
                self.depth = max(self.depth, self._open)
                stack.extend((child, False) for child in reversed(element))
                continue
            if element is not root:
                self._add(element.tail, element)
        self._flush()
        return self.lines

    def _start(self, element: Any) -> None:
        tag = element.tag
        self._open += 1
        self._in_link += tag == "a"
        self._in_pre += tag == "pre"
        self._in_aside += _is_aside(element)
        if tag not in _INLINE:
            self._flush()
            self._blocks.append(element)
        if tag == "li":
            self._label = self._list_label(element)
        self._add(element.text, element)

    def _end(self, element: Any) -> None:
        tag = element.tag
        if tag not in _INLINE:
            self._flush()
            self._blocks.pop()
        self._open -= 1
        self._in_link -= tag == "a"
        self._in_pre -= tag == "pre"
        self._in_aside -= _is_aside(element)

    def _add(self, text: str | None, element: Any) -> None:
        if not text:
            return
        if self._number is None and text.strip(_PADDING):
            self._number = element.sourceline or 1
        if self._in_link:
            self._links += len(squeeze(text))
        if not self._in_pre:
            self._pieces.append(text)
            return
        for index, piece in enumerate(text.split("\n")):
            if index:
                self._flush()
            self._pieces.append(piece)
            if piece.strip():
                self._number = self._number or element.sourceline or 1

    def _flush(self) -> None:
        text = collapse("".join(self._pieces)).strip(_PADDING)
        if text and self._blocks:
            if self._label and not _OWN_NUMBER.match(text):
                text = self._label + text
            self._label = ""
            block = self._blocks[-1]
            line = PageLine(text, self._number or 1, block, _style_of(self._blocks))
            line.is_aside, line.link_characters = self._in_aside > 0, self._links
            self.lines.append(line)
        self._pieces, self._number, self._links = [], None, 0

    def _read_row(self, element: Any) -> bool:
        """Whether the element is the row of a data table; then its line has been added."""
        if element.tag != "tr" or _holds_rows(element) or _has_text_between_cells(element):
            return False
        cells = [list(_lines_of(cell)) for cell in element if cell.tag in ("td", "th")]
        texts = [" ".join(line.text for line in lines) for lines in cells]
        if sum(map(bool, texts)) < 2 or any(map(_lays_out, cells)):
            return False
        self._flush()
        first = next(lines[0] for lines in cells if lines)
        line = PageLine(CELL_SEPARATOR.join(texts), first.number, element, is_table_row=True)
        line.is_aside = self._in_aside > 0 or all(each.is_aside for lines in cells for each in lines)
        line.link_characters = sum(each.link_characters for lines in cells for each in lines)
        self.lines.append(line)
        return True

    def _list_label(self, item: Any) -> str:
        parent = item.getparent()
        if parent is None or parent.tag != "ol" or "none" in parent.get("style", ""):
            return ""
        value = _integer(item.get("value"), self._counts.get(parent, _integer(parent.get("start"), 1) - 1) + 1)
        self._counts[parent] = value
        return f"{format_number(value, _LIST_FORMS.get(parent.get('type', ''), 'decimal'))}. "


def collapse(text: str) -> str:
    """White space as a browser shows it; a line end between two Chinese characters shows nothing."""

    def replace(space: re.Match[str]) -> str:
        before, after = text[space.start() - 1 : space.start()], text[space.end() : space.end() + 1]
        is_wrapped = "\n" in space[0] and before > "\u2e7f" and after > "\u2e7f"
        return "" if is_wrapped else " "

    return _SPACES.sub(replace, text)


def _holds_rows(row: Any) -> bool:
    """Whether tables or rows stand in a row. Read with it and then by themselves, each level would double the work."""
    return any(inner is not row for inner in islice(row.iter("table", "tr"), 2))


def _has_text_between_cells(row: Any) -> bool:
    """Whether a row holds more than cells, as bad markup does."""
    between = [row.text, *(child.tail for child in row)]
    return any(text and text.strip(_PADDING) for text in between) or any(
        isinstance(child.tag, str) and child.tag not in ("td", "th") for child in row
    )


def _lays_out(lines: list[PageLine]) -> bool:
    size = sum(len(line.text) for line in lines)
    return size > MAX_CELL_CHARACTERS or (len(lines) > 1 and size > MAX_CELL_CHARACTERS // 5)


def _lines_of(element: Any) -> Iterator[PageLine]:
    yield from PageReader().read(element)


def _is_skipped(element: Any) -> bool:
    return (
        element.tag in _SKIPPED
        or "hidden" in element.attrib
        or _HIDDEN_STYLE.search(element.get("style", "")) is not None
    )


def _is_aside(element: Any) -> bool:
    if element.tag in _ASIDE_TAGS or element.get("role") == "navigation":
        return True
    return element.tag not in ("html", "body") and any(
        _ASIDE_NAME.search(element.get(name, "")) is not None for name in ("id", "class")
    )


def _style_of(blocks: list[Any]) -> int | None:
    for element in reversed(blocks[-3:]):
        heading = _HEADING.fullmatch(element.tag)
        if heading:
            return int(heading[1])
    return None


def _integer(value: str | None, default: int) -> int:
    return int(value) if value is not None and re.fullmatch(r"-?\d{1,6}", value) else default
