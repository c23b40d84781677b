"""Old and foreign office files (.doc, .wps, .odt, .rtf): converted to .docx by LibreOffice, then read as such.

Knows how ``soffice`` is started: without a window, in a profile of its own that is thrown away, in a process group
that dies with its time limit, with macros and links to other machines off. Many files take one start
(``convert_many``); ``convert_ahead`` fills a folder that ``read_office`` looks into first.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from searchapp.errors import ReadError
from searchapp.reports.readers.external import run_limited
from searchapp.reports.readers.limits import suffix_of
from searchapp.reports.readers.lines import SourceText
from searchapp.reports.readers.zip_entries import check_office_entries, open_zip

START_LIMIT_SECONDS = 60
FILE_LIMIT_SECONDS = 5
"""What each further file of one start adds to the time limit; the sample form takes 0.1."""
BATCH_FILES = 50
CACHE_VARIABLE = "SEARCHAPP_OFFICE_CACHE"
"""Environment variable with the folder that ``convert_ahead`` fills; worker processes inherit it."""
OFFICE_SUFFIXES = (".doc", ".wps", ".odt", ".rtf")

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HTML = (b"<html", b"<!doctype html", b"<head", b"<meta")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">\
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>\
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>\
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>\
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def read_office(data: bytes, file: str) -> SourceText:
    """The lines of an office file, by way of .docx. Raises ReadError, also when LibreOffice is not installed."""
    if not data:
        raise ReadError(file, "文件是空的")
    if _is_html(data):
        # Programs of the 2000s saved web pages under the name of a Word file.
        from searchapp.reports.readers.html.article import read_html

        return read_html(data, file)
    from searchapp.reports.readers.docx.reader import read_docx

    if data.startswith(b"PK") and b"word/document.xml" in data:
        return read_docx(data, file)
    converted = _from_cache(data) or convert_many([(data, file)])[0]
    if isinstance(converted, ReadError):
        raise converted
    source = read_docx(converted, file)
    return replace(source, encoding=suffix_of(file).lstrip(".") or "office")


def convert_many(documents: Sequence[tuple[bytes, str]]) -> list[bytes | ReadError]:
    """The .docx of each (bytes, display name), or why there is none; one start of LibreOffice for all that it takes.

    When one file makes LibreOffice hang or crash, those left without an outcome are tried again one by one.
    """
    results: list[bytes | ReadError | None] = [_refusal(data, file) for data, file in documents]
    waiting = [index for index, refused in enumerate(results) if refused is None]
    program = find_soffice()
    if program is None:
        for index in waiting:
            file = documents[index][1]
            results[index] = ReadError(
                file, f"读 {suffix_of(file)} 文件需要 LibreOffice（soffice），没有找到；安装后重新索引"
            )
        waiting = []
    if program is not None and len(waiting) > 1:
        done, _ = _convert(program, [documents[index] for index in waiting])
        for index, converted in zip(waiting, done, strict=True):
            results[index] = converted
    for index in waiting:
        if results[index] is None and program is not None:
            (converted,), ended = _convert(program, [documents[index]])
            results[index] = converted or ReadError(documents[index][1], _failure(ended))
    return [
        each if each is not None else ReadError(file, "转换不了")
        for each, (_, file) in zip(results, documents, strict=True)
    ]


def convert_ahead(paths: Sequence[Path], cache: Path) -> int:
    """Convert the office files among ``paths`` into ``cache`` (named by content), in few starts; returns how many.

    Set ``SEARCHAPP_OFFICE_CACHE`` to the folder for the processes that read. A file that fails is left to
    ``read_office``, which says why.
    """
    cache.mkdir(parents=True, exist_ok=True)
    wanted = [path for path in paths if path.suffix.lower() in OFFICE_SUFFIXES]
    converted = 0
    for start in range(0, len(wanted), BATCH_FILES) if find_soffice() else ():
        documents = []
        for path in wanted[start : start + BATCH_FILES]:
            try:
                documents.append((path.read_bytes(), path.name))
            except OSError:
                continue
        for (data, _), outcome in zip(documents, convert_many(documents), strict=True):
            if isinstance(outcome, bytes):
                target = cache / _cache_name(data)
                part = target.with_suffix(f".{os.getpid()}.part")
                part.write_bytes(outcome)
                part.replace(target)
                converted += 1
    return converted


def find_soffice() -> str | None:
    """The path of LibreOffice's program, if it is installed where programs are looked for."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _convert(program: str, documents: Sequence[tuple[bytes, str]]) -> tuple[list[bytes | None], int | None]:
    with tempfile.TemporaryDirectory(prefix="searchapp-office-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        profile, target = folder / "profile", folder / "out"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
        sources = [folder / f"{index}{_true_suffix(data, file)}" for index, (data, file) in enumerate(documents)]
        for source, (data, _) in zip(sources, documents, strict=True):
            source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--invisible", "--nologo", "--norestore", "--nolockcheck", "--nodefault"),
            *("--convert-to", "docx:Office Open XML Text", "--outdir", str(target)),
            *map(str, sources),
        ]
        limit = START_LIMIT_SECONDS + FILE_LIMIT_SECONDS * (len(documents) - 1)
        ended = run_limited(command, limit, {"TMPDIR": name, "HOME": name})
        outcomes = [target / f"{source.stem}.docx" for source in sources]
        return [outcome.read_bytes() if outcome.is_file() else None for outcome in outcomes], ended


