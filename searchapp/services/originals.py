"""The source file of a report, as it was given: only what the index read, byte for byte, and only below its roots."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from searchapp.errors import GoneError, NotFoundError
from searchapp.language import tr
from searchapp.store.files import reason_of
from searchapp.store.manifest import FileRecord, Manifest, Root, root_path, stands_in


@dataclass(frozen=True, slots=True)
class Original:
    """A source file: the last part of its display name, and its bytes."""

    name: str
    content: bytes


FindOriginal = Callable[[str], Original]
"""The file in which the source with this display name stands. Raises ``NotFoundError`` or ``GoneError``."""


def no_originals(file: str) -> Original:
    """For a library without sources."""
    raise NotFoundError(tr("这个库没有源文件可下载。"))


def original(index: Path, manifest: Manifest, file: str) -> Original:
    """The file in which ``file`` (the display name of a report's source) stands; of an archive's member, the archive.

    Raises ``NotFoundError`` for a name that the index did not read, ``GoneError`` for a file that has been moved,
    altered or hidden since: what is handed out is exactly what was read, and lies below the root it was found in.
    """
    record = next((each for each in manifest.files if stands_in(file, each.file)), None)
    root = None if record is None else next((each for each in manifest.roots if each.label == record.root), None)
    if record is None or root is None or record.status == "failed":
        raise NotFoundError(tr("这个库里没有这份源文件。"))
    name = PurePosixPath(record.file).name
    try:
        content = _path(index, root, record).read_bytes()
    except OSError as exc:
        raise GoneError(tr("源文件“{name}”现在取不到：{reason}。", name=name, reason=reason_of(exc))) from exc
    if hashlib.sha256(content).hexdigest() != record.sha256:
        raise GoneError(tr("源文件“{name}”在建索引之后改动过，与这里显示的文字不再一致。更新索引后再下载。", name=name))
    return Original(name, content)


def _path(index: Path, root: Root, record: FileRecord) -> Path:
    """Where a file is now. Raises ``GoneError`` when that is not below its root, be it by a link."""
    top = root_path(index, root)
    if record.file == root.label:
        if top.is_dir():
            raise GoneError(tr("这份源文件现在成了文件夹。"))
        return top
    path = (top / record.file.removeprefix(f"{root.label}/")).resolve()
    if not path.is_relative_to(top):
        raise GoneError(tr("这份源文件在来源文件夹之外（经由链接），不提供下载。"))
    return path
