"""Exports as text: CSV for spreadsheets and JSON Lines for programs, in chunks of bytes.

CSV is RFC 4180 in UTF-8 with a byte order mark, which Excel needs to read Chinese. A cell whose text would be taken
for a formula begins with an apostrophe there; JSON Lines hold every text as it stands.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

from searchapp.language import tr
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
