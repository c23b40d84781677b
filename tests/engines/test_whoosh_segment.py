"""Segments written by block: as Whoosh's own writer writes them, and read as they were written.

Property tests over any documents, segments and deletions; ``make test-whoosh`` runs them on the three Whooshes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import fields, scoring
from whoosh.filedb.filestore import RamStorage
from whoosh.util.numeric import byte_to_length
from whoosh.writing import MERGE_SMALL

from searchapp.engines.embedded.bm25 import bm25
from searchapp.engines.whoosh import writer
from searchapp.engines.whoosh.reader import WhooshWords
from searchapp.engines.whoosh.schema import whoosh_schema
from searchapp.engines.whoosh.segment import BulkSegment, UnexpectedInsideError
from searchapp.engines.whoosh.writer import WhooshWordWriter
from searchapp.errors import IndexDamagedError
from searchapp.search.weights import WordField
from tests.engines.block_words import words_of_blocks

_WORDS = ("党", "建", "党建", "责任", "abc", "𠀀")
_texts = st.lists(st.sampled_from(_WORDS), max_size=9)
_report = st.lists(st.tuples(_texts, _texts), min_size=1, max_size=4)
_BLOCKS_A_LIST = 3


class Library:
    """Reports of (words, headings) a block, written build by build; a report's title is its first heading."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._builds = 0
        self.reports: dict[str, list[tuple[list[str], list[str]]]] = {}

    def build(self, added: dict[str, list[tuple[list[str], list[str]]]], removed: Sequence[str] = ()) -> Path:
        base = self._folder / str(self._builds) if self._builds else None
        self._builds += 1
        target = WhooshWordWriter(self._folder / str(self._builds), base)
        for report_id in removed:
            target.remove_report(report_id)
            del self.reports[report_id]
        for report_id, of_report in added.items():
            fields: list[dict[WordField, Sequence[str]]] = [
                {"words": of_block, "headings": headings, "title": of_report[0][1]} for of_block, headings in of_report
            ]
            block_ids = [f"{report_id}-{number}" for number in range(len(of_report))]
            target.add_report(report_id, block_ids, words_of_blocks(fields))
        self.reports.update(added)
        ids = [f"{each}-{number}".encode() for each in self.reports for number in range(len(self.reports[each]))]
        target.finish(np.array(ids, dtype="S"))
        return self._folder / str(self._builds)

    def expected(self, field: str, word: str) -> dict[int, int]:
        """Ordinals of the blocks that hold ``word``, and how often."""
        found, ordinal = {}, 0
        for of_report in self.reports.values():
            for of_block, headings in of_report:
                held = {"words": of_block, "headings": headings, "title": of_report[0][1]}[field].count(word)
                if held:
                    found[ordinal] = held
                ordinal += 1
        return found


def postings(opened: WhooshWords, field: WordField, word: str) -> dict[int, float]:
    ordinals, frequencies = opened.holding(field, word).sparse()
    assert np.all(np.diff(ordinals.astype(np.int64)) > 0)
    return dict(zip(ordinals.tolist(), frequencies.tolist(), strict=True))


@settings(max_examples=12)
@given(st.lists(st.lists(_report, max_size=3), min_size=1, max_size=3), st.booleans(), st.data())
def test_both_ways_of_writing_give_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, runs: list[list[Any]], in_bulk: bool, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("whoosh")
    with pytest.MonkeyPatch.context() as patch:
        if not in_bulk:
            patch.setattr(writer, "BulkSegment", refusing)
        library = Library(folder)
        number = 0
        for run in runs:
            known = sorted(library.reports)
            removed = data.draw(st.lists(st.sampled_from(known), unique=True)) if known else []
            added = {f"r{number + at:03d}": of_report for at, of_report in enumerate(run)}
            number += len(run)
            if len(removed) == len(known) and not added:
                added = {f"r{number:03d}": [(["党"], [])]}
                number += 1
            built = library.build(added, removed)
    opened = WhooshWords(built)
    names: tuple[WordField, ...] = ("words", "headings", "title")
    for field in names:
        for word in (*_WORDS, "没有"):
            assert postings(opened, field, word) == library.expected(field, word)
    opened.close()


