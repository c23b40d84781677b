"""Source files: handed out only as they were read, only from below their roots. The same unit's other reports."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from searchapp.errors import GoneError, NotFoundError
from searchapp.services.library import Library
from searchapp.services.siblings import siblings
from tests.indexes import index, opened, report_text, write

WATER = report_text("市水务局党组", 2023, "一是抓水库。")
FARM = report_text("区农业局党组", 2023, "一是抓春耕。")


def made(place: Path) -> Library:
    index(place / "ix", place / "in")
    return opened(place / "ix")


def source_of(library: Library, number: int = 0) -> str:
    return library.reader.reports()[number].sources[0].file


def test_a_file_is_given_back_byte_for_byte(tmp_path: Path) -> None:
    write(tmp_path / "in", {"下级/水务局 2023.txt": WATER})
    library = made(tmp_path)
    given = library.original(source_of(library))
    assert given.name == "水务局 2023.txt"
    assert given.content == (tmp_path / "in" / "下级" / "水务局 2023.txt").read_bytes()


def test_a_single_file_can_be_the_source(tmp_path: Path) -> None:
    write(tmp_path / "in", {"水务局.txt": WATER})
    index(tmp_path / "ix", tmp_path / "in" / "水务局.txt")
    library = opened(tmp_path / "ix")
    assert library.original(source_of(library)).content == WATER.encode()


def test_of_a_member_the_archive_is_given(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "汇总.zip", "w") as packed:
        packed.writestr("水务局.txt", WATER)
    library = made(tmp_path)
    assert source_of(library) == "in/汇总.zip/水务局.txt"
    given = library.original(source_of(library))
    assert given.name == "汇总.zip" and given.content == (tmp_path / "in" / "汇总.zip").read_bytes()


def test_what_was_altered_moved_or_hidden_since_is_gone(tmp_path: Path) -> None:
    write(tmp_path / "in", {"水务局.txt": WATER, "农业局.txt": FARM})
    library = made(tmp_path)
    names = {Path(source_of(library, at)).name: source_of(library, at) for at in (0, 1)}
    path = tmp_path / "in" / "水务局.txt"
    path.write_text(WATER + "又添一句。", encoding="utf-8")
    with pytest.raises(GoneError, match="改动过"):
        library.original(names["水务局.txt"])
    path.unlink()
    with pytest.raises(GoneError, match="取不到"):
        library.original(names["水务局.txt"])
    path.mkdir()
    with pytest.raises(GoneError, match="取不到"):
        library.original(names["水务局.txt"])
    assert library.original(names["农业局.txt"]).content == FARM.encode()


def test_a_link_that_leads_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "in", {"农业局.txt": FARM})
    (tmp_path / "out.txt").write_text(WATER, encoding="utf-8")
    (tmp_path / "in" / "水务局.txt").symlink_to(tmp_path / "out.txt")
    library = made(tmp_path)
    with pytest.raises(NotFoundError, match="没有这份"):
        library.original("in/水务局.txt")
    index(tmp_path / "ix", follow_links=True)
    with pytest.raises(GoneError, match="来源文件夹之外"):
        opened(tmp_path / "ix").original("in/水务局.txt")


@pytest.mark.parametrize(
    "name", ["", "in", "in/", "in/../秘密.txt", "../秘密.txt", "/etc/passwd", "in/水务局.txt/..", "别的/水务局.txt"]
)
def test_names_that_the_index_did_not_read_lead_nowhere(tmp_path: Path, name: str) -> None:
    write(tmp_path / "in", {"水务局.txt": WATER})
    (tmp_path / "秘密.txt").write_text("秘密", encoding="utf-8")
    library = made(tmp_path)
    try:
        given = library.original(name)
    except NotFoundError:
        return
    assert given.content == WATER.encode()


def test_messages_hold_no_absolute_path(tmp_path: Path) -> None:
    write(tmp_path / "in", {"水务局.txt": WATER})
    library = made(tmp_path)
    (tmp_path / "in" / "水务局.txt").unlink()
    with pytest.raises(GoneError) as caught:
        library.original(source_of(library))
    assert str(tmp_path) not in str(caught.value)


def test_the_unit_s_reports_stand_by_year(tmp_path: Path) -> None:
    files = {
        f"水务局{year}.txt": report_text("市水务局党组", year, f"一是{year}年抓水库。") for year in (2021, 2022, 2024)
    }
    write(tmp_path / "in", {**files, "农业局.txt": FARM})
    library = made(tmp_path)
    ids = {(each.meta.department, each.meta.year): each.report_id for each in library.reader.reports()}
    beside = siblings(library, ids["市水务局", 2022])
    assert [each.meta.year for each in beside.reports] == [2021, 2022, 2024]
    assert [each.meta.year for each in beside.others] == [2021, 2024]
    assert beside.previous and beside.previous.meta.year == 2021
    assert beside.next and beside.next.meta.year == 2024
    assert beside.last_year and beside.last_year.meta.year == 2021
    latest = siblings(library, ids["市水务局", 2024])
    assert latest.next is None and latest.last_year and latest.last_year.meta.year == 2022
    alone = siblings(library, ids["区农业局", 2023])
    assert alone.others == () and alone.previous is alone.next is alone.last_year is None
    with pytest.raises(NotFoundError):
        siblings(library, "nothing")
