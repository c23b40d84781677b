"""Files made durable: fsync and atomic replacement, with checkpoints where a crash is tested.

Knows the file system; must not know what the files hold.
"""

from __future__ import annotations

import errno
import mmap
import os
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path

from searchapp.language import Labels, later

MAPPED_FROM_BYTES = 1 << 18
"""Smaller files are read rather than mapped: a mapping holds a file descriptor for as long as it lives."""
REPLACE_ATTEMPTS = 20
REPLACE_PAUSE_SECONDS = 0.05


def _pass(step: str) -> None:
    """The checkpoint of everyday runs."""


checkpoint: Callable[[str], None] = _pass
"""Called with a word after every fsync and rename; crash tests put in one that kills the process."""


_REASONS = Labels(
    {
        errno.ENOSPC: later("磁盘空间不足"),
        errno.EDQUOT: later("磁盘配额已满"),
        errno.EFBIG: later("文件超过了允许的大小"),
        errno.EACCES: later("没有权限"),
        errno.EPERM: later("没有权限"),
        errno.EROFS: later("所在的磁盘是只读的"),
        errno.ENAMETOOLONG: later("名字太长"),
        errno.ENOTDIR: later("路径中有一段不是文件夹"),
        errno.EISDIR: later("这是文件夹，不是文件"),
        errno.ENOENT: later("文件不在了"),
        errno.EIO: later("磁盘读写出错"),
        errno.EMFILE: later("打开的文件太多"),
        errno.ELOOP: later("链接绕成了圈"),
    }
)


def reason_of(error: OSError) -> str:
    """Why the system refused, in words of searchapp's own where it is a common reason."""
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__


def decode_table(data: bytes) -> str:
    """A table or word list that a person keeps: UTF-8 with or without BOM, else GB18030, as a Chinese Excel writes it.

    Raises ``UnicodeDecodeError``.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def fsync_file(path: Path) -> None:
    """Forces what was written to ``path`` to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    checkpoint(f"fsync {path.name}")


def fsync_folder(path: Path) -> None:
    """Forces the names in a folder to the disk, where the system can (POSIX)."""
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    checkpoint(f"fsync {path.name}/")


def fsync_tree(folder: Path) -> None:
    """Every file below ``folder`` and every folder, innermost first."""
    for current, _, names in os.walk(folder, topdown=False):
        for name in sorted(names):
            fsync_file(Path(current) / name)
        fsync_folder(Path(current))


def replace(source: Path, target: Path) -> None:
    """``os.replace``, tried again for a second while another process holds the target open (Windows)."""
    for attempt in range(REPLACE_ATTEMPTS):
        try:
            source.replace(target)
            break
        except PermissionError:
            if attempt == REPLACE_ATTEMPTS - 1:
                raise
            time.sleep(REPLACE_PAUSE_SECONDS)
    checkpoint(f"replace {target.name}")


def write_durably(path: Path, content: bytes) -> None:
    """Writes ``content`` so that after a crash ``path`` holds either all of it or what it held before."""
    scratch = path.with_name(path.name + ".new")
    scratch.write_bytes(content)
    fsync_file(scratch)
    replace(scratch, path)
    fsync_folder(path.parent)


def let_go_of_pages(mapped: mmap.mmap | bytes, start: int, end: int) -> None:
    """Takes the pages of these bytes out of this process's memory; they come back when they are read again.

    For reading through a whole file once: else all of it counts as memory of the process until the end.
    """
    if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        begin = start - start % mmap.PAGESIZE
        mapped.madvise(mmap.MADV_DONTNEED, begin, end - begin)


class FileBytes:
    """A file's bytes, read where they are asked for; they stay readable when the file is removed. ``size`` in bytes.

    For what is read here and there, a little at a time: a mapped file counts 16 pages as memory of the process for each
    that is touched, and reads 32 of them from a cold disk. Safe to share between threads. Raises ``OSError``.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        # Builds are let go unclosed, while requests may still read from them: the last reader closes.
        self._closing = weakref.finalize(self, self._file.close)
        self._lock = threading.Lock()
        self.size = os.fstat(self._file.fileno()).st_size

    def read(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` to ``end`` (exclusive), fewer where the file ends."""
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), end - start, start)
        with self._lock:  # Windows
            self._file.seek(start)
            return self._file.read(end - start)

    def close(self) -> None:
        """Lets go of the file."""
        self._closing()


def map_file(path: Path) -> mmap.mmap | bytes:
    """The file's bytes, mapped, or read when they are few: they stay readable when the file is removed."""
    if path.stat().st_size < MAPPED_FROM_BYTES:
        return path.read_bytes()
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
