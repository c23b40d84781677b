"""Whose builds are opened: nobody's that somebody else may have written, unless whoever starts it says so.

Also what a system that refuses to open files is told as, and the modes of a build's files.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from searchapp.cli import main
from searchapp.config import Settings
from searchapp.errors import IndexDamagedError, LibraryError
from searchapp.indexing.run import IndexingOptions
from searchapp.store import builds
from searchapp.store.builds import Trust, check_writers, current_build
from searchapp.store.files import refusal_behind
from searchapp.store.manifest import MANIFEST_FILE
from searchapp.wiring import index_sources, library_handle, open_library

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


def test_what_belongs_to_another_user_is_refused_but_to_root(
    index: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    path = index / current_build(index) / "text.npy"
    if os.geteuid() == 0:
        os.chown(path, 65534, -1)
        request.addfinalizer(lambda: os.chown(path, 0, -1))
        check_writers(index, current_build(index))
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


def test_who_may_read_the_manifest_may_read_every_file(tmp_path: Path) -> None:
    build = builds.begin_build(tmp_path)
    folder = tmp_path / build
    (folder / "engine").mkdir()
    for name in (MANIFEST_FILE, "text.npy", "engine/meta.json"):
        (folder / name).write_bytes(b"x")
    (folder / MANIFEST_FILE).chmod(0o640)
    (folder / "text.npy").chmod(0o644)
    (folder / "engine/meta.json").chmod(0o600)
    builds.publish(tmp_path, build)
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}
    assert modes == {MANIFEST_FILE: 0o640, "text.npy": 0o644, "meta.json": 0o640}


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EACCES])
def test_a_refusal_of_the_system_is_no_damage(index: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    before = current_build(index)
    with monkeypatch.context() as patch:
        patch.setattr(np, "load", refuse)
        with pytest.raises(LibraryError, match=r"打开的文件太多|没有权限") as caught:
            open_library(index)
        assert not isinstance(caught.value, IndexDamagedError)
        with pytest.raises(LibraryError, match=r"打开的文件太多|没有权限"):
            index_sources(Settings(index), IndexingOptions(jobs=1))
    assert current_build(index) == before, "it is not made anew for that"


def test_a_refusal_is_known_in_the_words_of_a_library_in_rust() -> None:
    told = IndexDamagedError("damaged")
    told.__cause__ = ValueError("An IO error occurred: 'Too many open files (os error 24)'")
    assert (refusal := refusal_behind(told)) is not None and refusal.errno == errno.EMFILE
    told.__cause__ = ValueError("An IO error occurred: 'No such file or directory (os error 2)'")
    assert refusal_behind(told) is None
