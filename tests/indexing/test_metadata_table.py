"""Corrections: what a person says overrides what was read, once and for good, and changes no address."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from searchapp.indexing.corpus_account import ACCOUNT_KINDS, account, accounts, reports_of_sources
from searchapp.indexing.metadata_table import CORRECTED_FIELDS, EXPORT_HEADER, export_rows
from searchapp.reports import read_report_file
from searchapp.services.payloads.encode import report_json
from tests.indexes import ask, index, opened, report_text, write

WATER = report_text("市水务局党组", 2023, "一是纠治四风。")
BOTH = {"a.txt": WATER, "sub/b.txt": report_text("区委", 2022, "一是建强支部。")}


def meta_of(index_folder: Path, phrase: str) -> dict[str, object]:
    hits = ask(opened(index_folder), q=f'"{phrase}"')["hits"]
    assert len(hits) == 1
    return dict(hits[0])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("metadata.csv", "file,report,field,value\na.txt,,unit,市水利局党委\na.txt,1,year,2021\n"),
        ("metadata.csv", "\ufeff文件,字段,值\na.txt,单位,市水利局党委\na.txt,年份,2021\n"),
        ("a.txt.toml", 'unit = "市水利局党委"\nyear = 2021\n'),
        ("a.toml", '[1]\nunit = "市水利局党委"\nyear = 2021\n'),
    ],
)
def test_a_correction_overrides_what_was_read(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path / "in", BOTH)
    index(tmp_path / "ix", tmp_path / "in")
    before = meta_of(tmp_path / "ix", "四风")
    write(tmp_path / "in", {**BOTH, name: text})
    report = index(tmp_path / "ix")
    after = meta_of(tmp_path / "ix", "四风")
    assert report.unchanged_files == 1 and report.warnings == ()
    assert (after["unit"], after["department"], after["year"]) == ("市水利局党委", "市水利局", 2021)
    assert isinstance(after["evidence"], dict) and after["evidence"]["unit"] == "correction"
    assert after["paragraph_id"] == before["paragraph_id"]
    assert meta_of(tmp_path / "ix", "支部")["unit"] == "区委"
    write(tmp_path / "in", BOTH)
    index(tmp_path / "ix")
    assert meta_of(tmp_path / "ix", "四风") == before


def test_values_that_cannot_be_are_told_in_short_and_never_stop_a_build(tmp_path: Path) -> None:
    long = "长" * 99
    write(
        tmp_path / "in",
        {
            **BOTH,
            "metadata.csv": f"file,report,field,value\na.txt,²,unit,某局\na.txt,,unit,{long * 3}\na.txt,,{long},x\n",
            "units.csv": f"name,now,since,parent\n{long * 3},市水利局,,\n市水务局,市水利局,{long},\n",
        },
    )
    report = index(tmp_path / "ix", tmp_path / "in")
    told = [warning.message for warning in report.warnings]
    assert [any(text in message for message in told) for text in ("值太长", "名称太长", "这个字段", "不是年份")] == [
        True
    ] * 4
    assert all(len(message) < 100 for message in told)
    assert meta_of(tmp_path / "ix", "四风")["unit"] == "市水务局党组"


def test_a_table_in_a_sub_folder_speaks_of_the_files_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "in", {**BOTH, "sub/metadata.csv": "file,field,value\nb.txt,kind,党建工作报告\n"})
    index(tmp_path / "ix", tmp_path / "in")
    assert meta_of(tmp_path / "ix", "支部")["kind"] == "党建工作报告"


def test_a_correction_by_report_id_and_one_that_says_unknown(tmp_path: Path) -> None:
    write(tmp_path / "in", BOTH)
    index(tmp_path / "ix", tmp_path / "in")
    report_id = meta_of(tmp_path / "ix", "四风")["report_id"]
    write(tmp_path / "in", {**BOTH, "metadata.csv": f"report,field,value\n{report_id},unit,未注明\n"})
    index(tmp_path / "ix")
    corrected = meta_of(tmp_path / "ix", "四风")
    assert (corrected["unit"], corrected["department"], corrected["report_id"]) == (None, None, report_id)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,field,value\nnone.txt,unit,x\n", "不在来源里"),
        ("file,field,value\na.txt,colour,x\n", "没有“colour”这个字段"),
        ("file,field,value\na.txt,year,去年\n", "不是年份"),
        ("file,field,value\n,unit,x\n", "没有说是哪个文件"),
        ("title,unit\nx,y\n", "不是更正表"),
        ('file,field,value\na.txt,unit,"x\n', ""),
        ("", "不是更正表"),
    ],
)
def test_what_is_off_about_a_table_is_told_and_stops_nothing(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path / "in", {**BOTH, "metadata.csv": text})
    report = index(tmp_path / "ix", tmp_path / "in")
    assert report.stats.reports == 2
    if message:
        assert any(message in warning.message for warning in report.warnings)
        assert meta_of(tmp_path / "ix", "四风")["unit"] == "市水务局党组"


def test_a_broken_toml_is_told(tmp_path: Path) -> None:
    write(tmp_path / "in", {**BOTH, "a.toml": "unit = "})
    report = index(tmp_path / "ix", tmp_path / "in")
    assert [warning.file for warning in report.warnings] == ["in/a.toml"]


def exported(folder: Path) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(EXPORT_HEADER)
    writer.writerows(export_rows(reports_of_sources([folder])))
    return text.getvalue()


def test_an_exported_table_read_back_changes_nothing(tmp_path: Path, sample_corpus: Path) -> None:
    index(tmp_path / "plain", sample_corpus)
    (tmp_path / "in").mkdir()
    for path in sample_corpus.iterdir():
        if path.suffix in (".txt", ".docx"):
            (tmp_path / "in" / path.name).write_bytes(path.read_bytes())
    table = exported(tmp_path / "in")
    (tmp_path / "in/metadata.csv").write_text(table, encoding="utf-8-sig")
    assert index(tmp_path / "ix", tmp_path / "in").warnings == ()
    read = {summary.report_id: summary.meta for summary in opened(tmp_path / "plain").reader.reports()}
    again = {summary.report_id: summary.meta for summary in opened(tmp_path / "ix").reader.reports()}
    assert again == read


def test_an_exported_table_edited_takes_effect(tmp_path: Path) -> None:
    write(tmp_path / "in", BOTH)
    rows = list(csv.reader(io.StringIO(exported(tmp_path / "in"))))
    assert len(rows) == 1 + 2 * len(CORRECTED_FIELDS)
    edited = "\n".join(",".join(row).replace("市水务局党组,title", "市水利局党委,title") for row in rows)
    (tmp_path / "in/metadata.csv").write_bytes(edited.encode("gb18030"))
    index(tmp_path / "ix", tmp_path / "in")
    assert meta_of(tmp_path / "ix", "四风")["department"] == "市水利局"


def test_the_account_of_a_corpus_leaves_no_character_over(sample_corpus: Path) -> None:
    found = list(accounts([sample_corpus]))
    assert len(found) == 21
    assert all(each.lost == 0 and each.characters > 1000 for each in found)
    whole = next(each for each in found if "汇编" in each.file)
    assert whole.reports == 4 and whole.kinds is not None and whole.kinds["contents"] > 100
    assert set(whole.kinds) <= set(ACCOUNT_KINDS)


def test_marks_are_counted_apart_from_the_block_they_stand_in() -> None:
    text = WATER.replace("四风", "四##paidbegin##风")
    with_marks, plain = (account(read_report_file(each.encode(), "x.txt")) for each in (text, WATER))
    assert with_marks.kinds is not None and plain.kinds is not None
    assert with_marks.kinds["marks"] == len("##paidbegin##")
    assert with_marks.kinds["paragraph"] == plain.kinds["paragraph"]
    assert with_marks.lost == 0


def test_a_department_goes_by_its_present_name_across_all_its_names(tmp_path: Path) -> None:
    files = {f"{unit}{year}.txt": report_text(f"{unit}党组", year, f"{year}年的一段。") for unit, year in
             (("市环保局", 2015), ("市环境保护局", 2017), ("市生态环境局", 2020))}  # fmt: skip
    write(tmp_path / "in", files)
    index(tmp_path / "ix", tmp_path / "in")
    assert len(ask(opened(tmp_path / "ix"))["facets"]["unit"]) == 3
    names = "名称,现名,自\n市环保局,市环境保护局,2016\n市环境保护局,市生态环境局,2019\n,x,\n"
    write(tmp_path / "in", {**files, "units.csv": names})
    assert index(tmp_path / "ix").warnings == ()
    library = opened(tmp_path / "ix")
    assert [value["value"] for value in ask(library)["facets"]["unit"]] == ["市生态环境局"]
    assert ask(library, unit="市生态环境局")["counts"]["reports"] == 3
    assert ask(library, unit="市环保局党组")["counts"]["reports"] == 1
    assert ask(library, unit="市环境保护局")["counts"]["reports"] == 1
    hit = ask(library, unit="市环保局党组")["hits"][0]
    assert (hit["unit"], hit["department"], hit["organ"]) == ("市环保局党组", "市环保局", "市生态环境局")
    then = ask(library, names="then")["facets"]["unit"]
    assert {value["value"] for value in then} == {"市环保局", "市环境保护局", "市生态环境局"}
    assert ask(library, unit="市生态环境局", names="then")["total"] == ask(library)["total"]


def test_names_that_go_in_a_circle_end(tmp_path: Path) -> None:
    write(tmp_path / "in", {**BOTH, "units.csv": "name,now\n市水务局,市水利局\n市水利局,市水务局\n"})
    assert index(tmp_path / "ix", tmp_path / "in").stats.reports == 2


UNIT = {f"{unit}{year}.txt": report_text(f"{unit}党组", year, f"{year}年的一段。") for unit, year in
        (("市农办", 2016), ("市农办", 2021), ("市水务局", 2022))}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "organs"),
    [
        # One row speaks of every year, before and after its own.
        ("市农办,市农业农村局,2019,", {2016: "市农业农村局", 2021: "市农业农村局", 2022: "市水务局"}),
        # An alias that meant another organ before 2019, in either order of the rows.
        ("市农办,市委农办,,\n市农办,市农业农村局,2019-03,", {2016: "市委农办", 2021: "市农业农村局", 2022: "市水务局"}),
        (
            "市农办,市农业农村局,2019,\n市农办,市委农办,1990,",
            {2016: "市委农办", 2021: "市农业农村局", 2022: "市水务局"},
        ),
        # The chain goes on from the year in which its last step was taken.
        (
            "市农办,市农业局,2018,\n市农业局,市林业局,2000,\n市农业局,市农业农村局,2018,",
            {2016: "市农业农村局", 2021: "市农业农村局", 2022: "市水务局"},
        ),
        # Two became one.
        ("市农办,市水利局,,\n市水务局,市水利局,2020,", {2016: "市水利局", 2021: "市水利局", 2022: "市水利局"}),
        # A name that was given back.
        ("市水务局,市水利局,2000,\n市水利局,市水务局,2010,", {2016: "市农办", 2021: "市农办", 2022: "市水务局"}),
    ],
)
def test_the_year_of_a_report_decides_what_its_name_meant(tmp_path: Path, rows: str, organs: dict[int, str]) -> None:
    write(tmp_path / "in", {**UNIT, "units.csv": f"name,now,since,parent\n{rows}\n"})
    assert index(tmp_path / "ix", tmp_path / "in").warnings == ()
    told = [report_json(summary) for summary in opened(tmp_path / "ix").reader.reports()]
    assert {report.year: report.organ for report in told} == organs


def test_a_parent_is_told_with_its_evidence_under_every_name(tmp_path: Path) -> None:
    table = "名称,现名,自,上级\n市农办,市农业农村局,2019,\n市农业农村局,,,市政府\n市政府,,,\n市水务局,,2020,市政府\n"
    write(tmp_path / "in", {**UNIT, "units.csv": table})
    assert index(tmp_path / "ix", tmp_path / "in").warnings == ()
    told = [report_json(summary) for summary in opened(tmp_path / "ix").reader.reports()]
    assert [(report.parent, report.evidence["parent"]) for report in told] == [("市政府", "correction")] * 3
    write(tmp_path / "in", {**UNIT, "units.csv": table.replace("2020,市政府", "2020,市委")})
    index(tmp_path / "ix")
    parents = {summary.meta.year: summary.meta.parent for summary in opened(tmp_path / "ix").reader.reports()}
    assert parents == {2016: "市政府", 2021: "市政府", 2022: "市委"}
    write(tmp_path / "in", UNIT)
    index(tmp_path / "ix")
    assert all(summary.meta.parent is None for summary in opened(tmp_path / "ix").reader.reports())


def test_a_parent_may_change_with_the_years(tmp_path: Path) -> None:
    table = "name,since,parent\n市农办,,市委\n市农办,2019,市政府\n市委,,\n市政府,,\n"
    write(tmp_path / "in", {**UNIT, "units.csv": table})
    assert index(tmp_path / "ix", tmp_path / "in").warnings == ()
    parents = {summary.meta.year: summary.meta.parent for summary in opened(tmp_path / "ix").reader.reports()}
    assert parents == {2016: "市委", 2021: "市政府", 2022: None}


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        ("甲,,,乙\n乙,,,丙\n丙,,,甲", 4, "上级转成了圈"),
        ("甲,,,甲", 2, "上级转成了圈"),
        ("甲,乙,2019,\n乙,,,甲", 3, "上级转成了圈"),
        ("甲,,,乙\n丙,,,乙", 2, "没有自己的一行"),
        ("甲,乙,,\n乙,甲,,", 3, "现名转成了圈"),
        ("甲,乙,2010,\n乙,甲,,", 3, "现名转成了圈"),
        ("甲,乙,去年,", 2, "不是年份或日期"),
        ("甲,乙,2010,\n乙,甲,2019,", 0, ""),
    ],
)
def test_what_is_off_about_units_is_told_with_its_line(tmp_path: Path, rows: str, line: int, message: str) -> None:
    write(tmp_path / "in", {**BOTH, "units.csv": f"name,now,since,parent\n{rows}\n"})
    warnings = index(tmp_path / "ix", tmp_path / "in").warnings
    assert [(each.file, each.line) for each in warnings] == ([("in/units.csv", line)] if line else [])
    assert all(message in each.message for each in warnings)


def test_a_table_without_names_is_no_table_of_units(tmp_path: Path) -> None:
    write(tmp_path / "in", {**BOTH, "units.csv": "现名,自\n甲,2019\n"})
    assert [each.line for each in index(tmp_path / "ix", tmp_path / "in").warnings] == [1]
