"""The open library of a server: a build that cannot be opened never takes the place of one that is open."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from searchapp.errors import IndexDamagedError
from searchapp.services import library as library_module
from searchapp.services.library import LibraryHandle
from searchapp.store.builds import CURRENT_FILE, build_folder, current_build
from searchapp.web import create_app
from searchapp.wiring import open_library
from tests.indexes import index, report_text, write


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with sources ``in`` and an index ``ix``; a failed opening is tried again at once."""
    monkeypatch.setattr(library_module, "RETRY_SECONDS", 0.0)
    write(tmp_path / "in", {"a.txt": report_text("市水务局党组", 2023, "一是建强支部。")})
    index(tmp_path / "ix", tmp_path / "in")
    return tmp_path


def updated(place: Path) -> Path:
    """The folder of a second build."""
    write(place / "in", {"a.txt": report_text("市水务局党组", 2024, "二是抓好整改。")})
    index(place / "ix", place / "in")
    return build_folder(place / "ix", current_build(place / "ix"))


def test_a_build_that_cannot_be_opened_leaves_the_one_before(place: Path, caplog: pytest.LogCaptureFixture) -> None:
    handle = LibraryHandle(place / "ix", open_library)
    client = create_app(handle.current).test_client()
    before = client.get("/reports")
    assert "打不开" not in before.text
    manifest = updated(place) / "manifest.json"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole.replace(b'"created"', b'"Created"'))
    with caplog.at_level(logging.ERROR):
        behind = client.get("/reports", headers={"If-None-Match": before.headers["ETag"]})
        client.get("/reports")
    assert behind.status_code == 200 and "打不开" in behind.text and "2023年" in behind.text
    assert client.get("/search?q=支部").status_code == 200
    assert len(caplog.records) == 1 and "still answers" in caplog.text
    manifest.write_bytes(whole)
    assert "打不开" not in client.get("/reports").text
    assert "2024年" in client.get("/reports").text


def test_a_damaged_pointer_leaves_the_build_that_is_open(place: Path) -> None:
    handle = LibraryHandle(place / "ix", open_library)
    before = handle.current()
    (place / "ix" / CURRENT_FILE).write_bytes(b"\xff\xfe")
    assert handle.current().build == before.build and handle.current().is_behind


def test_without_an_open_build_the_damage_is_raised(place: Path) -> None:
    (build_folder(place / "ix", current_build(place / "ix")) / "manifest.json").write_text("{}")
    with pytest.raises(IndexDamagedError):
        LibraryHandle(place / "ix", open_library).current()
