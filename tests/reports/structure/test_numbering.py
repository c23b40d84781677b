"""Forms of numbers, own-line headings and run-in headings."""

from __future__ import annotations

import pytest

from searchapp.reports.structure import numbering as nb


@pytest.mark.parametrize(
    ("text", "rank", "end"),
    [
        ("第一章 总则", nb.RANK_CHAPTER, 4),
        ("第二部分　任务", nb.RANK_CHAPTER, 5),
        ("第三节 保障", nb.RANK_SECTION, 4),
        ("一、工作", nb.RANK_FIRST, 2),
        ("十二、 工作", nb.RANK_FIRST, 4),
        ("（一）工作", nb.RANK_SECOND, 3),
        ("(一)工作", nb.RANK_SECOND, 3),
        ("三）工作", nb.RANK_SECOND, 2),
        ("1.工作", nb.RANK_THIRD, 2),
        ("1．工作", nb.RANK_THIRD, 2),
        ("１．工作", nb.RANK_THIRD, 2),
        ("12、工作", nb.RANK_THIRD, 3),
        ("（1）工作", nb.RANK_FOURTH, 3),
        ("①工作", nb.RANK_FIFTH, 1),
        ("一是工作", nb.RANK_ITEM, 2),
        ("二要工作", nb.RANK_ITEM, 2),
        ("第一，工作", nb.RANK_ITEM, 3),
        ("——工作", nb.RANK_ITEM, 2),
        ("----工作", nb.RANK_ITEM, 4),
    ],
)
def test_a_number_is_told_with_its_rank(text: str, rank: int, end: int) -> None:
    number = nb.parse_number(text)
    assert number is not None
    assert (number.rank, number.end) == (rank, end)


@pytest.mark.parametrize(
    "text", ["2022年，工作", "1.5亿元", "工作一、", "一九七六年", "", "（二〇二二年）", "第三方评估", "三要素齐备"]
)
def test_what_is_no_number_is_left_alone(text: str) -> None:
    assert nb.parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、抓好队伍", True),
        ("（一）抓好队伍，带好班子", True),
        ("（一）抓好队伍。", True),
        ("1.抓好队伍", True),
        ("1.抓好队伍。", False),
        ("（一）抓好队伍。每月一课。", False),
        ("一、" + "长" * 90, False),
        ("1." + "长" * 60, False),
        ("——抓好队伍", False),
        ("一、", False),
        ("一是抓好队伍：", False),
        ("（一）抓好队伍，", False),
    ],
)
def test_an_own_line_heading_is_short_and_no_sentence(text: str, expected: bool) -> None:
    number = nb.parse_number(text)
    assert number is not None
    assert nb.is_own_line_heading(text, number) is expected


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("（一）抓好队伍，带好班子。每月一课。", "（一）抓好队伍，带好班子"),
        ("1.抓好队伍！每月一课。", "1.抓好队伍"),
        ("一是抓好队伍。每月一课。", "一是抓好队伍"),
        ("——抓好队伍。每月一课。", "——抓好队伍"),
        ("（一）抓好队伍。", None),
        ("（一）抓好队伍。”", None),
        ("（一）" + "长" * 70 + "。每月一课。", None),
        ("——" + "长" * 50 + "。每月一课。", None),
        ("（一）。每月一课。", None),
    ],
)
def test_a_run_in_heading_is_the_first_sentence_with_its_number(text: str, heading: str | None) -> None:
    number = nb.parse_number(text)
    assert number is not None
    span = nb.find_run_in(text, number)
    assert (text[span[0] : span[1]] if span else None) == heading


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十二、工作", 12),
        ("二十、工作", 20),
        ("二十一、工作", 21),
        ("（3）工作", 3),
        ("②工作", 2),
        ("第四，工作", 4),
        ("１２．工作", 12),
        ("——工作", 0),
        ("三）工作", 3),
        ("二是一以贯之", 2),
    ],
)
def test_a_number_has_its_value(text: str, value: int) -> None:
    number = nb.parse_number(text)
    assert number is not None
    assert number.value == value


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("一、2022年工作回顾2022年，我们读书", "一、2022年工作回顾"),
        ("二、2023年工作安排今年，我们读书", "二、2023年工作安排"),
        ("一、过去五年工作回顾过去五年，", "一、过去五年工作回顾"),
        ("一、读书看报2022年，我们读书", None),
        ("（1）2022年工作回顾2022年，我们读书", None),
    ],
)
def test_a_heading_of_a_part_may_be_glued_to_its_text(text: str, heading: str | None) -> None:
    number = nb.parse_number(text)
    assert number is not None
    span = nb.find_glued(text, number)
    assert (text[slice(*span)] if span else None) == heading
