"""Masks as bits, 64 in a word, and how many of them are set. Knows numbers only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]


def packed(mask: npt.NDArray[np.bool_]) -> Words:
    """``mask`` (its last axis) as words, the lowest bit first; what is left of the last word is not set."""
    octets = np.packbits(mask, axis=-1, bitorder="little")
    missing = -octets.shape[-1] % 8
    if missing:
        octets = np.concatenate((octets, np.zeros((*octets.shape[:-1], missing), dtype=np.uint8)), axis=-1)
    return octets.view("<u8")


def ones(words: Words) -> npt.NDArray[np.unsignedinteger]:
    """How many bits of each word are set."""
    if hasattr(np, "bitwise_count"):
        return np.bitwise_count(words)
    return _ones_by_sums(words)


def _ones_by_sums(words: Words) -> npt.NDArray[np.unsignedinteger]:
    """The same by sums of neighbours, for NumPy before version 2."""
    pairs, fours, octets, each = map(
        np.uint64, (0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F, 0x0101010101010101)
    )
    words = words - ((words >> np.uint64(1)) & pairs)
    words = (words & fours) + ((words >> np.uint64(2)) & fours)
    words = (words + (words >> np.uint64(4))) & octets
    counts: Words = (words * each) >> np.uint64(56)
    return counts
