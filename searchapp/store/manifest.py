"""The manifest of a build: what it was made from and by what. Written last: a build with a manifest is finished."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal

from searchapp.errors import IndexDamagedError, IndexVersionError
from searchapp.language import tr
from searchapp.search.schema import SCHEMA_VERSION
from searchapp.store.files import MAPPED_FROM_BYTES, refusal_behind

MANIFEST_FILE = "manifest.json"
DIGEST_DIGITS = 32
_CHECKSUM = "checksum"
"""The key of the manifest's own hash: of all else in it, as :func:`_checksum_of` writes it."""

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
    and its last good version stands). ``sha256`` is that of the bytes that were read, ``corrections`` a digest of the
    corrections that were applied to its reports.
    """

    root: str
    file: str
    sha256: str
    status: FileStatus
    reports: tuple[str, ...] = ()
    reason: str = ""
    encoding: str = ""
    corrections: str = ""
    warnings: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """``analyzer`` is the fingerprint of analysis and reading, ``created`` an ISO 8601 time (UTC).

    ``contents``: size in bytes and hash of every other file of the build, by its path in the build. ``synonyms``:
    groups of expressions that say the same.
    """

    engine: str
    analyzer: str
    created: str
    roots: tuple[Root, ...]
    files: tuple[FileRecord, ...]
    dictionary: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    contents: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION

    def sources_alike(self, other: Manifest) -> bool:
        """Whether the same sources, in the same state, were read in the same way."""
        return replace(self, created="", contents={}) == replace(other, created="", contents={})


def stands_in(source: str, file: str) -> bool:
    """Whether a report's source is ``file`` (display names) or, in an archive, a member of it."""
    return source == file or source.startswith(file + "/")


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes the manifest of the build in ``folder``."""
    data = asdict(manifest)
    text = json.dumps({**data, _CHECKSUM: _checksum_of(data)}, ensure_ascii=False, indent=1)
    (folder / MANIFEST_FILE).write_text(text, encoding="utf-8", newline="\n")


def _checksum_of(data: Mapping[str, object]) -> str:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_DIGITS]


def read_manifest(folder: Path) -> Manifest:
    """Reads the manifest of the build in ``folder``.

    Raises ``IndexDamagedError``, or ``IndexVersionError`` when another schema version wrote it.
    """
    try:
        data = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        if data["schema_version"] != SCHEMA_VERSION:
            raise IndexVersionError(
                tr(
                    "这个索引是另一版本的 searchapp 建的（格式 {version}，现在是 {current}）。"
                    "请重建：searchapp index --rebuild 报告文件夹",
                    version=data["schema_version"],
                    current=SCHEMA_VERSION,
                )
            )
        if data.pop(_CHECKSUM) != _checksum_of(data):
            raise ValueError("the manifest does not have its own checksum")
        return Manifest(
            engine=data["engine"],
            analyzer=data["analyzer"],
            created=data["created"],
            roots=tuple(Root(**root) for root in data["roots"]),
            files=tuple(_file_record(record) for record in data["files"]),
            dictionary=tuple(data["dictionary"]),
            synonyms=tuple(tuple(group) for group in data.get("synonyms", ())),
            contents={name: (int(size), str(digest)) for name, (size, digest) in data["contents"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise IndexDamagedError(tr("索引的清单缺失或损坏")) from exc


def read_roots(folder: Path) -> tuple[Root, ...]:
    """The roots of a build of any schema version; none when they cannot be read."""
    try:
        data = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        return tuple(Root(str(root["label"]), str(root["path"])) for root in data["roots"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def is_intact(folder: Path, name: str) -> bool:
    """Whether a file of a build, of any schema version, is what it was when the build was made."""
    try:
        data = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        size, digest = data["contents"][name]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return _found(folder / name) == (size, digest)


def measure_contents(folder: Path, known: Mapping[str, tuple[int, str]] | None = None) -> dict[str, tuple[int, str]]:
    """Size and hash of every file of a build but its manifest; ``known`` are those measured before, and final then."""
    contents = dict(known or {})
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST_FILE):
        name = path.relative_to(folder).as_posix()
        if name not in contents:
            contents[name] = _measured(path)
    return dict(sorted(contents.items()))


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "blake2b").hexdigest()[:DIGEST_DIGITS]
    return path.stat().st_size, digest


def check_contents(folder: Path, manifest: Manifest) -> None:
    """Raises ``IndexDamagedError`` when a file of the build is missing, has another size or, where it is so small that
    opening reads it whole, another content: what can be seen at once. Raises ``OSError`` when the system refuses.

    :func:`check_hashes` reads everything.
    """
    for name, (size, digest) in manifest.contents.items():
        path = folder / name
        try:
            found = path.stat().st_size
            if found == size and size < MAPPED_FROM_BYTES and _measured(path) != (size, digest):
                raise IndexDamagedError(tr("索引文件 {name} 的内容变了", name=name))
        except (FileNotFoundError, NotADirectoryError) as exc:
            raise IndexDamagedError(tr("索引文件 {name} 不在了", name=name)) from exc
        if found != size:
            raise IndexDamagedError(tr("索引文件 {name} 不完整", name=name))


def check_hashes(folder: Path, manifest: Manifest) -> None:
    """Raises ``IndexDamagedError`` when a file of the build is not what it was when it was made."""
    check_contents(folder, manifest)
    if error := damage_of(folder, manifest):
        raise error


def damage_of(folder: Path, manifest: Manifest) -> IndexDamagedError | None:
    """What to raise when files of the build are no longer what they were; ``None`` when all are."""
    altered = altered_contents(folder, manifest)
    return IndexDamagedError(tr("索引文件 {name} 的内容变了", name="、".join(altered[:3]))) if altered else None


def altered_contents(folder: Path, manifest: Manifest) -> list[str]:
    """The files of a build that are no longer what they were when it was made, or are not there.

    Raises ``OSError`` when the system refuses to open one.
    """
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        found = threads.map(lambda name: _found(folder / name), manifest.contents)
        return [
            name for name, measured in zip(manifest.contents, found, strict=True) if measured != manifest.contents[name]
        ]


def _found(path: Path) -> tuple[int, str] | None:
    try:
        return _measured(path)
    except OSError as error:
        if refusal_behind(error):
            raise
        return None


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
