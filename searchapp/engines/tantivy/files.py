"""The files of a tantivy index, and opening one where nothing may be written."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy

_SEGMENT_FILE_STEM = 32


def index_files(folder: Path) -> Iterator[tuple[Path, bool]]:
    """tantivy's files in ``folder``, and of each whether it belongs to a segment, which means it is never changed."""
    for path in folder.iterdir():
        of_segment = len(path.name.partition(".")[0]) == _SEGMENT_FILE_STEM
        if of_segment or path.suffix == ".json":
            yield path, of_segment


def remove_locks(folder: Path) -> None:
    """Removes the lock files that tantivy leaves behind: they are no part of a build."""
    for path in folder.glob(".tantivy-*.lock"):
        with contextlib.suppress(OSError):
            path.unlink()


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[tantivy.Index]:
    """The index in ``folder``; whoever reads makes a searcher of it in the ``with`` block. Raises as tantivy does.

    tantivy makes a lock file even to read. Where it cannot (a folder of another user, a disk that is read-only), links
    to the same files in a folder for temporary files serve as well, and only until they are mapped.
    """
    try:
        index = tantivy.Index.open(str(folder))
    except (ValueError, OSError):
        with TemporaryDirectory(prefix="searchapp-", ignore_cleanup_errors=True) as links:
            for path, _ in index_files(folder):
                _link(path.resolve(), Path(links) / path.name)
            yield tantivy.Index.open(links)
        return
    yield index


def _link(path: Path, link: Path) -> None:
    try:
        link.symlink_to(path)
    except OSError:  # Windows asks for a right that few have
        shutil.copy2(path, link)
