"""How far back a gap reaches, beside a walk over the text; rows of frequent texts beside counting."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import IndexDamagedError
from searchapp.literal import frequent
from searchapp.literal import sentence_ends as ends_module
from searchapp.literal.builder import build_literal
from searchapp.literal.clauses import ClauseIndex
from searchapp.literal.text_index import LiteralIndex
from searchapp.query.ast import Phrase
from searchapp.text.punctuation import sentence_ends

TEXTS = st.lists(st.text(alphabet="党建,。..;!", max_size=90), min_size=1, max_size=5)


@pytest.mark.parametrize("piece", [32, ends_module.PIECE])
@given(TEXTS, st.integers(0, 80))
def test_a_gap_reaches_back_to_the_end_of_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, piece: int, texts: list[str], most: int
) -> None:
    folder = tmp_path_factory.mktemp("sentences")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ends_module, "PIECE", piece)
        build_literal(folder, texts)
    expected, start = [], 0
    for text in texts:
        limits = [0, *(end + 1 for end in sentence_ends(text))]
        for at in range(len(text) + 1):
            last = max(limit for limit in limits if limit <= at)
            expected.append(start + max(last, at - most))
        start += len(text) + 1
    # Before the end of the text stands the separator of the last block.
    places = np.arange(start + 1)
    index = LiteralIndex(folder)
    assert index.sentence_begins(places, most).tolist() == [*expected, start]
    befores = np.maximum(places - most, 0)
    ran_over = [begin > before for begin, before in zip([*expected, start], befores.tolist(), strict=True)]
    assert index.sentence_ends_between(befores, places, most).tolist() == ran_over


@given(st.lists(st.text(alphabet="党建引领", max_size=8), min_size=4, max_size=12))
def test_frequent_texts_are_counted_beforehand(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("frequent")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frequent, "LEAST_BLOCKS", 1)
        patch.setattr(frequent, "MOST_TIMES", 3)
        build_literal(folder, texts)
    clauses = ClauseIndex(LiteralIndex(folder))
    for sought in ("党", "建", "党建", "建党", "引引"):
        counts = [sum(text.startswith(sought, at) for at in range(len(text))) for text in texts]
        assert clauses.occurrences(Phrase(sought, sought)).row().tolist() == counts


def test_rows_that_were_cut_off_are_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frequent, "LEAST_BLOCKS", 1)
    build_literal(tmp_path, ["党建引领"] * 3)
    rows = tmp_path / "frequent_rows.bin"
    rows.write_bytes(rows.read_bytes()[:-1])
    with pytest.raises(IndexDamagedError):
        LiteralIndex(tmp_path)
