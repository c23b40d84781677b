"""The manifest of a build: what it was made from and by what. Written last: a build with a manifest is finished."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from searchapp.errors import IndexDamagedError, IndexVersionError
from searchapp.search.schema import SCHEMA_VERSION

MANIFEST_FILE = "manifest.json"

FileStatus = Literal["read", "failed", "kept"]


@dataclass(frozen=True, slots=True)
class Root:
    """A source of the index: ``label`` is how it is shown; ``path`` leads there from the index folder."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One source file. ``file`` is its display name (label and relative path).

    ``status``: ``read``; ``failed`` (``reason`` says why; it has no reports); ``kept`` (it could not be read this time
    and its last good version stands). ``sha256`` is that of the bytes that were read.
    """

    root: str
    file: str
    sha256: str
    status: FileStatus
    reports: tuple[str, ...] = ()
    reason: str = ""
    encoding: str = ""
    warnings: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """``analyzer`` is the analyzer's fingerprint, ``created`` an ISO 8601 time (UTC)."""

    engine: str
    analyzer: str
    created: str
    roots: tuple[Root, ...]
    files: tuple[FileRecord, ...]
    dictionary: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes the manifest of the build in ``folder``."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (folder / MANIFEST_FILE).write_text(text, encoding="utf-8", newline="\n")


def read_manifest(folder: Path) -> Manifest:
    """Reads the manifest of the build in ``folder``.

    Raises ``IndexDamagedError``, or ``IndexVersionError`` when another schema version wrote it.
    """
    try:
        data = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        if data["schema_version"] != SCHEMA_VERSION:
            raise IndexVersionError(
                f"这个索引是另一版本的 searchapp 建的（格式 {data['schema_version']}，现在是 {SCHEMA_VERSION}）。"
                "请重建：searchapp index --rebuild 报告文件夹"
            )
        return Manifest(
            engine=data["engine"],
            analyzer=data["analyzer"],
            created=data["created"],
            roots=tuple(Root(**root) for root in data["roots"]),
            files=tuple(_file_record(record) for record in data["files"]),
            dictionary=tuple(data["dictionary"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise IndexDamagedError("索引的清单缺失或损坏") from exc


def _file_record(data: dict[str, object]) -> FileRecord:
    warnings = data.pop("warnings")
    reports = data.pop("reports")
    assert isinstance(warnings, list) and isinstance(reports, list)
    return FileRecord(
        **data,  # type: ignore[arg-type]
        reports=tuple(reports),
        warnings=tuple((line, message) for line, message in warnings),
    )


def relative_root(index: Path, source: Path) -> str:
    """``source`` as seen from the index folder, so that both can move together; absolute across Windows drives."""
    try:
        return Path(os.path.relpath(source.resolve(), index.resolve())).as_posix()
    except ValueError:
        return source.resolve().as_posix()


def root_path(index: Path, root: Root) -> Path:
    """Where a root is now."""
    return (index.resolve() / root.path).resolve()
