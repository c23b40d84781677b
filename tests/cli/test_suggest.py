"""``searchapp suggest`` and ``searchapp phrases``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run


@pytest.mark.parametrize("typed", ["两个", "lgwh", "liangge"])
def test_suggestions_are_listed_with_their_blocks(run: Run, index: Path, typed: str) -> None:
    result = run("suggest", typed, "--index", index)
    assert result.exit_code == 0
    assert "两个维护  3 段" in result.output


def test_suggestions_as_json(run: Run, index: Path) -> None:
    answer = json.loads(run("suggest", "lgwh", "--limit", "1", "--index", index, "--json").output)
    assert answer["query"] == "lgwh"
    assert answer["suggestions"] == [{"text": "两个维护", "blocks": 3, "kind": "phrase"}]


def test_when_nothing_goes_on_from_there_what_was_perhaps_meant_is_told(run: Run, index: Path) -> None:
    result = run("suggest", "两个唯护", "--index", index)
    assert result.exit_code == 0
    assert "是不是“两个维护”" in result.output


def test_phrases_are_listed(run: Run, index: Path) -> None:
    result = run("phrases", "--index", index)
    assert result.exit_code == 0
    assert "两个维护" in result.output
    (first, *_) = json.loads(run("phrases", "--limit", "1", "--index", index, "--json").output)["phrases"]
    assert set(first) == {"text", "frequency", "blocks", "cohesion", "left_entropy", "right_entropy"}


@pytest.mark.parametrize("words", [("suggest",), ("suggest", "党", "--limit", "0"), ("phrases", "--limit", "x")])
def test_wrong_words_are_told_in_chinese(run: Run, index: Path, words: tuple[str, ...]) -> None:
    result = run(*words, "--index", index)
    assert result.exit_code == 2
    assert "Error" not in result.output


def test_without_an_index_it_is_told_how_to_make_one(run: Run, tmp_path: Path) -> None:
    result = run("suggest", "党", "--index", tmp_path / "none")
    assert result.exit_code == 3
    assert "searchapp index" in result.output
