"""Several arrays in one file, memory-mapped: a line of JSON (name, type, shape and place of each), then the arrays."""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError, IndexVersionError
from searchapp.language import tr

ALIGNMENT = 64
MAPPED_FROM_BYTES = 1 << 18
"""Smaller files are read: a mapping holds a file descriptor for as long as it lives."""

Arrays = Mapping[str, npt.NDArray[Any]]


def write_pack(path: Path, version: int, arrays: Arrays) -> None:
    """Writes ``arrays``; nothing of it depends on time or place."""
    places, at = [], 0
    for name, array in arrays.items():
        places.append([name, array.dtype.str, list(array.shape), at])
        at += -(-array.nbytes // ALIGNMENT) * ALIGNMENT
    head = json.dumps({"version": version, "arrays": places}).encode("ascii")
    padding = -(len(head) + 1) % ALIGNMENT
    with path.open("wb") as file:
        file.write(head + b" " * padding + b"\n")
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).tobytes())
            file.write(b"\0" * (-array.nbytes % ALIGNMENT))


def open_pack(path: Path, version: int) -> dict[str, npt.NDArray[Any]]:
    """The arrays that :func:`write_pack` wrote, read-only.

    Raises ``IndexDamagedError``, or ``IndexVersionError`` when another version wrote them.
    """
    try:
        data = _mapped(path)
        end = data.find(b"\n")
        head = json.loads(data[:end])
        if head["version"] != version:
            raise IndexVersionError(
                tr("索引的词表是另一版本的 searchapp 建的。请重建：searchapp index --rebuild 报告文件夹")
            )
        return {
            name: np.frombuffer(data, dtype, int(np.prod(shape, dtype=np.int64)), end + 1 + at).reshape(shape)
            for name, dtype, shape, at in head["arrays"]
        }
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise IndexDamagedError(tr("索引文件 {name} 缺失或损坏", name=path.name)) from exc


def _mapped(path: Path) -> bytes | mmap.mmap:
    if path.stat().st_size < MAPPED_FROM_BYTES:
        return path.read_bytes()
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
