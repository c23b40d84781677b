"""Word files (.docx): from bytes to lines in document order. Knows the format, nothing of reports.

A paragraph is a line, with its automatic number; a line break inside it begins another line of the same number; a
table row is one line with its cells joined by `` | ``. Tables inside a cell and text boxes follow the row or
paragraph that holds them. A row that is one cell with several paragraphs only frames them: they are read as
paragraphs. Styles named Title or Heading N (also 标题, 标题 N), styles based on them, and outline levels become hints.
Footnotes and endnotes come last, a line each, with the mark that stands in the text (``［1］``). Headers and footers
are no text of the document, and are not read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from searchapp.errors import ReadError
from searchapp.reports.readers.docx_numbering import NumberingCounter
from searchapp.reports.readers.docx_package import (
    MAX_UNCOMPRESSED_BYTES,
    MAX_XML_PART_BYTES,
    check_package,
    why_unreadable,
)
from searchapp.reports.readers.docx_styles import Styles, hidden_by, number_reference, outline_hint
from searchapp.reports.readers.docx_text import LINE_BREAK, Notes, ParagraphText, read_paragraph, visible_children
from searchapp.reports.readers.lines import SourceLine, SourceText

__all__ = ["CELL_SEPARATOR", "MAX_UNCOMPRESSED_BYTES", "MAX_XML_PART_BYTES", "read_docx"]

CELL_SEPARATOR = " | "
MAX_OUTLINED_CHARACTERS = 60
"""A paragraph with an outline level of its own is a heading up to this length; whole paragraphs get one by mistake."""

_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")


def read_docx(data: bytes, file: str) -> SourceText:
    """All paragraphs, table rows, text boxes and notes of a .docx in document order.

    Raises ReadError for a file that is empty, broken, protected by a password, too large when unpacked, or that is no
    Word file at all.
    """
    check_package(data, file)
    try:
        document = docx.Document(io.BytesIO(data))
        lines = tuple(_DocumentReader(document).lines())
    except Exception as exc:  # python-docx and lxml raise whatever a broken part makes them stumble on
        raise ReadError(file, why_unreadable(data)) from exc
    if not any(line.text.strip() for line in lines):
        raise ReadError(file, "文件里没有文字")
    if any("\x00" in line.text for line in lines):
        raise ReadError(file, "含有空字节，不是文本文件")
    return SourceText("docx", lines)


class _DocumentReader:
    """One pass over a document; counts paragraphs and rows (``number``), automatic numbers and notes on the way."""

    def __init__(self, document: Any) -> None:
        self._body = document.element.body
        self._styles = Styles(_part_root(document, RELATIONSHIP_TYPE.STYLES))
        self._counter = NumberingCounter(_part_root(document, RELATIONSHIP_TYPE.NUMBERING), self._styles)
        self._notes = Notes()
        self._number = 0
        for kind, relation in (("footnote", RELATIONSHIP_TYPE.FOOTNOTES), ("endnote", RELATIONSHIP_TYPE.ENDNOTES)):
            self._read_notes(kind, _part_root(document, relation))

    def lines(self) -> Iterator[SourceLine]:
        """The lines of the body, then those of the notes."""
        yield from self._blocks(self._body)
        for text in self._notes.lines():
            self._number += 1
            yield SourceLine(text, self._number)

    def _read_notes(self, kind: str, root: Any | None) -> None:
        for note in () if root is None else root.iterchildren(qn(f"w:{kind}")):
            # Separators and their kind are notes with a type; the text of a note has none or "normal".
            if note.get(qn("w:type"), "normal") == "normal":
                paragraphs = (read_paragraph(each, self._styles, Notes()).text for each in note.iter(_PARAGRAPH))
                self._notes.texts[kind, note.get(qn("w:id"), "")] = _one_line(paragraphs)

    def _blocks(self, parent: Any) -> Iterator[SourceLine]:
        for element in visible_children(parent):
            if element.tag == _PARAGRAPH:
                yield from self._paragraph(element)
            elif element.tag == _TABLE:
                yield from self._table(element)

    def _paragraph(self, element: Any) -> Iterator[SourceLine]:
        found, text = self._text(element)
        if not (found.boxes or text) and _has_vanished(element):
            return
        self._number += 1
        number, column = self._number, 1
        hint = self._hint(element, text)
        for piece in text.split(LINE_BREAK):
            yield SourceLine(piece, number, column, hint)
            column += len(piece) + 1
        for box in found.boxes:
            yield from self._blocks(box)

    def _table(self, table: Any) -> Iterator[SourceLine]:
        for row in visible_children(table):
            if row.tag != _ROW or _is_row_left_out(row):
                continue
            cells = [each for each in visible_children(row) if each.tag == _CELL]
            if len(cells) == 1 and _is_frame(cells[0]):
                yield from self._blocks(cells[0])
            else:
                yield from self._row(cells)

    def _row(self, cells: list[Any]) -> Iterator[SourceLine]:
        texts: list[str] = []
        inner: list[Any] = []
        for cell in cells:
            paragraphs: list[str] = []
            for element in visible_children(cell):
                if element.tag == _PARAGRAPH:
                    found, text = self._text(element)
                    paragraphs.append(text)
                    inner.extend(found.boxes)
                elif element.tag == _TABLE:
                    inner.append(element)
            texts.append(_one_line(paragraphs))
        if not inner or any(texts):
            self._number += 1
            yield SourceLine(CELL_SEPARATOR.join(texts), self._number, is_table_row=True)
        for element in inner:
            yield from self._table(element) if element.tag == _TABLE else self._blocks(element)

    def _text(self, element: Any) -> tuple[ParagraphText, str]:
        """What stands in a paragraph, and its text behind its automatic number."""
        found = read_paragraph(element, self._styles, self._notes)
        if not found.text and _has_vanished(element):
            return found, ""
        label = self._counter.next_label(number_reference(element.pPr), self._styles.find(element.style))
        return found, label + found.text

    def _hint(self, element: Any, text: str) -> int | None:
        hint = self._styles.find(element.style).hint
        if hint is None and len(text) <= MAX_OUTLINED_CHARACTERS:
            return outline_hint(element.pPr)
        return hint


def _part_root(document: Any, relation: str) -> Any | None:
    """The XML of a part of the document, or None; parts that python-docx has no class for are parsed by its parser."""
    try:
        part = document.part.part_related_by(relation)
    except KeyError:
        return None
    root = getattr(part, "element", None)
    return parse_xml(part.blob) if root is None else root


def _has_vanished(paragraph: Any) -> bool:
    """Whether the end of a paragraph is deleted or hidden, so that an empty one is not there at all."""
    properties = paragraph.pPr
    mark = None if properties is None else properties.find(qn("w:rPr"))
    return mark is not None and (mark.find(qn("w:del")) is not None or bool(hidden_by(mark)))


def _is_row_left_out(row: Any) -> bool:
    properties = row.find(qn("w:trPr"))
    return properties is not None and any(properties.find(qn(name)) is not None for name in ("w:del", "w:hidden"))


def _is_frame(cell: Any) -> bool:
    """Whether the only cell of a row holds several blocks with text."""
    blocks = [each for each in visible_children(cell) if each.tag in (_PARAGRAPH, _TABLE)]
    return sum(next(each.iter(qn("w:t")), None) is not None for each in blocks) > 1


def _one_line(texts: Any) -> str:
    return " ".join(" ".join(text.split()) for text in texts if text.strip())
