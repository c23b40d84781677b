"""Passages with their source: the right stretch, the right place in the report, nothing made up."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.reports import read_report_file
from searchapp.reports.model import Block, BlockKind, Item, Metadata, ReportSource, SourcePosition
from searchapp.search.result import LocatedBlock, ReportSummary
from searchapp.services.citation.cite import cite, place_of
from searchapp.services.citation.passages import LONG_BLOCK_CHARACTERS, passage_around

DAY = datetime.date(2026, 3, 4)
META = Metadata(title="市水务局党组2023年工作报告", unit="市水务局党组", year=2023)
FILLER = "坚持除险加固，建设美丽河湖。" * 30


def block(text: str = "正文。", *headings: str, kind: BlockKind = "paragraph", **more: object) -> Block:
    return replace(Block(kind, text, "k1", SourcePosition("报告/水务局.txt", 3), headings), **more)  # type: ignore[arg-type]


def located(block: Block, meta: Metadata = META, file: str = "报告/水务局.txt") -> LocatedBlock:
    return LocatedBlock(ReportSummary("r1", meta, (ReportSource(file, 1, 9),), 9, 5, 2), block, 3)


def listed(text: str, *marks: str) -> Block:
    """A paragraph with a list of items that begin at ``marks``."""
    starts = [text.index(mark) for mark in marks]
    stops = [*starts[1:], len(text)]
    items = tuple(Item(mark, span) for mark, span in zip(marks, zip(starts, stops, strict=True), strict=True))
    return block(text, "三、下一步打算", items=items)


def test_officials_name_unit_year_title_part_and_item() -> None:
    held = listed("要做好：一是抓学习。二是抓落实。", "一是", "二是")
    at = held.text.index("落实")
    assert (
        cite(located(held), (at, at + 2)).official
        == "（市水务局党组，2023年，《市水务局党组2023年工作报告》第三部分“二是”）"
    )
    assert cite(located(held), (4, 14)).official.endswith("第三部分“一是”至“二是”）")
    assert cite(located(held), (0, 2)).official.endswith("第三部分）")
    assert cite(located(held)).official.endswith("第三部分）")


@pytest.mark.parametrize(
    ("headings", "text", "kind", "place"),
    [
        ((), "正文。", "paragraph", ""),
        (("一、工作回顾",), "正文。", "paragraph", "第一部分"),
        (("二、 工作回顾", "（三）作风建设"), "正文。", "paragraph", "第二部分第（三）点"),
        (("二、回顾", "（三）作风", "1.纠治四风"), "正文。", "paragraph", "第二部分第（三）点第1点"),
        (("二、回顾", "（三）作风", "1.四风", "（2）检查"), "正文。", "paragraph", "第二部分第（三）点第1点第（2）点"),
        (("二、回顾", "一是抓牢学习"), "正文。", "paragraph", "第二部分“一是”"),
        (("第一部分 回顾", "一、党建"), "正文。", "paragraph", "第一部分第一点"),
        (("第二章 任务", "第三节 水利"), "正文。", "paragraph", "第二章第三节"),
        (("2022年工作回顾",), "正文。", "paragraph", "“2022年工作回顾”部分"),
        (("2022年工作回顾", "——改革开放。"), "正文。", "paragraph", "“2022年工作回顾”部分“改革开放”"),
        (("一、回顾",), "三是严守纪律。", "paragraph", "第一部分“三是”"),
        (("一、回顾",), "四、安排", "heading", "第一部分第四点"),
        ((), "四、安排", "heading", "第四部分"),
        (("一、回顾",), "甲 | 乙", "table", "第一部分表格"),
        ((), "注：略", "note", "注释"),
        (("名词解释",), "略", "annex", "附件“名词解释”部分"),
    ],
)
def test_places_are_told_by_numbers(headings: tuple[str, ...], text: str, kind: BlockKind, place: str) -> None:
    assert place_of(block(text, *headings, kind=kind)) == place


def test_a_first_item_that_opens_a_paragraph_is_no_heading_of_the_others() -> None:
    text = "一是抓学习。办班三期。二是抓落实。督查两轮。"
    held = block(
        text,
        "三、打算",
        "一是抓学习",
        run_in=(0, 5),
        items=(Item("一是", (0, 11)), Item("二是", (11, len(text)))),
    )
    assert place_of(held) == "第三部分"
    assert place_of(held, held.items[1:]) == "第三部分“二是”"


def test_what_is_not_known_is_left_out() -> None:
    nothing = Metadata(title="")
    assert cite(located(block(), nothing)).official == "（《水务局》）"
    assert cite(located(block(), nothing)).gbt7714 == "水务局[R]. [出版地不详: 出版者不详]."
    assert cite(located(block(), replace(META, unit=None))).official == "（2023年，《市水务局党组2023年工作报告》）"
    assert (
        cite(located(block(), replace(META, year=None))).official == "（市水务局党组，《市水务局党组2023年工作报告》）"
    )
    bare = LocatedBlock(ReportSummary("r1", nothing, (), 1, 1, 0), block(), 0)
    assert cite(bare).official == "（来源未注明）"


def test_titles_inside_titles_have_single_marks() -> None:
    meta = replace(META, title="贯彻《党章》\n情况报告")
    assert "《贯彻〈党章〉 情况报告》" in cite(located(block(), meta)).official


def test_references_follow_the_standard() -> None:
    url = "http://x/p/r1-k1"
    dated = replace(META, date="2024-01-05")
    paged = block(source=SourcePosition("a.pdf", 1, 1, 7))
    title = "市水务局党组. 市水务局党组2023年工作报告"
    issued = "[出版地不详: 出版者不详]"
    assert cite(located(block())).gbt7714 == f"{title}[R]. {issued}, [2023]."
    assert cite(located(block(), dated)).gbt7714 == f"{title}[R]. {issued}, 2024."
    assert cite(located(paged)).gbt7714 == f"{title}[R]. {issued}, [2023]: 7."
    assert cite(located(block()), None, url, DAY).gbt7714 == f"{title}[R/OL]. [2023][2026-03-04]. {url}."
    assert cite(located(block(), dated), None, url, DAY).gbt7714 == f"{title}[R/OL]. (2024-01-05)[2026-03-04]. {url}."
    online = f"{title}[R/OL]. 2024: 7(2024-01-05)[2026-03-04]. {url}."
    assert cite(located(paged, dated), None, url, DAY).gbt7714 == online


def test_references_leave_out_what_is_not_known_of_electronic_resources() -> None:
    url = "http://x/p/r1-k1"
    unknown = replace(META, unit=None, year=None)
    title = "市水务局党组2023年工作报告[R/OL]"
    assert cite(located(block(), unknown), None, url, DAY).gbt7714 == f"{title}. [2026-03-04]. {url}."
    assert cite(located(block(), unknown), None, url).gbt7714 == f"{title}. {url}."
    paged = block(source=SourcePosition("a.pdf", 1, 1, 7))
    assert cite(located(paged, unknown), None, url, DAY).gbt7714 == f"{title}. 7[2026-03-04]. {url}."


def test_a_date_without_its_day_is_told_as_a_year() -> None:
    url = "http://x/p/r1-k1"
    title = "市水务局党组. 市水务局党组2023年工作报告[R/OL]"
    for date in ("2024", "2024-01"):
        told = cite(located(block(), replace(META, date=date)), None, url, DAY).gbt7714
        assert told == f"{title}. 2024[2026-03-04]. {url}."


def test_a_short_block_is_taken_whole() -> None:
    held = listed("一是抓学习。二是抓落实。", "一是", "二是")
    assert passage_around(held, (7, 8)).span == (0, len(held.text))


def test_of_a_long_block_the_item_or_the_sentence_is_taken() -> None:
    text = f"总的看，成绩不小。一是{FILLER}二是抓“落实”。督查两轮。"
    held = listed(text, "一是", "二是")
    assert len(text) > LONG_BLOCK_CHARACTERS
    at = text.index("督查")
    passage = passage_around(held, (at, at + 2))
    assert text[slice(*passage.span)] == "二是抓“落实”。督查两轮。" and [item.mark for item in passage.items] == [
        "二是"
    ]
    assert text[slice(*passage_around(held, (0, 2)).span)] == "总的看，成绩不小。"
    plain = replace(held, items=())
    assert text[slice(*passage_around(plain, (at, at + 2)).span)] == "督查两轮。"
    assert text[slice(*passage_around(plain, (at - 3, at + 2)).span)] == "二是抓“落实”。督查两轮。"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_passage_always_holds_what_was_found(data: st.DataObject) -> None:
    text = data.draw(
        st.lists(st.sampled_from(["抓学习", "。", "；", "一是", "”", "\n", " "]), max_size=200).map("".join)
    )
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    begin, stop = passage_around(block(text), (start, end), longest=5).span
    assert 0 <= begin <= stop <= len(text)
    # White space at the ends of sentences is no part of what is copied.
    assert text[start:end].strip() in text[begin:stop]


def test_real_reports_are_cited_without_surprises(sample_corpus: Path) -> None:
    for path in sorted(sample_corpus.glob("*.txt")):
        for report in read_report_file(path.read_bytes(), path.name).reports:
            for held in report.blocks:
                summary = ReportSummary("r", report.meta, report.sources, len(report.blocks), 1, 1)
                told = cite(LocatedBlock(summary, held, 0)).official
                assert told.startswith("（") and told.endswith("）") and "None" not in told and "\n" not in told
