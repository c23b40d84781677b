"""Looking windows up, looking them through and reading all positions find the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from searchapp.literal import text_index
from searchapp.literal.builder import build_literal
from searchapp.literal.text_index import LiteralIndex


@pytest.mark.parametrize(("window_cost", "search_cost"), [(0, 9), (9, 0), (10**6, 10**6)])
@pytest.mark.parametrize("literal", ["甲", "甲乙", "乙甲乙", "丙甲"])
def test_every_way_finds_what_lies_in_the_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, literal: str, window_cost: int, search_cost: int
) -> None:
    monkeypatch.setattr(text_index, "WINDOW_COST", window_cost)
    monkeypatch.setattr(text_index, "SEARCH_COST", search_cost)
    build_literal(tmp_path, ["甲乙甲乙丙甲", "乙甲乙", "丙甲乙甲乙"] * 3)
    index = LiteralIndex(tmp_path)
    least, most = np.array([-2, 1, 8, 20, 30]), np.array([0, 5, 12, 27, 90])
    everywhere = index.positions(literal).tolist()
    sought = {at for at in everywhere if ((least <= at) & (at <= most)).any()}
    found = index.positions_within(literal, least, most).tolist()
    assert sought <= set(found) <= set(everywhere)
    assert found == sorted(set(found))
