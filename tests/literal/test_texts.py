"""Texts on their way into the literal index: fold keys of many at once, and texts carried over from a build."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import IndexDamagedError
from searchapp.literal.builder import EncodedTexts, KeptTexts, build_literal
from searchapp.search.near_duplicates import fold_key
from searchapp.store.mapped_arrays import save_array
from searchapp.text.normalize import normalize

TEXTS = st.lists(st.text("党建，。 x×○1２٣-xX〇\U00020000", max_size=8).map(normalize), max_size=6)


@given(TEXTS)
def test_keys_of_many_are_those_of_each(texts: list[str]) -> None:
    kept = EncodedTexts.of_texts(texts)
    assert kept.unpacked() == texts
    assert kept.folds.tolist() == [fold_key(text) for text in texts]


def test_texts_of_a_build_are_carried_over(tmp_path: Path) -> None:
    texts = ["党建工作", "", "xx局2023年，\U00020000"]
    build_literal(tmp_path, texts)
    kept = KeptTexts(tmp_path).of(range(1, 3))
    assert kept.unpacked() == texts[1:]
    assert np.array_equal(kept.folds, EncodedTexts.of_texts(texts[1:]).folds)
    save_array(tmp_path, "folds", np.zeros(2, dtype=np.uint64))
    with pytest.raises(IndexDamagedError):
        KeptTexts(tmp_path)
