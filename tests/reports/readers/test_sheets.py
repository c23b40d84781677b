"""Reports in rows, plain tables, values and refusals of the table readers."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.errors import ReadError
from searchapp.reports import read_report_file
from searchapp.reports.readers import limits
from searchapp.reports.readers.lines import TITLE_STYLE
from searchapp.reports.readers.spreadsheet import read_csv, read_xlsx

BODY = "一、过去一年的工作\n全面落实各项任务，完成了年初确定的目标。\n二、下一步打算\n继续努力，把各项工作做细做实。"
ROWS = [
    ["标题", "单位", "年份", "正文"],
    ["甲局2022年工作报告", "甲局", 2022, BODY],
    ["乙局2023年工作报告", "乙局", 2023, BODY],
]


def workbook(*sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    return save(book)


def save(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def separated(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    quoted = [delimiter.join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in rows]
    return "\r\n".join(quoted) + "\r\n"


@pytest.mark.parametrize("file", ["a.xlsx", "a.csv"])
def test_each_row_of_a_table_of_reports_is_one_report(file: str) -> None:
    data = workbook(ROWS) if file.endswith("xlsx") else separated(ROWS).encode("utf-8-sig")
    reports = read_report_file(data, f"库/{file}").reports
    assert [(report.meta.title, report.meta.unit, report.meta.year) for report in reports] == [
        ("甲局2022年工作报告", "甲局", 2022),
        ("乙局2023年工作报告", "乙局", 2023),
    ]
    kinds = [block.kind for block in reports[0].blocks]
    assert kinds == ["title", "heading", "paragraph", "heading", "paragraph", "table"]
    assert reports[0].blocks[-1].text == "单位：甲局 | 年份：2022"
    assert [report.sources[0].first_line for report in reports] == [2, 3]


@pytest.mark.parametrize("name", ["正文", "内容", "全文", "报告", "text", "Content", " 正 文 "])
def test_the_column_of_texts_has_many_names(name: str) -> None:
    lines = read_csv(separated([["题目", name], ["甲局2022年总结", BODY]]).encode(), "a.csv").lines
    assert (lines[0].text, lines[0].style, lines[0].number, lines[0].column) == ("甲局2022年总结", TITLE_STYLE, 2, 1)
    assert lines[1].text == "一、过去一年的工作"
    assert lines[1].column == len("甲局2022年总结") + 2


def test_unit_and_year_stand_in_for_a_missing_title() -> None:
    rows = [
        ["单位", "年度", "内容"],
        ["甲局", "2022", BODY],
        ["乙局", "2022年", "乙局2022年工作报告\n正文从这里开始。"],
    ]
    lines = read_csv(separated(rows).encode(), "a.csv").lines
    assert lines[0].text == "甲局2022年工作报告"
    # A text with a title of its own needs none.
    second = [line.text for line in lines if line.number == 3]
    assert second[0] == "乙局2022年工作报告"
    assert second.count("乙局2022年工作报告") == 1


def test_rows_of_other_tables_are_table_rows() -> None:
    lines = read_xlsx(
        workbook([["项目", "数"], ["支部", 3], [None, None], ["党员", 41.0]], [["第二张表"]]), "a.xlsx"
    ).lines
    assert [(line.text, line.number, line.is_table_row) for line in lines] == [
        ("项目 | 数", 1, True),
        ("支部 | 3", 2, True),
        ("党员 | 41", 4, True),
        ("第二张表", 5, True),
    ]


def test_a_heading_above_the_header_row_is_kept() -> None:
    lines = read_xlsx(workbook([["2022年报告汇总"], *ROWS]), "a.xlsx").lines
    assert lines[0].text == "2022年报告汇总"
    assert lines[1].style == TITLE_STYLE


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (3, "3"),
        (3.0, "3"),
        (0.125, "0.125"),
        (True, "TRUE"),
        (datetime.date(2022, 3, 1), "2022-03-01"),
        (datetime.datetime(2022, 3, 1, 8, 30), "2022-03-01 08:30:00"),
        ("两行\n文字", "两行 文字"),
    ],
)
def test_values_are_shown_plainly(value: object, shown: str) -> None:
    assert read_xlsx(workbook([["列", value]]), "a.xlsx").lines[0].text == f"列 | {shown}"


def test_hidden_sheets_and_merged_cells_are_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["跨两列", None, "丙"])
    book.active.merge_cells("A1:B1")
    hidden = book.create_sheet("藏")
    hidden.append(["藏着的"])
    hidden.sheet_state = "hidden"
    assert [line.text for line in read_xlsx(save(book), "a.xlsx").lines] == ["跨两列 |  | 丙", "藏着的"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encoding_and_separator_are_found(encoding: str, delimiter: str) -> None:
    source = read_csv(separated(ROWS, delimiter).encode(encoding), "a.csv")
    assert source.encoding == encoding
    assert [line.text for line in source.lines if line.style == TITLE_STYLE] == [row[0] for row in ROWS[1:]]


@pytest.mark.parametrize(
    ("file", "data", "words"),
    [
        ("a.xlsx", b"", "空的"),
        ("a.csv", b"", "空的"),
        ("a.csv", b"\x00\x01\x02", "空字节"),
        ("a.csv", b",,,\r\n,,\r\n", "没有文字"),
        ("a.xlsx", workbook([[None]]), "没有文字"),
        ("a.xlsx", b"MZ" + bytes(500), "不是完好的 .xlsx"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "旧版 .xls"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("a.xlsx", workbook(ROWS)[:2000], "不是完好的 .xlsx"),
    ],
)
def test_what_cannot_be_read_is_named(file: str, data: bytes, words: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_report_file(data, f"库/{file}")
    assert words in caught.value.reason


def test_a_table_with_too_many_rows_is_refused() -> None:
    with pytest.raises(ReadError, match="行数过多"):
        read_csv(b"a\n" * (limits.MAX_SHEET_ROWS + 1), "a.csv")


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    buffer = io.BytesIO(workbook(ROWS))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/big.xml", bytes(20 * limits.MEBIBYTE))
    with pytest.raises(ReadError, match="解压后过大"):
        read_xlsx(buffer.getvalue(), "a.xlsx")


def test_entities_do_not_blow_up() -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "'
        + "实" * 5000
        + '">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(6))
        + "]>"
    )
    source, target = io.BytesIO(workbook([["placeholder"]])), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            text = old.read(entry)
            if b"placeholder" in text:
                declaration, _, rest = text.rpartition(b"?>")
                text = declaration + b"?>" * bool(declaration) + bomb.encode() + rest.replace(b"placeholder", b"&g;")
            new.writestr(entry.filename, text)
    with pytest.raises(ReadError):
        read_xlsx(target.getvalue(), "a.xlsx")


GOOD = workbook(ROWS, [["项目", "数"]])


@settings(max_examples=60)
@given(st.integers(0, len(GOOD)), st.integers(0, 200), st.binary(max_size=30))
def test_damage_raises_nothing_but_read_errors(start: int, length: int, noise: bytes) -> None:
    for data in (GOOD[:start] + noise + GOOD[start + length :], GOOD[:start], noise):
        try:
            read_xlsx(data, "a.xlsx")
        except ReadError as error:
            assert error.reason


@given(st.text("甲乙,;\t\"'\n|正文 ", max_size=60))
def test_any_text_is_some_table(text: str) -> None:
    try:
        read_csv(text.encode(), "a.csv")
    except ReadError as error:
        assert error.reason
