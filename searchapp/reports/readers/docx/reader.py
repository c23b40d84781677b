"""Word files (.docx): from bytes to lines in document order. Knows the format, nothing of reports.

A paragraph is a line, with its automatic number; a line break inside it begins another line of the same number; a
table row is one line with its cells joined by `` | ``. Tables inside a cell and text boxes follow the row or
paragraph that holds them. A row that is one cell with several paragraphs only frames them: they are read as
paragraphs. Styles named Title or Heading N (also 标题, 标题 N), styles based on them, and outline levels become hints.
Footnotes and endnotes come after the body, a line each, with their mark in the text (``［1］``). Headers and footers
(repeated on every page) and comments (remarks on the text) come last, as furniture. Files put in whole (altChunk) are
read in place. What is deleted or hidden is no text; charts, SmartArt and embedded objects are not read, which a note
says.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, zip_longest
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from searchapp.errors import ReadError
from searchapp.reports.readers.docx.alt_chunks import MAX_CHUNKS, read_chunk
from searchapp.reports.readers.docx.numbering import NumberingCounter
from searchapp.reports.readers.docx.package import (
    MAX_UNCOMPRESSED_BYTES,
    MAX_XML_PART_BYTES,
    check_package,
    why_unreadable,
)
from searchapp.reports.readers.docx.paragraphs import (
    LINE_BREAK,
    Notes,
    ParagraphText,
    has_lost_its_end,
    has_vanished,
    read_paragraph,
    visible_children,
)
from searchapp.reports.readers.docx.styles import Styles, number_reference, outline_hint
from searchapp.reports.readers.limits import MAX_LINES, DetailedText, check_line_count
from searchapp.reports.readers.lines import SourceLine, SourceText

__all__ = ["CELL_SEPARATOR", "MAX_UNCOMPRESSED_BYTES", "MAX_XML_PART_BYTES", "read_docx"]

CELL_SEPARATOR = " | "
MAX_OUTLINED_CHARACTERS = 60
"""A paragraph with an outline level of its own is a heading up to this length; whole paragraphs get one by mistake."""

_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_CHUNK = qn("w:altChunk")


def read_docx(data: bytes, file: str, depth: int = 0) -> SourceText:
    """All paragraphs, table rows, text boxes and notes of a .docx in document order, then its furniture.

    ``depth`` counts the Word files that this one is put into. Raises ReadError for a file that is empty, broken,
    protected by a password, too large when unpacked, or that is no Word file at all.
    """
    check_package(data, file)
    try:
        document = docx.Document(io.BytesIO(data))
        reader = _DocumentReader(document, file, depth)
        lines = tuple(islice(reader.lines(), MAX_LINES + 1))
    except Exception as exc:  # python-docx and lxml raise whatever a broken part makes them stumble on
        raise ReadError(file, why_unreadable(data)) from exc
    check_line_count(file, len(lines))
    if not any(line.text.strip() and not line.is_furniture for line in lines):
        raise ReadError(file, "；".join(["文件里没有文字", *reader.notes]))
    if any("\x00" in line.text for line in lines):
        raise ReadError(file, "含有空字节，不是文本文件")
    return DetailedText("docx", lines, notes=tuple(reader.notes))


class _DocumentReader:
    """One pass over a document; counts paragraphs and rows (``number``), automatic numbers and notes on the way.

    ``notes`` are Chinese sentences on what could not be read.
    """

    def __init__(self, document: Any, file: str, depth: int) -> None:
        self._document, self._file, self._depth = document, file, depth
        self._styles = Styles(part_root(document, RELATIONSHIP_TYPE.STYLES))
        self._counter = NumberingCounter(part_root(document, RELATIONSHIP_TYPE.NUMBERING), self._styles)
        self._notes = Notes()
        self._number = self._chunks = 0
        self._carried = ""
        self.notes: list[str] = []
        for kind, relation in (("footnote", RELATIONSHIP_TYPE.FOOTNOTES), ("endnote", RELATIONSHIP_TYPE.ENDNOTES)):
            self._read_notes(kind, part_root(document, relation))

    def lines(self) -> Iterator[SourceLine]:
        """The lines of the body, those of the notes, then those of headers, footers and comments."""
        if objects := unread_objects(self._document):
            self.notes.append(f"有 {objects} 个图表、SmartArt 或嵌入的对象，其中的文字没有读")
        yield from self._blocks(self._document.element.body)
        for text in self._notes.lines():
            self._number += 1
            yield SourceLine(text, self._number)
        for root in aside_roots(self._document):
            yield from (replace(line, is_furniture=True) for line in self._blocks(root) if line.text)

    def _read_notes(self, kind: str, root: Any | None) -> None:
        for note in () if root is None else root.iterchildren(qn(f"w:{kind}")):
            # Separators and their kind are notes with a type; the text of a note has none or "normal".
            if note.get(qn("w:type"), "normal") == "normal":
                paragraphs = (read_paragraph(each, self._styles, Notes()).text for each in note.iter(_PARAGRAPH))
                self._notes.texts[kind, note.get(qn("w:id"), "")] = _one_line(paragraphs)

    def _blocks(self, parent: Any) -> Iterator[SourceLine]:
        elements = [each for each in visible_children(parent) if each.tag in (_PARAGRAPH, _TABLE, _CHUNK)]
        for element, after in zip_longest(elements, elements[1:]):
            if element.tag == _PARAGRAPH:
                yield from self._paragraph(element, after is not None and after.tag == _PARAGRAPH)
            else:
                yield from self._table(element) if element.tag == _TABLE else self._chunk(element)

    def _chunk(self, element: Any) -> Iterator[SourceLine]:
        """The lines of a file that is put in here; why there are none goes to the notes."""
        part = self._document.part.related_parts.get(element.get(qn("r:id"), ""))
        self._chunks += 1
        if part is None or self._chunks > MAX_CHUNKS:
            self.notes.append("有插入的文件没有读：" + ("找不到它" if part is None else f"超过 {MAX_CHUNKS} 个"))
            return
        try:
            source = read_chunk(part, self._file, self._depth)
        except ReadError as exc:
            self.notes.append(f"有插入的文件没有读：{exc.reason}")
            return
        for line in source.lines:
            self._number += 1
            yield replace(line, number=self._number, column=1)

    def _paragraph(self, element: Any, goes_on: bool) -> Iterator[SourceLine]:
        """The lines of a paragraph; one whose end is deleted is part of the next one, which ``goes_on``."""
        is_joined = goes_on and has_lost_its_end(element)
        found, text = self._text(element, is_joined)
        if is_joined and not found.boxes:
            self._carried = text
            return
        if not (found.boxes or text) and has_vanished(element):
            return
        self._number += 1
        number, column = self._number, 1
        hint = self._hint(element, text)
        for piece in text.split(LINE_BREAK):
            yield SourceLine(piece, number, column, hint)
            column += len(piece) + 1
        for art in found.arts:
            self._number += 1
            yield SourceLine(art, self._number)
        for box in found.boxes:
            yield from self._blocks(box)

    def _table(self, table: Any) -> Iterator[SourceLine]:
        for row in visible_children(table):
            if row.tag != _ROW or _is_row_left_out(row):
                continue
            cells = [each for each in visible_children(row) if each.tag == _CELL and not _is_cell_deleted(each)]
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
                    paragraphs.extend([text, *found.arts])
                    inner.extend(found.boxes)
                elif element.tag in (_TABLE, _CHUNK):
                    inner.append(element)
            texts.append(_one_line(paragraphs))
        if not inner or any(texts):
            self._number += 1
            yield SourceLine(CELL_SEPARATOR.join(texts), self._number, is_table_row=True)
        for element in inner:
            if element.tag == _CHUNK:
                yield from self._chunk(element)
            else:
                yield from self._table(element) if element.tag == _TABLE else self._blocks(element)

    def _text(self, element: Any, is_joined: bool = False) -> tuple[ParagraphText, str]:
        """What stands in a paragraph, and its text behind its automatic number.

        Text carried over from a paragraph that lost its end comes between; one that ``is_joined`` to the next has no
        number.
        """
        found = read_paragraph(element, self._styles, self._notes)
        text, self._carried = self._carried + found.text, ""
        if is_joined or (not text and has_vanished(element)):
            return found, text
        label = self._counter.next_label(number_reference(element.pPr), self._styles.find(element.style))
        return found, label + text

    def _hint(self, element: Any, text: str) -> int | None:
        hint = self._styles.find(element.style).hint
        if hint is None and len(text) <= MAX_OUTLINED_CHARACTERS:
            return outline_hint(element.pPr)
        return hint


def _is_row_left_out(row: Any) -> bool:
    properties = row.find(qn("w:trPr"))
    return properties is not None and any(properties.find(qn(name)) is not None for name in ("w:del", "w:hidden"))


def _is_cell_deleted(cell: Any) -> bool:
    properties = cell.find(qn("w:tcPr"))
    return properties is not None and properties.find(qn("w:cellDel")) is not None


def _is_frame(cell: Any) -> bool:
    """Whether the only cell of a row holds several blocks with text."""
    blocks = [each for each in visible_children(cell) if each.tag in (_PARAGRAPH, _TABLE)]
    return sum(next(each.iter(qn("w:t")), None) is not None for each in blocks) > 1


def _one_line(texts: Any) -> str:
    return " ".join(" ".join(text.split()) for text in texts if text.strip())


_EDGES = (qn("w:headerReference"), qn("w:footerReference"))
_UNREAD = ("/chart", "/diagramData", "/oleObject", "/package")


def part_root(document: Any, relation: str) -> Any | None:
    """The XML of a part of the document, or None."""
    try:
        return _root(document.part.part_related_by(relation))
    except KeyError:
        return None


def aside_roots(document: Any) -> Iterator[Any]:
    """Elements that hold paragraphs: headers and footers in the order of their sections, each once; then comments."""
    seen: set[str] = set()
    for reference in document.element.body.iter(*_EDGES):
        part = document.part.related_parts.get(reference.get(qn("r:id"), ""))
        if part is not None and str(part.partname) not in seen:
            seen.add(str(part.partname))
            yield _root(part)
    comments = part_root(document, RELATIONSHIP_TYPE.COMMENTS)
    yield from () if comments is None else comments.iterchildren(qn("w:comment"))


def unread_objects(document: Any) -> int:
    """How many charts, diagrams (SmartArt) and embedded objects the document has; what they show is not read."""
    return sum(relation.reltype.endswith(_UNREAD) for relation in document.part.rels.values())


def _root(part: Any) -> Any:
    """Parts that python-docx has no class for are parsed by its parser."""
    root = getattr(part, "element", None)
    return parse_xml(part.blob) if root is None else root
