"""Exports as text: CSV for spreadsheets and JSON Lines for programs, in chunks of bytes.

CSV is RFC 4180 in UTF-8 with a byte order mark, which Excel needs to read Chinese. A cell whose text would be taken
for a formula begins with an apostrophe there; JSON Lines hold every text as it stands.

Exports as an Excel workbook (.xlsx), row by row through a temporary file.

Every text is written as a text cell, so that ``=1+1`` stays what the report says; it keeps the mark of a text (the
apostrophe that Excel does not show) when somebody edits it. Limits are Excel's own (Microsoft, "Excel specifications
and limits"): more rows are refused before anything is written, a longer text is cut and says so.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from searchapp.errors import RequestError
from searchapp.language import later, tr
from searchapp.services.export.records import Column, Record, Value, cell

CHUNK_CHARACTERS = 1 << 16

FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
"""First characters by which spreadsheets take a text for a formula (OWASP, CSV Injection; full width ones too)."""


def csv_chunks(columns: tuple[Column, ...], records: Iterable[Record]) -> Iterator[bytes]:
    """A line of headings, then one for each record."""
    rows = (tuple(_csv_cell(column.name, record[column.name]) for column in columns) for record in records)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([tr(column.label) for column in columns])
    for row in rows:
        writer.writerow(row)
        if buffer.tell() >= CHUNK_CHARACTERS:
            yield _drained(buffer)
    yield _drained(buffer)


def jsonl_chunks(records: Iterable[Record]) -> Iterator[bytes]:
    """One JSON object a line, UTF-8, Chinese as it is."""
    buffer = io.StringIO(newline="")
    for record in records:
        buffer.write(json.dumps(record, ensure_ascii=False))
        buffer.write("\n")
        if buffer.tell() >= CHUNK_CHARACTERS:
            yield _drained(buffer)
    yield _drained(buffer)


def _csv_cell(name: str, value: Value) -> str | int:
    shown = cell(name, value)
    if not isinstance(shown, str):
        return shown
    # A NUL ends the file for many readers.
    shown = shown.replace("\0", "�")
    return f"'{shown}" if shown[:1] in FORMULA_SIGNS else shown


def _drained(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")


MAX_ROWS = 1_048_576
"""Rows of a sheet, the line of headings among them."""

MAX_CELL_CHARACTERS = 32_767
"""Characters of a cell, counted in UTF-16 code units."""

CUT = later("……（原文超过 Excel 单元格的 32,767 字，后面从略）")
CHUNK_BYTES = 1 << 18

_TAKEN_FOR_MORE = re.compile(r"[=#'+\-@＝＋－＠]")
"""What a text may begin with that a spreadsheet, or openpyxl, would take for more than a text."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What Excel reads as an escaped character (ECMA-376, ST_Xstring); its underscore is escaped itself."""


def refuse_too_many(rows: int) -> None:
    """Raises ``RequestError`` when ``rows`` and their headings are more than a sheet holds."""
    if rows >= MAX_ROWS:
        raise RequestError(
            tr(
                "共 {rows:,} 行，超过 Excel 一张表最多的 {most:,} 行；请改用 CSV 或 JSON Lines，或先缩小范围。",
                rows=rows,
                most=MAX_ROWS - 1,
            )
        )


def sheet_chunks(
    columns: tuple[Column, ...], records: Iterable[Record], about: Sequence[tuple[str, str]]
) -> Iterator[bytes]:
    """The workbook's bytes: a sheet 结果 of all records, a sheet 说明 that holds ``about``."""
    workbook = Workbook(write_only=True)
    sheet = _sheet(workbook, tr("结果"), [column.width for column in columns])
    sheet.freeze_panes = "A2"
    sheet.append([tr(column.label) for column in columns])
    for record in records:
        sheet.append([_written(sheet, cell(column.name, record[column.name])) for column in columns])
    notes = _sheet(workbook, tr("说明"), [12, 80])
    for name, value in about:
        notes.append([name, _written(notes, value)])
    with tempfile.TemporaryFile(prefix="searchapp-export-") as file:
        workbook.save(file)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _sheet(workbook: Workbook, title: str, widths: Iterable[int]) -> Any:
    sheet: Any = workbook.create_sheet(title)
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    return sheet


def _written(sheet: Any, value: str | int) -> object:
    """``value`` as openpyxl takes it: a text that could be taken for more is made a text cell by hand."""
    if not isinstance(value, str):
        return value
    text = shortened(_ESCAPE.sub("_x005F_", _NOT_IN_XML.sub("�", value)))
    if not _TAKEN_FOR_MORE.match(text):
        return text or None
    made = WriteOnlyCell(sheet, text)
    made.data_type = "s"
    made.quotePrefix = True
    return made


def shortened(text: str) -> str:
    """``text``, cut to what a cell holds, with a word that it was."""
    if len(text) * 2 <= MAX_CELL_CHARACTERS or len(encoded := text.encode("utf-16-le")) // 2 <= MAX_CELL_CHARACTERS:
        return text
    cut = tr(CUT)
    kept = encoded[: (MAX_CELL_CHARACTERS - len(cut)) * 2].decode("utf-16-le", "ignore")
    return kept + cut
