"""How often blocks hold something: lists and rows say the same, beside plain dictionaries."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searchapp.literal.block_counts import Holding, InRow, Listed, added, holding_of
from searchapp.literal.block_sets import Blocks
from searchapp.store.cache import Sparse

SIZE = 60
TIMES = st.dictionaries(st.integers(0, SIZE - 1), st.integers(1, 255), max_size=SIZE)
SOME = st.sets(st.integers(0, SIZE - 1), max_size=SIZE)


def sparse(times: dict[int, int]) -> Sparse:
    ordinals = np.array(sorted(times), dtype=np.int64)
    return ordinals, np.array([times[each] for each in sorted(times)], dtype=np.uint8)


def forms(times: dict[int, int]) -> list[Holding]:
    row = np.array([times.get(ordinal, 0) for ordinal in range(SIZE)], dtype=np.uint8)
    return [Listed(*sparse(times), SIZE), InRow(row), holding_of(row.astype(np.int64))]


def as_dict(holding: Holding) -> dict[int, int]:
    ordinals, times = holding.sparse()
    return dict(zip(ordinals.tolist(), times.tolist(), strict=True))


@given(TIMES, SOME)
def test_every_form_says_the_same(times: dict[int, int], wanted: set[int]) -> None:
    ascending = np.array(sorted(wanted), dtype=np.int64)
    for holding in forms(times):
        assert as_dict(holding) == times
        assert len(holding) == len(times)
        assert holding.total == sum(times.values())
        assert holding.blocks.ordinals.tolist() == sorted(times)
        assert holding.row().tolist() == [times.get(ordinal, 0) for ordinal in range(SIZE)]
        assert holding.among(ascending).tolist() == [times.get(ordinal, 0) for ordinal in sorted(wanted)]
        assert holding.total_among(Blocks(SIZE, ordinals=ascending)) == sum(times.get(each, 0) for each in wanted)


@given(TIMES, TIMES)
def test_more_is_added_whatever_the_width(times: dict[int, int], more: dict[int, int]) -> None:
    for holding in forms(times):
        assert as_dict(holding.plus(sparse(more))) == Counter(times) + Counter(more)


@given(TIMES, TIMES)
def test_the_sum_of_two_lists(some: dict[int, int], others: dict[int, int]) -> None:
    ordinals, times = added(sparse(some), sparse(others))
    assert dict(zip(ordinals.tolist(), times.tolist(), strict=True)) == Counter(some) + Counter(others)
    assert ordinals.tolist() == sorted(ordinals.tolist())
