"""A report packed where it is read is the report that is analyzed as objects."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.indexing.read_file import analyze_report
from searchapp.lexicon import cut_texts, unpack_cut
from searchapp.reports import read_report_file
from searchapp.text.analyzer import Analyzer
from searchapp.text.word_table import BulkCutter
from tests.oracle.analysis import analyze

_LINES = [
    "市水务局党组2023年工作报告",
    "一、GDP增长3.5%",
    "（一）坚持党的领导。落实“两个维护”，压实责任12项。",
    "全面从严治党，全面从严治党；发展数字经济，U盘 3D打印。",
    "##paidbegin##一是抓好支部建设。",
    "〇三年，\U00020000字与😀。",
    "“……”",
]
_ANALYZER = Analyzer()
_CUTTER = BulkCutter(_ANALYZER)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_LINES), min_size=1, max_size=10))
def test_what_is_packed_is_what_is_analyzed(lines: list[str]) -> None:
    for report in read_report_file("\n".join(lines).encode(), "in/甲.txt").reports:
        analyzed = analyze(report, _ANALYZER)
        analysis = analyze_report(report, _CUTTER)
        assert analysis.packed.analyzed() == analyzed
        assert analysis.packed.keys.split() == [block.key for block in report.blocks]
        blocks = zip(analyzed.blocks, report.blocks, strict=True)
        expected = cut_texts((block.text, written.text, block.words) for block, written in blocks)
        assert unpack_cut(analysis.cut) == expected
