"""``searchapp reindex`` and the advice to use it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .conftest import Run

pytest.importorskip("tantivy")


@pytest.fixture
def own(index: Path, tmp_path: Path) -> Path:
    """A copy of the index, beside a copy of its source."""
    shutil.copytree(index.parent / "报告", tmp_path / "报告")
    return shutil.copytree(index, tmp_path / "index")


def test_the_engine_is_changed_and_stays(run: Run, own: Path) -> None:
    told = run("reindex", "--from", own, "--engine", "tantivy")
    assert told.exit_code == 0
    assert "现在用 tantivy 引擎：报告 2 篇" in told.output
    assert "两个维护" in run("search", "两个维护", "--index", own).output
    again = run("index", "--index", own)
    assert (again.exit_code, "索引已是最新" in again.output) == (0, True)


def test_without_an_index_it_says_so(run: Run, tmp_path: Path) -> None:
    told = run("reindex", "--from", tmp_path / "none", "--to", tmp_path / "to", "--engine", "tantivy")
    assert told.exit_code == 3
    assert "还没有索引" in told.output
    assert not (tmp_path / "to").exists()


def test_a_large_library_is_advised_in_one_line(run: Run, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "tantivy" not in run("index", "--index", own).output
    monkeypatch.setattr("searchapp.wiring.LARGE_LIBRARY_BLOCKS", 5)
    (line,) = [line for line in run("index", "--index", own).output.splitlines() if "tantivy" in line]
    assert line.endswith(f"searchapp reindex --from {own} --engine tantivy")
