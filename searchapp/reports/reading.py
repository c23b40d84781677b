"""Reading one file: picks the reader by the extension, then parses. Knows formats by name only.

A reader is imported when its first file comes: a server that only searches needs none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise

from searchapp.errors import ReadError
from searchapp.reports.model import FileReading, Piece, ReadWarning, Report
from searchapp.reports.readers.limits import DetailedText, check_file_size, check_line_lengths, suffix_of
from searchapp.reports.readers.lines import SourceText, count_characters
from searchapp.reports.structure.parse import parse_lines

Reader = Callable[[bytes, str], SourceText]


def _read_text(data: bytes, file: str) -> SourceText:
    from searchapp.reports.readers.plain_text import read_text

    return read_text(data, file)


def _read_markdown(data: bytes, file: str) -> SourceText:
    from searchapp.reports.readers.markdown import read_markdown

    return read_markdown(data, file)


def _read_html(data: bytes, file: str) -> SourceText:
    from searchapp.reports.readers.html.article import read_html

    return read_html(data, file)


def _read_docx(data: bytes, file: str) -> SourceText:
    from searchapp.reports.readers.docx.reader import read_docx

    return read_docx(data, file)


def _read_pdf(data: bytes, file: str, ocr: bool = False) -> SourceText:
    from searchapp.reports.readers.pdf.reader import read_pdf

    return read_pdf(data, file, ocr)


def _read_xlsx(data: bytes, file: str) -> SourceText:
    from searchapp.reports.readers.spreadsheet import read_xlsx

    return read_xlsx(data, file)


def _read_csv(data: bytes, file: str) -> SourceText:
    from searchapp.reports.readers.spreadsheet import read_csv

    return read_csv(data, file)


def _read_office(data: bytes, file: str) -> SourceText:
    from searchapp.reports.readers.office import read_office

    return read_office(data, file)


_READERS: Mapping[str, Reader] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".docx": _read_docx,
    ".pdf": _read_pdf,
    ".html": _read_html,
    ".htm": _read_html,
    ".xlsx": _read_xlsx,
    ".csv": _read_csv,
    ".doc": _read_office,
    ".wps": _read_office,
    ".odt": _read_office,
    ".rtf": _read_office,
}
_ARCHIVE_SUFFIX = ".zip"
_PDF_SUFFIX = ".pdf"
SUPPORTED_SUFFIXES: tuple[str, ...] = (*_READERS, _ARCHIVE_SUFFIX)


def read_report_file(data: bytes, file: str, ocr: bool = False) -> FileReading:
    """Read one source file: ``data`` are its bytes, ``file`` its display name (``reports/sub/2023.txt``).

    ``ocr``: scanned PDFs, also those in an archive, are recognized by ``ocrmypdf`` when it is installed.
    The reports of an archive name their own member as their source: ``reports/2023.zip/sub/报告.docx``.

    Raises ReadError with a Chinese reason for anything that cannot be read, and nothing else for any bytes.
    """
    suffix = suffix_of(file)
    if suffix not in SUPPORTED_SUFFIXES:
        raise ReadError(file, f"不支持这种文件，只读 {'、'.join(SUPPORTED_SUFFIXES)}")
    check_file_size(file, len(data))
    if suffix == _ARCHIVE_SUFFIX:
        from searchapp.reports.readers.zip_archive import read_archive

        return read_archive(data, file, partial(read_report_file, ocr=ocr))
    reader = partial(_read_pdf, ocr=ocr) if suffix == _PDF_SUFFIX else _READERS[suffix]
    source = _read(reader, data, file)
    check_line_lengths(file, source.lines)
    return _parse(source, file)


def _read(reader: Reader, data: bytes, file: str) -> SourceText:
    try:
        return reader(data, file)
    except ReadError:
        raise
    except ImportError as exc:
        raise ReadError(file, f"读这种文件需要的程序库没有装好（{exc.name}）") from exc
    except MemoryError as exc:
        raise ReadError(file, "内存不够，读不下这个文件") from exc
    except Exception as exc:  # whatever a library of the format raises for bytes that it did not expect
        raise ReadError(file, f"读取时出错（{type(exc).__name__}）") from exc


def _parse(source: SourceText, file: str) -> FileReading:
    starts: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    if isinstance(source, DetailedText):
        starts, notes = source.starts, source.notes
    reports: list[Report] = []
    pieces: list[Piece] = []
    warnings = [ReadWarning(file, 0, note) for note in notes]
    bounds = sorted({0, *starts, len(source.lines)})
    for start, stop in pairwise(bounds):
        parsed = parse_lines(source.lines[start:stop], file)
        reports.extend(parsed.reports)
        pieces.extend(parsed.pieces)
        warnings.extend(parsed.warnings)
    return FileReading(
        file=file,
        encoding=source.encoding,
        reports=tuple(reports),
        pieces=tuple(pieces),
        characters=count_characters(source.lines),
        warnings=tuple(warnings),
    )
