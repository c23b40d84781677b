"""What the system is told of how mapped files will be read, so that it reads from the disk what is needed, and at once.

By itself it reads around every page that is touched, as much as it is set to: with 8 MB (fast disks) a list of a
kilobyte costs 6 ms, with 128 KB a list of a megabyte takes eight turns. These are hints: where a system takes none
(Windows), all is read as before.
"""

from __future__ import annotations

import contextlib
import mmap
from typing import Any

import numpy.typing as npt

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
