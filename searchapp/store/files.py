"""Files: written durably (fsync, atomic replacement, checkpoints where a crash is tested), read by position, spooled.

Knows the file system; must not know what the files hold.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import re
import secrets
import stat
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from searchapp.language import Labels, later

MAPPED_FROM_BYTES = 1 << 18
"""Smaller files are read rather than mapped: a mapping holds a file descriptor for as long as it lives."""
REPLACE_ATTEMPTS = 20
REPLACE_PAUSE_SECONDS = 0.05
_MOST_LINKS = 40
"""As Linux: a longer chain of links is taken for a circle."""


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
        errno.ENFILE: later("打开的文件太多"),
        errno.ENOMEM: later("内存不足"),
        errno.ELOOP: later("链接绕成了圈"),
    }
)


_REFUSALS = {errno.EMFILE, errno.ENFILE, errno.EACCES, errno.EPERM, errno.ENOMEM}
_NUMBER_IN_TEXT = re.compile(r"\(os error (\d+)\)")


def refusal_behind(error: BaseException | None) -> OSError | None:
    """The system's refusal that led to ``error`` (too many open files, no permission, no memory): no file is damaged.

    Also where a library in Rust has put it into words.
    """
    while error is not None:
        number = error.errno if isinstance(error, OSError) else None
        if number is None and (found := _NUMBER_IN_TEXT.search(str(error))):
            number = int(found[1])
        if number in _REFUSALS:
            return error if isinstance(error, OSError) else OSError(number, os.strerror(number))
        error = error.__cause__ or error.__context__
    return None


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


def write_named(path: Path, chunks: Iterable[bytes]) -> None:
    """Writes ``chunks`` to the file that a person names: all of them, or the file stays as it was, or is not there.

    A symbolic link stays, and what it leads to is replaced; a file that was there keeps its mode, and its owner and
    group where the system lets it. What is no regular file (a pipe, a device, ``/dev/stdout`` wherever it goes) is
    written to as it stands. Raises ``OSError``, also for a file that may not be written to, and whatever ``chunks``
    raises.
    """
    opened = _opened_as(path)
    target = Path(os.path.realpath(path))
    try:
        there = path.stat() if opened is None else os.fstat(opened)
    except FileNotFoundError:
        there = None
    if opened is not None or (there is not None and not stat.S_ISREG(there.st_mode)):
        # A second descriptor of what is open already goes on where the first one stands, in a file too.
        descriptor = os.open(path, os.O_WRONLY) if opened is None else os.dup(opened)
        _write_all(descriptor, chunks)
        return
    if there is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    scratch = target.with_name(f".searchapp-{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(scratch, flags, 0o666 if there is None else 0o600)
    try:
        _write_all(descriptor, chunks)
        fsync_file(scratch)
        if there is not None:
            _permit(scratch, there)
        replace(scratch, target)
    finally:
        scratch.unlink(missing_ok=True)


def _write_all(descriptor: int, chunks: Iterable[bytes]) -> None:
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            file.write(chunk)


def _permit(path: Path, like: os.stat_result) -> None:
    """Gives ``path`` the mode of another file, and its owner and group as far as may be; never a wider mode."""
    mode = stat.S_IMODE(like.st_mode)
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(path, like.st_uid, -1)
        try:
            os.chown(path, -1, like.st_gid)
        except PermissionError:
            mode &= ~stat.S_IRWXG
    path.chmod(mode)


def _opened_as(path: Path) -> int | None:
    """The descriptor of this process that ``path`` is a name of, as ``/dev/stdout`` and ``/dev/fd/3`` are."""
    for _ in range(_MOST_LINKS):
        if os.path.realpath(path.parent) in ("/dev/fd", f"/proc/{os.getpid()}/fd") and path.name.isdecimal():
            return int(path.name)
        if not path.is_symlink():
            return None
        path = path.parent / path.readlink()
    return None


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


_PREFIX = ".spool-"


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a spool something is: bytes, 0-based."""

    start: int
    size: int


class Spool:
    """Bytes that one indexing run lays aside in ``folder`` until it needs them again. Raises ``OSError`` as files do.

    A file without a name where the system has such files: it disappears with the process, however that ends. Where it
    must have a name for a moment, the name is hidden and :func:`discard_spools` removes what a killed process left.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, prefix=_PREFIX)  # noqa: SIM115 - it lives as long as the spool
        self._end = 0

    def add(self, data: bytes) -> Span:
        """Appends ``data``."""
        self._file.seek(self._end)
        self._file.write(data)
        span = Span(self._end, len(data))
        self._end += len(data)
        return span

    def read(self, span: Span) -> bytes:
        """What :meth:`add` was given."""
        self._file.seek(span.start)
        return self._file.read(span.size)

    def close(self) -> None:
        """Drops everything."""
        # What could not be written any more is of no interest: the run has failed or is over.
        with contextlib.suppress(OSError):
            self._file.close()


def discard_spools(folder: Path) -> None:
    """Removes spools of killed processes. Only for who holds the lock of the index in ``folder``."""
    for path in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            path.unlink()
