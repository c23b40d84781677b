"""synonyms.csv: how it is read, kept in the build, and answered by."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.indexing.sources import SourceFile
from searchapp.indexing.synonym_table import MAX_GROUPS, MAX_WARNINGS, read_synonyms
from searchapp.reports import ReadWarning
from tests.indexes import ask, index, opened, report_text, write

PARAGRAPHS = ("一是一体推进不敢腐、不能腐、不想腐。", "二是三不腐机制更加健全。", "三是纠治四风。")
REPORT = report_text("市水务局党组", 2023, *PARAGRAPHS)
BROAD = "三不腐,不敢腐、不能腐、不想腐\n"


def read(folder: Path, data: bytes) -> tuple[tuple[tuple[str, ...], ...], list[ReadWarning]]:
    path = folder / "synonyms.csv"
    path.write_bytes(data)
    warnings: list[ReadWarning] = []
    return read_synonyms([SourceFile("in", "in/synonyms.csv", path)], warnings), warnings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_encodings_and_line_ends_of_office_programs(tmp_path: Path, encoding: str, newline: str) -> None:
    groups, warnings = read(
        tmp_path, f"三不腐,不敢腐、不能腐、不想腐{newline}党委,党组,,{newline}{newline}".encode(encoding)
    )
    assert groups == (("三不腐", "不敢腐、不能腐、不想腐"), ("党委", "党组"))
    assert not warnings


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("甲,乙\n丙\n", 2, "只有一种说法"),
        ("甲，乙，丙\n", 1, "英文逗号"),
        ("甲,\u200b\u200b,乙\n", 1, "没有可查找的文字"),
        (f"甲,{'长' * 101}\n", 1, "太长"),
        ("甲,乙\n" + '"' + "x" * 200_000 + '",丙\n', 2, "没有采用"),
        ("甲, 甲 ,甲\n", 1, "只有一种说法"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int, told: str) -> None:
    _, warnings = read(tmp_path, text.encode())
    assert {warning.line for warning in warnings if told in warning.message} == {line}


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    groups, warnings = read(tmp_path, b"\xff\xfe\x00\x81\x00,\xff\n")
    assert groups == ()
    assert len(warnings) == 1 and "没有采用" in warnings[0].message


def test_a_huge_table_is_read_up_to_its_limit_and_does_not_flood(tmp_path: Path) -> None:
    rows = [f"词{number},语{number}" for number in range(100_000)]
    groups, warnings = read(tmp_path, "\n".join(rows).encode())
    assert len(groups) == MAX_GROUPS
    assert len(warnings) == 1 and warnings[0].line == MAX_GROUPS + 1
    groups, warnings = read(tmp_path, ("只有一种\n" * 100_000).encode())
    assert groups == ()
    assert len(warnings) == MAX_WARNINGS + 1


def test_a_group_that_is_too_large_to_be_sought_is_told(tmp_path: Path) -> None:
    _, warnings = read(tmp_path, "\n".join(f"甲,乙{number}" for number in range(300)).encode())
    assert any("太多" in warning.message for warning in warnings)


def test_synonyms_are_sought_counted_and_highlighted(tmp_path: Path) -> None:
    write(tmp_path / "in", {"a.txt": REPORT, "synonyms.csv": BROAD})
    assert not index(tmp_path / "ix", tmp_path / "in").warnings
    library = opened(tmp_path / "ix")
    plain = ask(library, q='"三不腐"')
    assert (plain["total"], plain["synonyms"], plain["diagnostics"]) == (1, [], [])
    broad = ask(library, q='"三不腐"', synonyms="true")
    assert broad["total"] == broad["counts"]["occurrences"] == 2
    assert broad["synonyms"] == [{"clause": "三不腐", "members": ["不敢腐、不能腐、不想腐"]}]
    assert broad["diagnostics"] == [{"message": "“三不腐”也按“不敢腐、不能腐、不想腐”查找", "start": 0, "end": 5}]
    assert {hit["text"][start:end] for hit in broad["hits"] for start, end in hit["highlights"]} == {
        "三不腐",
        "不敢腐、不能腐、不想腐",
    }
    without = ask(library, q="是 -三不腐", synonyms="true")
    assert not any("不敢腐" in hit["text"] or "三不腐" in hit["text"] for hit in without["hits"])
    assert without["total"] == ask(library, q="是")["total"] - 2
    assert ask(library, q="四风", synonyms="true")["diagnostics"] == []
    library.reader.close()


def test_without_a_table_that_is_said(tmp_path: Path) -> None:
    write(tmp_path / "in", {"a.txt": REPORT})
    index(tmp_path / "ix", tmp_path / "in")
    library = opened(tmp_path / "ix")
    assert [told["message"] for told in ask(library, q="三不腐", synonyms="true")["diagnostics"]] == [
        "来源文件夹里没有同义词表（synonyms.csv），没有按同义词查找"
    ]
    library.reader.close()


def test_the_table_alone_leads_to_a_new_build_and_the_build_keeps_it(tmp_path: Path) -> None:
    source, place = tmp_path / "in", tmp_path / "ix"
    write(source, {"a.txt": REPORT})
    first = index(place, source)
    write(source, {"a.txt": REPORT, "synonyms.csv": BROAD})
    second = index(place, source)
    assert second.changed and second.build != first.build and second.unchanged_files == 1
    assert not index(place, source).changed
    (source / "synonyms.csv").unlink()  # a closed build answers as it was made
    library = opened(place)
    assert ask(library, q='"三不腐"', synonyms="true")["total"] == 2
    library.reader.close()
    assert index(place, source).changed
    library = opened(place)
    assert ask(library, q='"三不腐"', synonyms="true")["total"] == 1
    library.reader.close()


def test_tables_in_folders_below_hold_for_all_and_are_no_reports(tmp_path: Path) -> None:
    write(tmp_path / "in", {"a.txt": REPORT, "2023/SYNONYMS.CSV": BROAD, "2022/synonyms.csv": "四风,四种歪风\n"})
    made = index(tmp_path / "ix", tmp_path / "in")
    assert [record.file for record in made.files] == ["in/a.txt"]
    library = opened(tmp_path / "ix")
    assert ask(library, q='"三不腐"', synonyms="true")["total"] == 2
    assert ask(library, q='"四种歪风"', synonyms="true")["total"] == 1
    library.reader.close()
