"""The words of a tantivy index: lists out of tantivy, kept lists and rows against plain counting; damage; sharing."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp.engines.embedded import word_postings
from searchapp.engines.embedded.writer import Ids
from searchapp.errors import IndexDamagedError
from searchapp.search.weights import WordField

pytest.importorskip("tantivy")

from searchapp.engines.tantivy.reader import TantivyWords
from searchapp.engines.tantivy.writer import TantivyWordWriter
from tests.engines.block_words import words_of_blocks

Report = tuple[tuple[str, ...], ...]
"""The words of each of its blocks."""
Library = dict[str, Report]

_WORDS = ("党建", "的", "的\u3000", "a2023", "水")
_blocks = st.lists(st.lists(st.sampled_from(_WORDS), max_size=6).map(tuple), min_size=1, max_size=4).map(tuple)
_libraries = st.dictionaries(st.sampled_from(("a1", "b2", "c3", "d4")), _blocks, min_size=1)
_limits = st.sampled_from(((1_000, 1 / 8, 255), (1, 0.5, 255), (2, 2.0, 2), (1, 0.0, 1)))


def ids_of(library: Library) -> Ids:
    return np.array([f"{report}-{at}".encode() for report in library for at in range(len(library[report]))], dtype="S")


def write(folder: Path, library: Library, base: Path | None = None, before: Library | None = None) -> TantivyWords:
    writer = TantivyWordWriter(folder, base)
    for report in before or {}:
        if library.get(report) != (before or {})[report]:
            writer.remove_report(report)
    for report, blocks in library.items():
        if (before or {}).get(report) != blocks:
            fields: list[dict[WordField, Sequence[str]]] = [
                {"words": words, "headings": words[:1], "title": ("题",)} for words in blocks
            ]
            block_ids = [f"{report}-{at}" for at in range(len(blocks))]
            writer.add_report(report, block_ids, words_of_blocks(fields))
    writer.finish(ids_of(library))
    return TantivyWords(folder)


def assert_true(words: TantivyWords, library: Library) -> None:
    """Every list and row is what counting gives."""
    blocks = [Counter(of_block) for report in library.values() for of_block in report]
    for word in (*_WORDS, "无"):
        counts = [counted[word] for counted in blocks]
        holding = words.holding("words", word)
        ordinals, times = holding.sparse()
        assert ordinals.tolist() == [at for at, count in enumerate(counts) if count]
        assert times.tolist() == [count for count in counts if count]
        assert holding.row().tolist() == counts
    assert words.holding("title", "题").sparse()[0].tolist() == list(range(len(blocks)))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(_libraries, _libraries, _limits)
def test_lists_are_what_counting_gives_also_after_a_further_step(
    tmp_path_factory: pytest.TempPathFactory, first: Library, second: Library, limits: tuple[int, float, int]
) -> None:
    folder = tmp_path_factory.mktemp("words")
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in zip(("FREQUENT_FROM", "ROW_SHARE", "MOST_TIMES"), limits, strict=True):
            patch.setattr(word_postings, name, limit)
        assert_true(write(folder / "first", first), first)
        # Reports of the next build stand in another order.
        second = dict(reversed(second.items()))
        assert_true(write(folder / "second", second, folder / "first", first), second)
        assert_true(TantivyWords(folder / "first"), first)


def test_a_further_build_leaves_the_files_of_its_base_alone(tmp_path: Path) -> None:
    first: Library = {"a1": (("党建", "的"),), "b2": (("的",),)}
    write(tmp_path / "first", first)
    before = {path.name: path.read_bytes() for path in (tmp_path / "first").iterdir()}
    write(tmp_path / "second", {"b2": first["b2"], "c3": (("水", "水"),)}, tmp_path / "first", first)
    shutil.rmtree(tmp_path / "second")
    assert {path.name: path.read_bytes() for path in (tmp_path / "first").iterdir()} == before


def test_an_aborted_build_leaves_its_base_alone(tmp_path: Path) -> None:
    first: Library = {"a1": (("党建", "的"),)}
    write(tmp_path / "first", first)
    writer = TantivyWordWriter(tmp_path / "second", tmp_path / "first")
    writer.remove_report("a1")
    writer.abort()
    assert_true(TantivyWords(tmp_path / "first"), first)


@pytest.mark.parametrize("name", ["meta.json", "*.term", "*.idx", "*.fast", "documents.npy", "frequent.json"])
def test_damage_is_told(tmp_path: Path, name: str) -> None:
    library: Library = {"a1": (("党建", "的"), ("水",))}
    write(tmp_path / "ix", library)
    (path,) = (tmp_path / "ix").glob(name)
    data = path.read_bytes()
    for damaged in (b"", data[: len(data) // 2], bytes(len(data))):
        path.unlink()
        path.write_bytes(damaged)
        with pytest.raises(IndexDamagedError):
            assert_true(TantivyWords(tmp_path / "ix"), library)


def test_a_report_without_documents_is_told(tmp_path: Path) -> None:
    writer = TantivyWordWriter(tmp_path / "first", None)
    with pytest.raises(IndexDamagedError):
        writer.finish(np.array([b"a1-0"], dtype="S"))
