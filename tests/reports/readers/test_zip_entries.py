"""Containers that unpack to more than their directory says, or whose entries lie upon each other."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import docx
import openpyxl
import pytest

from searchapp.errors import ReadError
from searchapp.reports import read_report_file
from searchapp.reports.readers import zip_entries
from searchapp.reports.readers.limits import MEBIBYTE

LINE = "全面落实各项任务，完成了年初确定的目标。\n".encode()


def packed(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def word_file() -> bytes:
    buffer, document = io.BytesIO(), docx.Document()
    document.add_paragraph("工作报告")
    document.save(buffer)
    return buffer.getvalue()


def workbook() -> bytes:
    buffer, book = io.BytesIO(), openpyxl.Workbook()
    book.worksheets[0]["A1"] = "工作报告"
    book.save(buffer)
    return buffer.getvalue()


def text_file() -> bytes:
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return packed([("META-INF/manifest.xml", manifest.encode()), ("content.xml", b"<a/>")])


CONTAINERS: dict[str, Callable[[], bytes]] = {
    ".zip": lambda: packed([("a.txt", LINE)]),
    ".docx": word_file,
    ".xlsx": workbook,
    ".odt": text_file,
}
each_container = pytest.mark.parametrize("suffix", CONTAINERS)


def with_entry(data: bytes, name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a", method) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def overlapping(names: list[str], step: int = 0) -> bytes:
    """Entries that all are the same stretch of the file, or (``step``) one inside the one before."""
    content = LINE * 5_000
    body = zlib.compress(content, 9)[2:-4]
    sizes = zlib.crc32(content), len(body), len(content)
    stretch = struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, 0, 8, 0, 33, *sizes, 5, 0) + names[0].encode() + body
    directory = b"".join(
        struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", 20, 20, 0, 8, 0, 33, *sizes, 5, 0, 0, 0, 0, 0, number * step)
        + name.encode()
        for number, name in enumerate(names)
    )
    end = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, len(names), len(names), len(directory), len(stretch), 0)
    return stretch + directory + end


@pytest.mark.parametrize("step", [0, 7])
@each_container
def test_entries_that_overlap_are_refused(suffix: str, step: int) -> None:
    data = overlapping([f"{number}.txt" for number in range(9)], step)
    with pytest.raises(ReadError, match=r"互相重叠|不是完好"):
        read_report_file(data, f"库/甲{suffix}")


def test_an_entry_that_reaches_into_the_directory_is_refused() -> None:
    data = bytearray(packed([("a.txt", LINE)], zipfile.ZIP_STORED))
    struct.pack_into("<LL", data, data.rindex(b"PK\1\2") + 20, len(LINE) + 9, len(LINE) + 9)
    with pytest.raises(ReadError, match="互相重叠"):
        read_report_file(bytes(data), "甲.zip")


@each_container
def test_an_entry_of_more_than_the_directory_says_is_left_at_that_point(suffix: str) -> None:
    content = b" " * (64 * MEBIBYTE)
    data = bytearray(with_entry(CONTAINERS[suffix](), "z.txt", content))
    place = data.rindex(b"PK\1\2")
    struct.pack_into("<L", data, place + 24, 100)
    struct.pack_into("<L", data, place + 16, zlib.crc32(content[:100]))  # which is what zipfile would look at
    tracemalloc.start()
    try:
        if suffix == ".zip":
            warnings = {each.file: each.message for each in read_report_file(bytes(data), "甲.zip").warnings}
            assert "目录与内容不符" in warnings["甲.zip/z.txt"]
        else:
            with pytest.raises(ReadError, match=r"目录与内容不符|不是完好|LibreOffice"):
                read_report_file(bytes(data), f"甲{suffix}")
        assert tracemalloc.get_traced_memory()[1] < 16 * MEBIBYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".odt"])
@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_office_files_are_stored_or_deflated(suffix: str, method: int) -> None:
    with pytest.raises(ReadError, match=r"压缩方式不支持|不是完好"):
        read_report_file(with_entry(CONTAINERS[suffix](), "z.xml", b"<z/>", method), f"甲{suffix}")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_packed_otherwise_are_read_a_little_at_a_time(monkeypatch: pytest.MonkeyPatch, method: int) -> None:
    data = with_entry(packed([("a.txt", LINE)]), "b.txt", LINE, method)
    asked: list[int] = []
    read = zipfile.ZipExtFile.read

    def counted(stream: zipfile.ZipExtFile, size: int = -1) -> bytes:
        asked.append(size)
        return read(stream, size)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    assert len(read_report_file(data, "甲.zip").reports) == 2
    assert set(asked) == {zip_entries._CHUNK_BYTES, zip_entries._SLOW_CHUNK_BYTES}


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".odt"])
def test_two_parts_of_one_name_are_refused(suffix: str) -> None:
    twice = with_entry(with_entry(CONTAINERS[suffix](), "y.xml", b"<z/>"), "z.xml", b"<z/>")
    with pytest.raises(ReadError, match="同名的部分"):
        read_report_file(twice.replace(b"y.xml", b"z.xml"), f"甲{suffix}")


def test_a_directory_of_millions_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_entries, "MAX_DIRECTORY_ENTRIES", 2)
    with pytest.raises(ReadError, match="文件过多"):
        read_report_file(packed([(f"{number}.txt", b"") for number in range(3)]), "甲.zip")
