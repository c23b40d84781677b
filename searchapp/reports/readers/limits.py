"""How large a file may be, and what a reader may tell beside its lines. Knows sizes, no formats.

The limits keep one strange file from taking the memory or the time of a whole build. A compressed format has
a second limit on what comes out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from searchapp.errors import ReadError
from searchapp.reports.readers.lines import SourceLine, SourceText

MEBIBYTE = 1024 * 1024

MAX_FILE_BYTES: dict[str, int] = {
    ".txt": 64 * MEBIBYTE,
    ".text": 64 * MEBIBYTE,
    ".md": 64 * MEBIBYTE,
    ".markdown": 64 * MEBIBYTE,
    ".html": 64 * MEBIBYTE,
    ".htm": 64 * MEBIBYTE,
    ".csv": 64 * MEBIBYTE,
    ".docx": 200 * MEBIBYTE,
    ".xlsx": 100 * MEBIBYTE,
    ".pdf": 200 * MEBIBYTE,
    ".doc": 100 * MEBIBYTE,
    ".wps": 100 * MEBIBYTE,
    ".odt": 100 * MEBIBYTE,
    ".rtf": 100 * MEBIBYTE,
    ".zip": 500 * MEBIBYTE,
}
"""Largest file of each type, in bytes, by lower-case suffix."""

MAX_LINES = 1_000_000
"""Lines (or paragraphs) of one file; each takes about 1.3 kB once it is a block."""
MAX_LINE_CHARACTERS = 8_000_000
"""Characters of one line, which becomes one block: eighty times the longest report measured; 20 million took 4 GB."""
MAX_PDF_PAGES = 5_000
MAX_SHEET_ROWS = 200_000
"""Rows with text that are read of one sheet."""
MAX_SHEET_EXTENT = 1_048_576
"""Rows of one sheet, empty ones too; Excel has no more."""
MAX_SHEET_CELLS = 2_000_000
MAX_SHEET_CHARACTERS = 64_000_000
MAX_UNPACKED_BYTES = 512 * MEBIBYTE
"""What one office document may unpack to; a larger one is no report."""
MAX_ARCHIVE_BYTES = 2048 * MEBIBYTE
"""What all members of an archive, nested ones included, may unpack to together."""
MIN_ARCHIVE_BYTES = 64 * MEBIBYTE
"""What the members of the smallest archive may unpack to together; a larger one may by ``MAX_COMPRESSION_RATIO``."""
MAX_ARCHIVE_MEMBERS = 10_000
MAX_ARCHIVE_NESTING = 2
"""An archive in an archive is read, one inside that is not."""
MAX_COMPRESSION_RATIO = 250
"""Deflate ends at about 1,030; text and office files stay under 50."""
MIN_SUSPECT_BYTES = 8 * MEBIBYTE
"""Below this a high ratio is harmless (an empty table, a white picture)."""


@dataclass(frozen=True, slots=True)
class DetailedText(SourceText):
    """Lines, and what the reader knows of them that lines cannot say.

    ``starts`` are the indexes into ``lines`` at which a report begins for certain (a row of a table of reports);
    empty when the format does not say. ``notes`` are Chinese sentences for the person who indexes the file.
    """

    starts: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def suffix_of(file: str) -> str:
    """Lower-case suffix of a display name, with its dot."""
    return PurePosixPath(file).suffix.lower()


def check_file_size(file: str, size: int) -> None:
    """Raise ReadError when ``size`` bytes are more than a file of this suffix may have."""
    limit = MAX_FILE_BYTES.get(suffix_of(file))
    if limit is not None and size > limit:
        raise ReadError(file, f"文件过大（{size / MEBIBYTE:.0f} MB），这类文件最多 {limit // MEBIBYTE} MB")


def check_line_count(file: str, count: int) -> None:
    """Raise ReadError when a file has more lines than any report."""
    if count > MAX_LINES:
        raise ReadError(file, f"行数过多（{count:,} 行），一个文件最多读 {MAX_LINES:,} 行")


def check_line_lengths(file: str, lines: Sequence[SourceLine]) -> None:
    """Raise ReadError when a line is longer than any paragraph."""
    for line in lines:
        if len(line.text) > MAX_LINE_CHARACTERS:
            told = f"第 {line.number} 行有 {len(line.text):,} 字，不像一个段落"
            raise ReadError(file, f"{told}；一行最多读 {MAX_LINE_CHARACTERS:,} 字，请分段后再索引")
