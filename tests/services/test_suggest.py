"""Completion over an index: built with it, whole with it, the same however the index came about."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import to_builtins

from searchapp.errors import IndexDamagedError, ParameterError
from searchapp.lexicon import LEXICON_FILE
from searchapp.services.library import Library
from searchapp.services.suggest import MAX_LIMIT, nearest, phrases, suggest, suggest_json
from searchapp.store.builds import build_folder, current_build
from searchapp.wiring import current_manifest
from tests.indexes import index, opened, report_text, write

FILES = {
    "a.txt": report_text("市水务局党组", 2023, "坚决做到“两个维护”，压实责任。", "以实际行动践行两个维护。"),
    "b.txt": report_text(
        "区委", 2022, "把两个维护作为首要任务。", "附件：任务清单", "1.完成清淤任务三项，落实枫桥经验"
    ),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    place = tmp_path_factory.mktemp("completion")
    write(place / "in", FILES)
    index(place / "ix", place / "in")
    return opened(place / "ix")


def lexicon_of(index_folder: Path) -> bytes:
    return (build_folder(index_folder, current_build(index_folder)) / LEXICON_FILE).read_bytes()


def test_suggestions_tell_the_build_and_the_blocks(library: Library) -> None:
    completion = suggest(library, "lgwh")
    assert (completion.query, completion.build) == ("lgwh", library.build)
    assert [(found.text, found.blocks, found.kind) for found in completion.suggestions] == [("两个维护", 3, "phrase")]
    assert "两个维护" in [phrase.text for phrase in phrases(library)]


def test_what_stands_nowhere_is_mended_and_what_stands_is_left(library: Library) -> None:
    (near, *_) = nearest(library, "践行“两个唯护”")
    assert near.text == "践行“两个维护”"
    assert nearest(library, "践行两个维护") == ()
    assert nearest(library, "") == ()


def test_what_stands_in_an_annex_only_is_left(library: Library) -> None:
    assert nearest(library, "清淤任务") == ()


def test_an_index_grown_step_by_step_has_the_lexicon_of_one_from_nothing(tmp_path: Path) -> None:
    write(tmp_path / "in", {"a.txt": FILES["a.txt"], "c.txt": report_text("县委", 2021, "开展三会一课。")})
    index(tmp_path / "grown", tmp_path / "in")
    before = lexicon_of(tmp_path / "grown")
    write(tmp_path / "in", FILES)
    index(tmp_path / "grown", tmp_path / "in")
    index(tmp_path / "fresh", tmp_path / "in")
    assert lexicon_of(tmp_path / "grown") == lexicon_of(tmp_path / "fresh") != before


def test_the_lexicon_is_part_of_the_build(tmp_path: Path) -> None:
    write(tmp_path / "in", FILES)
    index(tmp_path / "ix", tmp_path / "in")
    assert LEXICON_FILE in current_manifest(tmp_path / "ix").contents
    file = build_folder(tmp_path / "ix", current_build(tmp_path / "ix")) / LEXICON_FILE
    file.write_bytes(b"\0" * file.stat().st_size)
    with pytest.raises(IndexDamagedError):
        opened(tmp_path / "ix")


def test_the_answer_as_json(library: Library) -> None:
    assert to_builtins(suggest_json(library, {"q": ["lgwh"], "limit": ["3"]})) == {
        "query": "lgwh",
        "build": library.build,
        "suggestions": [{"text": "两个维护", "blocks": 3, "kind": "phrase"}],
    }
    assert suggest_json(library, {}).suggestions == []
    assert suggest_json(library, {"q": ["两" * 5000]}).suggestions == []


@pytest.mark.parametrize("limit", ["0", "-1", "x", str(MAX_LIMIT + 1), "１", "9" * 50])
def test_a_limit_that_cannot_be_is_refused(library: Library, limit: str) -> None:
    with pytest.raises(ParameterError, match=r"^条数应是"):
        suggest_json(library, {"q": ["党"], "limit": [limit]})
