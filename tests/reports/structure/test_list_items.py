"""Items of lists and topic sentences inside a paragraph."""

from __future__ import annotations

import pytest

from searchapp.reports import read_report_file
from searchapp.reports.structure.list_items import find_items, find_lead


def texts(text: str) -> list[tuple[str, str]]:
    return [(item.mark, text[slice(*item.span)]) for item in find_items(text)]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("做了两件事：一是读书。读三本。二是看报。", [("一是", "一是读书。读三本。"), ("二是", "二是看报。")]),
        ("要一要读书；二要看报。此外下棋。", []),
        ("今后，一要读书；二要看报。此外下棋。", [("一要", "一要读书；"), ("二要", "二要看报。")]),
        ("做到：1.读书，读三本；2.看报。", [("1.", "1.读书，读三本；"), ("2.", "2.看报。")]),
        ("做到：（1）读书；（2）看报。", [("（1）", "（1）读书；"), ("（2）", "（2）看报。")]),
        ("有两点。第一，读书。第二，看报。", [("第一，", "第一，读书。"), ("第二，", "第二，看报。")]),
        ("一方面，读书；另一方面，看报。", [("一方面", "一方面，读书；"), ("另一方面", "另一方面，看报。")]),
        ("增长1.5亿元，2.看报。", []),
        ("一是读书。三是看报。", []),
        ("只有一是读书。", []),
        (
            "一是读书。二是看报。下一步，一是下棋。二是写字。",
            [
                ("一是", "一是读书。"),
                ("二是", "二是看报。下一步，"),
                ("一是", "一是下棋。"),
                ("二是", "二是写字。"),
            ],
        ),
    ],
)
def test_a_list_inside_a_paragraph_has_items_with_spans(text: str, items: list[tuple[str, str]]) -> None:
    assert texts(text) == items


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("读书风气更浓。各支部每月一课。", "读书风气更浓"),
        ("做好读书工作：各支部每月一课。", "做好读书工作"),
        ("##paidbegin##读书风气更浓。各支部每月一课。", "读书风气更浓"),
        ("读书。各支部每月一课。", None),
        ("读书风气更浓。", None),
        ("读书风气一年比一年浓一年比一年好得多了。各支部每月一课。", None),
        ("一是读书风气更浓。各支部每月一课。", None),
        ("各位代表：现在报告工作。", None),
        ("读书，看报，风气好。每月一课。", "读书，看报，风气好"),
    ],
)
def test_a_topic_sentence_opens_a_paragraph(text: str, lead: str | None) -> None:
    span = find_lead(text)
    assert (text[slice(*span)] if span else None) == lead


def test_a_topic_sentence_names_the_topic_of_its_paragraph() -> None:
    text = "甲局2022年主体责任报告\n一、抓好作风\n基层支部更强。" + "各支部按月开展学习，讲课三次。" * 3
    (report,) = read_report_file(text.encode(), "甲.txt").reports
    assert [each.topic for each in report.blocks[-1].topics] == ["组织建设"]
    assert report.blocks[-1].headings == ("一、抓好作风",)