@pytest.mark.parametrize("in_bulk", [True, False])
def test_segments_that_whoosh_merges_hold_what_they_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_bulk: bool
) -> None:
    if not in_bulk:
        monkeypatch.setattr(writer, "BulkSegment", refusing)
    merged = []

    def watched(target: Any, segments: list[Any]) -> list[Any]:
        kept: list[Any] = MERGE_SMALL(target, segments)
        merged.append(len(kept) < len(segments))
        return kept

    monkeypatch.setattr(writer, "MERGE_SMALL", watched)
    library = Library(tmp_path)
    for number in range(9):
        removed = [f"r{number - 3}"] if number in (4, 7) else []
        added = {f"r{number}": [(["党"] * (1 + number), ["标题"]), (["党", f"词{number}"], [])]}
        built = library.build(added, removed)
        opened = WhooshWords(built)
        assert postings(opened, "words", "党") == library.expected("words", "党")
        assert postings(opened, "words", f"词{number}") == library.expected("words", f"词{number}")
        assert postings(opened, "title", "标题") == library.expected("title", "标题")
        opened.close()
    assert any(merged)


def refusing(*_: object) -> BulkSegment:
    raise UnexpectedInsideError("not today")


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 300), st.integers(0, 3)), min_size=1, max_size=500),
    st.sampled_from((1, 4_000, 1 << 20)),
)
def test_a_segment_written_by_block_is_byte_for_byte_whooshs_own(
    tmp_path_factory: pytest.TempPathFactory, documents: list[tuple[int, int, int]], limit: int
) -> None:
    written = []
    for in_bulk in (False, True):
        storage = RamStorage()
        with storage.create_index(whoosh_schema()).writer(compound=False) as target:
            bulk = BulkSegment(target, tmp_path_factory.mktemp("bulk"), limit) if in_bulk else None
            for number, (often, length, other) in enumerate(documents):
                of_block = ["党"] * often + [f"词{other}"] * length
                if bulk is None:
                    target.add_document(id=f"b{number}", report=f"r{number // 3}", words=of_block)
                else:
                    assert bulk.add({"id": f"b{number}"}, {"report": (f"r{number // 3}",), "words": of_block}) == number
        written.append(
            [bytes(storage.files[name]) for name in sorted(storage.list(), key=extension) if "toc" not in name]
        )
    assert written[0] == written[1]


def extension(name: str) -> str:
    return name.partition(".")[2]


_EXACT = [byte_to_length(byte) for byte in range(4, 200, 7)]
"""Lengths that Whoosh's byte keeps as they are."""


@pytest.mark.parametrize("title_words", [0, 2])
def test_bm25_of_a_field_equals_whooshs_own_on_live_documents(title_words: int) -> None:
    schema = fields.Schema(words=fields.KEYWORD(scorable=True), headings=fields.KEYWORD(scorable=True))
    storage = RamStorage()
    lengths, frequencies = [], []
    with storage.create_index(schema).writer() as target:
        for number, length in enumerate(_EXACT):
            often = 0 if number % 3 == 2 else 1 + number % 5
            frequencies.append(often)
            lengths.append(length)
            filler = [f"字{number}"] * (length - often)
            headings = ["标题"] * title_words
            target.add_document(words=["责任"] * often + filler, headings=headings or None)
    with storage.open_index(schema=schema).searcher(weighting=scoring.BM25F(B=0.75, K1=1.2)) as searcher:
        holding = [number for number, often in enumerate(frequencies) if often]
        matcher = searcher.postings("words", "责任")
        theirs = {}
        while matcher.is_active():
            theirs[matcher.id()] = matcher.score()
            matcher.next()
    ours = bm25(
        np.array(frequencies, dtype=np.float64)[holding],
        np.array(lengths, dtype=np.float64)[holding],
        sum(lengths) / len(lengths),
        blocks=len(lengths),
        holding=len(holding),
    )
    assert list(theirs) == holding
    assert all(math.isclose(a, b, rel_tol=1e-6) for a, b in zip(theirs.values(), ours.tolist(), strict=True))


def test_a_list_that_rotted_on_the_disk_is_told_as_damage(tmp_path: Path) -> None:
    """Its size is as it was, so nothing is noticed when the build is opened."""
    folder = tmp_path / "whoosh"
    target = WhooshWordWriter(folder, None)
    ids = [f"{'0' * 12}-{number:08x}" for number in range(200)]
    words = words_of_blocks([{"words": ["党建", block_id]} for block_id in ids])
    target.add_report("0" * 12, ids, words)
    target.finish(np.array([block_id.encode() for block_id in ids]))
    (path,) = folder.glob("*.pst")
    path.write_bytes(bytes(len(path.read_bytes())))
    damaged = WhooshWords(folder)
    with pytest.raises(IndexDamagedError, match="损坏"):
        damaged.holding("words", "党建")
    damaged.close()
