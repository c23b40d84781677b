"""Reading one file: picks the reader by the extension, then parses. Knows formats by name only."""

from __future__ import annotations

from pathlib import PurePosixPath

from searchapp.errors import ReadError
from searchapp.reports.model import FileReading
from searchapp.reports.parse import parse_lines
from searchapp.reports.readers.lines import SourceText, count_characters
from searchapp.reports.readers.text import read_text


def _read_docx(data: bytes, file: str) -> SourceText:
    # python-docx takes 70 ms to import, which a server that only searches never needs.
    from searchapp.reports.readers.docx import read_docx

    return read_docx(data, file)


_READERS = {".txt": read_text, ".docx": _read_docx}
SUPPORTED_SUFFIXES: tuple[str, ...] = tuple(_READERS)


def read_report_file(data: bytes, file: str) -> FileReading:
    """Read one source file: ``data`` are its bytes, ``file`` its display name (``reports/sub/2023.txt``).

    Raises ReadError with a Chinese reason for anything that cannot be read, and nothing else for any bytes.
    """
    reader = _READERS.get(PurePosixPath(file).suffix.lower())
    if reader is None:
        raise ReadError(file, f"不支持这种文件，只读 {'、'.join(SUPPORTED_SUFFIXES)}")
    source = reader(data, file)
    parsed = parse_lines(source.lines, file)
    return FileReading(
        file=file,
        encoding=source.encoding,
        reports=parsed.reports,
        pieces=parsed.pieces,
        characters=count_characters(source.lines),
        warnings=parsed.warnings,
    )
