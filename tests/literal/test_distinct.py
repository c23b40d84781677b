"""Numbers that differ, ascending."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searchapp.literal.bigrams import distinct


@given(st.lists(st.integers(0, 50)))
def test_each_number_comes_once_and_in_order(numbers: list[int]) -> None:
    for kind in (np.uint32, np.int64):
        found = distinct(np.array(numbers, dtype=kind))
        assert found.dtype == kind
        assert found.tolist() == sorted(set(numbers))
