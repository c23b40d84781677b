"""The words of a whoosh build: kept lists and rows against plain counting, builds without them, damage, sharing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index

from searchapp.engines.embedded import word_postings
from searchapp.engines.embedded.word_postings import FREQUENT_FILES
from searchapp.engines.whoosh.reader import WhooshWords
from searchapp.engines.whoosh.schema import whoosh_schema
from searchapp.errors import IndexDamagedError
from searchapp.literal.block_counts import InRow, Listed
from searchapp.search.weights import WordField
from tests.engines.test_whoosh_segment import Library, postings

_WORDS = ("党", "建", "党建", "责任")
_FIELDS: tuple[WordField, ...] = ("words", "headings", "title")
_texts = st.lists(st.sampled_from(_WORDS), max_size=6)
_reports = st.lists(st.lists(st.tuples(_texts, _texts), min_size=1, max_size=4), min_size=1, max_size=4)
_limits = st.sampled_from(((1_000, 1 / 8, 255), (1, 0.5, 255), (2, 2.0, 2), (1, 0.0, 1)))


def patched(patch: pytest.MonkeyPatch, limits: tuple[int, float, int]) -> None:
    for name, limit in zip(("FREQUENT_FROM", "ROW_SHARE", "MOST_TIMES"), limits, strict=True):
        patch.setattr(word_postings, name, limit)


def assert_true(built: Path, library: Library) -> None:
    """Every list and row is what counting gives."""
    opened = WhooshWords(built)
    blocks = sum(map(len, library.reports.values()))
    for field in _FIELDS:
        for word in (*_WORDS, "没有"):
            held = library.expected(field, word)
            assert postings(opened, field, word) == held
            assert opened.holding(field, word).row().tolist() == [held.get(ordinal, 0) for ordinal in range(blocks)]
    opened.close()


@settings(max_examples=25, deadline=None)
@given(_reports, _reports, _limits, st.data())
def test_lists_are_what_counting_gives_also_after_a_further_step(
    tmp_path_factory: pytest.TempPathFactory, first: Any, second: Any, limits: tuple[int, float, int], data: Any
) -> None:
    library = Library(tmp_path_factory.mktemp("words"))
    with pytest.MonkeyPatch.context() as patch:
        patched(patch, limits)
        base = library.build({f"a{number}": report for number, report in enumerate(first)})
        assert_true(base, library)
        before = dict(library.reports)
        removed = data.draw(st.lists(st.sampled_from(sorted(before)), unique=True))
        # Reports that are added stand before those that are kept.
        added = {f"b{number}": report for number, report in enumerate(second)}
        library.reports = {**added, **library.reports}
        assert_true(library.build(added, removed), library)
        library.reports = before
        assert_true(base, library)


def test_frequent_words_have_rows_or_lists_beside_a_plain_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patched(monkeypatch, (2, 0.5, 3))
    blocks = [["党", "建"], ["党", "责任", "责任"], ["党"], ["党", "责任"], ["建建"] * 4, ["建建"] * 4]
    built = Library(tmp_path).build({f"r{number}": [(words, [])] for number, words in enumerate(blocks)})
    opened = WhooshWords(built)
    kept = word_postings.FrequentWords(built)
    in_row, listed = kept.holding("words", "党"), kept.holding("words", "责任")
    assert isinstance(in_row, InRow) and in_row.of_blocks.tolist() == [1, 1, 1, 1, 0, 0]
    assert isinstance(listed, Listed) and [each.tolist() for each in listed.sparse()] == [[1, 3], [2, 1]]
    # Too seldom; too often in one block.
    assert kept.holding("words", "建") is None and kept.holding("words", "建建") is None
    assert postings(opened, "words", "建建") == {4: 4, 5: 4}
    opened.close()
    with whoosh_index.open_dir(str(built), schema=whoosh_schema()).searcher() as searcher:
        assert searcher.doc_frequency("words", "党") == 4


def test_a_build_without_these_files_answers_as_before_and_the_next_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patched(monkeypatch, (1, 0.5, 255))
    library = Library(tmp_path)
    built = library.build({"r1": [(["党", "建", "党"], ["责任"]), (["党"], [])]})
    for name in FREQUENT_FILES:
        (built / name).unlink()
    opened = WhooshWords(built)
    assert isinstance(opened.holding("words", "党"), Listed)
    opened.close()
    assert_true(built, library)
    following = library.build({"r2": [(["党"], [])]})
    opened = WhooshWords(following)
    assert isinstance(opened.holding("words", "党"), InRow)
    opened.close()
    assert_true(following, library)


def test_a_further_build_leaves_the_files_of_its_base_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patched(monkeypatch, (1, 0.5, 255))
    library = Library(tmp_path)
    built = library.build({"r1": [(["党", "建"], [])], "r2": [(["建"], [])]})
    before = {path.name: path.read_bytes() for path in built.iterdir()}
    library.build({"r3": [(["责任"], [])]}, ["r1"])
    assert {path.name: path.read_bytes() for path in built.iterdir()} == before


@pytest.mark.parametrize("name", ["frequent.json", "rows.bin", "ordinals.bin", "times.bin"])
def test_damage_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    patched(monkeypatch, (1, 0.5, 255))
    built = Library(tmp_path).build({"r1": [(["党", "建"], []), (["党"], []), (["党"], []), (["党"], [])]})
    data = (built / name).read_bytes()
    for damaged in (data + b"\0", data[: len(data) // 2], b""):
        (built / name).write_bytes(damaged)
        with pytest.raises(IndexDamagedError):
            WhooshWords(built)
    (built / name).write_bytes(data)
    WhooshWords(built).close()
