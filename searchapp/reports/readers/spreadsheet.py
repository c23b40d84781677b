"""Tables (.xlsx, .csv): from bytes to lines. Knows columns by their names, nothing else of reports.

A sheet whose first row with several cells names a column of texts (正文, 内容 …) holds one report a row: its title,
the paragraphs of its text cell, then the other columns as one table row. Any other sheet is a table: one line a row,
its cells joined by `` | ``. A line's number is that of its row, counted through all sheets. Rows of column names come
last, as furniture. Names of sheets, remarks on cells, and what is printed at the edges of pages are not read.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import openpyxl

from searchapp.errors import ReadError
from searchapp.reports.readers.limits import (
    MAX_SHEET_CELLS,
    MAX_SHEET_CHARACTERS,
    MAX_SHEET_EXTENT,
    MAX_SHEET_ROWS,
    DetailedText,
)
from searchapp.reports.readers.lines import TITLE_STYLE, SourceLine, SourceText
from searchapp.reports.readers.plain_text import read_text
from searchapp.reports.readers.zip_entries import check_office_entries, open_zip

TEXT_COLUMNS = ("正文", "内容", "全文", "报告", "报告全文", "报告正文", "报告内容", "text", "content", "body")
TITLE_COLUMNS = ("标题", "题目", "报告标题", "报告题目", "名称", "title")
UNIT_COLUMNS = ("单位", "报告单位", "单位名称", "部门", "unit", "department")
YEAR_COLUMNS = ("年份", "年度", "报告年度", "year")

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CELL_SEPARATOR = " | "
_DELIMITERS = ",\t;|，；"
_LINE_END = re.compile(r"\r\n|[\r\n\v\f\u2028\u2029\x85]")
_HEADER_ROWS = 5
_XML_ESCAPE = re.compile(r"_x000[dD]_")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    names: Row
    text: int
    title: int | None
    unit: int | None
    year: int | None


def read_xlsx(data: bytes, file: str) -> SourceText:
    """All sheets of a workbook in order, hidden ones too; a formula stands as the value last computed.

    Raises ReadError for a file that is empty, broken, protected by a password or too large.
    """
    if not data:
        raise ReadError(file, "文件是空的")
    if data.startswith(_COMPOUND_FILE):
        protected = _ENCRYPTED in data
        raise ReadError(file, "有密码保护，无法读取" if protected else "是旧版 .xls 文件，请另存为 .xlsx")
    try:
        with open_zip(data, file) as archive:
            check_office_entries(archive, file)
        with warnings.catch_warnings():
            # openpyxl warns of extensions that it leaves out; none of them holds text of a cell.
            warnings.simplefilter("ignore")
            sheets = _read_sheets(data, file)
    except ReadError:
        raise
    except Exception as exc:  # openpyxl raises whatever a broken part makes it stumble on
        if _has_entities(exc):
            raise ReadError(file, "XML 里带有实体定义（可能是实体炸弹），拒绝读取") from exc
        raise ReadError(file, f"不是完好的 .xlsx 文件（{type(exc).__name__}）") from exc
    return _source_text("xlsx", sheets, file)


def read_csv(data: bytes, file: str) -> SourceText:
    """A table of separated values; encoding as for text files, the separator found by its effect on the first row.

    Raises ReadError as ``read_text`` does, and for a table that is too large or ends inside a quoted cell.
    """
    source = read_text(data, file)
    text = "\n".join(line.text for line in source.lines).lstrip("\ufeff")
    csv.field_size_limit(MAX_SHEET_CHARACTERS)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        rows = list(_limited(reader, file))
    except csv.Error as exc:
        raise ReadError(file, f"不是完好的 .csv 文件（{exc}）") from exc
    return _source_text(source.encoding, [rows], file)


def _delimiter(text: str) -> str:
    """The separator that cuts the first row that has anything into most cells.

    ``csv.Sniffer`` guesses from quotes in the text too, and takes a letter of Chinese prose for a separator.
    """
    best, most = ",", 1
    for delimiter in _DELIMITERS:
        try:
            row = next((row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row), [])
        except csv.Error:
            continue
        if len(row) > most:
            best, most = delimiter, len(row)
    return best


def _read_sheets(data: bytes, file: str) -> list[list[Row]]:
    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheets: list[list[Row]] = []
        for sheet in workbook.worksheets:
            # Some programs write a wrong extent, by which openpyxl would cut the sheet.
            sheet.reset_dimensions()
            sheets.append(list(_limited((map(_cell, row) for row in sheet.iter_rows(values_only=True)), file)))
        return sheets
    finally:
        workbook.close()


def _has_entities(error: BaseException | None) -> bool:
    """Whether defusedxml, which openpyxl reads with, refused a part of the workbook."""
    while error is not None:
        if type(error).__module__.startswith("defusedxml"):
            return True
        error = error.__cause__ or error.__context__
    return False


def _limited(rows: Iterable[Iterable[str]], file: str) -> Iterator[Row]:
    """Rows without empty cells at their end; ReadError when there are too many.

    Empty rows hardly count: whole columns are often formatted down to the last row that Excel has.
    """
    filled = cells = characters = 0
    for number, row in enumerate(rows, 1):
        values = list(row)
        while values and not values[-1].strip():
            values.pop()
        filled += bool(values)
        cells += len(values)
        characters += sum(map(len, values))
        if filled > MAX_SHEET_ROWS or number > MAX_SHEET_EXTENT:
            raise ReadError(file, f"行数过多，一张表最多读 {MAX_SHEET_ROWS} 行")
        if cells > MAX_SHEET_CELLS or characters > MAX_SHEET_CHARACTERS:
            raise ReadError(file, "表格过大，拒绝读取")
        yield tuple(values)


def _cell(value: object) -> str:
    """A cell's value as Excel shows it, near enough: whole numbers without a point, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        whole_day = value.time() == datetime.time()
        return value.date().isoformat() if whole_day else value.isoformat(" ", "seconds")
    return _XML_ESCAPE.sub("", str(value)).replace("\x00", "")


