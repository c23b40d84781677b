"""Sources: labelled roots on disk, the report files below them, and the tables about these.

A source is a folder or a single file. Display names are ``label/relative/path`` with ``/`` between, never an absolute
path. Knows folders and the tables' names; must not know what is in the files.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from searchapp.errors import SourceError
from searchapp.reports.file_names import is_companion, is_left_out, is_synonyms
from searchapp.store.builds import BUILD_NAME, CURRENT_FILE
from searchapp.store.files import reason_of
from searchapp.store.manifest import Root, relative_root, root_path

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file below a root: the root's label, the display name, where it is.

    ``reason`` is not empty when it is already known that it cannot be read. An unreadable folder is listed as a file
    whose display name ends in ``/``.
    """

    root: str
    file: str
    path: Path
    reason: str = ""


def roots_for(index: Path, sources: Sequence[Path], before: Sequence[Root], add: bool, replace: bool) -> list[Root]:
    """The roots that the next build mirrors: ``sources``, or ``before`` (those of the index) when none are given.

    Raises ``SourceError`` when ``sources`` are not those of the index and neither ``add`` nor ``replace`` says so.
    """
    if not sources:
        if not before:
            raise SourceError("没有说要索引哪里。用法：searchapp index 报告文件夹")
        return list(before)
    paths = {relative_root(index, path): path for path in sources}
    kept = [root for root in before if root.path in paths]
    new_paths = [path for path in paths if path not in {root.path for root in before}]
    if before and not (add or replace):
        dropped = [root.label for root in before if root.path not in paths]
        if new_paths or dropped:
            labels = "、".join(root.label for root in before)
            raise SourceError(
                f"这个索引建自另外的来源（{labels}）。要并入新来源，加 --add；要换成新来源，加 --replace；"
                "也可以用 --index 指定另一个索引文件夹。"
            )
    roots = list(before) if add else kept
    for path in new_paths:
        roots = [*roots, Root(_free_label(paths[path], roots), path)]
    return roots


def _free_label(path: Path, taken: Iterable[Root]) -> str:
    label = shown_name(path.resolve().name) or "root"
    labels = {root.label for root in taken}
    if label not in labels:
        return label
    number = 2
    while f"{label}-{number}" in labels:
        number += 1
    return f"{label}-{number}"


