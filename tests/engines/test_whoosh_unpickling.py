"""Pickles in a Whoosh index that name what no build holds: neither imported nor called, and the file is named."""

from __future__ import annotations

import pickle
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from whoosh.codec import whoosh3
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.util.loading import RenamingUnpickler

from searchapp.config import Settings
from searchapp.engines.whoosh.engine import WHOOSH_FOLDER
from searchapp.engines.whoosh.reader import WhooshLists
from searchapp.engines.whoosh.schema import whoosh_schema
from searchapp.engines.whoosh.unpickling import UnknownGlobalError, guard, loads
from searchapp.errors import IndexDamagedError
from searchapp.indexing.run import IndexingOptions
from searchapp.store import builds
from searchapp.store.manifest import measure_contents, read_manifest, write_manifest
from searchapp.wiring import index_sources, open_library
from tests.engines.test_whoosh_segment import Library


class Trap:
    """Whoever unpickles it makes the file ``marker``."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.marker), "w")


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that a sprung trap makes."""
    marker = tmp_path / "sprung"
    pickle.loads(pickle.dumps(Trap(marker))).close()
    assert marker.exists()
    marker.unlink()
    return marker


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index."""
    folder = tmp_path_factory.mktemp("index")
    (folder / "in").mkdir()
    (folder / "in" / "水务局.txt").write_text("临江区水务局2023年度工作报告\n压实主体责任。\n", encoding="utf-8")
    index_sources(Settings(folder / "ix", "whoosh"), IndexingOptions((folder / "in",), jobs=1))
    return folder / "ix"


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(built, tmp_path / "ix"))


def write_toc(index: Path, schema: Any, segments: list[Any]) -> tuple[Path, str]:
    """Puts another table of contents into the current build; gives the build's folder and the table's name in it."""
    folder = builds.build_folder(index, builds.current_build(index))
    (path,) = (folder / WHOOSH_FOLDER).glob("*.toc")
    generation = int(path.stem.rpartition("_")[2])
    path.unlink()
    TOC(schema, segments, generation).write(FileStorage(str(folder / WHOOSH_FOLDER)), "MAIN")
    return folder, path.relative_to(folder).as_posix()


def refit_manifest(folder: Path) -> None:
    write_manifest(folder, replace(read_manifest(folder), contents=measure_contents(folder)))


@pytest.mark.parametrize("is_refitted", [False, True])
def test_segments_are_no_trap(index: Path, marker: Path, is_refitted: bool) -> None:
    folder, name = write_toc(index, whoosh_schema(), [Trap(marker)])
    if is_refitted:
        refit_manifest(folder)
    with pytest.raises(IndexDamagedError, match=name) as caught:
        open_library(index)
    assert ("open" in str(caught.value)) == is_refitted, "with its hash wrong it is not even read"
    assert not marker.exists()


def test_an_altered_table_of_its_size_is_not_read(index: Path, marker: Path) -> None:
    """Opening compares hashes, not sizes alone."""
    folder, name = write_toc(index, whoosh_schema(), [Trap(marker)])
    manifest = read_manifest(folder)
    size = (folder / name).stat().st_size
    write_manifest(folder, replace(manifest, contents={**manifest.contents, name: (size, manifest.contents[name][1])}))
    with pytest.raises(IndexDamagedError, match=f"{name} 的内容变了"):
        open_library(index)
    assert not marker.exists()


def test_the_schema_is_no_trap(index: Path, marker: Path) -> None:
    schema = whoosh_schema()
    schema["words"].trap = Trap(marker)
    folder, _ = write_toc(index, schema, [])
    refit_manifest(folder)
    WhooshLists(folder / WHOOSH_FOLDER).close()
    assert not marker.exists()


@pytest.mark.parametrize("kind", [6, 3], ids=["heads", "blocks and single postings"])
def test_posting_lists_are_no_trap(tmp_path: Path, marker: Path, monkeypatch: pytest.MonkeyPatch, kind: int) -> None:
    """``kind``: of how many parts the pickle is that becomes a trap."""

    def dumps(data: Any, protocol: int) -> bytes:
        return pickle.dumps(Trap(marker) if len(data) == kind else data, protocol)

    library = Library(tmp_path)
    reports: dict[str, Any] = {"a": [(["党建", "责任"], []), (["党建"], [])]}
    with monkeypatch.context() as patch:
        patch.setattr(whoosh3, "dumps", dumps)
        folder = library.build(reports)
    lists = WhooshLists(folder)
    for word in ["党建"] if kind == 6 else ["党建", "责任"]:
        with pytest.raises(IndexDamagedError, match=r"\.trm"):
            lists.read("words", word)
    lists.close()
    assert not marker.exists()


def test_no_module_of_whoosh_loads_pickles_by_itself() -> None:
    guard()
    unguarded = (pickle, pickle.load, pickle.loads)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "whoosh":
            assert not [key for key, value in vars(module).items() if any(value is each for each in unguarded)], name


def test_old_tables_are_read_by_the_same_rule(tmp_path: Path, marker: Path) -> None:
    guard()
    path = tmp_path / "old"
    path.write_bytes(pickle.dumps(Trap(marker)))
    with path.open("rb") as file, pytest.raises(UnknownGlobalError):
        RenamingUnpickler(file, {}).load()
    assert not marker.exists()


def test_plain_values_are_read() -> None:
    value = ((1, 2), (1.0,), b"\x00\x01", {"a": {1}})
    assert loads(pickle.dumps(value)) == value
