"""Kinds of blocks, heading paths, tails, annexes and signatures."""

from __future__ import annotations

import pytest

from searchapp.reports import Block, Report, read_report_file

LONG = "各支部按月开展学习，班子成员到联系点讲课，职工代表参加座谈并提出意见，办公室逐条登记并反馈结果，档案随时可查。"


def read(*lines: str, file: str = "库/甲.txt") -> Report:
    (report,) = read_report_file("\n".join(lines).encode(), file).reports
    return report


def block(report: Report, start: str) -> Block:
    return next(each for each in report.blocks if each.text.startswith(start))


def test_a_heading_path_nests_and_unwinds() -> None:
    report = read("甲局2022年工作报告", "一、甲事", "（一）乙事", "1.丙事", LONG, "（二）丁事", "戊" + LONG)
    assert [(each.text, each.level) for each in report.blocks if each.kind == "heading"] == [
        ("一、甲事", 1),
        ("（一）乙事", 2),
        ("1.丙事", 3),
        ("（二）丁事", 2),
    ]
    assert block(report, LONG[:6]).headings == ("一、甲事", "（一）乙事", "1.丙事")
    assert block(report, "戊").headings == ("一、甲事", "（二）丁事")


def test_digits_that_run_on_stay_below_their_sections() -> None:
    report = read("甲局2022年工作报告", "（一）甲事", "1.乙事。" + LONG, "（二）丙事", "2.丁事。" + LONG)
    assert block(report, "2.").headings == ("（二）丙事", "2.丁事")


def test_a_run_in_heading_governs_its_own_paragraph_and_deeper_numbers_only() -> None:
    report = read("甲局2022年工作报告", "一、甲事", "（一）抓学习。" + LONG, "1.读书。" + LONG, "另" + LONG)
    assert block(report, "（一）").headings == ("一、甲事", "（一）抓学习")
    assert block(report, "（一）").run_in == (0, 6)
    assert block(report, "（一）").kind == "paragraph"
    assert block(report, "1.").headings == ("一、甲事", "（一）抓学习", "1.读书")
    assert block(report, "另").headings == ("一、甲事",)


def test_a_mark_before_a_number_hides_no_heading() -> None:
    report = read("甲局2022年工作报告", "##paidbegin##一、甲事", LONG)
    heading = block(report, "##paid")
    assert (heading.kind, heading.marks) == ("heading", ((0, 13),))
    assert block(report, LONG[:6]).headings == ("一、甲事",)


def test_a_tail_paragraph_leaves_the_last_section() -> None:
    report = read("甲局2022年工作报告", "一、抓好支部", LONG, "同时，工作还存在一些不足。" + LONG, "下一步，继续努力。")
    assert block(report, "同时").headings == ()
    assert block(report, "同时").topics == ()
    assert block(report, "下一步").headings == ()


def test_a_paragraph_right_below_a_heading_is_no_tail() -> None:
    report = read("甲局2022年工作报告", "一、抓好支部", LONG, "二、压实责任", "下一步，继续努力。")
    assert block(report, "下一步").headings == ("二、压实责任",)


def test_a_problem_paragraph_before_the_last_section_stays_in_its_part() -> None:
    report = read(
        "甲局2022年工作报告", "一、工作情况", "（一）抓支部", LONG, "工作还存在一些不足。" + LONG, "二、打算", LONG
    )
    assert block(report, "工作还").headings == ("一、工作情况",)


def test_an_unnumbered_heading_stands_between_long_paragraphs() -> None:
    report = read("甲局2022年工作报告", LONG + LONG, "队伍面貌焕然一新", LONG + LONG)
    assert block(report, "队伍").kind == "heading"


def test_head_addressee_and_signature_are_told() -> None:
    report = read("关于2022年度工作的报告", "——在年会上", "市示例委：", LONG, "特此报告。", "甲局党组", "2023年1月5日")
    assert [each.kind for each in report.blocks] == [
        "title",
        "title",
        "addressee",
        "paragraph",
        "paragraph",
        "signature",
        "signature",
    ]


