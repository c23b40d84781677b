"""Compilations, contents, furniture and where reports begin."""

from __future__ import annotations

import pytest

from searchapp.reports import FileReading, read_report_file

LONG = "各支部按月开展学习，班子成员到联系点讲课，职工代表参加座谈并提出意见，办公室逐条登记并反馈结果。"
BODY = [LONG] * 8
FIRST, SECOND = "2021年甲局党组工作报告", "乙馆党委2021年工作报告"


def read(*lines: str) -> FileReading:
    return read_report_file("\n".join(lines).encode(), "库/甲.txt")


def titles(reading: FileReading) -> list[str]:
    return [report.meta.title for report in reading.reports]


def pieces(reading: FileReading) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in reading.pieces]


def test_a_compilation_is_split_at_titles_and_its_contents_are_pieces() -> None:
    reading = read("2021年工作报告汇编2篇", "目录", f"1．{FIRST}", f"2．{SECOND}", FIRST, *BODY, SECOND, *BODY)
    assert titles(reading) == [FIRST, SECOND]
    assert [kind for kind, _ in pieces(reading)] == ["contents"] * 4
    sources = [report.sources[0] for report in reading.reports]
    assert [(each.first_line, each.last_line) for each in sources] == [(5, 13), (14, 22)]


def test_a_compilation_without_contents_is_split_too() -> None:
    assert titles(read(FIRST, *BODY, SECOND, *BODY)) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "second",
    [
        "工作报告",
        "关于读书的通知2021",
        "一、2021年甲局工作报告",
        "我们听取了2021年甲局工作报告。",
        "——2021年甲局工作报告",
    ],
)
def test_a_line_that_is_no_title_of_its_own_splits_nothing(second: str) -> None:
    assert len(read(FIRST, *BODY, second, *BODY).reports) == 1


def test_a_title_without_a_body_splits_nothing() -> None:
    assert titles(read(FIRST, *BODY, SECOND, LONG)) == [FIRST]


def test_a_second_title_below_the_first_splits_nothing() -> None:
    reading = read(FIRST, SECOND, *BODY)
    assert [block.kind for block in reading.reports[0].blocks[:3]] == ["title", "title", "paragraph"]


def test_numbered_contents_belong_to_one_report() -> None:
    reading = read(FIRST, "目  录", "一、甲事", "（一）乙事", "二、丙事", "一、甲事", *BODY, "二、丙事", *BODY)
    assert len(reading.reports) == 1
    assert [text for _, text in pieces(reading)] == ["目  录", "一、甲事", "（一）乙事", "二、丙事"]


def test_text_before_the_first_report_belongs_to_it() -> None:
    reading = read("编者按：以下两篇供参考。", FIRST, *BODY, SECOND, *BODY)
    assert reading.reports[0].blocks[0].text == "编者按：以下两篇供参考。"


@pytest.mark.parametrize(
    "line", ["&nbsp;", "字体：大中小", "责任编辑：某人", "分享到：", "来源：某报", "— 12 —", "????", "\u200b"]
)
def test_furniture_is_a_piece(line: str) -> None:
    reading = read(FIRST, LONG, line, LONG)
    assert pieces(reading) == [("furniture", line)]


@pytest.mark.parametrize(
    "line", ["来源于群众。", "分享会办了三次。", "打印机坏了", "字体规范", "时间：每月一次", "2021", "责任编辑部"]
)
def test_what_may_be_text_is_no_furniture(line: str) -> None:
    assert pieces(read(FIRST, LONG, line, LONG)) == []


def test_marks_alone_on_a_line_are_a_piece_and_inside_a_line_are_spans() -> None:
    reading = read("##paidbegin##", FIRST, "读书##paidbegin##三次，" + LONG, "##paidend##")
    assert pieces(reading) == [("marks", "##paidbegin##"), ("marks", "##paidend##")]
    assert reading.reports[0].blocks[1].marks == ((2, 15),)
    assert "##paidbegin##" in reading.reports[0].blocks[1].text


def test_navigation_at_the_end_is_furniture() -> None:
    navigation = ["政府信息公开", *(f"20{year}年某县政府工作报告" for year in range(10, 24))]
    reading = read(FIRST, *BODY, *navigation)
    assert [text for _, text in pieces(reading)] == navigation


def test_a_report_on_one_line_is_cut_at_numbers_after_sentences() -> None:
    line = "".join(f"{number}、办好{number}事。" + LONG * 50 for number in "一二三")
    report = read(line).reports[0]
    assert [block.text[:2] for block in report.blocks] == ["一、", "二、", "三、"]
    assert [line[block.source.column - 1 :][:2] for block in report.blocks] == ["一、", "二、", "三、"]


def test_a_file_of_furniture_alone_holds_no_report_and_says_so() -> None:
    reading = read("&nbsp;", "字体：大中小")
    assert reading.reports == ()
    assert [warning.line for warning in reading.warnings] == [0]


def test_a_title_without_body_in_the_middle_of_a_text_is_no_head_of_the_next_report() -> None:
    reading = read(FIRST, *BODY, "2020年丙局工作报告", "一行。", "二行。", "三行。", "四行。", SECOND, *BODY)
    assert titles(reading) == [FIRST, SECOND]
    assert reading.reports[1].blocks[0].text == SECOND


def test_a_title_that_names_a_unit_but_no_year_starts_a_report() -> None:
    assert titles(read(FIRST, *BODY, "乙馆党委工作报告", *BODY)) == [FIRST, "乙馆党委工作报告"]


def test_what_is_only_a_report_title_by_name_starts_none() -> None:
    assert titles(read(FIRST, *BODY, "有关工作报告", *BODY)) == [FIRST]


def test_a_licence_note_at_the_end_is_furniture() -> None:
    notes = ["本作品来自某机关的文件，依照著作权法不受保护。" + LONG, "↑", "某书第一页。", "Public domain"]
    reading = read(FIRST, *BODY, *notes)
    assert [text for _, text in sorted(pieces(reading), key=lambda piece: notes.index(piece[1]))] == notes
    assert {kind for kind, _ in pieces(reading)} == {"furniture"}


def test_a_licence_note_in_the_middle_of_a_text_is_text() -> None:
    assert pieces(read(FIRST, "本作品来自某机关的文件，依照著作权法不受保护。", *BODY, *BODY)) == []


@pytest.mark.parametrize("mark", ["（一）", "1．", "——", "各位代表！"])
def test_a_report_on_one_line_is_cut_at_other_marks_too(mark: str) -> None:
    line = "一、办好一事。" + LONG * 80 + mark + "抓支部。" + LONG * 60
    report = read(line).reports[0]
    assert [block.text.startswith(mark) for block in report.blocks] == [False, True]


def test_a_report_on_one_line_is_cut_before_a_heading_glued_to_the_text_before() -> None:
    line = "各位代表：我们读书" + LONG * 80 + "看报一、2021年工作回顾2021年，" + LONG * 60
    assert [block.headings for block in read(line).reports[0].blocks] == [(), ("一、2021年工作回顾",)]
