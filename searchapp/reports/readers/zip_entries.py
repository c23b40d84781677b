"""Zip containers (.zip, .docx, .xlsx, .odt) opened and unpacked within bounds. Knows entries, not what they hold.

A zip's directory is a claim. Its entries must lie apart, each in bytes of its own: where a thousand entries name one
stretch of the file (D. Fifield, "A better zip bomb", 2019), or lie inside each other, the file unpacks to far more than
any entry's ratio allows. An entry that yields more than its size in the directory is damaged, and is left at that
point; so what the directory says of sizes may be held against limits before anything is unpacked.
"""

from __future__ import annotations

import copy
import io
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from searchapp.errors import ReadError
from searchapp.reports.readers.limits import MAX_COMPRESSION_RATIO, MAX_UNPACKED_BYTES, MIN_SUSPECT_BYTES

MAX_DIRECTORY_ENTRIES = 200_000
"""Entries of a container, those of containers stored in it included; each takes about 0.5 kB once it is listed."""
OFFICE_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How entries of office files are packed (ISO/IEC 29500-2, annex B; ODF 1.3 part 2, 2.2.1). Their libraries unpack an
entry at once, which bzip2 and LZMA turn into thousands of times its size."""

_DIRECTORY_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1
_CHUNK_BYTES = 1 << 20
_SLOW_CHUNK_BYTES = 1 << 12
"""What zipfile hands to bzip2 or LZMA at once is unpacked whole: of bzip2 this makes 80 MB at most."""


@contextmanager
def open_zip(data: bytes, file: str) -> Iterator[zipfile.ZipFile]:
    """The container, its directory read. Raises ``BadZipFile`` for one that is damaged.

    Raises ReadError when entries overlap, or are more than any archive has.
    """
    if data.count(_DIRECTORY_ENTRY) > MAX_DIRECTORY_ENTRIES:
        raise ReadError(file, f"压缩包里文件过多，最多 {MAX_DIRECTORY_ENTRIES:,} 个")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception as exc:  # zipfile raises also ValueError, OSError, struct.error on damaged archives
        raise zipfile.BadZipFile(str(exc)) from exc
    with archive:
        _check_apart(archive, data, file)
        yield archive


def check_office_entries(archive: zipfile.ZipFile, file: str) -> None:
    """Raise ReadError for a container that an office library must not open: see :func:`check_office_directory`.

    Also for entries that yield more than the directory says. Unpacks every entry once, and keeps none of it.
    """
    check_office_directory(archive, file)
    if any(map(is_bomb, archive.infolist())):
        raise ReadError(file, "解压后过大，拒绝读取")
    for entry in archive.infolist():
        for _ in entry_chunks(archive, entry, file):
            pass


def check_office_directory(archive: zipfile.ZipFile, file: str, most_bytes: int = MAX_UNPACKED_BYTES) -> None:
    """Raise ReadError when a directory promises more than ``most_bytes``, a cipher, or two entries of one name.

    Of two entries of one name (ISO/IEC 29500-2, 6.2.2.3 forbids them) every program reads the one it likes.
    """
    entries = archive.infolist()
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise ReadError(file, "有密码保护，无法读取")
    if sum(entry.file_size for entry in entries) > most_bytes:
        raise ReadError(file, "解压后过大，拒绝读取")
    if any(entry.compress_type not in OFFICE_METHODS for entry in entries):
        raise ReadError(file, "压缩方式不支持")
    if len({entry.filename for entry in entries}) < len(entries):
        raise ReadError(file, "内部有两个同名的部分，拒绝读取")


def entry_chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    """What an entry holds, a piece at a time. Raises ReadError, with ``file`` as the name, when it cannot be had.

    That is: encrypted, packed in a way that Python does not know, damaged, or more than the directory says.
    """
    if entry.flag_bits & _ENCRYPTED:
        raise ReadError(file, "有密码保护，无法读取")
    most = _CHUNK_BYTES if entry.compress_type in OFFICE_METHODS else _SLOW_CHUNK_BYTES
    # By its own size zipfile would cut off what comes out, having unpacked it.
    unbounded = copy.copy(entry)
    unbounded.file_size = 1 << 62
    size = 0
    try:
        with archive.open(unbounded) as stream:
            while chunk := stream.read(most):
                size += len(chunk)
                if size > entry.file_size:
                    raise ReadError(file, "压缩包的目录与内容不符，拒绝读取")
                yield chunk
    except (ReadError, GeneratorExit):
        raise
    except NotImplementedError as exc:
        raise ReadError(file, "压缩方式不支持") from exc
    except Exception as exc:  # zipfile, zlib, bz2 and lzma each raise their own on damaged data
        raise ReadError(file, f"压缩包里的这个文件已损坏（{type(exc).__name__}）") from exc


def is_bomb(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry unpacks to far more than its compressed size is good for."""
    return entry.file_size > max(MIN_SUSPECT_BYTES, entry.compress_size * MAX_COMPRESSION_RATIO)


def _check_apart(archive: zipfile.ZipFile, data: bytes, file: str) -> None:
    """Raise ReadError when two entries, or an entry and the directory, have a byte in common."""
    end = 0
    for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        start = entry.header_offset
        if start < end:
            raise ReadError(file, "压缩包里的文件互相重叠，疑似压缩炸弹，拒绝读取")
        header = data[start : start + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size:
            raise zipfile.BadZipFile("an entry begins behind the end")
        _, name, extra = _LOCAL_HEADER.unpack(header)
        end = start + _LOCAL_HEADER.size + name + extra + entry.compress_size
    if end > archive.start_dir:
        raise ReadError(file, "压缩包里的文件互相重叠，疑似压缩炸弹，拒绝读取")
