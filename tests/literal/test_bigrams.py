"""Positions by bigram are what sorting them one by one gives, in however many ranges they are sorted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp.literal import bigrams
from searchapp.literal.bigrams import SEPARATOR, text_bigrams

ALPHABET = 5
TEXTS = st.lists(st.lists(st.integers(1, ALPHABET - 1), max_size=8), max_size=8)


@pytest.mark.parametrize("sorted_positions", [1, 3, 1 << 22])
@pytest.mark.parametrize("alphabet", [ALPHABET, 1 << 17])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS)
def test_positions_are_sorted_by_their_bigrams(
    monkeypatch: pytest.MonkeyPatch, sorted_positions: int, alphabet: int, texts: list[list[int]]
) -> None:
    monkeypatch.setattr(bigrams, "SORTED_POSITIONS", sorted_positions)
    monkeypatch.setattr(bigrams, "PIECE", 4)
    codes = [code for text in texts for code in (*text, SEPARATOR)]
    text = np.array(codes, dtype=np.uint16 if alphabet == ALPHABET else np.uint32)
    found, starts, positions = text_bigrams(text, alphabet)
    expected = sorted((codes[at] * alphabet + codes[at + 1], at) for at in range(len(codes)) if codes[at] != SEPARATOR)
    assert positions.tolist() == [at for _, at in expected]
    distinct = sorted({key for key, _ in expected})
    assert found.tolist() == distinct
    keys = [key for key, _ in expected]
    assert starts.tolist() == [*map(keys.index, distinct), len(expected)]
