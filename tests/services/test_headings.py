"""The list of headings: those of every report with a hit, by level, as values and as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.engines.whoosh import WhooshEngine
from searchapp.errors import ParameterError
from searchapp.reports.model import Block, BlockKind, Metadata, Report, ReportSource, SourcePosition
from searchapp.services.headings import headings, headings_text
from searchapp.services.library import Library
from searchapp.services.payloads.listings import headings_json
from searchapp.store.retired_ids import RetiredIds
from tests.libraries import ANALYZER, analyzed, index_in
from tests.oracle import ORACLE


def block(kind: BlockKind, text: str, *path: str, run_in: int | None = None) -> Block:
    key = f"k{abs(hash((kind, text))) % 10**8}"
    span = None if run_in is None else (0, run_in)
    return Block(kind, text, key, SourcePosition("a.txt", 1), headings=path, level=len(path) + 1, run_in=span)


def report(number: int, year: int | None, *blocks: Block) -> Report:
    meta = Metadata(f"报告{number}", unit=f"第{number}局", year=year)
    return Report(f"r{number}", meta, blocks, (ReportSource("a.txt", 1, 9),), f"{number}")


FIRST = "一、政治建设"
LIBRARY = (
    report(
        1,
        2022,
        block("title", "报告1"),
        block("heading", FIRST),
        block("paragraph", "（一）抓党建。做法很多。", FIRST, "（一）抓党建。", run_in=7),
        block("heading", "（二）抓 安全", FIRST),
        block("heading", "1.抓巡查", FIRST, "（二）抓 安全"),
        block("paragraph", "巡查党建三次。", FIRST, "（二）抓 安全", "1.抓巡查"),
        block("annex", "附件：党建清单"),
    ),
    report(2, 2023, block("paragraph", "党建没有小标题。")),
    report(3, None, block("heading", "一、别的"), block("paragraph", "别的事。", "一、别的")),
)
TEXT = """报告1（第1局，2022年）
　　一、政治建设
　　　　（一）抓党建
　　　　（二）抓 安全
　　　　　　1.抓巡查

报告2（第2局，2023年）
　　（没有小标题）

"""


@pytest.fixture(params=[ORACLE, WhooshEngine(ANALYZER)], ids=["oracle", "whoosh"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    reader = index_in(request.param, analyzed(LIBRARY), tmp_path)
    return Library("b-1", reader, ANALYZER, RetiredIds(None))


def test_headings_of_the_reports_that_are_found(library: Library) -> None:
    found = headings(library, {"q": ["党建"]})
    assert [(each.summary.report_id, each.hits) for each in found.reports] == [("r1", 2), ("r2", 1)]
    assert [(line.depth, line.text, line.run_in) for line in found.reports[0].headings] == [
        (1, FIRST, False),
        (2, "（一）抓党建", True),
        (2, "（二）抓 安全", False),
        (3, "1.抓巡查", False),
    ]
    assert found.total == 2


def test_all_of_it_is_text_to_copy(library: Library) -> None:
    assert "".join(headings_text(library, {"q": ["党建"], "per_page": ["1"], "page": ["9"]})) == TEXT
    assert "".join(headings_text(library, {"q": ["党建"], "depth": ["1"]})).count("抓") == 0


def test_filters_and_order_are_those_of_the_search(library: Library) -> None:
    newest = headings(library, {"sort": ["newest"]})
    assert [each.summary.report_id for each in newest.reports] == ["r2", "r1", "r3"]
    oldest = headings(library, {"sort": ["oldest"]})
    assert [each.summary.report_id for each in oldest.reports] == ["r1", "r2", "r3"]
    assert [each.summary.report_id for each in headings(library, {"year": ["none"]}).reports] == ["r3"]
    second = headings(library, {"per_page": ["1"], "page": ["2"]})
    assert ([each.summary.report_id for each in second.reports], second.total) == (["r2"], 3)
    assert headings(library, {"q": ["无此词"]}).reports == ()


def test_as_json_each_heading_has_its_address(library: Library) -> None:
    listed = headings_json(headings(library, {"q": ["党建"], "depth": ["1"]}))
    (only,) = listed.reports[0].headings
    assert only.paragraph_id.startswith("r1-k") and only.url.startswith("/reports/r1#p-k")
    assert (only.depth, only.text, only.run_in) == (1, FIRST, False)


@pytest.mark.parametrize("depth", ["0", "7", "x"])
def test_a_depth_that_there_is_not(library: Library, depth: str) -> None:
    with pytest.raises(ParameterError, match=r"^小标题层级应是 1 到 6"):
        headings_text(library, {"depth": [depth]})
