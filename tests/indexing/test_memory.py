"""What an indexing run holds in memory and leaves on disk while it works, and afterwards."""

from __future__ import annotations

import os
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.store.files import Spool, discard_spools
from searchapp.store.retired_ids import KeyHolders
from tests.indexes import index, opened, report_text, write

CHARACTERS_A_FILE = 9_000
MOST_BYTES_A_CHARACTER = 90
"""It takes 22 to 35. Reports kept as objects until the end took 250."""


def long_report(number: int) -> str:
    lines = [f"第{number}号第{line}条，压实责任，推动各项工作落地见效，服务群众{line * 7}人。" for line in range(400)]
    return report_text(f"第{number}局党组", 2023, *lines)[:CHARACTERS_A_FILE]


def peak_bytes(folder: Path, files: int) -> int:
    write(folder / "in", {f"{number}.txt": long_report(number) for number in range(files)})
    tracemalloc.start()
    try:
        assert index(folder / "ix", folder / "in", jobs=1).stats.reports == files
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_grows_by_arrays_not_by_reports(tmp_path: Path) -> None:
    index(tmp_path / "warm", write_one(tmp_path / "one"))
    few, many = (peak_bytes(tmp_path / f"{files}", files) for files in (2, 8))
    assert (many - few) / (6 * CHARACTERS_A_FILE) < MOST_BYTES_A_CHARACTER


def write_one(folder: Path) -> Path:
    write(folder, {"a.txt": report_text("区委", 2023, "一是建强支部。")})
    return folder


def test_a_spool_gives_back_what_it_took_and_leaves_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spans = [spool.add(data) for data in (b"", b"one", b"x" * 100_000)]
    assert [len(spool.read(span)) for span in reversed(spans)] == [100_000, 3, 0]
    assert spool.read(spool.add(b"after reading")) == b"after reading"
    assert spool.read(spans[1]) == b"one"
    spool.close()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_laid_aside_is_removed_by_the_next(tmp_path: Path) -> None:
    source = write_one(tmp_path / "in")
    index(tmp_path / "ix", source)
    for name in (".spool-abc", "notes.txt"):
        (tmp_path / "ix" / name).write_bytes(b"left")
    index(tmp_path / "ix")
    assert not (tmp_path / "ix/.spool-abc").exists()
    assert (tmp_path / "ix/notes.txt").exists()
    discard_spools(tmp_path / "nowhere")


def test_an_index_that_cannot_be_written_keeps_no_spool(tmp_path: Path) -> None:
    index(tmp_path / "ix", write_one(tmp_path / "in"))
    names = {path.name for path in (tmp_path / "ix").rglob("*")}
    assert not any("spool" in name or name.startswith("tmp") or name.endswith(".run") for name in names)


_keys = st.lists(st.sampled_from(["a", "b", "c", "a-2", "b-2", "0123"]), unique=True, max_size=5)


@given(st.lists(_keys, max_size=6), _keys)
def test_the_holders_of_keys_are_those_that_hold_them(reports: list[list[str]], sought: list[str]) -> None:
    found = KeyHolders(" ".join(keys) for keys in reports).shared(sought)
    shared = {number: len(set(keys) & set(sought)) for number, keys in enumerate(reports)}
    assert found == Counter({number: count for number, count in shared.items() if count})


@pytest.mark.skipif(os.name != "posix", reason="a shell script stands in for ocrmypdf")
def test_recognition_is_asked_for_anew_in_every_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = pytest.importorskip("tests.reports.readers.pages")
    lines = report_text("市水务局党组", 2023, "一是落实主体责任。").splitlines()
    (tmp_path / "answer.pdf").write_bytes(pages.make_pdf([line for line in lines if line]))
    program = tmp_path / "bin/ocrmypdf"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nfor last; do :; done\n/bin/cp "{tmp_path}/answer.pdf" "$last"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    source = write_one(tmp_path / "in")
    (source / "scan.pdf").write_bytes(pages.make_picture_pdf(1))
    before = dict(os.environ)
    first = index(tmp_path / "ix", source, ocr=True)
    assert first.problems == [] and first.stats.reports == 2
    assert dict(os.environ) == before
    assert {summary.meta.unit for summary in opened(tmp_path / "ix").reader.reports()} == {"区委", "市水务局党组"}
    assert not index(tmp_path / "ix").changed
    other = index(tmp_path / "other", source)
    assert [record.file for record in other.problems] == ["in/scan.pdf"]
