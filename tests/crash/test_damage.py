"""Files of a build altered in place, their size kept: found, named, never built upon, never a traceback.

The environment variable ``DAMAGES`` says how many for each engine, over all files; by itself a few.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp.cli import main
from searchapp.config import Settings
from searchapp.indexing.run import IndexingOptions
from searchapp.store import builds
from searchapp.store.manifest import MANIFEST_FILE, read_manifest
from searchapp.store.retired_ids import RETIRED_FILE
from searchapp.wiring import index_sources, library_handle
from tests.indexes import IN_PROCESS

from .worlds import AFTER, BEFORE, retired_of, truth_of, write_folder

KINDS = ("flip", "zeroes", "swap")


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sources ``in`` and an index ``ix`` of two builds."""
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
    folder = tmp_path_factory.mktemp(request.param)
    for world in (BEFORE, AFTER):
        write_folder(folder / "in", world)
        index_sources(Settings(folder / "ix", request.param), IndexingOptions((folder / "in",)))
    return folder


@pytest.fixture
def place(whole: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(whole, tmp_path / "copy")
    return tmp_path / "copy"


def current(place: Path) -> Path:
    return builds.build_folder(place / "ix", builds.current_build(place / "ix"))


def damage(path: Path, kind: str, rng: random.Random) -> bool:
    """Alters a file, its size kept; false when that changes nothing."""
    data = bytearray(path.read_bytes())
    if not data:
        return False
    at = rng.randrange(len(data))
    before = bytes(data)
    if kind == "flip":
        data[at] ^= 1 << rng.randrange(8)
    elif kind == "zeroes":
        data[at : at + 512] = bytes(len(data[at : at + 512]))
    else:
        other = rng.randrange(len(data))
        data[at], data[other] = data[other], data[at]
    path.unlink()  # it may be a link to that of another build
    path.write_bytes(data)
    return bytes(data) != before


def run(place: Path, *words: str) -> tuple[int, str]:
    """Status and output of a command. Raises what the command does not tell of in its own words."""
    words += IN_PROCESS if words[0] == "index" else ()
    ended = CliRunner().invoke(main, [*words, "--index", str(place / "ix")])
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.exit_code, ended.output


def damages(place: Path, rng: random.Random) -> list[tuple[str, str]]:
    """Files to damage, and how: the manifest and some others."""
    folder = current(place)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    names = [name for name in names if (folder / name).stat().st_size]
    chosen = [MANIFEST_FILE, *rng.choices(names, k=int(os.environ.get("DAMAGES", "5")))]
    return [(name, rng.choice(KINDS)) for name in chosen]


def test_every_damage_is_named_and_never_built_upon(whole: Path, tmp_path: Path) -> None:
    rng = random.Random(1)
    truth = truth_of(whole / "ix")
    for number, (name, kind) in enumerate(damages(whole, rng)):
        place = tmp_path / f"{number}"
        shutil.copytree(whole, place)
        if not damage(current(place) / name, kind, rng):
            continue
        what = f"{kind} in {name}"
        status, told = run(place, "verify", "--quick")
        if status == 0:
            assert name == MANIFEST_FILE, what  # white space of JSON, or a letter case of an escape
        else:
            assert (name in told or name == MANIFEST_FILE) and "index --rebuild" in told, f"{what}: {told}"
            for words in (("search", "一岗双责"), ("stats",), ("suggest", "一岗"), ("reports",)):
                run(place, *words)
        assert run(place, "index")[0] == 0, what
        assert truth_of(place / "ix") == truth, what
        assert run(place, "verify", "--quick")[0] == 0, what
        shutil.rmtree(place)


def test_retired_addresses_are_taken_from_the_newest_whole_copy(place: Path) -> None:
    retired = retired_of(place / "ix")
    assert isinstance(retired, dict) and retired
    write_folder(place / "in", {name: text for name, text in AFTER.items() if "2024" not in name})
    assert run(place, "index")[0] == 0
    assert damage(current(place) / RETIRED_FILE, "flip", random.Random(2))
    status, told = run(place, "index")
    assert status == 0 and "更早一次索引的副本" in told
    assert set(retired) <= retired_of(place / "ix").keys()  # type: ignore[attr-defined]


def test_a_lost_manifest_loses_no_sources_words_or_engine_that_an_older_build_knows(
    place: Path,
) -> None:
    (place / "words.txt").write_text("一岗双责清单\n", encoding="utf-8")
    assert run(place, "index", "--dictionary", str(place / "words.txt"))[0] == 0
    write_folder(place / "in", BEFORE)
    assert run(place, "index")[0] == 0
    before = read_manifest(current(place))
    (current(place) / MANIFEST_FILE).write_bytes(b"{")
    status, told = run(place, "index", "--rebuild")
    assert status == 0 and "来源按更早一次索引的记录：in" in told, told
    after = read_manifest(current(place))
    assert (after.roots, after.engine, after.dictionary) == (before.roots, before.engine, ("一岗双责清单",))


def test_lost_addresses_are_told(place: Path) -> None:
    for build in builds.finished_builds(place / "ix"):
        path = builds.build_folder(place / "ix", build) / RETIRED_FILE
        path.unlink()
        path.write_bytes(b"[")
    status, told = run(place, "index", "--rebuild")
    assert status == 0 and "不再能转到新的位置" in told
    status, told = run(place, "index")
    assert status == 0 and "不再能转到新的位置" not in told


def test_a_build_put_back_under_a_running_server_is_served(place: Path) -> None:
    """As the documents say: beside the folder, then in its place, never over its files."""
    handle = library_handle(Settings(place / "ix"))
    before = handle.current()
    shutil.copytree(place / "ix", place / "backup")
    write_folder(place / "in", BEFORE)
    assert run(place, "index")[0] == 0
    updated = handle.current()
    assert updated.build != before.build
    (place / "ix").rename(place / "ix.old")
    (place / "backup").rename(place / "ix")
    assert handle.current().build == before.build
    assert truth_of(place / "ix").stats == before.reader.stats()
    updated.reader.close()
