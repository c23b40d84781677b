"""Archives (.zip): every readable file in them, read in memory. Knows names and sizes, nothing of what members hold.

Nothing is written to disk, so a member's name can do no harm; it is still shown without ``..`` and drive letters.
Sizes are those that come out, not those that the archive's directory claims.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from searchapp.errors import ReadError
from searchapp.reports.file_names import is_companion, is_left_out, is_synonyms
from searchapp.reports.model import FileReading, Piece, ReadWarning, Report
from searchapp.reports.readers.limits import (
    MAX_ARCHIVE_BYTES,
    MAX_ARCHIVE_MEMBERS,
    MAX_ARCHIVE_NESTING,
    MAX_COMPRESSION_RATIO,
    MAX_FILE_BYTES,
    MIN_ARCHIVE_BYTES,
    suffix_of,
)
from searchapp.reports.readers.zip_entries import entry_chunks, is_bomb, open_zip

ReadMember = Callable[[bytes, str], FileReading]
"""Reads the bytes of a member under its display name; raises ReadError."""

_UTF8_NAME = 0x800
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(slots=True)
class _Gathered:
    """What came out of an archive and those inside it so far; ``read_member`` is how a member is read."""

    read_member: ReadMember
    reports: list[Report] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    warnings: list[ReadWarning] = field(default_factory=list)
    characters: int = 0
    read: int = 0
    members: int = 0
    unpacked_bytes: int = 0
    limit_bytes: int = MAX_ARCHIVE_BYTES


class _LimitError(Exception):
    """The archive as a whole is over a limit; the message says which, in Chinese."""


def read_archive(data: bytes, file: str, read_member: ReadMember) -> FileReading:
    """All members' reports in the archive's order; a member that cannot be read becomes a warning under its name.

    Raises ReadError for an archive that is broken, over a limit, or in which nothing can be read.
    """
    if not data:
        raise ReadError(file, "文件是空的")
    # Many small members of a high ratio each are a bomb too.
    limit = min(MAX_ARCHIVE_BYTES, max(MIN_ARCHIVE_BYTES, len(data) * MAX_COMPRESSION_RATIO))
    found = _Gathered(read_member, limit_bytes=limit)
    try:
        _read_level(data, file, found, 1)
    except _LimitError as exc:
        raise ReadError(file, str(exc)) from exc
    except zipfile.BadZipFile as exc:
        raise ReadError(file, "不是完好的 .zip 文件") from exc
    if not found.read:
        reasons = "；".join(f"{PurePosixPath(each.file).name}：{each.message}" for each in found.warnings[:3])
        raise ReadError(file, f"压缩包里没有读得出的文件{f'（{reasons}）' if reasons else ''}")
    return FileReading(
        file=file,
        encoding="zip",
        reports=tuple(found.reports),
        pieces=tuple(found.pieces),
        characters=found.characters,
        warnings=tuple(found.warnings),
    )


def _read_level(data: bytes, file: str, found: _Gathered, depth: int) -> None:
    with open_zip(data, file) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        found.members += len(entries)
        if found.members > MAX_ARCHIVE_MEMBERS:
            raise _LimitError(f"压缩包里文件过多，最多 {MAX_ARCHIVE_MEMBERS} 个")
        for entry, inner in _named(entries):
            _read_entry(archive, entry, f"{file}/{inner}", found, depth)


def _read_entry(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    name: str,
    found: _Gathered,
    depth: int,
) -> None:
    try:
        content = _content(archive, entry, name, found)
        if suffix_of(name) == ".zip":
            if depth >= MAX_ARCHIVE_NESTING:
                raise ReadError(name, f"压缩包套了不止 {MAX_ARCHIVE_NESTING} 层，里面的没有读")
            _read_level(content, name, found, depth + 1)
            return
        reading = found.read_member(content, name)
    except ReadError as exc:
        found.warnings.append(ReadWarning(name, 0, exc.reason))
        return
    except zipfile.BadZipFile:
        found.warnings.append(ReadWarning(name, 0, "不是完好的 .zip 文件"))
        return
    found.read += 1
    found.reports.extend(reading.reports)
    found.pieces.extend(reading.pieces)
    found.warnings.extend(reading.warnings)
    found.characters += reading.characters


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, found: _Gathered) -> bytes:
    """The bytes of a member; the sum of all is limited by what really comes out."""
    suffix = suffix_of(name)
    if suffix not in MAX_FILE_BYTES:
        raise ReadError(name, "不支持这种文件")
    if is_bomb(entry):
        raise _LimitError(f"压缩比过高（{PurePosixPath(name).name}），疑似压缩炸弹，拒绝读取")
    limit = min(MAX_FILE_BYTES[suffix], found.limit_bytes - found.unpacked_bytes)
    chunks: list[bytes] = []
    size = 0
    try:
        for chunk in entry_chunks(archive, entry, name):
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                break
    finally:
        found.unpacked_bytes += size
    if found.unpacked_bytes > found.limit_bytes:
        raise _LimitError("压缩包解压后过大，拒绝读取")
    if size > limit:
        raise ReadError(name, "解压后过大，没有读")
    return b"".join(chunks)


def _named(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """Members with the names they are shown by, no two alike; what no person put there is left out."""
    taken: set[str] = set()
    for entry in entries:
        inner = _safe_name(_decode_name(entry))
        path = PurePosixPath(inner)
        # A table about reports speaks of the files of a folder; for those of an archive it has no names.
        if is_companion(inner) or is_synonyms(inner) or any(map(is_left_out, path.parts)):
            continue
        unique, count = inner, 1
        while unique in taken:
            count += 1
            unique = str(path.with_name(f"{path.stem} ({count}){path.suffix}"))
        taken.add(unique)
        yield entry, unique


def _decode_name(entry: zipfile.ZipInfo) -> str:
    """The name as its maker wrote it: without the UTF-8 flag, Chinese Windows writes GBK and others UTF-8 even so."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _safe_name(name: str) -> str:
    """The name as a plain relative path: no ``..``, no root, no drive, no control characters."""
    cleaned = _CONTROL.sub("_", name).replace("\\", "/")
    parts = [part for part in _DRIVE.sub("", cleaned).split("/") if part.strip() not in ("", ".", "..")]
    return "/".join(parts) or "_"
