"""Characters and bigrams that stand in many blocks, counted by block when the index is built.

To count 的 in a million paragraphs means reading seven million positions; a row of its counts is a byte a block. What
stands in every fourth block on average is kept: some hundreds, a few bytes beside the four of every position.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.literal.bigrams import Bigrams
from searchapp.literal.block_counts import InRow, Rows
from searchapp.literal.block_sets import Whereabouts
from searchapp.store.mapped_arrays import open_array, save_array

IntArray = npt.NDArray[np.integer]

LEAST_BLOCKS = 1_000
"""In smaller libraries nothing is gained."""
LEAST_SHARE = 0.25
"""Occurrences a block on average, from which on a character or bigram is counted beforehand."""
MOST_TIMES = 255
"""What stands more often in some block is not kept: a row has a byte for each."""
_CHARACTERS, _BIGRAMS, _ROWS = "frequent_characters", "frequent_bigrams", "frequent_rows.bin"


def build_frequent(folder: Path) -> None:
    """Writes the counts of frequent characters and bigrams, from the arrays already in ``folder``."""
    starts = open_array(folder, "starts")
    blocks, whereabouts = len(starts) - 1, Whereabouts(starts)
    bigrams = Bigrams(folder, len(open_array(folder, "alphabet")))
    least = LEAST_SHARE * blocks if blocks >= LEAST_BLOCKS else np.inf
    with (folder / _ROWS).open("wb") as rows:

        def written(kept: Iterator[tuple[int, IntArray]]) -> list[int]:
            names: list[int] = []
            for name, positions in kept:
                row = np.bincount(whereabouts.blocks(positions), minlength=blocks)
                if row.max(initial=0) <= MOST_TIMES:
                    rows.write(row.astype(np.uint8).data)
                    names.append(name)
            return names

        characters = np.flatnonzero(bigrams.totals() >= least)
        save_array(
            folder,
            _CHARACTERS,
            np.array(written((code, bigrams.beginning_unsorted(code)) for code in characters.tolist()), dtype=np.int64),
        )
        save_array(folder, _BIGRAMS, np.array(written(bigrams.frequent(least)), dtype=np.uint64))


class FrequentRows:
    """The rows that :func:`build_frequent` wrote, for ``blocks``. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path, blocks: int) -> None:
        characters, bigrams = open_array(folder, _CHARACTERS).tolist(), open_array(folder, _BIGRAMS).tolist()
        self._rows = Rows(folder / _ROWS, len(characters) + len(bigrams), blocks)
        self._characters = {code: at for at, code in enumerate(characters)}
        self._bigrams = {key: at for at, key in enumerate(bigrams, len(characters))}

    def character(self, code: int) -> InRow | None:
        """How often every block holds a character, if it is a frequent one."""
        at = self._characters.get(code)
        return None if at is None else self._rows.row(at)

    def bigram(self, key: int) -> InRow | None:
        """The same of a bigram, by its key (``Bigrams.key``)."""
        at = self._bigrams.get(key)
        return None if at is None else self._rows.row(at)
