"""Word files (.docx): from bytes to lines in document order. Knows the format, nothing of reports.

A paragraph is a line; a line break inside it begins another line of the same number; a table row is one line with
its cells joined by `` | ``. Styles named Title or Heading N (also 标题, 标题 N) become hints.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from searchapp.errors import ReadError
from searchapp.reports.readers.lines import TITLE_STYLE, SourceLine, SourceText

MAX_UNCOMPRESSED_BYTES = 256 * 1024 * 1024
MAX_XML_PART_BYTES = 64 * 1024 * 1024
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
_CELL_SEPARATOR = " | "

_PARAGRAPH, _TABLE, _CONTROL, _CONTROL_CONTENT = qn("w:p"), qn("w:tbl"), qn("w:sdt"), qn("w:sdtContent")
_ROW, _CELL = qn("w:tr"), qn("w:tc")
_TEXT, _TAB, _BREAKS = qn("w:t"), qn("w:tab"), {qn("w:br"), qn("w:cr")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Tab stops are listed in the properties under the same tag as tab characters.
_SKIPPED = {_FALLBACK, qn("w:pPr"), qn("w:rPr")}
_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLE_STYLE = re.compile(r"title|标题|文档标题", re.IGNORECASE)


def read_docx(data: bytes, file: str) -> SourceText:
    """All paragraphs and table rows of a .docx in document order.

    Raises ReadError for a file that is empty, broken, protected by a password or too large when unpacked.
    """
    if not data:
        raise ReadError(file, "文件是空的")
    if data.startswith(_COMPOUND_FILE):
        raise ReadError(file, "有密码保护，或是旧版 .doc 文件，无法读取")
    _check_size(data, file)
    try:
        document = docx.Document(io.BytesIO(data))
        styles = _style_hints(document)
        lines = tuple(_iterate_lines(document.element.body, styles))
    except Exception as exc:  # python-docx and lxml raise whatever a broken part makes them stumble on
        raise ReadError(file, "不是完好的 .docx 文件") from exc
    if not any(line.text.strip() for line in lines):
        raise ReadError(file, "文件里没有文字")
    if any("\x00" in line.text for line in lines):
        raise ReadError(file, "含有空字节，不是文本文件")
    return SourceText("docx", lines)


def _check_size(data: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except Exception as exc:  # zipfile raises also ValueError, OSError, struct.error on damaged archives
        raise ReadError(file, "不是完好的 .docx 文件") from exc
    if any(entry.flag_bits & 1 for entry in entries):
        raise ReadError(file, "有密码保护，无法读取")
    xml_sizes = [entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels"))]
    if sum(entry.file_size for entry in entries) > MAX_UNCOMPRESSED_BYTES or max(xml_sizes, default=0) > (
        MAX_XML_PART_BYTES
    ):
        raise ReadError(file, "解压后过大，拒绝读取")


def _style_hints(document: Any) -> dict[str, int]:
    hints: dict[str, int] = {}
    for style in document.styles:
        name = style.name or ""
        heading = _HEADING_STYLE.fullmatch(name.strip())
        if heading:
            hints[style.style_id] = int(heading[1])
        elif _TITLE_STYLE.fullmatch(name.strip()):
            hints[style.style_id] = TITLE_STYLE
    return hints


def _iterate_lines(body: Any, styles: dict[str, int]) -> Iterator[SourceLine]:
    number = 0
    for element in _iterate_blocks(body):
        if element.tag == _PARAGRAPH:
            number += 1
            style = styles.get(element.style) if element.style else None
            column = 1
            for text in _paragraph_text(element).split("\n"):
                yield SourceLine(text, number, column, style)
                column += len(text) + 1
        else:
            for row in _own_rows(element):
                number += 1
                cells = (_cell_text(cell) for cell in _own_cells(row))
                yield SourceLine(_CELL_SEPARATOR.join(cells), number, is_table_row=True)


def _iterate_blocks(parent: Any) -> Iterator[Any]:
    for element in parent:
        if element.tag in (_PARAGRAPH, _TABLE):
            yield element
        elif element.tag == _CONTROL:
            for content in element.iterchildren(_CONTROL_CONTENT):
                yield from _iterate_blocks(content)


def _own_rows(table: Any) -> Iterator[Any]:
    for element in table:
        if element.tag == _ROW:
            yield element
        elif element.tag == _CONTROL:
            for content in element.iterchildren(_CONTROL_CONTENT):
                yield from content.iterchildren(_ROW)


def _own_cells(row: Any) -> Iterator[Any]:
    for element in row:
        if element.tag == _CELL:
            yield element
        elif element.tag == _CONTROL:
            for content in element.iterchildren(_CONTROL_CONTENT):
                yield from content.iterchildren(_CELL)


def _cell_text(cell: Any) -> str:
    """One line for a cell; tables inside the cell are read as its text."""
    return " ".join(" ".join(_paragraph_text(each).split()) for each in cell.iter(_PARAGRAPH)).strip()


def _paragraph_text(paragraph: Any) -> str:
    """The paragraph as it reads when tracked changes are accepted (python-docx leaves insertions out)."""
    found: list[str] = []
    _collect_text(paragraph, found)
    return "".join(found)


def _collect_text(element: Any, found: list[str]) -> None:
    for child in element:
        if child.tag == _TEXT:
            found.append(child.text or "")
        elif child.tag == _TAB:
            found.append("\t")
        elif child.tag in _BREAKS:
            found.append("\n")
        elif child.tag not in _SKIPPED:
            _collect_text(child, found)