@pytest.mark.parametrize("title", ["名词解释", "名 词 解 释", "※注释※", "[名词解释]", "附件1", "附件："])
def test_an_annex_has_a_tree_of_its_own(title: str) -> None:
    report = read("甲局2022年工作报告", "一、甲事", LONG, "二、乙事", LONG, title, "1.某词。" + LONG, LONG)
    assert [each.kind for each in report.blocks[-3:]] == ["annex", "annex", "annex"]
    assert report.blocks[-2].headings == (title, "1.某词")
    assert report.blocks[-1].headings == (title,)
    assert report.blocks[-1].parts[0].part == "附件"


def test_notes_are_told_from_paragraphs() -> None:
    report = read("甲局2022年工作报告", LONG, "注：数据截至年底。", LONG)
    assert block(report, "注").kind == "note"


def test_text_is_stripped_and_its_column_kept() -> None:
    report = read("甲局2022年工作报告", "\u3000\u3000" + LONG + "\u3000 ")
    assert (report.blocks[1].text, report.blocks[1].source.column, report.blocks[1].source.line) == (LONG, 3, 2)


def test_keys_of_repeats_are_numbered_in_order() -> None:
    report = read("甲局2022年工作报告", LONG, LONG[:9] + " " + LONG[9:], "另" + LONG)
    first, second, other = (each.key for each in report.blocks[1:])
    assert second == f"{first}-2"
    assert len(first) == 8
    assert not other.startswith(first)


def test_note_marks_are_marks_only_when_the_report_lists_its_notes() -> None:
    lines = ["甲局2022年工作报告", "办好“两件”［12］事。" + LONG, LONG]
    assert read(*lines).blocks[1].marks == ()
    assert read(*lines, "名词解释", "12.两件：" + LONG).blocks[1].marks == ((6, 10),)


def test_a_paragraph_of_the_same_part_stays_in_its_section() -> None:
    report = read("甲局2022年工作报告", "一、抓支部", LONG, "二、下一步打算", LONG, "下一步，继续努力。")
    assert block(report, "下一步，").headings == ("二、下一步打算",)


def test_a_list_of_popular_projects_is_an_annex_only_late_in_the_report() -> None:
    early = read("甲县2022年政府工作报告", LONG, "2022年民生实事", LONG, *["另" + LONG] * 6)
    late = read("甲县2022年政府工作报告", *["另" + LONG] * 6, "2022年民生实事", LONG)
    assert [each.kind for each in early.blocks].count("annex") == 0
    assert [each.kind for each in late.blocks].count("annex") == 2


def test_a_number_at_the_beginning_of_a_line_is_no_note_mark() -> None:
    report = read("甲局2022年工作报告", "［1］起初" + LONG, "名词解释", "1.两件：" + LONG)
    assert block(report, "［1］").marks == ()


def test_a_heading_of_a_part_ends_the_head() -> None:
    report = read("甲局2022年工作报告", "2022年主要工作情况", LONG)
    assert [each.kind for each in report.blocks] == ["title", "heading", "paragraph"]


def test_a_summary_of_a_year_may_be_the_title() -> None:
    report = read("2022年工作总结", LONG)
    assert report.blocks[0].kind == "title"


def test_short_lines_without_any_title_are_no_head() -> None:
    report = read("读书", "看报", LONG)
    assert [each.kind for each in report.blocks] == ["paragraph"] * 3


@pytest.mark.parametrize("mark", ["［12］", "[12]", "⑪", "（33）", "(33)"])
def test_all_forms_of_note_marks_are_marks_behind_a_word(mark: str) -> None:
    lines = ["甲局2022年工作报告", f"办好“两件”{mark}事。" + LONG, LONG, "名词解释", "12.两件：" + LONG]
    assert read(*lines).blocks[1].marks == ((6, 6 + len(mark)),)
    assert read(*lines[:3]).blocks[1].marks == ()


def test_a_number_behind_a_stop_is_an_item_and_no_note_mark() -> None:
    report = read("甲局2022年工作报告", "办好：①读书；②看报。" + LONG, "名词解释", "1.两件：" + LONG)
    assert report.blocks[1].marks == ()
    assert [item.mark for item in report.blocks[1].items] == ["①", "②"]
