"""Facet columns: for each field, the values of every block, as arrays; masks and counts of found blocks from them.

A block may have no value of a column, one or several. There are few different *sets* of values, so each block has the
number of its set, and questions about values are answered once for each set. ``b`` is the number of blocks, ``v`` of
values, ``s`` of sets.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import repeat
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.block_sets import Blocks, Words, ones, packed
from searchapp.store.mapped_arrays import open_array, save_array

Mask = npt.NDArray[np.bool_]

COMPARED_SETS = 16
"""Where more are hits, up to so many sets it is quicker to count the bits of each than to count codes (measured)."""
FEW_SETS = 6
"""Up to so many sets it is quicker to compare with each than to look all up (measured)."""


class ColumnBuilder:
    """Collects one column, block by block in document order."""

    def __init__(self) -> None:
        self._values: dict[str, int] = {}
        self._sets: dict[tuple[str, ...], int] = {}
        self._codes = array("I")

    def add(self, sets: Iterable[tuple[str, ...]], codes: Sequence[int]) -> None:
        """The next blocks: for each the place, in ``sets``, of its distinct values."""
        numbers = [self._number(values) for values in sets]
        if len(numbers) == 1:
            self._codes.extend(repeat(numbers[0], len(codes)))
        else:
            self._codes.extend(map(numbers.__getitem__, codes))

    def _number(self, values: tuple[str, ...]) -> int:
        number = self._sets.get(values)
        if number is None:
            number = self._sets[values] = len(self._sets)
            for value in values:
                self._values.setdefault(value, len(self._values))
        return number

    def save(self, folder: Path, name: str) -> None:
        """Writes the column as ``<name>.json`` (values; sets of their numbers) and ``<name>.npy`` (sets of blocks)."""
        sets = [[self._values[value] for value in values] for values in self._sets]
        text = json.dumps({"values": list(self._values), "sets": sets}, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        codes = np.array(self._codes, dtype=np.uint32)
        save_array(folder, name, codes.astype(np.min_scalar_type(max(0, len(sets) - 1))))


class Column:
    """One column, open for reading. Raises ``IndexDamagedError`` on opening.

    ``sets`` are the numbers of sets of all blocks (``b``).
    """

    def __init__(self, folder: Path, name: str) -> None:
        try:
            head = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            self.values: list[str] = head["values"]
            sizes = [len(values) for values in head["sets"]]
            self._pair_set = np.repeat(np.arange(len(sizes)), sizes)
            self._pair_value = np.array([value for values in head["sets"] for value in values], dtype=np.int64)
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise IndexDamagedError(tr("索引文件 {name}.json 缺失或损坏", name=name)) from exc
        self._empty = np.array(sizes, dtype=np.int64) == 0
        self.sets: npt.NDArray[np.unsignedinteger] = open_array(folder, name)

    def __len__(self) -> int:
        """The number of sets."""
        return len(self._empty)

    def only(self, of_set: int) -> str | None:
        """The only value of a set; nothing for a set without values."""
        values = self._pair_value[self._pair_set == of_set]
        return self.values[int(values[0])] if len(values) else None

    def matching(self, accepts: Callable[[str], bool]) -> Mask:
        """Blocks (``b``) with a value that ``accepts`` takes; it is asked once for each distinct value."""
        accepted = np.fromiter((accepts(value) for value in self.values), dtype=bool, count=len(self.values))
        sets = np.zeros(len(self._empty), dtype=bool)
        sets[self._pair_set[accepted[self._pair_value]]] = True
        return self._of_sets(sets)

    @cached_property
    def missing(self) -> Mask:
        """Blocks (``b``) without any value."""
        return self._of_sets(self._empty)

    @cached_property
    def _bits(self) -> Words:
        """For each set (``s``), the blocks that have it, as bits."""
        return packed(np.array([self.sets == code for code in range(len(self))]).reshape(len(self), len(self.sets)))

    @cached_property
    def ranks(self) -> npt.NDArray[np.int64]:
        """The place of each value (``v``) among all in the order of their code points."""
        ranks = np.empty(len(self.values), dtype=np.int64)
        ranks[sorted(range(len(self.values)), key=self.values.__getitem__)] = np.arange(len(self.values))
        return ranks

    def counts(self, hits: Blocks) -> tuple[npt.NDArray[np.int64], int]:
        """For each value (``v``), the number of ``hits`` that have it, and the number of those without any."""
        if hits.are_few:
            return self.counted(np.bincount(self.sets[hits.ordinals], minlength=len(self)))
        if len(self) <= COMPARED_SETS:
            return self.counted(ones(self._bits & packed(hits.mask)).sum(axis=1, dtype=np.int64))
        # Counting zeros too is quicker than picking many hits out.
        codes = np.multiply(self.sets + np.ones(1, dtype=np.min_scalar_type(len(self))), hits.mask)
        return self.counted(np.bincount(codes, minlength=len(self) + 1)[1:])

    def counted(self, by_set: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], int]:
        """The same from the number of hits with each set of values (``s``)."""
        # As floats counts are exact: there are fewer than 2^53 blocks.
        counts = np.bincount(self._pair_value, by_set[self._pair_set], len(self.values)).astype(np.int64)
        return counts, int(by_set[self._empty].sum())

    def _of_sets(self, sets: Mask) -> Mask:
        chosen, others = np.flatnonzero(sets), np.flatnonzero(~sets)
        mask: Mask
        if min(len(chosen), len(others)) > FEW_SETS:
            mask = sets[self.sets]
            return mask
        few, reverse = (chosen, False) if len(chosen) <= FEW_SETS else (others, True)
        mask = np.zeros(len(self.sets), dtype=bool)
        for code in few.tolist():
            mask |= self.sets == code
        return ~mask if reverse else mask


Counted = tuple[npt.NDArray[np.int64], int]
"""How many blocks have each value of a column, and how many have none."""


class Hits:
    """Blocks that were found; counts of them by column or report are made once.

    ``report_of``: the report of every block (``b``); ``report_starts``: where each one's blocks begin, and ``b``.
    """

    def __init__(
        self, blocks: Blocks, report_of: npt.NDArray[np.integer], report_starts: npt.NDArray[np.int64]
    ) -> None:
        self.blocks = blocks
        self._report_of = report_of
        self._starts = report_starts
        self._counted: dict[str, Counted] = {}

    def counted(self, name: str, count: Callable[[], Counted]) -> Counted:
        """What was counted under ``name``, else what ``count`` gives."""
        if name not in self._counted:
            self._counted[name] = count()
        return self._counted[name]

    @cached_property
    def by_report(self) -> npt.NDArray[np.int64]:
        """How many of them each report holds."""
        reports = len(self._starts) - 1
        if self.blocks.are_few:
            return np.bincount(self._report_of[self.blocks.ordinals], minlength=reports)
        counts = np.zeros(reports, dtype=np.int64)
        filled = np.diff(self._starts) > 0
        if filled.any():
            counts[filled] = np.add.reduceat(self.blocks.mask, self._starts[:-1][filled], dtype=np.int64)
        return counts
