"""Builds: an index folder holds finished builds and ``CURRENT``, a small text file that names the one to read.

Invariant: ``CURRENT`` names a build whose every file is on the disk. A build is never changed once it is current.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from searchapp.errors import IndexBusyError, IndexDamagedError, LibraryError, NoIndexError
from searchapp.language import later, tr
from searchapp.store.files import (
    REPLACE_ATTEMPTS,
    REPLACE_PAUSE_SECONDS,
    fsync_folder,
    fsync_tree,
    write_durably,
)

CURRENT_FILE = "CURRENT"
LOCK_FILE = ".lock"
BUILD_NAME = re.compile(r"b-([0-9]{8})-[0-9a-f]{8}")
KEPT_OLD_BUILDS = 1
"""Finished builds kept beside the current one, for readers that have read ``CURRENT`` but not yet opened it."""

NO_INDEX_MESSAGE = later("这里还没有索引。先建立：searchapp index 报告文件夹")


def current_build(index: Path) -> str:
    """The name of the current build. Raises ``NoIndexError`` or ``IndexDamagedError``."""
    try:
        name = _read_retrying(index / CURRENT_FILE).decode("ascii").strip()
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise NoIndexError(tr(NO_INDEX_MESSAGE)) from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise IndexDamagedError(tr("索引的 CURRENT 文件读不出来")) from exc
    if not BUILD_NAME.fullmatch(name):
        raise IndexDamagedError(tr("索引的 CURRENT 文件已损坏"))
    return name


def _read_retrying(path: Path) -> bytes:
    """The file's bytes; on Windows it cannot be read for the moment in which it is being replaced."""
    for _ in range(REPLACE_ATTEMPTS):
        try:
            return path.read_bytes()
        except PermissionError:
            time.sleep(REPLACE_PAUSE_SECONDS)
    return path.read_bytes()


def build_folder(index: Path, build: str) -> Path:
    """The folder of a build."""
    return index / build


class Trust:
    """``folders``: whether this process opens builds that others may have written, as whoever started it may ask."""

    folders = False


def check_writers(index: Path, build: str) -> None:
    """Raises ``LibraryError`` when somebody else may write to the index folder or to anything of a build (POSIX).

    Somebody else: everybody, or an owner who is neither root nor who runs this process. Root may read anybody's;
    a group is an office that shares an index. Raises ``OSError``.
    """
    if os.name != "posix" or Trust.folders:
        return
    folder = build_folder(index, build)
    owners = {0, os.geteuid()}
    for path in (index, index / CURRENT_FILE, folder, *folder.rglob("*")):
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        name = f"{index.resolve().name}/{path.relative_to(index).as_posix()}".removesuffix("/.")
        if found.st_mode & stat.S_IWOTH:
            raise LibraryError(
                tr(
                    "没有打开索引：{name} 任何用户都能写，里面可能有别人放进去的东西。"
                    "请收回权限：chmod -R o-w 索引文件夹；怕已被改动就再重建：searchapp index --rebuild。"
                    "确知可信，才用 --trust-index-folder 打开",
                    name=name,
                )
            )
        if os.geteuid() and found.st_uid not in owners:
            raise LibraryError(
                tr(
                    "没有打开索引：{name} 属于另一个用户（{owner}），他可以改动它。"
                    "信得过他，就加 --trust-index-folder；否则用 chown 收归自己，再重建：searchapp index --rebuild",
                    name=name,
                    owner=found.st_uid,
                )
            )


def begin_build(index: Path) -> str:
    """Makes the folder of a new build and gives its name: the next number, and a random half.

    Names ascend (a clock would not always), and no name ever means two builds. Only the holder of :func:`index_lock`
    may call it.
    """
    number = max((int(match.group(1)) for name in _names(index) if (match := BUILD_NAME.fullmatch(name))), default=0)
    build = f"b-{number + 1:08d}-{secrets.token_hex(4)}"
    build_folder(index, build).mkdir(parents=True)
    return build


def publish(index: Path, build: str) -> None:
    """Makes a finished build the current one, durably."""
    _level_modes(build_folder(index, build))
    fsync_tree(build_folder(index, build))
    fsync_folder(index)
    write_durably(index / CURRENT_FILE, f"{build}\n".encode("ascii"))


def _level_modes(folder: Path) -> None:
    """Whoever may read the manifest may read every file of the build: some engines make files for their owner alone."""
    if os.name != "posix":
        return
    mode = stat.S_IMODE((folder / "manifest.json").stat().st_mode)
    for path in folder.rglob("*"):
        found = stat.S_IMODE(path.stat().st_mode)
        if found & mode != mode and path.is_file():
            with contextlib.suppress(PermissionError):  # shared with the build before, which another user made
                path.chmod(found | mode)


def discard(index: Path, build: str) -> None:
    """Removes the folder of a build, unless it has become the current one."""
    with contextlib.suppress(NoIndexError, IndexDamagedError):
        if current_build(index) == build:
            return
    shutil.rmtree(build_folder(index, build), ignore_errors=True)


def _names(index: Path) -> list[str]:
    """The names of all builds, finished or not, ascending."""
    return sorted(path.name for path in index.iterdir() if path.is_dir() and BUILD_NAME.fullmatch(path.name))


def finished_builds(index: Path) -> list[str]:
    """The names of all builds that were once made whole, the newest first."""
    return [name for name in reversed(_names(index)) if is_finished(index, name)]


def recover(index: Path) -> None:
    """Makes the newest finished build current again when ``CURRENT`` is damaged or leads to none.

    Only the holder of :func:`index_lock` may call it. Without a finished build nothing is done.
    """
    with contextlib.suppress(NoIndexError, IndexDamagedError):
        if is_finished(index, current_build(index)):
            return
    if finished := finished_builds(index):
        publish(index, finished[0])


def discard_stale(index: Path) -> None:
    """Removes builds that are neither current nor the newest before it: older ones and ones never finished.

    Only the holder of :func:`index_lock` may call it. A file that is held open (Windows) is left for the next time.
    """
    try:
        current = current_build(index)
    except (NoIndexError, IndexDamagedError):
        current = ""
    names = _names(index)
    older = [name for name in names if name < current and is_finished(index, name)]
    kept = {current, *older[-KEPT_OLD_BUILDS:]}
    for name in names:
        if name not in kept:
            discard(index, name)


def is_finished(index: Path, build: str) -> bool:
    """Whether a build was once made whole: its manifest is written last."""
    return (build_folder(index, build) / "manifest.json").is_file()


@contextlib.contextmanager
def index_lock(index: Path) -> Iterator[None]:
    """The one indexer at work on ``index``. The lock is the operating system's: it goes with the process.

    Raises ``IndexBusyError`` at once when another process holds it.
    """
    import filelock  # brings asyncio and sqlite3, which no reader of an index needs

    index.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(index / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as exc:
        raise IndexBusyError(tr("另一个建索引的进程正在这个索引上工作；等它结束后再试。现有索引没有受影响。")) from exc
    try:
        yield
    finally:
        lock.release()
