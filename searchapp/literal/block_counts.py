"""How often blocks hold something: as a sparse list, or as a row over all blocks, in memory or from a file of a build.

A row takes a byte a block, or more for greater counts, and is quicker to scan than a list of more than a few blocks.
``b`` is the number of blocks. Knows numbers only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.block_sets import LOOKED_UP, Blocks, Ordinals, places_in
from searchapp.store.cache import Sparse
from searchapp.store.files import map_file
from searchapp.store.mapped_arrays import Stretches

Times = npt.NDArray[Any]
Row = npt.NDArray[np.unsignedinteger]

ROW_SHARE = 1 / 8
"""Part of all blocks that hold something, from which on a row is quicker than a list (measured)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """``ordinals`` of the blocks that hold it, ascending, and how often each does; ``size`` is ``b``."""

    ordinals: Ordinals
    times: Times
    size: int

    def __len__(self) -> int:
        return len(self.ordinals)

    @property
    def blocks(self) -> Blocks:
        """Those that hold it."""
        return Blocks(self.size, ordinals=self.ordinals)

    @property
    def cost(self) -> int:
        """Bytes."""
        return int(self.ordinals.nbytes + self.times.nbytes)

    @property
    def total(self) -> int:
        """How often all blocks hold it."""
        return _sum(self.times)

    def sparse(self) -> Sparse:
        """As a list."""
        return self.ordinals, self.times

    def row(self) -> Row:
        """As a row."""
        row = np.zeros(self.size, dtype=self.times.dtype)
        row[self.ordinals] = self.times
        return row

    def among(self, wanted: Ordinals) -> Times:
        """How often each of ``wanted`` (ascending) holds it."""
        if not len(self.ordinals):
            return np.zeros(len(wanted), dtype=self.times.dtype)
        if len(wanted) * LOOKED_UP < len(self.ordinals):
            places = places_in(self.ordinals, wanted)
            held: Times = self.times[places] * (self.ordinals[places] == wanted)
            return held
        return self.row().take(wanted)

    def total_among(self, blocks: Blocks) -> int:
        """How often ``blocks`` hold it in all."""
        if len(blocks) * LOOKED_UP < len(self.ordinals):
            return _sum(self.among(blocks.ordinals))
        # Multiplying is several times as quick as picking out.
        return _sum(self.times * blocks.mask[self.ordinals])

    def plus(self, others: Sparse) -> Listed:
        """With as much more in some blocks; ``others`` is best the shorter list."""
        ordinals, times = added(self.sparse(), others)
        return Listed(ordinals, times, self.size)


@dataclass(frozen=True)
class InRow:
    """``of_blocks``: how often every block (``b``) holds it."""

    of_blocks: Row

    def __len__(self) -> int:
        return self._held

    @cached_property
    def _held(self) -> int:
        return int(np.count_nonzero(self.of_blocks))

    @property
    def blocks(self) -> Blocks:
        """Those that hold it."""
        return Blocks(len(self.of_blocks), self.of_blocks > 0)

    @property
    def cost(self) -> int:
        """Bytes."""
        return int(self.of_blocks.nbytes)

    @property
    def total(self) -> int:
        """How often all blocks hold it."""
        return _sum(self.of_blocks)

    def sparse(self) -> Sparse:
        """As a list."""
        ordinals = np.flatnonzero(self.of_blocks)
        return ordinals, self.of_blocks[ordinals]

    def row(self) -> Row:
        """As a row."""
        return self.of_blocks

    def among(self, wanted: Ordinals) -> Times:
        """How often each of ``wanted`` holds it."""
        return self.of_blocks[wanted]

    def total_among(self, blocks: Blocks) -> int:
        """How often ``blocks`` hold it in all."""
        of_those = self.among(blocks.ordinals) if blocks.are_few else self.of_blocks * blocks.mask
        return _sum(of_those)

    def plus(self, others: Sparse) -> InRow:
        """With as much more in some blocks."""
        ordinals, times = others
        if not len(ordinals):
            return self
        row = self.of_blocks.astype(np.int64)
        row[ordinals] += times
        return InRow(narrowed(row))


Holding = Listed | InRow


def holding_of(of_blocks: npt.NDArray[np.int64]) -> Holding:
    """What holds so many, for every block (``b``)."""
    narrow = narrowed(of_blocks)
    in_row = InRow(narrow)
    return in_row if len(in_row) >= ROW_SHARE * len(narrow) else Listed(*in_row.sparse(), len(narrow))


def _sum(times: Times) -> int:
    # Half the width takes a third of the time, and is enough for so many octets.
    is_small = times.itemsize == 1 and len(times) < 1 << 24
    return int(times.sum(dtype=np.uint32 if is_small else np.uint64))


def narrowed(times: npt.NDArray[np.integer]) -> Row:
    """The same numbers, none below zero, in the fewest bytes that hold them."""
    return times.astype(np.min_scalar_type(int(times.max(initial=0))))


def added(some: Sparse, others: Sparse) -> Sparse:
    """The sum of two lists; ``others`` is best the shorter one."""
    if not len(others[0]):
        return some
    ordinals, times = some[0], some[1].astype(np.int64)
    at = np.searchsorted(ordinals, others[0])
    both = ordinals[np.minimum(at, len(ordinals) - 1)] == others[0] if len(ordinals) else np.zeros(len(at), dtype=bool)
    times[at[both]] += others[1][both]
    new = ~both
    return np.insert(ordinals, at[new], others[0][new]), np.insert(times, at[new], others[1][new])


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
