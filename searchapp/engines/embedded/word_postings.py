"""How often blocks hold a jieba word, for embedded engines: frequent words from arrays, others from the engine's index.

A long posting list costs milliseconds each time it is read from an engine's index. The longest are therefore decoded
when the build is made, and mapped into memory: a word in at least every eighth block has a *row*, a byte for every
block, which ranking scans fastest; other frequent words have lists of five bytes a block. Both agree with the engine's
index. Shorter lists are cheaper to read from it than to store. Knows words and numbers; an engine supplies postings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.block_counts import Holding, Listed, Rows
from searchapp.search.weights import WORD_FIELD_WEIGHTS, WordField
from searchapp.store.cache import BoundedCache, Sparse
from searchapp.store.files import map_file
from searchapp.store.mapped_arrays import Stretches
from searchapp.time_limit import checkpoint

CACHED_BYTES = 6_000_000
"""What is remembered in all of the lists used last: 750,000 postings."""

Read = Callable[[WordField, str], Sparse]
"""Ordinals of the live blocks whose field holds a word, ascending, and how often each does."""


def same_list(one: Sparse, other: Sparse) -> bool:
    """Whether two lists name the same blocks and frequencies."""
    return all(map(np.array_equal, one, other))


def same_holding(one: Holding, other: Holding) -> bool:
    """The same for what is held of a word."""
    return np.array_equal(one.row(), other.row())


class HeldWords:
    """The words of a build of ``size`` blocks. ``read``: what the engine says of a word that is not ``frequent``."""

    def __init__(self, frequent: FrequentWords | None, read: Read, size: int) -> None:
        self._frequent = frequent
        self._read = read
        self._size = size
        self._cache: BoundedCache[Holding] = BoundedCache(CACHED_BYTES, lambda holding: holding.cost)

    def holding(self, field: WordField, word: str) -> Holding:
        """How often the ``field`` of live blocks holds ``word``."""
        checkpoint()
        if self._frequent is not None and (kept := self._frequent.holding(field, word)) is not None:
            return kept
        return self._cache.get((field, word), lambda: Listed(*self._read(field, word), self._size))


FREQUENT_FROM = 250
"""Blocks that hold a word, from which on its list is kept: an engine gives a shorter one in 0.1 ms (measured)."""
ROW_SHARE = 1 / 8
"""Part of all blocks that holds a word, from which on it has a row: that is larger than a list, and quicker."""
MOST_TIMES = 255
"""A word that stands more often in some block is left to the engine."""

Words = Callable[[WordField], Iterable[tuple[str, int]]]
"""The words of a field, and for each no fewer blocks than hold it."""

_HEAD, _ROWS, _ORDINALS, _TIMES = "frequent.json", "rows.bin", "ordinals.bin", "times.bin"
FREQUENT_FILES = frozenset({_HEAD, _ROWS, _ORDINALS, _TIMES})
"""What :func:`write_frequent` writes."""


def write_frequent(folder: Path, blocks: int, words: Words, read: Read) -> None:
    """Writes the lists of frequent words of a build of so many ``blocks``."""
    rows: list[tuple[WordField, str]] = []
    listed: list[tuple[WordField, str, int]] = []
    with (
        (folder / _ROWS).open("wb") as rows_file,
        (folder / _ORDINALS).open("wb") as ordinals_file,
        (folder / _TIMES).open("wb") as times_file,
    ):
        for field in WORD_FIELD_WEIGHTS:
            for word, most in words(field):
                if most < FREQUENT_FROM:
                    continue
                ordinals, times = read(field, word)
                if len(ordinals) < FREQUENT_FROM or times.max(initial=0) > MOST_TIMES:
                    continue
                if len(ordinals) >= ROW_SHARE * blocks:
                    row = np.zeros(blocks, dtype=np.uint8)
                    row[ordinals] = times
                    rows_file.write(row.data)
                    rows.append((field, word))
                else:
                    ordinals_file.write(ordinals.astype("<u4").data)
                    times_file.write(times.astype(np.uint8).data)
                    listed.append((field, word, len(ordinals)))
    head = json.dumps({"blocks": blocks, "rows": rows, "lists": listed}, ensure_ascii=False)
    (folder / _HEAD).write_text(head, encoding="utf-8", newline="\n")


def has_frequent(folder: Path) -> bool:
    """Whether :func:`write_frequent` wrote there."""
    return (folder / _HEAD).exists()


class FrequentWords:
    """The lists that :func:`write_frequent` wrote. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        try:
            head = json.loads((folder / _HEAD).read_text(encoding="utf-8"))
            rows = [(field, word) for field, word in head["rows"]]
            listed = {(field, word): size for field, word, size in head["lists"]}
            self._ordinals, self._times = _stretches(folder / _ORDINALS, "<u4"), _stretches(folder / _TIMES, "u1")
            self._blocks = int(head["blocks"])
            self._rows = Rows(folder / _ROWS, len(rows), self._blocks)
        except (OSError, ValueError, TypeError, KeyError) as exc:
            raise IndexDamagedError(tr("索引里常用词的文件缺失或损坏")) from exc
        self._row_of = {of: at for at, of in enumerate(rows)}
        ends = np.cumsum([0, *listed.values()]).tolist()
        self._spans = dict(zip(listed, pairwise(ends), strict=True))
        if not len(self._ordinals) == len(self._times) == ends[-1]:
            raise IndexDamagedError(tr("索引里常用词的各个文件对不上"))

    def holding(self, field: WordField, word: str) -> Holding | None:
        """How often every block holds a frequent word; nothing for another."""
        if (at := self._row_of.get((field, word))) is not None:
            return self._rows.row(at)
        if (span := self._spans.get((field, word))) is None:
            return None
        return Listed(self._ordinals.stretch(*span), self._times.stretch(*span), self._blocks)


def _stretches(path: Path, dtype: str) -> Stretches:
    mapped = map_file(path)
    return Stretches(np.frombuffer(mapped, dtype=dtype), mapped)
