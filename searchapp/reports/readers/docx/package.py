"""Opening a Word file safely: limits on what it unpacks to, no DOCTYPE, what it is when it is none. Knows no text.

A .docx is a zip of XML parts. Word writes no DOCTYPE, so one is refused before any parser sees it: without it there
are no entities to grow or to fetch.
"""

from __future__ import annotations

import zipfile

from searchapp.errors import ReadError
from searchapp.reports.readers.zip_entries import check_office_directory, entry_chunks, open_zip

MAX_FILE_BYTES = 256 * 1024 * 1024
MAX_UNCOMPRESSED_BYTES = 256 * 1024 * 1024
MAX_XML_PART_BYTES = 64 * 1024 * 1024
MAX_PARTS = 10_000

NOT_INTACT = "不是完好的 .docx 文件"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_STREAM, _WORD_STREAM = (name.encode("utf-16-le") for name in ("EncryptedPackage", "WordDocument"))
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_OTHER_KINDS = (
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "程序"),
    (b"%PDF", "PDF 文件"),
    (b"{\\rtf", "RTF 文件"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
)
_XML_ENDS = (".xml", ".rels", ".vml")
_EBCDIC_XML = b"\x4c\x6f\xa7\x94"
_HEAD_BYTES = 64
_STRICT_NAMESPACE = b"http://purl.oclc.org/ooxml/wordprocessingml/main"


def check_package(data: bytes, file: str) -> None:
    """Raises ReadError for whatever is no .docx, is protected by a password, or is not safe to unpack."""
    if not data:
        raise ReadError(file, "文件是空的")
    if data.startswith(_COMPOUND_FILE):
        raise ReadError(file, _what_compound_file(data))
    if len(data) > MAX_FILE_BYTES:
        raise ReadError(file, f"文件超过 .docx 的上限 {MAX_FILE_BYTES // 2**20} MB，拒绝读取")
    if not data.startswith(_ZIP_STARTS):
        kind = next((kind for start, kind in _OTHER_KINDS if data.startswith(start)), None)
        raise ReadError(file, f"不是 .docx 文件，其实是{kind}" if kind else "不是完好的 .docx 文件（不是 ZIP 格式）")
    try:
        with open_zip(data, file) as archive:
            _check_entries(archive, file)
    except ReadError:
        raise
    except Exception as exc:  # zipfile raises also ValueError, OSError, struct.error, zlib.error on damaged archives
        raise ReadError(file, NOT_INTACT) from exc


def why_unreadable(data: bytes) -> str:
    """The reason for a file that passed ``check_package`` and still could not be read."""
    try:
        with open_zip(data, "") as archive:
            if _STRICT_NAMESPACE in archive.read("word/document.xml"):
                return "是“Strict Open XML”格式，请用 Word 另存为普通的 .docx"
    except Exception:
        return NOT_INTACT
    return NOT_INTACT


def _check_entries(archive: zipfile.ZipFile, file: str) -> None:
    entries = archive.infolist()
    check_office_directory(archive, file, MAX_UNCOMPRESSED_BYTES)
    xml_sizes = [entry.file_size for entry in entries if entry.filename.lower().endswith(_XML_ENDS)]
    if len(entries) > MAX_PARTS or max(xml_sizes, default=0) > MAX_XML_PART_BYTES:
        raise ReadError(file, "解压后过大，拒绝读取")
    for entry in entries:
        _check_entry(archive, entry, file)


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: str) -> None:
    chunks = entry_chunks(archive, entry, file)
    first = next(chunks, b"")
    head = first[:_HEAD_BYTES]
    # Whether a part is XML is for the content types to say, not for its name; so its beginning decides.
    if head.startswith(_EBCDIC_XML):
        raise ReadError(file, "XML 的编码不受支持，拒绝读取")
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not plain.startswith(b"<"):
        for _ in chunks:  # for their sizes
            pass
        return
    if entry.file_size > MAX_XML_PART_BYTES:
        raise ReadError(file, "解压后过大，拒绝读取")
    # UTF-16 and UTF-32 are ASCII with zeros between.
    whole = b"".join([first, *chunks]).replace(b"\x00", b"")
    if b"<!DOCTYPE" in whole or b"<!ENTITY" in whole:
        raise ReadError(file, "XML 里带有 DOCTYPE（可能是实体炸弹），拒绝读取")


def _what_compound_file(data: bytes) -> str:
    if _ENCRYPTED_STREAM in data:
        return "有密码保护，无法读取"
    if _WORD_STREAM in data:
        return "其实是旧版 .doc 文件，请把扩展名改为 .doc"
    return "有密码保护，或是旧版 .doc 文件，无法读取"
