"""Exports as an Excel workbook (.xlsx), row by row through a temporary file.

Every text is written as a text cell, so that ``=1+1`` stays what the report says; it keeps the mark of a text (the
apostrophe that Excel does not show) when somebody edits it. Limits are Excel's own (Microsoft, "Excel specifications
and limits"): more rows are refused before anything is written, a longer text is cut and says so.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import WorkbookAlreadySaved
from openpyxl.writer.excel import ExcelWriter

from searchapp.errors import RequestError, SearchappError
from searchapp.language import later, tr
from searchapp.services.export.records import Column, Record, cell
from searchapp.time_limit import checkpoint

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
    try:
        yield from _chunks(workbook, columns, records, about)
    except BaseException:
        _forget(workbook)
        raise


def _chunks(
    workbook: Workbook, columns: tuple[Column, ...], records: Iterable[Record], about: Sequence[tuple[str, str]]
) -> Iterator[bytes]:
    sheet = _sheet(workbook, tr("结果"), [column.width for column in columns])
    sheet.freeze_panes = "A2"
    sheet.append([tr(column.label) for column in columns])
    for record in records:
        sheet.append([_written(sheet, cell(column.name, record[column.name])) for column in columns])
    notes = _sheet(workbook, tr("说明"), [12, 80])
    for name, value in about:
        notes.append([name, _written(notes, value)])
    with _Watched(tempfile.TemporaryFile(prefix="searchapp-export-", buffering=0)) as file:
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            ExcelWriter(workbook, archive).save()
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


class _Watched(io.BufferedRandom):
    """A file with a checkpoint before each write, until one fails: openpyxl packs the whole workbook in one call."""

    _has_failed = False

    def write(self, data: Any) -> int:
        if not self._has_failed:
            try:
                checkpoint()
            except SearchappError:
                # What is left to be written is the end of an archive that nobody reads.
                self._has_failed = True
                raise
        return super().write(data)


def _forget(workbook: Workbook) -> None:
    """Removes what openpyxl has written of sheets: by itself it does so when the program ends."""
    for sheet in workbook.worksheets:
        writer: Any = getattr(sheet, "_writer", None)
        if writer is not None and Path(writer.out).exists():
            with suppress(WorkbookAlreadySaved):
                sheet.close()
            writer.cleanup()


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
