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

CHUNK = 1 << 18
"""Places looked at at a time: what is made for the moment stays small."""
NUMBERED_AT_ONCE = 1 << 22
"""Places whose pairs are sorted at a time, in some 25 bytes each."""
MOST_RANGES = 16
"""Every range looks at all places once."""

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.unsignedinteger]
Floats = npt.NDArray[np.float32]
Numbered = tuple[Ints, Ints, npt.NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class Grams:
    """The frequent n-grams of one ``length``.

    ``positions`` (m) ascend, ``ids`` (m) say which n-gram stands there; ``texts``, ``counts``, ``cohesion``, ``left``
    and ``right`` (entropies) are by n-gram (u).
    """

    length: int
    positions: npt.NDArray[np.uint32]
    ids: npt.NDArray[np.int32]
    texts: list[str]
    counts: Ints
    cohesion: Floats
    left: Floats
    right: Floats


def frequent_grams(coded: CodedTexts, longest: int, least: int) -> Iterator[Grams]:
    """The n-grams of 2 to ``longest`` characters that stand ``least`` times or more, by ascending length."""
    symbols = coded.symbols
    size = len(coded.points)
    positions = _in_phrases(symbols)
    ids = symbols[positions].astype(np.int32)
    known = {text: number for number, text in enumerate(map(chr, coded.points.tolist()))}
    counts = np.bincount(ids, minlength=size).astype(np.int64)
    total = max(len(positions), 1)
    # Column k: log frequency of the first (last) k + 1 characters of each n-gram.
    heads = tails = _log(counts)[:, None]
    for length in range(2, longest + 1):
        # A frequent n-gram at this place and at the next; the bound after every block keeps them in one block.
        grown = positions[1:] == positions[:-1] + np.uint32(1)
        ids = ids[:-1][grown]
        positions = positions[:-1][grown]
        del grown
        counts, firsts, ids = _numbered(ids, symbols[positions + np.uint32(length - 1)], size, least)
        if not len(counts):
            return
        texts = coded.texts(positions[firsts].astype(np.int64), length)
        head_parts = heads[[known[text[:-1]] for text in texts]]
        tail_parts = tails[[known[text[1:]] for text in texts]]
        known = {text: number for number, text in enumerate(texts)}
        kept = ids >= 0
        positions, ids = positions[kept], ids[kept]
        del kept
        log_counts = _log(counts)
        heads = np.concatenate([head_parts, log_counts[:, None]], axis=1)
        tails = np.concatenate([tail_parts, log_counts[:, None]], axis=1)
        cohesion = log_counts + np.float32(np.log2(total)) - (head_parts + tail_parts[:, ::-1]).max(axis=1)
        yield Grams(
            length=length,
            positions=positions,
            ids=ids,
            texts=texts,
            counts=counts,
            cohesion=cohesion,
            left=_entropy(ids, symbols[positions - np.uint32(1)], counts, size),
            right=_entropy(ids, symbols[positions + np.uint32(length)], counts, size),
        )


def _in_phrases(symbols: Symbols) -> npt.NDArray[np.uint32]:
    """The positions of all symbols that may stand in a phrase."""
    positions = np.empty(sum(np.count_nonzero(piece >= FIRST_SYMBOL) for _, piece in _pieces(symbols)), dtype=np.uint32)
    done = 0
    for at, piece in _pieces(symbols):
        found = np.flatnonzero(piece >= FIRST_SYMBOL)
        positions[done : done + len(found)] = found + at
        done += len(found)
    return positions


def _pieces(symbols: Symbols) -> Iterator[tuple[int, Symbols]]:
    return ((at, symbols[at : at + CHUNK]) for at in range(0, len(symbols), CHUNK))


def _log(counts: Ints) -> Floats:
    return np.log2(np.maximum(counts, 1)).astype(np.float32)


def _pairs(ids: npt.NDArray[np.int32], symbols: Symbols, size: int) -> Codes:
    """One number for each pair, in the order of ids, then symbols; 32 bits where they are enough."""
    if not len(ids):
        return np.zeros(0, dtype=np.uint32)
    width = np.uint32 if (int(ids.max()) + 1) * size <= np.iinfo(np.uint32).max else np.uint64
    pairs: Codes = ids.astype(width)
    pairs *= width(size)
    pairs += symbols
    return pairs


def _numbered(before: npt.NDArray[np.int32], symbols: Symbols, size: int, least: int) -> Numbered:
    """Of the distinct pairs of n-gram and symbol met ``least`` times, in their order (u): counts, a place of each.

    Then of every place its pair's number, -1 where the pair is rarer. Pairs are numbered range by range of the n-grams
    before, so that there are no more than ``NUMBERED_AT_ONCE`` places, or a share of all, to sort at a time.
    """
    numbers = np.full(len(before), -1, dtype=np.int32)
    counts: list[Ints] = [np.zeros(0, dtype=np.int64)]
    firsts: list[Ints] = [np.zeros(0, dtype=np.int64)]
    numbered = 0
    for places in _ranges(before):
        pairs = _pairs(before[places], symbols[places], size)
        ordered, order = _sorted(pairs)
        starts, met = _runs(ordered)
        frequent = met >= least
        kept = order[np.repeat(frequent, met)]
        of_kept = np.repeat(np.arange(numbered, numbered + int(frequent.sum()), dtype=np.int32), met[frequent])
        first = order[starts[frequent]].astype(np.int64)
        if isinstance(places, slice):
            numbers[kept] = of_kept
        else:
            of_range = np.full(len(places), -1, dtype=np.int32)
            of_range[kept] = of_kept
            numbers[places] = of_range
            first = places[first].astype(np.int64)
        firsts.append(first)
        counts.append(met[frequent])
        numbered += len(counts[-1])
    return np.concatenate(counts), np.concatenate(firsts), numbers


def _ranges(ids: npt.NDArray[np.int32]) -> Iterator[slice | npt.NDArray[np.uint32]]:
    """Places by range of their ids, ascending, with about as many in each."""
    if len(ids) <= NUMBERED_AT_ONCE:
        yield slice(None)
        return
    ends = np.cumsum(np.bincount(ids))
    most = max(NUMBERED_AT_ONCE, len(ids) // MOST_RANGES)
    low = 0
    while low < len(ends):
        done = int(ends[low - 1]) if low else 0
        high = max(low + 1, int(np.searchsorted(ends, done + most, side="right")))
        yield np.flatnonzero((ids >= low) & (ids < high)).astype(np.uint32)
        low = high


def _sorted(pairs: Codes) -> tuple[Codes, npt.NDArray[np.uint32]]:
    """``pairs`` ascending, and the place of each among them as they come; of equal ones, in order."""
    if pairs.dtype != np.uint32:
        order = np.argsort(pairs, kind="stable").astype(np.uint32)
        return pairs[order], order
    # A pair and its place as one number: many times as quick as sorting places by their pairs.
    keys: Codes = pairs.astype(np.uint64)
    keys <<= np.uint64(32)
    for at in range(0, len(keys), CHUNK):
        keys[at : at + CHUNK] |= np.arange(at, min(at + CHUNK, len(keys)), dtype=np.uint64)
    keys.sort()
    order = keys.astype(np.uint32)
    keys >>= np.uint64(32)
    return keys, order


def _runs(ordered: Codes) -> tuple[Ints, Ints]:
    """Where each run of equal values begins, and how long it is."""
    if not len(ordered):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return starts, np.diff(np.append(starts, len(ordered)))


def _entropy(ids: npt.NDArray[np.int32], neighbours: Symbols, counts: Ints, size: int) -> Floats:
    """Of the neighbours of each n-gram (u), in bits: ``log(N) - sum(c * log(c)) / N``; each free bound is apart."""
    pairs = _pairs(ids, neighbours, size)
    pairs.sort()
    starts, runs = _runs(pairs)
    owners, after = np.divmod(pairs[starts], pairs.dtype.type(size))
    inner = after != BOUND
    owners, runs = owners[inner], runs[inner]
    spent = np.bincount(owners.astype(np.int64), weights=runs * np.log2(np.maximum(runs, 1)), minlength=len(counts))
    return (np.log2(counts) - spent / counts).astype(np.float32)
