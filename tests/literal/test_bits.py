"""Bits beside counting one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searchapp.literal.block_sets import _ones_by_sums, ones, packed


@given(st.lists(st.booleans(), max_size=200))
def test_as_many_bits_are_set_as_were(mask: list[bool]) -> None:
    words = packed(np.array([mask, [not each for each in mask]], dtype=bool))
    assert ones(words).sum(axis=1).tolist() == [sum(mask), len(mask) - sum(mask)]


@given(st.lists(st.integers(0, (1 << 64) - 1), max_size=20))
def test_sums_of_neighbours_count_bits(words: list[int]) -> None:
    assert _ones_by_sums(np.array(words, dtype=np.uint64)).tolist() == [word.bit_count() for word in words]
