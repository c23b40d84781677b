"""The literal index against plain string search."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import IndexDamagedError
from searchapp.literal.builder import build_literal
from searchapp.literal.clauses import ClauseIndex
from searchapp.literal.text_index import LiteralIndex
from searchapp.query.ast import Phrase

ALPHABET = "党建引领aa12*，\U00020000"
blocks = st.lists(st.text(alphabet=ALPHABET, max_size=30), max_size=8)


def occurrences(text: str, literal: str) -> int:
    return sum(text.startswith(literal, at) for at in range(len(text)))


def counts(index: LiteralIndex, literal: str) -> list[int]:
    return ClauseIndex(index).occurrences(Phrase(literal, literal)).row().tolist()


@given(blocks, st.data())
def test_counts_equal_a_plain_scan(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("literal")
    build_literal(folder, texts)
    index = LiteralIndex(folder)
    literals = data.draw(st.lists(st.text(alphabet=ALPHABET + "无", min_size=1, max_size=6), max_size=6))
    cut = [text[at : at + size] for text in texts if text for at in (0, len(text) // 2) for size in (1, 2, 5)]
    for literal in [*literals, *filter(None, cut)]:
        assert counts(index, literal) == [occurrences(text, literal) for text in texts]


def test_texts_come_back_as_they_were(tmp_path: Path) -> None:
    texts = ["党建", "", "a\U00020000b", "x" * 1000]
    build_literal(tmp_path, texts)
    index = LiteralIndex(tmp_path)
    assert [index.text(ordinal) for ordinal in range(index.blocks)] == texts
    assert index.lengths.tolist() == [2, 0, 3, 1000]


def test_matches_never_cross_from_one_block_into_the_next(tmp_path: Path) -> None:
    build_literal(tmp_path, ["两个", "维护", "两个维护"])
    assert counts(LiteralIndex(tmp_path), "两个维护") == [0, 0, 1]


def test_overlapping_occurrences_all_count(tmp_path: Path) -> None:
    build_literal(tmp_path, ["*****"])
    assert counts(LiteralIndex(tmp_path), "**") == [4]


def test_more_characters_than_two_bytes_can_number(tmp_path: Path) -> None:
    many = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 20_000)) + "".join(
        chr(code) for code in range(0x20000, 0x20000 + 50_000)
    )
    build_literal(tmp_path, [many, "党建"])
    index = LiteralIndex(tmp_path)
    assert counts(index, many[69_000:69_004]) == [1, 0]
    assert index.text(0) == many


def test_a_missing_or_cut_array_is_damage(tmp_path: Path) -> None:
    build_literal(tmp_path, ["党建引领"])
    text = np.load(tmp_path / "text.npy")
    np.save(tmp_path / "text.npy", text[:-1])
    with pytest.raises(IndexDamagedError):
        LiteralIndex(tmp_path)
    (tmp_path / "text.npy").unlink()
    with pytest.raises(IndexDamagedError):
        LiteralIndex(tmp_path)
