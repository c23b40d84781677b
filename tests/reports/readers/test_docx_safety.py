"""Files that are no .docx, that are damaged or hostile: refused with a reason, and nothing else."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.errors import ReadError
from searchapp.reports.readers.docx.package import MAX_PARTS
from searchapp.reports.readers.docx.reader import read_docx
from tests.timing import takes_less

COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def make_document() -> bytes:
    document = docx.Document()
    document.add_paragraph("工作报告", style="Title")
    document.add_paragraph("第一段文字。", style="List Number")
    document.add_table(rows=1, cols=2).rows[0].cells[0].text = "项目"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


SAMPLE = make_document()


def changed(name: str, content: bytes, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The sample with one part replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SAMPLE)) as source, zipfile.ZipFile(buffer, "w", compression) as target:
        for entry in source.namelist():
            if entry != name:
                target.writestr(entry, source.read(entry))
        target.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "空"),
        (b"MZ\x90\x00" + bytes(500), "Windows 程序"),
        ("只是文字".encode(), "不是完好"),
        (b"{\\rtf1\\ansi}", "RTF"),
        (b"%PDF-1.7\n", "PDF"),
        (COMPOUND_FILE, "密码"),
        (COMPOUND_FILE + "EncryptedPackage".encode("utf-16-le"), "有密码保护，无法读取"),
        (COMPOUND_FILE + "WordDocument".encode("utf-16-le"), "旧版 .doc"),
    ],
)
def test_what_a_file_is_instead_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason) as caught:
        read_docx(data, "库/坏.docx")
    assert caught.value.file == "库/坏.docx"


BOMB = (
    '<?xml version="1.0"{}?><!DOCTYPE d [<!ENTITY a "哈哈哈哈哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    "<w:t>&c;&x;</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.mark.parametrize(
    "content",
    [
        BOMB.format("").encode(),
        BOMB.format(' encoding="UTF-16"').encode("utf-16"),
        b"\xef\xbb\xbf" + BOMB.format("").encode(),
        b" " * 100 + BOMB.format("").encode(),
        BOMB.format("").replace("<!DOCTYPE", f"<!--{'x' * 100_000}--><!DOCTYPE").encode(),
    ],
    ids=["utf-8", "utf-16", "mark", "spaces", "comment"],
)
@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/hidden.bin"])
def test_entities_are_refused_before_they_are_parsed(content: bytes, part: str) -> None:
    if part == "word/hidden.bin" and content.startswith(b" "):
        pytest.skip("white space before the declaration is no XML and is only refused where XML is expected")
    with pytest.raises(ReadError, match=r"DOCTYPE|不是完好"):
        read_docx(changed(part, content), "a.docx")


def test_a_zip_bomb_is_refused_at_once() -> None:
    data = changed("word/media/image1.png", bytes(300 * 1024 * 1024))

    def read() -> None:
        with pytest.raises(ReadError, match="解压后过大"):
            read_docx(data, "a.docx")

    assert takes_less(1, read)


def test_too_many_parts_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(MAX_PARTS + 1):
            archive.writestr(f"{number}.xml", "")
    with pytest.raises(ReadError, match="解压后过大"):
        read_docx(buffer.getvalue(), "a.docx")


def test_deep_nesting_is_refused_or_read() -> None:
    deep = "<w:sdt><w:sdtContent>" * 5_000 + "<w:p/>" + "</w:sdtContent></w:sdt>" * 5_000
    xml = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{deep}</w:body></w:document>'
    with pytest.raises(ReadError):
        read_docx(changed("word/document.xml", xml.encode()), "a.docx")


def test_the_strict_variant_is_named() -> None:
    xml = b'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body/></w:document>'
    with pytest.raises(ReadError, match="Strict"):
        read_docx(changed("word/document.xml", xml), "a.docx")


def read_or_refuse(data: bytes) -> None:
    try:
        assert read_docx(data, "a.docx").lines
    except ReadError as error:
        assert error.reason


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    read_or_refuse(data)
    read_or_refuse(b"PK\x03\x04" + data)


@given(st.integers(0, len(SAMPLE) - 1))
@settings(max_examples=60)
def test_any_truncation_is_refused(length: int) -> None:
    with pytest.raises(ReadError):
        read_docx(SAMPLE[:length], "a.docx")


@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 7)), min_size=1, max_size=6))
def test_flipped_bits_are_read_or_refused(flips: list[tuple[int, int]]) -> None:
    data = bytearray(SAMPLE)
    for place, bit in flips:
        data[place] ^= 1 << bit
    read_or_refuse(bytes(data))


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/numbering.xml", "[Content_Types].xml"])
@given(seed=st.integers(0, 10**9))
@settings(max_examples=40)
def test_a_damaged_part_is_read_or_refused(part: str, seed: int) -> None:
    """Flips inside the zip mostly meet its checksums; here the XML itself is damaged."""
    source = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(SAMPLE)) as archive:
        content = bytearray(archive.read(part))
    for _ in range(source.randint(1, 4)):
        start = source.randrange(len(content))
        content[start : start + source.randint(0, 30)] = source.randbytes(source.randint(0, 2)) or b"<w:p/>"
    read_or_refuse(changed(part, bytes(content), zipfile.ZIP_STORED))


@pytest.mark.parametrize(
    ("name", "characters"),
    [
        ("2024例会资料.docx", 2_614),
        ("2025年上海市政府工作报告.docx", 18_235),
        ("2025年西藏政府工作报告.docx", 11_776),
        ("市_深圳.docx", 26_296),
    ],
)
def test_files_as_found_are_read_whole(shared: Path, name: str, characters: int) -> None:
    file = shared / "originals" / name
    if not file.is_file():
        pytest.skip("no original files")
    lines = read_docx(file.read_bytes(), name).lines
    assert sum(len(line.text) for line in lines if not line.is_furniture) == characters
