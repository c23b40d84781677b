"""Facet columns: for each field, the values of every block, as arrays; masks and counts from them.

A column holds its distinct values and a list of (block, value) pairs, so that a block may have none, one or several.
``b`` is the number of blocks, ``v`` of values, ``p`` of pairs.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.store.arrays import open_array, save_array

Mask = npt.NDArray[np.bool_]


class ColumnBuilder:
    """Collects one column, block by block in document order."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._blocks = array("I")
        self._values = array("I")
        self._size = 0

    def add(self, values: Iterable[str]) -> None:
        """The distinct values of the next block."""
        for value in values:
            self._blocks.append(self._size)
            self._values.append(self._codes.setdefault(value, len(self._codes)))
        self._size += 1

    def save(self, folder: Path, name: str) -> None:
        """Writes the column as ``<name>.json`` (values) and ``<name>.npy`` (pairs, shape 2 x p)."""
        text = json.dumps({"blocks": self._size, "values": list(self._codes)}, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        save_array(folder, name, np.array([self._blocks, self._values], dtype=np.uint32))


class Column:
    """One column, open for reading. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path, name: str) -> None:
        try:
            head = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            self.values: list[str] = head["values"]
            self._blocks: int = head["blocks"]
            self._pair_block, self._pair_value = open_array(folder, name)
        except (OSError, ValueError, KeyError) as exc:
            raise IndexDamagedError(tr("索引文件 {name}.json 缺失或损坏", name=name)) from exc

    def matching(self, accepts: Callable[[str], bool]) -> Mask:
        """Blocks (``b``) with a value that ``accepts`` takes; it is asked once for each distinct value."""
        accepted = np.fromiter((accepts(value) for value in self.values), dtype=bool, count=len(self.values))
        mask = np.zeros(self._blocks, dtype=bool)
        if accepted.any():
            mask[self._pair_block[accepted[self._pair_value]]] = True
        return mask

    def missing(self) -> Mask:
        """Blocks (``b``) without any value."""
        mask = np.ones(self._blocks, dtype=bool)
        mask[self._pair_block] = False
        return mask

    def counts(self, hits: Mask) -> npt.NDArray[np.int64]:
        """For each value (``v``), the number of ``hits`` (``b``) that have it."""
        return np.bincount(self._pair_value[hits[self._pair_block]], minlength=len(self.values))
