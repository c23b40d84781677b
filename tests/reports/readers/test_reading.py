"""The registry: suffixes, limits, and nothing but ReadError whatever the bytes."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.errors import ReadError
from searchapp.reports import SUPPORTED_SUFFIXES, read_report_file
from searchapp.reports.readers.limits import (
    MAX_FILE_BYTES,
    MAX_LINE_CHARACTERS,
    MEBIBYTE,
    check_file_size,
    check_line_lengths,
)
from searchapp.reports.readers.lines import SourceLine

IN_PROCESS = [suffix for suffix in SUPPORTED_SUFFIXES if suffix not in (".doc", ".wps", ".odt", ".rtf")]
HAS_READER = {
    suffix: importlib.util.find_spec(f"searchapp.reports.readers.{module}") is not None
    for module, suffixes in (("markdown", (".md", ".markdown")), ("html", (".html", ".htm")))
    for suffix in suffixes
}


def test_every_format_of_an_office_is_supported() -> None:
    wanted = ".txt .text .md .markdown .docx .pdf .html .htm .xlsx .csv .doc .wps .odt .rtf .zip"
    assert sorted(SUPPORTED_SUFFIXES) == sorted(wanted.split())
    assert set(MAX_FILE_BYTES) == set(SUPPORTED_SUFFIXES)


@pytest.mark.parametrize("file", ["a.exe", "a", "a.xls", "zip", ".docx", ""])
def test_other_files_are_refused(file: str) -> None:
    with pytest.raises(ReadError, match="不支持这种文件"):
        read_report_file("文字".encode(), file)


@pytest.mark.parametrize("suffix", SUPPORTED_SUFFIXES)
def test_a_file_over_its_limit_is_refused_by_size_alone(suffix: str) -> None:
    check_file_size(f"甲{suffix.upper()}", MAX_FILE_BYTES[suffix])
    with pytest.raises(ReadError, match="文件过大"):
        check_file_size(f"甲{suffix.upper()}", 1_000 * MEBIBYTE)


def test_a_large_text_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(ReadError, match="文件过大"):
        read_report_file(bytes(MAX_FILE_BYTES[".txt"] + 1), "甲.txt")


@pytest.mark.parametrize("suffix", [suffix for suffix in IN_PROCESS if HAS_READER.get(suffix, True)])
@settings(max_examples=25)
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=120).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_give_a_reading_or_a_read_error(suffix: str, data: bytes) -> None:
    for head in (b"", b"PK\x03\x04", b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0"):
        try:
            reading = read_report_file(head + data, f"库/甲{suffix}")
        except ReadError as error:
            assert error.reason
            assert error.file == f"库/甲{suffix}"
        else:
            assert reading.file == f"库/甲{suffix}"


def test_importing_the_reports_loads_no_reader_of_a_format() -> None:
    heavy = ("docx", "lxml", "openpyxl", "pypdfium2", "csv")
    code = f"import sys, searchapp.reports; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_line_that_is_no_paragraph_is_refused() -> None:
    longest = SourceLine("a" * MAX_LINE_CHARACTERS, 1)
    check_line_lengths("a.txt", [longest])
    with pytest.raises(ReadError, match="第 2 行"):
        check_line_lengths("a.txt", [longest, SourceLine(longest.text + "a", 2)])