def shown_name(name: str) -> str:
    """A file name that can be printed on one line: bytes that are no Unicode, and control characters, are replaced."""
    return _CONTROL.sub("\ufffd", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands below the roots: files that may hold reports, ``companions`` that speak of them, ``synonyms``."""

    files: list[SourceFile]
    companions: list[SourceFile]
    synonyms: list[SourceFile]


def list_sources(index: Path, roots: Sequence[Root], *, follow_links: bool = False) -> Listing:
    """Every file below every root, root by root, in natural order of their names (2 before 10).

    Left out: hidden files, office lock files, README and the index itself. Links that lead out of their root are named
    and not followed, unless ``follow_links``; a root itself may be a link. Raises ``SourceError`` when a root is
    missing or holds no file.
    """
    files: list[SourceFile] = []
    companions: list[SourceFile] = []
    synonyms: list[SourceFile] = []
    for root in roots:
        path = root_path(index, root)
        if path.is_file():
            files.append(SourceFile(root.label, root.label, path))
            continue
        if not path.is_dir():
            raise SourceError(f"来源“{root.label}”不在了（文件夹或文件不存在）。索引没有改动。")
        found = sorted(
            _Walk(root.label, path, index.resolve(), follow_links).files(), key=lambda file: natural_key(file.file)
        )
        if not found:
            raise SourceError(f"来源“{root.label}”里没有文件。索引没有改动；若确实要清空，请用 --replace 换来源。")
        for file in found:
            beside = synonyms if is_synonyms(file.file) else companions if is_companion(file.file) else files
            beside.append(file)
    return Listing(files, companions, synonyms)


LEADS_OUT = "链接指向来源文件夹之外，没有跟随；确要读它，加 --follow-links"
"""The reason for a link that is not followed: it would bring into the index what its readers were never given."""


class _Walk:
    """One walk through a root. Links that stay in it are followed, each folder is visited once."""

    def __init__(self, label: str, folder: Path, index: Path, follow_links: bool) -> None:
        self._label = label
        self._folder = folder
        self._real = Path(os.path.realpath(folder))
        self._index = index
        self._follows = follow_links
        self._seen = {self._identity(folder)}
        self._refused: list[SourceFile] = []

    def files(self) -> Iterator[SourceFile]:
        """Every file that may hold reports, and every file or folder that cannot be read, with its reason."""
        for current, folders, names in os.walk(self._folder, onerror=self._refuse, followlinks=True):
            here = Path(current)
            folders[:] = [name for name in folders if self._enters(here, name)]
            for name in names:
                if not (is_left_out(name) or self._is_index(Path(os.path.realpath(here / name)))):
                    yield self._file(here / name)
        yield from self._refused

    def _enters(self, here: Path, name: str) -> bool:
        path = here / name
        real = Path(os.path.realpath(path))
        if name.startswith(".") or real == self._index or self._is_index(real):
            return False
        if self._leads_out(real):
            self._refused.append(self._listed(path, "/", LEADS_OUT))
            return False
        try:
            identity = self._identity(path)
        except OSError as exc:
            self._refused.append(self._listed(path, "/", f"文件夹打不开：{reason_of(exc)}"))
            return False
        if identity in self._seen:
            self._refused.append(self._listed(path, "/", "已经从别处读过，或链接绕成了圈"))
            return False
        self._seen.add(identity)
        return True

    def _is_index(self, real: Path) -> bool:
        """Whether the place is a file of the index, or in one of its builds."""
        if not real.is_relative_to(self._index) or real == self._index:
            return False
        name = real.relative_to(self._index).parts[0]
        return name == CURRENT_FILE or BUILD_NAME.fullmatch(name) is not None

    def _leads_out(self, real: Path) -> bool:
        """Whether a place lies outside of the root, where only a link leads."""
        return not self._follows and not real.is_relative_to(self._real)

    def _identity(self, path: Path) -> tuple[int, int] | str:
        found = path.stat()
        # Some file systems number nothing; then the resolved path tells folders apart.
        return (found.st_dev, found.st_ino) if found.st_ino else str(path.resolve())

    def _refuse(self, error: OSError) -> None:
        path = Path(error.filename)
        if path == self._folder:
            raise SourceError(f"来源“{self._label}”打不开：{reason_of(error)}。索引没有改动。") from error
        self._refused.append(self._listed(path, "/", f"文件夹打不开：{reason_of(error)}"))

    def _file(self, path: Path) -> SourceFile:
        name = path.relative_to(self._folder).as_posix()
        if shown_name(name) != name:
            return self._listed(path, "", "文件名不是有效的 UTF-8，或含有控制字符，请改名")
        try:
            if path.is_symlink() and self._leads_out(Path(os.path.realpath(path))):
                return self._listed(path, "", LEADS_OUT)
            mode = path.stat().st_mode
        except OSError as exc:
            return self._listed(path, "", f"读不出来：{reason_of(exc)}")
        return self._listed(path, "", "" if stat.S_ISREG(mode) else "不是普通文件")

    def _listed(self, path: Path, end: str, reason: str) -> SourceFile:
        name = shown_name(path.relative_to(self._folder).as_posix())
        return SourceFile(self._label, f"{self._label}/{name}{end}", path, reason)


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sorts digits by value: ``2.txt`` before ``10.txt``."""
    pieces = _DIGITS.split(name)
    return [(1, int(piece), piece) if piece.isdigit() else (0, 0, piece) for piece in pieces] + [(0, 0, name)]
