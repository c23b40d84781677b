"""Reports with few headings: the lines that are headings there, and topics told by how a paragraph opens."""

from __future__ import annotations

import pytest

from searchapp.reports import Block, Report, TopicCue, read_report_file
from searchapp.reports.topics.parts import heading_turn
from searchapp.reports.topics.topics import block_topics, with_topics

LONG = "各地按月开展学习，有关同志到联系点讲课，职工代表参加座谈并提出意见，办公室逐条登记并反馈结果。"
TITLE = "甲县2022年政府工作报告"
OPENING = "现在，我代表县人民政府向大会报告工作，请予审议。"


def read(*lines: str) -> Report:
    (report,) = read_report_file("\n".join(lines).encode(), "库/甲.txt").reports
    return report


def last(*lines: str) -> Block:
    return read(TITLE, OPENING, *lines).blocks[-1]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("我国农业在土地改革以后有了新的发展，粮食和棉花的产量都超过了从前。" + LONG, ["农业农村"]),
        ("加强国防和军队建设，是全县各级各部门共同的责任，要坚持不懈地抓下去。" + LONG, ["国防外交港澳台"]),
        ("推动高水平文化供给。" + LONG, ["文化旅游体育"]),
        ("今年是全面推进乡村振兴的关键一年。" + LONG, []),
        ("当前，粮食工作面临新的形势。" + LONG, []),
        (LONG, []),
    ],
)
def test_a_paragraph_without_headings_says_at_once_what_it_is_about(text: str, topics: list[str]) -> None:
    assert [each.topic for each in last(text).topics] == topics


def test_the_topic_sentence_beats_the_heading_and_the_heading_beats_later_words() -> None:
    text = "加快推进铁路和公路建设，让群众出行更方便更快捷。" + LONG
    assert [each.topic for each in last("一、保障粮食生产", LONG, text).topics] == ["城乡区域与基础设施"]
    text = "各地各部门在过去几年里下了很大的力气去做这件事情包括修了许多铁路。" + LONG
    assert [each.topic for each in last("一、保障粮食生产", LONG, text).topics] == ["农业农村"]


def test_an_adverbial_clause_is_no_topic_sentence() -> None:
    text = "随着铁路建设的推进，各地群众都得到了实实在在的好处，生产也有了很大的发展。" + LONG
    assert [each.topic for each in last("一、保障粮食生产", LONG, text).topics] == ["农业农村"]


def test_party_reports_are_read_by_headings_alone() -> None:
    report = read("甲局党组落实2022年主体责任报告", "建强基层党支部，是各级党组织都要抓紧抓好的一件大事。" + LONG)
    assert report.blocks[-1].topics == ()


def test_a_closing_has_no_topic() -> None:
    block = last("一、保障粮食生产", LONG, "各位代表！粮食丰收在望，让我们为建设美丽家园而努力奋斗！")
    assert ([each.part for each in block.parts], block.topics) == (["结束语"], ())


def test_the_kind_says_which_table_a_block_is_read_with() -> None:
    block = last("一、加强污染治理", LONG)
    assert [each.topic for each in block.topics] == ["生态环境", "安全与治理"]
    assert block_topics(block, "党建工作报告") == ()
    assert with_topics(block, "政府工作报告") is block
    assert with_topics(block, "党建工作报告").topics == ()


def test_a_matter_and_a_point_on_their_own_lines_are_headings() -> None:
    lines = ("一、关于国内建设", "关于工资制度问题。", "第一，抓紧粮食生产。", "第二，修好铁路。")
    blocks = read(TITLE, OPENING, *(each for line in lines for each in (line, LONG))).blocks
    headings = [(each.text, each.level) for each in blocks if each.kind == "heading"]
    assert headings == [
        ("一、关于国内建设", 1),
        ("关于工资制度问题。", 2),
        ("第一，抓紧粮食生产。", 3),
        ("第二，修好铁路。", 3),
    ]
    assert blocks[-1].topics == (TopicCue("城乡区域与基础设施", "铁路"),)


def test_items_of_a_list_are_no_headings() -> None:
    blocks = read(TITLE, OPENING, LONG, "第一，抓紧粮食生产。", "第二，修好铁路。", "第三，办好学校。", LONG).blocks
    assert [each.kind for each in blocks[-5:]] == ["paragraph"] * 5


def test_an_unnumbered_part_before_the_first_number_stands_above_the_numbers() -> None:
    lines = (LONG, "五年计划的基本任务", LONG, "一、关于工业", LONG, "二、关于农业", LONG, "前两年计划的执行情况", LONG)
    blocks = read(TITLE, OPENING, *lines).blocks
    found = [(each.level, [part.part for part in each.parts]) for each in blocks if each.kind == "heading"]
    assert found == [(1, ["安排"]), (2, ["安排"]), (2, ["安排"]), (1, ["回顾"])]


def test_main_work_of_the_next_year_is_what_is_planned() -> None:
    blocks = read(TITLE, OPENING, "一、2021年工作回顾", LONG, "二、2022年主要工作", LONG).blocks
    assert [[part.part for part in each.parts] for each in blocks[-4:]] == [["回顾"], ["回顾"], ["安排"], ["安排"]]
    blocks = read(TITLE, OPENING, "一、2021年工作回顾", LONG, "二、关于2022年工作", LONG).blocks
    assert [part.part for part in blocks[-1].parts] == ["安排"]
    blocks = read(TITLE, OPENING, "一、2021年主要工作", LONG).blocks
    assert [part.part for part in blocks[-1].parts] == ["回顾"]


def test_stated_aims_are_aims_and_no_lead_in() -> None:
    aims = "今年的预期目标是：粮食增产百分之五。重点抓好以下几项工作。"
    blocks = read(TITLE, OPENING, "二、2022年工作安排", aims, "一是修路。" + LONG, "二是读书。" + LONG).blocks
    assert [[part.part for part in each.parts] for each in blocks[-3:]] == [["目标要求"], ["安排"], ["安排"]]


def test_the_last_paragraph_after_an_address_closes() -> None:
    lines = ("一、保障粮食生产", LONG, "各位代表！", "前程似锦，让我们团结一致，为美好明天而努力奋斗！")
    assert [part.part for part in last(*lines).parts] == ["结束语"]


def test_a_heading_of_problems_and_plans_names_both() -> None:
    block = read("甲局党组2022年工作报告", LONG, "五、存在的问题和下一步打算", LONG).blocks[-2]
    assert [(part.part, block.text[slice(*part.span)]) for part in block.parts] == [
        ("存在问题", "五、存在的问题和下一步"),
        ("安排", "打算"),
    ]
    assert heading_turn("五、下一步打算") == ()


def test_a_review_that_turns_to_problems_leaves_the_points_of_its_section() -> None:
    summing = "全年工作完成得好。但仍存在一些不足，如学习不够。"
    lines = ("一、工作开展情况", "（一）抓学习", LONG, "（二）抓作风", LONG, summing, "二、下一步工作打算", LONG)
    block = read("甲局党组2022年工作报告", LONG, *lines).blocks[-3]
    assert (block.text, block.headings) == (summing, ("一、工作开展情况",))
