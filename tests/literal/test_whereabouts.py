"""Positions to blocks, beside counting them one by one."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searchapp.literal.block_sets import Whereabouts


@given(st.lists(st.integers(1, 200), min_size=1, max_size=40), st.data())
def test_each_position_lies_in_its_block(lengths: list[int], data: st.DataObject) -> None:
    starts = np.cumsum([0, *lengths])
    positions = data.draw(st.lists(st.integers(0, int(starts[-1]) - 1), max_size=20))
    found = Whereabouts(starts).blocks(np.array(positions, dtype=np.uint32))
    assert found.tolist() == [bisect_right(starts.tolist(), position) - 1 for position in positions]


def test_a_library_without_blocks_has_none() -> None:
    assert not len(Whereabouts(np.array([0])).blocks(np.zeros(0, dtype=np.int64)))
