"""``verify --deep``: every array and list of a build compared with ones made anew from its texts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from searchapp.cli import main
from searchapp.config import Settings
from searchapp.engines.embedded import word_postings
from searchapp.indexing import verify
from searchapp.indexing.run import IndexingOptions
from searchapp.store.builds import build_folder, current_build
from searchapp.store.manifest import measure_contents, read_manifest, write_manifest
from searchapp.wiring import index_sources, verify_index
from tests.crash.worlds import AFTER, BEFORE, write_folder


@pytest.fixture(params=["whoosh", "tantivy"])
def settings(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An index that has grown in two steps, with lists of frequent words."""
    for module in (word_postings, verify):
        monkeypatch.setattr(module, "FREQUENT_FROM", 2)
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
    settings = Settings(tmp_path / "ix", request.param)
    for world in (BEFORE, AFTER):
        write_folder(tmp_path / "in", world)
        index_sources(settings, IndexingOptions((tmp_path / "in",), jobs=1))
    return settings


def swap_ends(path: Path) -> None:
    """Exchanges the first and the last entry of an array that differ."""
    array = np.load(path)
    path.unlink()
    other = np.flatnonzero(array != array[0])[-1]
    array[[0, other]] = array[[other, 0]]
    np.save(path, array)


def test_a_grown_index_agrees_and_a_difference_that_no_hash_shows_is_named(settings: Settings) -> None:
    found = verify_index(settings, deep=True)
    assert found.agrees, found.differences
    assert found.lists > 50
    folder = build_folder(settings.index, current_build(settings.index))
    swap_ends(folder / "column-title.npy")
    swap_ends(folder / str(settings.engine) / "documents.npy")
    rows = folder / str(settings.engine) / "rows.bin"
    data = bytearray(rows.read_bytes())
    data[0] += 1
    rows.unlink()
    rows.write_bytes(data)
    write_manifest(folder, replace(read_manifest(folder), contents=measure_contents(folder)))
    assert verify_index(settings).agrees, "blocks and hashes are as they should be"
    ended = CliRunner().invoke(main, ["verify", "--deep", "--index", str(settings.index)])
    assert ended.exit_code == 1
    assert (
        "column-title.npy" in ended.output
        and "词表 words 中“" in ended.output
        and "常用词" in ended.output
        and "--rebuild" in ended.output
    )
