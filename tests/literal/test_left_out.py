"""What is left out before a position, beside counting it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.literal import left_out

KEPT = np.array([True, True, False])


@given(st.lists(st.integers(0, 2), max_size=300))
def test_before_every_position_as_many_as_there_are(codes: list[int]) -> None:
    text = np.array(codes, dtype=np.uint16)
    found = left_out.LeftOut(text, KEPT).before(np.arange(len(codes) + 1, dtype=np.uint32))
    assert found.tolist() == [codes[:position].count(2) for position in range(len(codes) + 1)]


def test_a_text_of_several_pieces_is_counted_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(left_out, "PIECE", 8)
    text = np.array([2, 0, 1] * 50, dtype=np.uint16)
    assert left_out.LeftOut(text, KEPT).before(np.array([150])).tolist() == [50]
