"""Arrays of a build: NumPy files, memory-mapped and shared by all readers of all processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.store.files import MAPPED_FROM_BYTES


def save_array(folder: Path, name: str, array: npt.NDArray[Any]) -> None:
    """Writes ``array`` as ``<name>.npy``."""
    np.save(folder / f"{name}.npy", array)


def open_array(folder: Path, name: str) -> npt.NDArray[Any]:
    """The array that :func:`save_array` wrote: mapped read-only, or read when it is small. ``IndexDamagedError``.

    It comes as a plain array: ``np.memmap`` itself makes every slice several times slower.
    """
    path = folder / f"{name}.npy"
    try:
        if path.stat().st_size < MAPPED_FROM_BYTES:
            small: npt.NDArray[Any] = np.load(path)
            small.flags.writeable = False
            return small
        mapped: npt.NDArray[Any] = np.load(path, mmap_mode="r")
        return mapped.view(np.ndarray)
    except (OSError, ValueError, EOFError) as exc:
        raise IndexDamagedError(tr("索引文件 {name}.npy 缺失或损坏", name=name)) from exc
