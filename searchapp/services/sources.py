"""Sources: labelled roots on disk and the report files below them.

A source is a folder or a single file. Display names are ``label/relative/path`` with ``/`` between, never an absolute
path. Knows folders; must not know what is in the files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from searchapp.errors import SourceError
from searchapp.store.manifest import Manifest, Root, relative_root, root_path

_COMPANIONS = re.compile(
    r"(readme(\..*)?|metadata\.csv|units\.csv|synonyms\.csv|thumbs\.db|desktop\.ini)", re.IGNORECASE
)
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file below a root: the root's label, the display name, where it is; ``readable_name`` is false when the name
    on disk is not valid Unicode and is shown mended."""

    root: str
    file: str
    path: Path
    readable_name: bool = True


def roots_for(index: Path, sources: Sequence[Path], known: Manifest | None, add: bool, replace: bool) -> list[Root]:
    """The roots that the next build mirrors: ``sources``, or those of the manifest when none are given.

    Raises ``SourceError`` when ``sources`` are not the manifest's own and neither ``add`` nor ``replace`` says so.
    """
    before = list(known.roots) if known else []
    if not sources:
        if not before:
            raise SourceError("没有说要索引哪里。用法：searchapp index 报告文件夹")
        return before
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
    roots = before if add else kept
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
    """A file name that can be printed: bytes that are no Unicode are replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def list_files(index: Path, roots: Sequence[Root]) -> list[SourceFile]:
    """Every file below every root, root by root, in natural order of their names (2 before 10).

    Left out: hidden files, office lock files, README and the metadata files that stand beside reports, the index
    itself. Raises ``SourceError`` when a root is missing or holds no file.
    """
    files: list[SourceFile] = []
    for root in roots:
        path = root_path(index, root)
        if path.is_file():
            files.append(SourceFile(root.label, root.label, path))
            continue
        if not path.is_dir():
            raise SourceError(f"来源“{root.label}”不在了（文件夹或文件不存在）。索引没有改动。")
        found = sorted(_below(path, index.resolve()), key=lambda item: natural_key(item[0]))
        if not found:
            raise SourceError(f"来源“{root.label}”里没有文件。索引没有改动；若确实要清空，请用 --replace 换来源。")
        for relative, where in found:
            shown = shown_name(relative)
            files.append(SourceFile(root.label, f"{root.label}/{shown}", where, shown == relative))
    return files


def _below(folder: Path, index: Path) -> Iterator[tuple[str, Path]]:
    for current, folders, names in os.walk(folder):
        here = Path(current)
        folders[:] = [name for name in folders if not name.startswith(".") and (here / name).resolve() != index]
        for name in names:
            if not (name.startswith((".", "~$")) or _COMPANIONS.fullmatch(name)):
                yield (here / name).relative_to(folder).as_posix(), here / name


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sorts digits by value: ``2.txt`` before ``10.txt``."""
    pieces = _DIGITS.split(name)
    return [(1, int(piece), piece) if piece.isdigit() else (0, 0, piece) for piece in pieces] + [(0, 0, name)]
