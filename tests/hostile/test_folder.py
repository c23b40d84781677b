"""A folder of hostile files with good ones among them: the good are read, the others read or named with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.config import Settings
from searchapp.indexing.read_all import FileBudget
from searchapp.indexing.run import IndexingOptions
from searchapp.services.library import Library
from searchapp.wiring import index_sources, open_library
from tests.hostile.files import write_files
from tests.indexes import report_text

YEARS = range(2001, 2021)
SCALE = 0.2
BUDGET = FileBudget(seconds=30, memory=1 << 30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile files, and a good report for every year."""
    made = tmp_path_factory.mktemp("hostile") / "in"
    write_files(made, SCALE)
    for year in YEARS:
        (made / f"{year}.txt").write_text(report_text("市水务局党组", year, f"一是建成第{year}座水站。"), "utf-8")
    return made


def _blocks_with(library: Library, phrase: str) -> list[str]:
    from searchapp.services.search import search

    result = search(library, {"q": [f'"{phrase}"']}).result
    assert result is not None
    return [hit.block.text for hit in result.hits]


@pytest.mark.parametrize(("engine", "jobs"), [("whoosh", 1), ("tantivy", 2)])
def test_every_good_file_is_read_and_every_other_is_read_or_named(
    folder: Path, tmp_path: Path, engine: str, jobs: int
) -> None:
    if engine == "tantivy":
        pytest.importorskip("tantivy")
    report = index_sources(Settings(tmp_path / "ix", engine), IndexingOptions((folder,), jobs=jobs, budget=BUDGET))
    named = {record.file: record.reason for record in report.problems}
    assert not {f"in/{year}.txt" for year in YEARS} & set(named)
    assert all(named.values())
    library = open_library(tmp_path / "ix")
    for year in YEARS:
        assert len(_blocks_with(library, f"建成第{year}座水站")) == 1
    assert {"in/pdf/fan-out.pdf", "in/zip/bomb.zip", "in/docx/entities.docx"} <= set(named)