def _source_text(encoding: str, sheets: Sequence[Sequence[Row]], file: str) -> SourceText:
    lines: list[SourceLine] = []
    heads: list[SourceLine] = []
    starts: list[int] = []
    number = 0
    for rows in sheets:
        header = next((index for index, row in enumerate(rows[:_HEADER_ROWS]) if _columns(row)), None)
        columns = None if header is None else _columns(rows[header])
        for index, row in enumerate(rows):
            number += 1
            if not any(cell.strip() for cell in row):
                continue
            if index == header:
                heads.append(SourceLine(_row_text(row), number, is_table_row=True, is_furniture=True))
                continue
            if columns is not None and header is not None and index > header and _has_text(row, columns):
                starts.append(len(lines))
                lines.extend(_report_lines(row, columns, number))
            else:
                lines.append(SourceLine(_row_text(row), number, is_table_row=True))
    if not lines:
        raise ReadError(file, "表格里没有文字")
    return DetailedText(encoding, (*lines, *heads), starts=tuple(starts))


def _row_text(row: Row) -> str:
    return _CELL_SEPARATOR.join(" ".join(cell.split()) for cell in row)


def _columns(row: Row) -> _Columns | None:
    """The columns that a header row names, if it names one of texts."""
    names = tuple("".join(cell.split()).lower() for cell in row)
    text = _find(names, TEXT_COLUMNS)
    if text is None:
        return None
    plain = tuple(cell.strip() for cell in row)
    return _Columns(plain, text, _find(names, TITLE_COLUMNS), _find(names, UNIT_COLUMNS), _find(names, YEAR_COLUMNS))


def _find(names: Row, wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _has_text(row: Row, columns: _Columns) -> bool:
    return len(row) > columns.text and bool(row[columns.text].strip())


def _report_lines(row: Row, columns: _Columns, number: int) -> Iterator[SourceLine]:
    """One report: title, paragraphs, and what the other columns say of it."""
    title, used = _title(row, columns)
    column = 1
    if title:
        yield SourceLine(title, number, column, style=TITLE_STYLE)
        column += len(title) + 1
    for paragraph in _LINE_END.split(row[columns.text]):
        if paragraph.strip():
            yield SourceLine(paragraph, number, column)
        column += len(paragraph) + 1
    rest = [
        f"{columns.names[index] if index < len(columns.names) else ''}：{' '.join(cell.split())}".lstrip("：")
        for index, cell in enumerate(row)
        if index not in used and index != columns.text and cell.strip()
    ]
    if rest:
        yield SourceLine(_CELL_SEPARATOR.join(rest), number, column, is_table_row=True)


def _title(row: Row, columns: _Columns) -> tuple[str, set[int]]:
    """The title, and the columns it is made of: 标题, or else 单位 and 年份."""

    def value(index: int | None) -> str:
        return " ".join(row[index].split()) if index is not None and index < len(row) else ""

    title = value(columns.title)
    if title and columns.title is not None:
        return title, {columns.title}
    unit, year = value(columns.unit), value(columns.year)
    first = next((line.strip() for line in _LINE_END.split(row[columns.text]) if line.strip()), "")
    if not (unit or year) or (unit in first and year in first and len(first) <= 60):
        # The text opens with a title of its own.
        return "", set()
    year = f"{year}年" if year.isdigit() else year
    named = {index for index in (columns.unit, columns.year) if index is not None and value(index)}
    return f"{unit}{year}工作报告", named
