"""Conversion by LibreOffice where it is installed, and what is said where it is not."""

from __future__ import annotations

import io
import os
import select
import tempfile
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.errors import ReadError
from searchapp.reports import read_report_file
from searchapp.reports.readers import office
from searchapp.reports.readers.external import run_limited

needs_office = pytest.mark.skipif(office.find_soffice() is None, reason="LibreOffice is not installed")

LINES = ["示例局2022年工作报告", "一、过去一年的工作", "全面落实各项任务，完成了年初确定的目标。"]
_CONTENT = """<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>{}</office:text></office:body>
</office:document-content>"""
_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.2"
 xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{}</manifest:file-entry>
</manifest:manifest>"""


def make_rtf(lines: list[str]) -> bytes:
    escaped = "\\par ".join(
        "".join(f"\\u{ord(each) - 65536 if ord(each) > 32767 else ord(each)}?" for each in line) for line in lines
    )
    return b"{\\rtf1\\ansi\\uc1 " + escaped.encode() + b"}"


def make_odt(lines: list[str], protected: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", _MANIFEST.format(protected))
        archive.writestr("content.xml", _CONTENT.format("".join(f"<text:p>{line}</text:p>" for line in lines)))
    return buffer.getvalue()


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of its own for everything that is made on the way."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@needs_office
@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("a.rtf", make_rtf(LINES)),
        ("a.odt", make_odt(LINES)),
        ("renamed.doc", make_rtf(LINES)),
        ("renamed.wps", make_rtf(LINES)),
    ],
)
def test_a_converted_file_reads_like_a_word_file(file: str, data: bytes, temporary: Path) -> None:
    source = office.read_office(data, file)
    assert [line.text for line in source.lines if line.text] == LINES
    assert source.encoding == file.rsplit(".", 1)[1]
    assert not list(temporary.iterdir())


@needs_office
def test_many_files_take_one_start_and_a_bad_one_does_not_spoil_it() -> None:
    good = [(make_rtf([f"第{number}份报告"]), f"{number}.rtf") for number in range(4)]
    outcomes = office.convert_many([*good, (b"", "空.doc"), (b"\xd0\xcf\x11\xe0" + bytes(2000), "坏.doc")])
    assert all(isinstance(outcome, bytes) for outcome in outcomes[:4])
    assert all(isinstance(outcome, ReadError) for outcome in outcomes[4:])


@needs_office
def test_files_converted_ahead_are_not_converted_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path, cache = tmp_path / "a.rtf", tmp_path / "cache"
    path.write_bytes(make_rtf(LINES))
    assert office.convert_ahead([path, tmp_path / "gone.doc", tmp_path / "b.txt"], cache) == 1
    monkeypatch.setenv(office.CACHE_VARIABLE, str(cache))
    monkeypatch.setenv("PATH", "")
    assert [line.text for line in office.read_office(path.read_bytes(), "b.rtf").lines if line.text] == LINES


@needs_office
def test_a_real_form_is_read(shared: Path) -> None:
    path = next((shared / "originals").glob("*.doc"))
    reading = read_report_file(path.read_bytes(), path.name)
    assert reading.encoding == "doc"
    assert reading.characters > 150
    assert any(block.kind == "table" for report in reading.reports for block in report.blocks)


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for file, data in (
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(2000)),
        ("a.odt", make_odt(LINES)),
        ("a.rtf", make_rtf(LINES)),
    ):
        with pytest.raises(ReadError, match="需要 LibreOffice（soffice），没有找到；安装后重新索引"):
            read_report_file(data, file)


def test_a_word_file_of_today_under_an_old_name_needs_no_conversion(monkeypatch: pytest.MonkeyPatch) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph(LINES[2])
    buffer = io.BytesIO()
    document.save(buffer)
    monkeypatch.setenv("PATH", "")
    assert [line.text for line in office.read_office(buffer.getvalue(), "a.doc").lines] == [LINES[2]]


def test_a_web_page_under_the_name_of_a_word_file_is_read_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    body = "".join(f"<p>{line}</p>" for line in [*LINES, LINES[2] * 5])
    page = f"<html><head><meta charset='utf-8'><title>甲</title></head><body>{body}</body></html>"
    assert LINES[2] in [line.text for line in office.read_office(page.encode(), "a.doc").lines]


def encrypted_word() -> bytes:
    data = bytearray(b"\xd0\xcf\x11\xe0" + bytes(2000))
    data[512:514], data[523] = b"\xec\xa5", 1
    return bytes(data)


@pytest.mark.parametrize(
    ("file", "data", "words"),
    [
        ("a.doc", b"", "空的"),
        ("a.doc", b"MZ" + bytes(900), "不是完好的 .doc"),
        ("a.odt", b"PK\x03\x04 nothing", "不是完好的 .odt"),
        ("a.odt", make_odt(LINES, "<manifest:encryption-data/>"), "密码"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("a.doc", encrypted_word(), "密码"),
    ],
)
def test_what_cannot_be_read_is_named(file: str, data: bytes, words: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_report_file(data, f"库/{file}")
    assert words in caught.value.reason


@pytest.mark.skipif(os.name != "posix", reason="process groups are POSIX")
def test_a_program_over_its_time_dies_with_its_children(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    started = time.monotonic()
    ended = run_limited(["/bin/sh", "-c", f"exec > '{pipe}'; sleep 300 & sleep 300"], 2, {})
    assert ended is None
    assert time.monotonic() - started < 60
    ended_too, _, _ = select.select([reading], [], [], 60)
    assert ended_too  # the end of file: nobody holds the other end
    os.close(reading)


@settings(max_examples=30)
@given(st.binary(max_size=80).filter(lambda data: not data.startswith((b"{\\rtf", b"\xdb\xa5", b"\x01\xfe"))))
def test_other_bytes_are_refused_before_anything_is_started(data: bytes) -> None:
    with pytest.raises(ReadError):
        office.read_office(data, "a.doc")
