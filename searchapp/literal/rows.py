"""Rows of counts out of a file of a build: a byte for every block, row after row, read when they are asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.block_counts import InRow
from searchapp.store.expecting import Stretches
from searchapp.store.files import map_file


class Rows:
    """``count`` rows of ``blocks`` bytes each. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, path: Path, count: int, blocks: int) -> None:
        try:
            mapped = map_file(path)
        except OSError as exc:
            raise IndexDamagedError(tr("索引的字面数组不完整")) from exc
        if len(mapped) != count * blocks:
            raise IndexDamagedError(tr("索引的字面数组不完整"))
        self._blocks = blocks
        self._bytes = Stretches(np.frombuffer(mapped, dtype=np.uint8), mapped)
        self._read: dict[int, InRow] = {}

    def row(self, at: int) -> InRow:
        """The row with this number; the same object each time, so that what it counts is counted once."""
        if at not in self._read:
            self._read[at] = InRow(self._bytes.stretch(at * self._blocks, (at + 1) * self._blocks))
        return self._read[at]
