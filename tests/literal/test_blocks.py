"""Sets of blocks beside Python's own sets, however they are kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.literal.block_sets import Blocks

SIZE = 40


@st.composite
def some_blocks(draw: st.DrawFn) -> Blocks:
    form = draw(st.sampled_from(["all", "mask", "ordinals", "both"]))
    if form == "all":
        return Blocks(SIZE)
    chosen = sorted(draw(st.sets(st.integers(0, SIZE - 1), max_size=draw(st.sampled_from([3, SIZE])))))
    mask = np.isin(np.arange(SIZE), chosen)
    ordinals = np.array(chosen, dtype=draw(st.sampled_from([np.int64, np.uint32])))
    return Blocks(SIZE, None if form == "ordinals" else mask, None if form == "mask" else ordinals)


def listed(blocks: Blocks) -> set[int]:
    """The blocks, after a look that the forms agree."""
    ordinals = blocks.ordinals.tolist()
    assert ordinals == np.flatnonzero(blocks.mask).tolist()
    assert len(blocks) == len(ordinals)
    return set(ordinals)


@given(some_blocks(), some_blocks())
@pytest.mark.parametrize("looked_up", [1, 16])
def test_operations_are_those_of_sets(looked_up: int, some: Blocks, others: Blocks) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("searchapp.literal.block_sets.LOOKED_UP", looked_up)
        results = [some & others, some | others, some - others, ~some]
    one, two = listed(some), listed(others)
    assert [listed(result) for result in results] == [one & two, one | two, one - two, set(range(SIZE)) - one]


def test_without_blocks_nothing_is_found() -> None:
    none = Blocks(0)
    assert not len(none & ~none)
    assert not len(Blocks(5, ordinals=np.zeros(0, np.int64)) & Blocks(5))
