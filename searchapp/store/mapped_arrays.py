"""Arrays of a build: NumPy files, memory-mapped, shared by all processes, with hints to the system on reading them.

By itself the system reads around every page that is touched, as much as it is set to: with 8 MB (fast disks) a list
of a kilobyte costs 6 ms, with 128 KB a list of a megabyte takes eight reads. A system may ignore hints (Windows).
"""

from __future__ import annotations

import contextlib
import mmap
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.store.files import MAPPED_FROM_BYTES

READ_AHEAD_BYTES = 64 << 20
"""Larger arrays are read as answers touch them."""


def save_array(folder: Path, name: str, array: npt.NDArray[Any]) -> None:
    """Writes ``array`` as ``<name>.npy``."""
    np.save(folder / f"{name}.npy", array)


def open_array(folder: Path, name: str, *, soon: bool = False) -> npt.NDArray[Any]:
    """The array that :func:`save_array` wrote: mapped read-only, or read when it is small. ``IndexDamagedError``.

    ``soon``: all of it will be needed by the first answer; unless it is large, the system begins to read it.
    """
    array, mapped = _opened(folder, name)
    if soon and len(mapped) <= READ_AHEAD_BYTES:
        expect_soon(mapped, 0, len(mapped))
    return array


def open_stretches(folder: Path, name: str) -> Stretches:
    """The same for an array of which answers read stretches."""
    return Stretches(*_opened(folder, name))


def _opened(folder: Path, name: str) -> tuple[npt.NDArray[Any], Mapped]:
    """The array and what it is mapped from, which is nothing for a small one.

    It comes as a plain array: ``np.memmap`` itself makes every slice several times slower.
    """
    path = folder / f"{name}.npy"
    try:
        if path.stat().st_size < MAPPED_FROM_BYTES:
            small: npt.NDArray[Any] = np.load(path)
            small.flags.writeable = False
            return small, b""
        array: npt.NDArray[Any] = np.load(path, mmap_mode="r")
        return array.view(np.ndarray), array.base if isinstance(array.base, mmap.mmap) else b""
    except (OSError, ValueError, EOFError) as exc:
        raise IndexDamagedError(tr("索引文件 {name}.npy 缺失或损坏", name=name)) from exc


PIECE_BYTES = 128 << 10
"""What Linux reads at least when it is told: of a longer stretch it takes no more than it would read by itself."""

Mapped = mmap.mmap | bytes
"""A file's bytes as ``store.files.map_file`` gives them."""

_RANDOM: int | None = getattr(mmap, "MADV_RANDOM", None)
_WILLNEED: int | None = getattr(mmap, "MADV_WILLNEED", None)


def expect_stretches(mapped: Mapped) -> None:
    """Only what is asked for will be read, nothing around it."""
    if isinstance(mapped, mmap.mmap) and _RANDOM is not None:
        with contextlib.suppress(OSError):
            mapped.madvise(_RANDOM)


def expect_soon(mapped: Mapped, start: int, end: int) -> None:
    """The bytes from ``start`` to ``end`` (exclusive) will be read: the system may begin, and is not waited for."""
    start -= start % mmap.PAGESIZE
    # One page comes as quickly by itself.
    if end - start > mmap.PAGESIZE and isinstance(mapped, mmap.mmap) and _WILLNEED is not None:
        with contextlib.suppress(OSError):
            for begin in range(start, end, PIECE_BYTES):
                mapped.madvise(_WILLNEED, begin, min(PIECE_BYTES, end - begin))


class Stretches:
    """An array of which answers read stretches here and there. ``array`` is what ``mapped`` ends with."""

    def __init__(self, array: npt.NDArray[Any], mapped: Mapped) -> None:
        self._array = array
        self._mapped = mapped
        self._begin = len(mapped) - array.nbytes
        expect_stretches(mapped)

    def __len__(self) -> int:
        return len(self._array)

    def stretch(self, start: int, end: int) -> npt.NDArray[Any]:
        """The elements from ``start`` to ``end`` (exclusive), asked of the disk in one."""
        size = self._array.itemsize
        expect_soon(self._mapped, self._begin + start * size, self._begin + end * size)
        return self._array[start:end]
