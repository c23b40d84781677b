"""Addresses that last: what they survive, and where a retired one leads."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.errors import NotFoundError
from searchapp.services.library import Library
from tests.indexes import ask, index, opened, report_text, write

LINES = ("一是落实主体责任。", "二是做到“两个维护”。", "三是纠治四风。", "四是建强支部。")
WATER = report_text("市水务局党组", 2023, *LINES)


def address(library: Library, phrase: str) -> str:
    hits = ask(library, q=f'"{phrase}"')["hits"]
    assert len(hits) == 1
    found: str = hits[0]["paragraph_id"]
    return found


def reindexed(tmp_path: Path, **files: str) -> Library:
    write(tmp_path / "in", {f"{name}.txt": text for name, text in files.items()})
    index(tmp_path / "ix", tmp_path / "in")
    return opened(tmp_path / "ix")


def test_addresses_survive_insertion_above(tmp_path: Path) -> None:
    before = address(reindexed(tmp_path, a=WATER), "四风")
    longer = report_text("市水务局党组", 2023, "新增一段。", *LINES)
    library = reindexed(tmp_path, a=longer)
    assert address(library, "四风") == before
    assert not library.locate(before).moved


def test_addresses_survive_another_file_name_folder_and_index(tmp_path: Path) -> None:
    before = address(reindexed(tmp_path, a=WATER), "四风")
    write(tmp_path / "other", {"深/处/改名.txt": WATER})
    index(tmp_path / "other-ix", tmp_path / "other")
    assert address(opened(tmp_path / "other-ix"), "四风") == before


def test_addresses_survive_a_rebuild(tmp_path: Path) -> None:
    before = address(reindexed(tmp_path, a=WATER), "四风")
    index(tmp_path / "ix", rebuild=True)
    assert address(opened(tmp_path / "ix"), "四风") == before


def test_swapping_two_duplicates_changes_no_address(tmp_path: Path) -> None:
    text = report_text("区委", 2023, "同一段。", "中间。", "同一段。")
    first = reindexed(tmp_path, a=text)
    ids = [hit["paragraph_id"] for hit in ask(first, q='"同一段"', sort="document")["hits"]]
    assert len(set(ids)) == 2 and ids[1].endswith("-2")
    again = reindexed(tmp_path, a=text, b=WATER)
    swapped = reindexed(tmp_path, a=WATER, b=text)
    for library in (again, swapped):
        assert [hit["paragraph_id"] for hit in ask(library, q='"同一段"', sort="document")["hits"]] == ids


def test_a_removed_paragraph_leads_to_the_nearest_and_says_so(tmp_path: Path) -> None:
    library = reindexed(tmp_path, a=WATER)
    removed, neighbour = address(library, "四风"), address(library, "两个维护")
    library = reindexed(tmp_path, a=report_text("市水务局党组", 2023, LINES[0], LINES[1], LINES[3]))
    location = library.locate(removed)
    assert location.moved
    assert location.located.paragraph_id == neighbour


def test_a_changed_paragraph_leads_on_through_several_builds(tmp_path: Path) -> None:
    removed = address(reindexed(tmp_path, a=WATER), "四风")
    for kept in (LINES[:2] + LINES[3:], LINES[:1] + LINES[3:], LINES[:1]):
        library = reindexed(tmp_path, a=report_text("市水务局党组", 2023, *kept))
        location = library.locate(removed)
        assert location.moved
        assert location.located.block.text in (*LINES, "一、主要工作")
    library = reindexed(tmp_path, a=WATER)
    assert not library.locate(removed).moved


def test_a_corrected_opening_leads_from_the_old_report_to_the_new(tmp_path: Path) -> None:
    library = reindexed(tmp_path, a=WATER, b=report_text("区委", 2022, "另一份。"))
    old = address(library, "四风")
    library = reindexed(
        tmp_path,
        a=WATER.replace("市水务局党组2023年落实", "市水务局党组2023年度落实"),
        b=report_text("区委", 2022, "另一份。"),
    )
    new = address(library, "四风")
    assert new != old
    location = library.locate(old)
    assert location.located.paragraph_id == new and not location.moved
    assert library.resolve_report(old.split("-")[0]) == (new.split("-")[0],)


def test_a_report_joined_by_another_of_the_same_opening_is_still_found(tmp_path: Path) -> None:
    old = address(reindexed(tmp_path, a=WATER), "四风")
    library = reindexed(tmp_path, a=WATER, b=report_text("市水务局党组", 2023, "完全另外的一段。"))
    assert library.locate(old).located.block.text == LINES[2]
    assert not library.locate(old).moved
    assert len(library.resolve_report(old.split("-")[0])) == 2


def test_a_report_left_alone_again_is_found_by_its_longer_address(tmp_path: Path) -> None:
    library = reindexed(tmp_path, a=WATER, b=report_text("市水务局党组", 2023, "完全另外的一段。"))
    longer = address(library, "四风")
    library = reindexed(tmp_path, a=WATER)
    assert library.locate(longer).located.block.text == LINES[2]
    assert library.resolve_report(longer.split("-")[0]) == (address(library, "四风").split("-")[0],)


def test_a_removed_report_is_not_found(tmp_path: Path) -> None:
    library = reindexed(tmp_path, a=WATER, b=report_text("区委", 2022, "另一份。"))
    gone = address(library, "另一份")
    library = reindexed(tmp_path, a=WATER)
    with pytest.raises(NotFoundError):
        library.locate(gone)
    assert library.resolve_report(gone.split("-")[0]) == ()


def test_a_deleted_repeat_leads_to_the_text_that_is_left(tmp_path: Path) -> None:
    library = reindexed(tmp_path, a=report_text("区委", 2023, "同一段。", "中间。", "同一段。", "最后。"))
    first, second = (hit["paragraph_id"] for hit in ask(library, q='"同一段"', sort="document")["hits"])
    location = reindexed(tmp_path, a=report_text("区委", 2023, "同一段。", "中间。", "最后。")).locate(second)
    assert location.located.paragraph_id == first and not location.moved


def test_an_open_library_knows_its_old_addresses_after_its_folder_is_gone(tmp_path: Path) -> None:
    removed = address(reindexed(tmp_path, a=WATER), "四风")
    shorter = report_text("市水务局党组", 2023, *LINES[:2])
    library = reindexed(tmp_path, a=shorter)
    for number in range(3):
        reindexed(tmp_path, a=shorter, b=report_text("区委", 2020 + number, "另一份。"))
    assert library.locate(removed).moved


@pytest.mark.parametrize("unknown", ["", "-", "x", "0", "000000000000-00000000", "\x00", "{alive}x", "{alive}-"])
def test_an_address_that_never_was_is_not_found(tmp_path: Path, unknown: str) -> None:
    library = reindexed(tmp_path, a=WATER)
    unknown = unknown.format(alive=address(library, "四风").split("-")[0])
    with pytest.raises(NotFoundError):
        library.locate(unknown)
    assert library.resolve_report(unknown) == ()
