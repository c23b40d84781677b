"""Headings, lists, tables, masks and line numbers of the Markdown reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import ReadError
from searchapp.reports.readers.lines import TITLE_STYLE
from searchapp.reports.readers.markdown import read_markdown


def read(text: str) -> list[tuple[int, int | None, str]]:
    """Number, style and text of the lines that have text."""
    lines = read_markdown(text.encode(), "a.md").lines
    return [(line.number, line.style, line.text) for line in lines if line.text]


def texts(text: str) -> list[str]:
    return [each for _, _, each in read(text)]


def test_headings_are_hints_and_the_only_first_one_is_the_title() -> None:
    source = "# 工作报告\n\n## 一、总体情况\n\n### （一）经济\n正文。\n"
    assert read(source) == [
        (1, TITLE_STYLE, "工作报告"),
        (3, 2, "一、总体情况"),
        (5, 3, "（一）经济"),
        (6, None, "正文。"),
    ]


def test_several_first_headings_are_no_titles() -> None:
    assert [style for _, style, _ in read("# 甲\n\n# 乙\n")] == [1, 1]


@pytest.mark.parametrize("source", ["##一、总体情况", "## 一、总体情况 ##", "一、总体情况\n---"])
def test_sloppy_and_underlined_headings_are_headings(source: str) -> None:
    assert read(source) == [(1, 2, "一、总体情况")]


def test_a_long_paragraph_above_a_ruler_is_no_heading() -> None:
    assert read("很长的一段话，" * 20 + "\n---\n") == [(1, None, "很长的一段话，" * 20)]


def test_every_source_line_keeps_its_number_and_blank_lines_stay() -> None:
    lines = read_markdown("甲\n乙\n\n丙\r\n".encode(), "a.md").lines
    assert [(line.number, line.text) for line in lines] == [(1, "甲"), (2, "乙"), (3, ""), (4, "丙"), (5, "")]


@pytest.mark.parametrize(
    "source",
    ["- 甲\n- 乙", "* 甲\n* 乙", "+ 甲\n+ 乙", "1. 甲\n2. 乙", "3) 甲\n4) 乙", "1、甲\n2、乙", "一、甲\n二、乙"],
)
def test_list_items_keep_their_markers(source: str) -> None:
    assert "\n".join(texts(source)) == source


def test_items_in_items_have_their_own_markers_only() -> None:
    assert texts("- 甲\n  1. 子\n     续\n- 乙") == ["- 甲", "1. 子", "续", "- 乙"]


def test_a_table_row_is_one_line_and_the_ruler_none() -> None:
    lines = read_markdown("| 项目 | 数 |\n|---|---|\n| **支部** | |\n\n后文".encode(), "a.md").lines
    assert [(line.number, line.text, line.is_table_row) for line in lines if line.text] == [
        (1, "项目 | 数", True),
        (3, "支部 | ", True),
        (5, "后文", False),
    ]


def test_code_and_front_matter_are_plain_lines() -> None:
    source = "---\ntitle: 报告\n---\n\n```text\n**甲**\n\n# 乙\n```\n"
    assert read(source) == [
        (1, None, "---"),
        (2, None, "title: 报告"),
        (3, None, "---"),
        (6, None, "**甲**"),
        (8, None, "# 乙"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**总体要求**。其余", "总体要求。其余"),
        ("（*斜体*）", "（斜体）"),
        ("见[通知](http://a.cn/b)。", "见通知。"),
        ("![图示](a.png)", "图示"),
        ("`代码`和&nbsp;空格", "代码和\xa0空格"),
        ("<span style='x'>文字</span>", "文字"),
        ("<XX>局", "<XX>局"),
        ("说明[^1]", "说明［1］"),
        ("[^1]: 注释", "［1］注释"),
        ("[甲]: 乙", "[甲]: 乙"),
        ("    缩进的**段落**。", "缩进的**段落**。"),
        ("> 引文", "引文"),
        (r"\*\*局", "**局"),
    ],
)
def test_inline_marks_are_rendered_to_their_text(source: str, expected: str) -> None:
    assert texts(source)[0] == expected


def test_a_break_makes_lines_in_columns_of_one_source_line() -> None:
    lines = read_markdown("甲<br>乙".encode(), "a.md").lines
    assert [(line.text, line.number, line.column) for line in lines] == [("甲", 1, 1), ("乙", 1, 3)]


@pytest.mark.parametrize(
    "source",
    [
        "**局党组工作报告",
        "开展**次，覆盖**人",
        "**局开展**次活动",
        "**局、**县、**镇",
        "在*月*日和**年",
        "2*3*4 米",
        "某_单位_名",
        "****有限公司",
    ],
)
def test_masked_names_stay_as_written(source: str) -> None:
    assert texts(source) == [source]


def test_an_html_table_in_markdown_is_read_by_rows() -> None:
    source = "<table>\n<tr><td>甲</td><td>&lt;乙&gt;</td></tr>\n<!-- 注\n释 -->\n</table>\n"
    assert read(source) == [(2, None, "甲 | <乙>")]


@pytest.mark.parametrize("codec", ["gbk", "utf-8-sig", "utf-16"])
def test_other_encodings_are_read(codec: str) -> None:
    source = read_markdown("# 市政府工作报告\n各位代表，现在报告工作。".encode(codec), "a.md")
    assert source.lines[0].text == "市政府工作报告"
    assert source.encoding == {"gbk": "gb18030"}.get(codec, codec)


@pytest.mark.parametrize("data", [b"", b"---\n\n***\n", b"\x00\x01\x02"])
def test_files_without_text_are_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        read_markdown(data, "a.md")


def test_deep_nesting_is_read_or_refused() -> None:
    """At any depth the text is there, or the file is refused; half of it is never dropped."""
    for depth in (5, 60, 200, 3_000):
        try:
            assert read_markdown((">" * depth + "深").encode(), "a.md").lines[0].text.endswith("深")
        except ReadError as error:
            assert "结构" in error.reason


@given(st.text(alphabet="#-*_`|>[]()<&!~\\ \n\t1.:甲乙局。", max_size=120))
def test_line_numbers_are_those_of_the_source_and_rise(text: str) -> None:
    try:
        lines = read_markdown(text.encode(), "a.md").lines
    except ReadError:
        return
    assert all(1 <= line.number <= text.count("\n") + 1 for line in lines)
    assert [line.number for line in lines] == sorted(line.number for line in lines)


@given(st.lists(st.text(alphabet="*#甲乙局年。，1 ", min_size=1, max_size=20), min_size=1, max_size=8))
def test_han_characters_stay(parts: list[str]) -> None:
    source = "\n\n".join(parts)
    try:
        found = "".join(line.text for line in read_markdown(source.encode(), "a.md").lines)
    except ReadError:
        return
    assert [each for each in found if each in "甲乙局年。，"] == [each for each in source if each in "甲乙局年。，"]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        assert read_markdown(data, "a.md").lines
    except ReadError as error:
        assert error.reason
