"""Exports: the whole of what a search finds, as a file, in the order of its page and from one build.

Rows are those that the page counts: its blocks (``total``) or, as a concordance, its occurrences. They are read as they
are written, so that a million of them are never in memory; whoever takes the chunks keeps the build open meanwhile.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from searchapp.errors import RequestError
from searchapp.language import tr, trn
from searchapp.search.params import Parameters
from searchapp.services.concordance import all_lines, asked_lines
from searchapp.services.export.records import (
    BLOCK_COLUMNS,
    LINE_COLUMNS,
    Address,
    Column,
    Record,
    Value,
    block_record,
    cell,
    line_record,
)
from searchapp.services.library import Library
from searchapp.services.result_set import OWN_NAMES, choice_of, value_of, whole_request

Format = Literal["csv", "xlsx", "jsonl"]
FORMATS: dict[str, Format] = {"csv": "csv", "xlsx": "xlsx", "jsonl": "jsonl"}

View = Literal["blocks", "kwic"]
VIEWS: dict[str, View] = {"blocks": "blocks", "kwic": "kwic"}

MEDIA_TYPES: Mapping[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}
NAME_CHARACTERS = 40
"""How much of a query stands in the name of a file."""

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*“”\s.\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')
_UNSAID = OWN_NAMES | {"page", "per_page", "q"}


class BuildChangedError(RequestError):
    """The build that was to be exported is no longer the current one."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file in the making: ``total`` rows of ``build``, and a ``name`` that a file system takes."""

    build: str
    format: Format
    view: View
    total: int
    name: str
    chunks: Iterator[bytes]

    @property
    def media_type(self) -> str:
        """For ``Content-Type``."""
        return MEDIA_TYPES[self.format]


def export(library: Library, params: Parameters, address: Address) -> Export:
    """The file that ``params`` ask for: those of a search, ``format``, ``view``, and for lines ``sort`` and ``width``.

    ``build``: refuse when it is not this build, so that a page's link gives what the page counts. ``page``,
    ``per_page``, ``group``, ``fold`` and ``explain`` change what is shown, never what is found: they change nothing
    here. Raises ``RequestError`` before anything is made.
    """
    file_format, view = choice_of(params, "format", FORMATS), choice_of(params, "view", VIEWS)
    build = value_of(params, "build")
    if build and build != library.build:
        raise BuildChangedError(tr("报告库已经更新，页面上的结果来自更新之前；请刷新结果页，再导出。"))
    query = value_of(params, "q")
    total, columns, records = (_lines if view == "kwic" else _blocks)(library, params, address)
    chunks: Iterator[bytes]
    if file_format == "xlsx":
        # What writes workbooks takes a tenth of a second to import and 10 MiB: few servers are asked for it.
        from searchapp.services.export.workbook import refuse_too_many, sheet_chunks

        refuse_too_many(total)
        chunks = sheet_chunks(columns, records, _about(library, params, view, total))
    elif file_format == "csv":
        chunks = csv_chunks(columns, records)
    else:
        chunks = jsonl_chunks(records)
    return Export(library.build, file_format, view, total, file_name(query, view, file_format), chunks)


def file_name(query: str, view: View, file_format: Format) -> str:
    """``报告检索_两个维护.csv``: of the query what every file system takes."""
    shown = _NOT_IN_NAMES.sub(" ", query).strip()[:NAME_CHARACTERS].strip().replace(" ", "_")
    parts = [tr("报告检索"), shown or tr("全部段落"), *([tr("逐处")] if view == "kwic" else [])]
    return f"{'_'.join(parts)}.{file_format}"


_Rows = tuple[int, tuple[Column, ...], Iterator[Record]]


def _blocks(library: Library, params: Parameters, address: Address) -> _Rows:
    request = whole_request(library, params, "page", "per_page").request
    hits = library.reader.stream(request)
    return library.reader.counts(request).paragraphs, BLOCK_COLUMNS, (block_record(hit, address) for hit in hits)


def _lines(library: Library, params: Parameters, address: Address) -> _Rows:
    wanted = asked_lines(library, params)
    lines = all_lines(library, wanted)
    return wanted.total, LINE_COLUMNS, (line_record(line, address) for line in lines)


def _about(library: Library, params: Parameters, view: View, total: int) -> list[tuple[str, str]]:
    """What a reader of the file should know of it."""
    conditions = [f"{name}={value}" for name in sorted(set(params) - _UNSAID) for value in params[name] if value]
    return [
        (tr("检索式"), value_of(params, "q") or tr("（全部段落）")),
        (tr("其他条件"), "  ".join(conditions) or tr("（没有）")),
        (tr("行数"), trn("{count:,} 处", total) if view == "kwic" else trn("{count:,} 段", total)),
        (tr("版次"), library.build),
    ]


CHUNK_CHARACTERS = 1 << 16

FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
"""First characters by which spreadsheets take a text for a formula (OWASP, CSV Injection; full width ones too)."""


def csv_chunks(columns: tuple[Column, ...], records: Iterable[Record]) -> Iterator[bytes]:
    """A line of headings, then one for each record.

    RFC 4180 in UTF-8 with a byte order mark, which Excel needs to read Chinese. A cell whose text would be taken for a
    formula begins with an apostrophe.
    """
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
    """One JSON object a line, UTF-8, every text as it is."""
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
