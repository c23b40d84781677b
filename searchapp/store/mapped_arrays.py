"""Arrays of a build: NumPy files, memory-mapped and shared by all readers of all processes."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.store.expecting import Mapped, Stretches, expect_soon
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
