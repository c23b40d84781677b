"""Whose builds are opened: nobody's that somebody else may have written, unless whoever starts it says so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp.cli import main
from searchapp.config import Settings
from searchapp.errors import LibraryError
from searchapp.indexing.run import IndexingOptions
from searchapp.store.builds import Trust, check_writers, current_build
from searchapp.wiring import index_sources, library_handle

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX has modes and owners")

OPEN_TO_ALL = "任何用户都能写"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index."""
    folder = tmp_path_factory.mktemp("trust")
    (folder / "in").mkdir()
    (folder / "in" / "水务局.txt").write_text("临江区水务局2023年度工作报告\n压实主体责任。\n", encoding="utf-8")
    index_sources(Settings(folder / "ix", "whoosh"), IndexingOptions((folder / "in",), jobs=1))
    return folder / "ix"


@pytest.fixture(autouse=True)
def _as_it_was(index: Path) -> Iterator[None]:
    modes = {path: path.stat().st_mode for path in (index, *index.rglob("*"))}
    yield
    Trust.folders = False
    for path, mode in modes.items():
        path.chmod(mode)


def test_what_all_may_write_to_is_refused_and_named(index: Path) -> None:
    build = current_build(index)
    check_writers(index, build)
    for path, name in (
        (index, "ix"),
        (index / "CURRENT", "ix/CURRENT"),
        (index / build, f"ix/{build}"),
        (index / build / "whoosh", f"ix/{build}/whoosh"),
        (index / build / "text.npy", f"ix/{build}/text.npy"),
    ):
        mode = path.stat().st_mode
        path.chmod(mode | 0o020)
        check_writers(index, build)
        path.chmod(mode | 0o002)
        with pytest.raises(LibraryError, match=f"{name} {OPEN_TO_ALL}"):
            check_writers(index, build)
        path.chmod(mode)


def test_what_belongs_to_another_user_is_refused(
    index: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    path = index / current_build(index) / "text.npy"
    if os.geteuid() == 0:
        os.chown(path, 65534, -1)
        request.addfinalizer(lambda: os.chown(path, 0, -1))
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 65533)
    with pytest.raises(LibraryError, match="属于另一个用户"):
        check_writers(index, current_build(index))
    Trust.folders = True
    check_writers(index, current_build(index))


def test_commands_and_servers_refuse_until_told_otherwise(index: Path) -> None:
    index.chmod(0o777)
    for words in (["search", "责任"], ["stats"], ["index"], ["index", "--rebuild"]):
        ended = CliRunner().invoke(main, [*words, "--index", str(index)])
        assert ended.exit_code == 3
        assert OPEN_TO_ALL in ended.output and "chmod" in ended.output and "--trust-index-folder" in ended.output
    with pytest.raises(LibraryError, match=OPEN_TO_ALL):
        library_handle(Settings(index)).current()
    trusting = ["search", "责任", "--index", str(index)]
    assert CliRunner().invoke(main, [*trusting, "--trust-index-folder"]).exit_code == 0
    assert CliRunner().invoke(main, trusting, env={"SEARCHAPP_TRUST_INDEX_FOLDER": "1"}).exit_code == 0
    assert CliRunner().invoke(main, trusting).exit_code == 3, "it is asked anew for each command"
    library = library_handle(Settings(index))
    index.chmod(0o755)
    opened = library.current()
    index.chmod(0o777)
    assert library.current() is opened, "a build that is open stays so"