def _refusal(data: bytes, file: str) -> ReadError | None:
    if not data:
        return ReadError(file, "文件是空的")
    if data.startswith(_COMPOUND_FILE) and (_ENCRYPTED in data or _is_encrypted_word(data)):
        return ReadError(file, "有密码保护，无法读取")
    if data.startswith(b"PK"):
        return _refused_package(data, file)
    if not (data.startswith((_COMPOUND_FILE, b"{\\rtf", b"\xdb\xa5", b"\x01\xfe"))):
        # LibreOffice takes any bytes for plain text in some encoding.
        return ReadError(file, f"不是完好的 {suffix_of(file)} 文件")
    return None


def _refused_package(data: bytes, file: str) -> ReadError | None:
    try:
        with open_zip(data, file) as package:
            check_office_entries(package, file)
            manifest = package.read("META-INF/manifest.xml")
    except ReadError as exc:
        return exc
    except Exception:  # zipfile and zlib raise many kinds on damaged archives
        return ReadError(file, f"不是完好的 {suffix_of(file)} 文件")
    return ReadError(file, "有密码保护，无法读取") if b"encryption-data" in manifest else None


def _is_encrypted_word(data: bytes) -> bool:
    """The flag fEncrypted ([MS-DOC] 2.5.2) of a Word file whose main stream follows the header, as it mostly does."""
    return data[512:514] == b"\xec\xa5" and len(data) > 523 and bool(data[523] & 1)


def _failure(ended: int | None) -> str:
    if ended is None:
        return f"LibreOffice 转换超过 {START_LIMIT_SECONDS} 秒，已停止"
    return "LibreOffice 转换不了（可能有密码保护，或已损坏）"


def _true_suffix(data: bytes, file: str) -> str:
    """The suffix by content: WPS writes Word's own format, and files are renamed."""
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    if data.startswith(b"PK"):
        return ".odt"
    return ".wps" if not data.startswith(_COMPOUND_FILE) and suffix_of(file) == ".wps" else ".doc"


def _is_html(data: bytes) -> bool:
    return data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML)


def _from_cache(data: bytes) -> bytes | None:
    folder = os.environ.get(CACHE_VARIABLE)
    path = Path(folder, _cache_name(data)) if folder else None
    return path.read_bytes() if path is not None and path.is_file() else None


def _cache_name(data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()}.docx"
