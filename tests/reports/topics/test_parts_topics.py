"""部分 and 栏目: cues of headings and texts, spans, inheritance."""

from __future__ import annotations

import pytest

from searchapp.reports import Report, read_report_file
from searchapp.reports.topics.parts import heading_part, text_cues
from searchapp.reports.topics.topics import heading_topics

LONG = "各支部按月开展学习，班子成员到联系点讲课，职工代表参加座谈并提出意见，办公室逐条登记并反馈结果。"


def read(*lines: str) -> Report:
    (report,) = read_report_file("\n".join(lines).encode(), "库/甲.txt").reports
    return report


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("一、2022年工作回顾", "回顾"),
        ("二、存在的问题", "存在问题"),
        ("三、下一步工作打算", "安排"),
        ("二、2023年工作安排", "安排"),
        ("三、2025年政府工作任务", "安排"),
        ("二、对今年政府工作的建议", "安排"),
        ("一、圆满完成各项工作任务", None),
        ("总体要求", "目标要求"),
        ("附件", "附件"),
        ("一、全面从严治党", None),
        ("加快补短板", None),
    ],
)
def test_a_heading_names_its_part(heading: str, part: str | None) -> None:
    found = heading_part(heading)
    assert (found.part if found else None) == part


@pytest.mark.parametrize(
    ("heading", "part"),
    [("三是全力推动重点工作", None), ("（二）存在的问题", "存在问题"), ("（三）下一步打算", "安排")],
)
def test_a_run_in_heading_names_a_part_only_as_a_whole(heading: str, part: str | None) -> None:
    found = heading_part(heading, is_strict=True)
    assert (found.part if found else None) == part


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("一年来，我们读书。", "回顾"),
        ("我们一年来读书。", None),
        ("我们还存在一些不足。", "存在问题"),
        ("下步，我们读书。", "安排"),
        ("我们将在下一步，读书。", None),
        ("现将有关情况报告如下。", "开头"),
        ("专此报告。", "结束语"),
    ],
)
def test_a_text_names_its_part(text: str, part: str | None) -> None:
    cues = text_cues(text)
    assert (cues[0].part if cues else None) == part


def test_a_paragraph_of_two_parts_is_split_at_the_sentence() -> None:
    text = "一年来成绩不少，但还存在一些差距。如，读书不多。下一步，我们多读书。"
    report = read("甲局2022年工作报告", LONG, text)
    spans = report.blocks[-1].parts
    assert [(each.part, text[slice(*each.span)]) for each in spans] == [
        ("存在问题", "一年来成绩不少，但还存在一些差距。如，读书不多。"),
        ("安排", "下一步，我们多读书。"),
    ]
    assert all(each.cue in text for each in spans)


def test_text_beats_the_heading_from_its_sentence_on() -> None:
    text = "我们办了十件事。但还存在一些不足。"
    report = read("甲局2022年工作报告", "一、工作情况", LONG, text)
    assert [(each.part, each.span) for each in report.blocks[-1].parts] == [("回顾", (0, 8)), ("存在问题", (8, 17))]


def test_a_list_inherits_the_part_of_its_lead_in() -> None:
    report = read(
        "甲局2022年工作报告", "一、抓支部", LONG, "下一步，做好三件事。", "一是读书。" + LONG, "二是讲课。" + LONG
    )
    assert [each.parts[0].part for each in report.blocks[-2:]] == ["安排", "安排"]


def test_a_review_never_begins_inside_plans() -> None:
    report = read("甲局2022年工作报告", "一、下一步打算", "（一）主要工作", LONG)
    assert report.blocks[-1].parts[0].part == "安排"


def test_nothing_is_guessed_without_a_cue() -> None:
    report = read("甲局2022年工作报告", "一、办好食堂", LONG)
    assert report.blocks[-1].parts == ()
    assert report.blocks[-1].topics == ()


@pytest.mark.parametrize(
    ("heading", "kind", "topics"),
    [
        ("（一）抓好基层支部", "主体责任报告", ["组织建设"]),
        ("（二）意识形态工作", "主体责任报告", ["意识形态与宣传"]),
        ("全面从严治党", "主体责任报告", []),
        ("净化政治生态", "主体责任报告", []),
        ("生态文明建设", "政府工作报告", ["生态环境"]),
        ("生态保护", "主体责任报告", []),
        ("党对学校工作的全面领导", "主体责任报告", ["政治建设"]),
        ("思想、作风、纪律、巡察", "主体责任报告", ["思想建设", "作风建设", "纪律建设与反腐败"]),
    ],
)
def test_topics_follow_the_table_of_the_kind(heading: str, kind: str, topics: list[str]) -> None:
    found = heading_topics(heading, kind)
    assert [each.topic for each in found] == topics
    assert all(each.cue in heading for each in found)


def test_a_heading_without_a_topic_inherits_its_parents() -> None:
    report = read("甲局落实2022年主体责任报告", "一、抓好作风", "（一）办好食堂", LONG)
    assert [each.topic for each in report.blocks[-1].topics] == ["作风建设"]


def test_sentences_of_one_part_make_one_span() -> None:
    text = "我们还存在一些不足。仍面临不少困难。"
    report = read("甲局2022年工作报告", LONG, text)
    assert [(each.part, each.span) for each in report.blocks[-1].parts] == [("存在问题", (0, len(text)))]


def test_an_opening_formula_makes_all_before_it_the_opening() -> None:
    text = "我们读书看报。现将有关情况报告如下。"
    report = read("甲局2022年工作报告", text)
    assert [(each.part, each.span) for each in report.blocks[-1].parts] == [("开头", (0, len(text)))]


def test_an_outer_number_ends_the_inherited_list() -> None:
    report = read("甲局2022年工作报告", "下一步，做好几件事。", "一是读书。" + LONG, "（二）看报。" + LONG)
    assert [len(each.parts) for each in report.blocks[-2:]] == [1, 0]


def test_the_innermost_heading_with_a_cue_names_the_topic() -> None:
    report = read("甲局落实2022年主体责任报告", "一、抓好作风", "（一）建强支部", LONG)
    assert [each.topic for each in report.blocks[-1].topics] == ["组织建设"]
