"""Which unnumbered paragraphs a run-in heading holds, and which leave it."""

from __future__ import annotations

import pytest

from searchapp.reports import Block, Report, read_report_file

LONG = "各支部按月开展学习，班子成员到联系点讲课，职工代表参加座谈并提出意见，办公室逐条登记并反馈结果，档案可查。"
A, B, C = "（一）抓支部。" + LONG, "（二）抓作风。" + LONG, "（三）抓队伍。" + LONG


def read(*lines: str) -> Report:
    (report,) = read_report_file("\n".join(["示例局2022年工作报告", *lines]).encode(), "库/甲.txt").reports
    return report


def headings(report: Report, start: str) -> tuple[str, ...]:
    found: Block = next(each for each in report.blocks if each.text.startswith(start))
    return found.headings


def test_paragraphs_before_the_next_sibling_belong_to_a_run_in_heading() -> None:
    report = read("一、工作", A, "甲" + LONG, "乙" + LONG, B, C)
    assert headings(report, "甲") == headings(report, "乙") == ("一、工作", "（一）抓支部")


def test_the_last_of_a_row_holds_what_follows_when_an_earlier_one_did() -> None:
    assert headings(read("一、工作", A, "甲" + LONG, B, "乙" + LONG), "乙") == ("一、工作", "（二）抓作风")
    assert headings(read("一、工作", A, B, "乙" + LONG), "乙") == ("一、工作",)


@pytest.mark.parametrize(
    "tail",
    ["各位代表！" + LONG, "成绩的取得，靠大家。" + LONG, "我们清醒地看到，还存在一些不足。" + LONG, "下一步，" + LONG],
)
def test_a_tail_leaves_the_row_at_the_end_of_its_section(tail: str) -> None:
    report = read("一、2022年工作回顾", A, "甲" + LONG, B, tail, "二、安排", LONG)
    assert headings(report, tail[:6]) == ("一、2022年工作回顾",)


def test_what_looks_like_a_tail_inside_a_row_stays() -> None:
    report = read("一、工作", A, "下一步，" + LONG, B, "乙" + LONG)
    assert headings(report, "下一步") == ("一、工作", "（一）抓支部")


def test_a_row_that_begins_again_is_no_sibling() -> None:
    report = read("一、工作", A, B, "甲" + LONG, "（一）看报。" + LONG, "（二）下棋。" + LONG)
    assert headings(report, "甲") == ("一、工作",)


def test_bullets_hold_nothing() -> None:
    report = read("一、工作", "——抓支部。" + LONG, "甲" + LONG, "——抓作风。" + LONG)
    assert headings(report, "甲") == ("一、工作",)


def test_a_heading_glued_to_its_text_governs_what_follows() -> None:
    report = read("一、2021年工作回顾2021年，我们读书。" + LONG, "甲" + LONG, "二、2022年工作安排2022年，" + LONG)
    assert headings(report, "甲") == ("一、2021年工作回顾",)
    assert [each.parts[0].part for each in report.blocks if each.kind == "paragraph"] == ["回顾", "回顾", "安排"]


def test_a_section_that_names_two_parts_keeps_both() -> None:
    report = read("一、工作", LONG, "二、存在问题和下一步打算", LONG, "下一步，我们读书。" + LONG, "还要看报。" + LONG)
    assert headings(report, "下一步") == headings(report, "还要") == ("二、存在问题和下一步打算",)
    assert [each.parts[0].part for each in report.blocks[-3:]] == ["存在问题", "安排", "安排"]


def test_among_problems_no_review_begins() -> None:
    report = read("一、存在的不足", "一年来，读书不多。" + LONG)
    assert [each.part for each in report.blocks[-1].parts] == ["存在问题"]


def test_a_long_line_without_a_stop_between_paragraphs_is_a_heading() -> None:
    report = read(LONG, "支部更强，作风更实", LONG, "没有说完的话" + LONG[:40], "半句话接着", LONG)
    kinds = {each.text: each.kind for each in report.blocks}
    assert kinds["支部更强，作风更实"] == "heading"
    assert kinds["半句话接着"] == "paragraph"
