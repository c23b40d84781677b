"""A folder of hostile files with good ones among them: the good are read, the others read or named with a reason."""

from __future__ import annotations

import os
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
SCALE = float(os.environ.get("HOSTILE_SCALE", "0"))
"""How large the files are when all of them are made, by hand; without it only some are, small ones."""
ALWAYS = frozenset({"fan-out.pdf", "drawn-by-itself.pdf", "bomb.zip", "entities.docx", "attributes.html"})
BUDGET = FileBudget(seconds=60, memory=1 << 30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile files, and a good report for every year."""
    made = tmp_path_factory.mktemp("hostile") / "in"
    for number, name in enumerate(write_files(made, SCALE or 0.1)):
        if not SCALE and Path(name).name not in ALWAYS and (number % 4 or name.startswith(("doc/", "rtf/"))):
            (made / name).unlink()
    (made / "good").mkdir()
    for year in YEARS:
        (made / "good" / f"{year}.txt").write_text(
            report_text("市水务局党组", year, f"一是建成第{year}座水站。"), "utf-8"
        )
    return made


def _blocks_with(library: Library, phrase: str) -> list[str]:
    from searchapp.services.search import search

    result = search(library, {"q": [f'"{phrase}"']}).result
    assert result is not None
    return [hit.located.block.text for hit in result.hits]


def named_in(folder: Path, place: Path, sources: tuple[Path, ...], engine: str, jobs: int) -> set[str]:
    """Indexes, shows that all good files are there, and gives the names of files that were not read."""
    report = index_sources(Settings(place / "ix", engine), IndexingOptions(sources, jobs=jobs, budget=BUDGET))
    reasons = {Path(record.file).name: record.reason for record in report.problems}
    assert all(reasons.values())
    assert not {f"{year}.txt" for year in YEARS} & set(reasons)
    library = open_library(place / "ix")
    for year in YEARS:
        assert len(_blocks_with(library, f"建成第{year}座水站")) == 1
    return set(reasons)


def test_every_good_file_is_read_and_every_other_is_read_or_named(folder: Path, tmp_path: Path) -> None:
    named = named_in(folder, tmp_path, (folder,), "whoosh", 1)
    assert named >= ALWAYS


def test_several_at_once_and_another_engine(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    some = tuple(folder / name for name in ("good", "pdf", "docx", "zip"))
    assert {"fan-out.pdf", "bomb.zip", "entities.docx"} <= named_in(folder, tmp_path, some, "tantivy", 2)
