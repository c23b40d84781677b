"""Frequent n-grams of characters, grown one character at a time, with the measures of a set phrase.

An (n+1)-gram is frequent only if both of its n-grams are, so each length looks only at the places where the one before
was frequent. Two measures decide what holds together and what stands alone:

- cohesion: the least pointwise mutual information over all ways to cut the n-gram in two, in bits (Church and Hanks,
  "Word association norms, mutual information, and lexicography", Computational Linguistics 16(1), 1990; the least over
  the cuts as in Matrix67, 互联网时代的社会语言学：基于SNS的文本数据挖掘, 2012);
- branching entropy: of the characters that follow it, and of those that precede it, in bits (Harris, "From phoneme to
  morpheme", Language 31(2), 1955; Matrix67 as above). Every free bound counts as a neighbour of its own: what often
  stands beside punctuation stands alone.

``m`` is the number of frequent places of a length, ``u`` of its n-grams.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from searchapp.lexicon.coding import BOUND, FIRST_SYMBOL, CodedTexts, Symbols

CHUNK = 1 << 20
"""Places looked up at a time, to bound the memory of it."""

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.unsignedinteger]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Grams:
    """The frequent n-grams of one ``length``.

    ``positions`` (m) ascend, ``ids`` (m) say which n-gram stands there; ``counts``, ``cohesion``, ``left`` and
    ``right`` (entropies) are by n-gram (u).
    """

    length: int
    positions: npt.NDArray[np.uint32]
    ids: npt.NDArray[np.int32]
    counts: Ints
    cohesion: Floats
    left: Floats
    right: Floats


def frequent_grams(coded: CodedTexts, longest: int, least: int) -> Iterator[Grams]:
    """The n-grams of 2 to ``longest`` characters that stand ``least`` times or more, by ascending length."""
    symbols = coded.symbols
    size = len(coded.points)
    positions = np.flatnonzero(symbols >= FIRST_SYMBOL).astype(np.uint32)
    ids = symbols[positions].astype(np.int32)
    counts = np.bincount(ids, minlength=size).astype(np.int64)
    total = max(len(positions), 1)
    # Column k: log frequency of the first (last) k + 1 characters of each n-gram.
    heads = tails = _log(counts)[:, None]
    at = np.full(len(symbols) + 1, -1, dtype=np.int32)
    for length in range(2, longest + 1):
        at.fill(-1)
        at[positions] = ids
        # A frequent n-gram at both places; the bound after every block keeps them in one block.
        grown = np.flatnonzero(at[positions + 1] >= 0)
        positions, before = positions[grown], ids[grown]
        after = at[positions + 1]
        counts, numbers = _numbered(_pairs(before, symbols[positions + np.uint32(length - 1)], size), least)
        kept = numbers >= 0
        positions, before, after, ids = positions[kept], before[kept], after[kept], numbers[kept]
        if not len(positions):
            return
        first = np.zeros(len(counts), dtype=np.int64)
        first[ids] = np.arange(len(ids))
        head_parts, tail_parts = heads[before[first]], tails[after[first]]
        log_counts = _log(counts)
        heads = np.concatenate([head_parts, log_counts[:, None]], axis=1)
        tails = np.concatenate([tail_parts, log_counts[:, None]], axis=1)
        cohesion = log_counts + np.float32(np.log2(total)) - (head_parts + tail_parts[:, ::-1]).max(axis=1)
        yield Grams(
            length=length,
            positions=positions,
            ids=ids,
            counts=counts,
            cohesion=cohesion,
            left=_entropy(ids, symbols[positions - np.uint32(1)], counts, size),
            right=_entropy(ids, symbols[positions + np.uint32(length)], counts, size),
        )


def first_places(grams: Grams) -> Ints:
    """One place of each n-gram (u)."""
    places = np.zeros(len(grams.counts), dtype=np.int64)
    places[grams.ids] = grams.positions
    return places


def _log(counts: Ints) -> Floats:
    return np.log2(np.maximum(counts, 1)).astype(np.float32)


def _pairs(ids: npt.NDArray[np.int32], symbols: Symbols, size: int) -> Codes:
    """One number for each pair, in the order of ids, then symbols; 32 bits where they are enough."""
    if not len(ids):
        return np.zeros(0, dtype=np.uint32)
    width = np.uint32 if (int(ids.max()) + 1) * size <= np.iinfo(np.uint32).max else np.uint64
    pairs: Codes = ids.astype(width)
    pairs *= width(size)
    pairs += symbols.astype(width)
    return pairs


def _numbered(pairs: Codes, least: int) -> tuple[Ints, npt.NDArray[np.int32]]:
    """Counts of the distinct pairs met ``least`` times (u), and of every place its pair's number.

    A place whose pair is rarer has the number -1.
    """
    ordered = np.sort(pairs)
    starts, counts = _runs(ordered)
    frequent = counts >= least
    keys, counts = ordered[starts[frequent]], counts[frequent]
    del ordered
    numbers = np.full(len(pairs), -1, dtype=np.int32)
    for at in range(0, len(pairs) if len(keys) else 0, CHUNK):
        some = pairs[at : at + CHUNK]
        near = np.minimum(np.searchsorted(keys, some), len(keys) - 1)
        numbers[at : at + CHUNK] = np.where(keys[near] == some, near, -1)
    return counts, numbers


def _runs(ordered: Codes) -> tuple[Ints, Ints]:
    """Where each run of equal values begins, and how long it is."""
    if not len(ordered):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return starts, np.diff(np.append(starts, len(ordered)))


def _entropy(ids: npt.NDArray[np.int32], neighbours: Symbols, counts: Ints, size: int) -> Floats:
    """Of the neighbours of each n-gram (u), in bits: ``log(N) - sum(c * log(c)) / N``; each free bound is apart."""
    inner = neighbours != BOUND
    pairs = _pairs(ids[inner], neighbours[inner], size)
    pairs.sort()
    starts, runs = _runs(pairs)
    owners = pairs[starts] // pairs.dtype.type(size)
    spent = np.bincount(owners.astype(np.int64), weights=runs * np.log2(np.maximum(runs, 1)), minlength=len(counts))
    return (np.log2(counts) - spent / counts).astype(np.float32)
