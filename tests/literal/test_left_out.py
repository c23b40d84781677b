"""What is left out before a position, beside counting it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.literal import punctuation_blind

KEPT = np.array([True, True, False])


@given(st.lists(st.integers(0, 2), max_size=300))
def test_before_every_position_as_many_as_there_are(tmp_path_factory: pytest.TempPathFactory, codes: list[int]) -> None:
    folder = tmp_path_factory.mktemp("left_out")
    punctuation_blind.build_left_out(folder, np.array(codes, dtype=np.uint16), KEPT)
    found = punctuation_blind.LeftOut(folder, len(codes)).before(np.arange(len(codes) + 1, dtype=np.uint32))
    assert found.tolist() == [codes[:position].count(2) for position in range(len(codes) + 1)]


def test_a_text_of_several_pieces_is_counted_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(punctuation_blind, "PIECE", 8)
    text = np.array([2, 0, 1] * 50, dtype=np.uint16)
    punctuation_blind.build_left_out(tmp_path, text, KEPT)
    assert punctuation_blind.LeftOut(tmp_path, len(text)).before(np.array([150])).tolist() == [50]
