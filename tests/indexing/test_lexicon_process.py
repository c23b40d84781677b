"""The lexicon beside the engine: from texts cut where they are read, kept with the build, in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import IndexDamagedError, LibraryError
from searchapp.indexing import drafts, lexicon_process
from searchapp.indexing.lexicon_process import CUT_FILE
from searchapp.lexicon import LEXICON_FILE, cut_texts, pack_cut, unpack_cut
from searchapp.store.builds import build_folder, current_build
from searchapp.store.named_pieces import PieceReader, PieceWriter
from searchapp.text.analyzer import Analyzer
from searchapp.text.normalize import normalize
from tests.indexes import index, report_text, write
from tests.indexing.tasks import leaver

_written = st.text(st.sampled_from("党建GDPgdp12 ，。\n"), max_size=12)
_FILES = {
    "a.txt": report_text("甲局", 2023, "一是落实两个维护，压实GDP责任。", "二是落实两个维护，GDP增长。"),
    "b.txt": report_text("乙局", 2023, "一是落实两个维护，抓好支部建设。", "二是抓好支部建设。"),
}


@given(st.lists(_written, max_size=5))
def test_what_was_cut_is_kept_whole(written: list[str]) -> None:
    words = Analyzer().words
    cut = cut_texts((normalize(text), text, words(normalize(text))) for text in written)
    assert unpack_cut(pack_cut(cut)) == cut
    assert cut.text.count("\0") == len(written)


@pytest.mark.parametrize("data", [b"", b"nothing", pack_cut(cut_texts([]))[:-2]])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        unpack_cut(data)


@given(st.dictionaries(st.text("ab-", max_size=4), st.binary(max_size=20), max_size=5))
def test_pieces_come_back_by_name_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, pieces: dict[str, bytes]
) -> None:
    path = tmp_path_factory.mktemp("pieces") / "p"
    with PieceWriter(path) as target:
        for name, piece in pieces.items():
            target.add(name, piece)
    reader = PieceReader(path)
    assert list(reader) == list(pieces.values())
    assert all(reader.piece(name) == piece for name, piece in pieces.items())
    assert reader.piece("none") is None
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamagedError):
        PieceReader(path)


def lexicon_of(folder: Path) -> bytes:
    return (build_folder(folder, current_build(folder)) / LEXICON_FILE).read_bytes()


def test_reports_that_stay_are_not_cut_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in", _FILES)
    index(tmp_path / "ix", tmp_path / "in")
    write(
        tmp_path / "in", {**_FILES, "b.txt": report_text("乙局", 2023, "一是落实两个维护，抓好支部建设。", "三是GDP。")}
    )

    def refused(*_: object) -> None:
        raise AssertionError("cut again")

    with monkeypatch.context() as patch:
        patch.setattr(drafts, "cut_report", refused)
        index(tmp_path / "ix", tmp_path / "in")
    index(tmp_path / "fresh", tmp_path / "in")
    assert lexicon_of(tmp_path / "ix") == lexicon_of(tmp_path / "fresh")
    (build_folder(tmp_path / "ix", current_build(tmp_path / "ix")) / CUT_FILE).write_bytes(b"")
    write(tmp_path / "in", {**_FILES, "c.txt": report_text("丙局", 2023, "一是抓好支部建设。")})
    index(tmp_path / "ix", tmp_path / "in")
    index(tmp_path / "again", tmp_path / "in")
    assert lexicon_of(tmp_path / "ix") == lexicon_of(tmp_path / "again")


def test_a_process_of_its_own_makes_the_same_lexicon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in", _FILES)
    index(tmp_path / "alone", tmp_path / "in", jobs=1)
    monkeypatch.setattr(lexicon_process, "PARALLEL_FROM_BYTES", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    index(tmp_path / "beside", tmp_path / "in")
    assert lexicon_of(tmp_path / "alone") == lexicon_of(tmp_path / "beside")


def test_a_process_that_dies_leaves_the_index_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in", _FILES)
    index(tmp_path / "ix", tmp_path / "in")
    before = current_build(tmp_path / "ix")
    monkeypatch.setattr(lexicon_process, "PARALLEL_FROM_BYTES", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(lexicon_process, "_writer", leaver)
    write(tmp_path / "in", {**_FILES, "c.txt": report_text("丙局", 2023, "一是抓好支部建设。")})
    with pytest.raises(LibraryError, match="词表"):
        index(tmp_path / "ix", tmp_path / "in", jobs=2)
    assert current_build(tmp_path / "ix") == before


def test_what_rotted_in_the_build_before_is_not_taken_up(tmp_path: Path) -> None:
    write(tmp_path / "in", _FILES)
    before = index(tmp_path / "ix", tmp_path / "in").build
    path = build_folder(tmp_path / "ix", before) / CUT_FILE
    path.write_bytes(bytes(20) + path.read_bytes()[20:])
    write(tmp_path / "in", {**_FILES, "c.txt": report_text("丙局", 2023, "一是抓好支部建设。")})
    assert CUT_FILE in index(tmp_path / "ix", tmp_path / "in").rebuilt_because
    assert not index(tmp_path / "ix").changed
