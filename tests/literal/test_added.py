"""The sum of two columns of counts."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searchapp.store.cache import Sparse, added

COLUMNS = st.dictionaries(st.integers(0, 30), st.integers(1, 255), max_size=12)


@given(COLUMNS, COLUMNS)
def test_counts_of_both_are_summed(some: dict[int, int], others: dict[int, int]) -> None:
    ordinals, counts = added(_column(some), _column(others))
    assert dict(zip(ordinals.tolist(), counts.tolist(), strict=True)) == Counter(some) + Counter(others)
    assert ordinals.tolist() == sorted(ordinals.tolist())


def _column(counts: dict[int, int]) -> Sparse:
    ordinals = np.array(sorted(counts), dtype=np.int64)
    return ordinals, np.array([counts[each] for each in sorted(counts)], dtype=np.uint8)
