"""Forms of numbers, own-line headings and run-in headings."""

from __future__ import annotations

import pytest

from searchapp.reports import numbering as nb


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
        ("——" + "长" * 40 + "。每月一课。", None),
        ("（一）。每月一课。", None),
    ],
)
def test_a_run_in_heading_is_the_first_sentence_with_its_number(text: str, heading: str | None) -> None:
    number = nb.parse_number(text)
    assert number is not None
    span = nb.find_run_in(text, number)
    assert (text[span[0] : span[1]] if span else None) == heading
