"""Lines that a reader marks as furniture: in the account, in no block, whatever they say."""

from __future__ import annotations

import io

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.reports import read_report_file
from searchapp.reports.readers.lines import SourceLine, squeeze
from searchapp.reports.structure.parse import parse_lines

SENTENCE = "我们坚持稳中求进，认真落实各项任务，完成了年初确定的目标。"
TEXTS = st.sampled_from(
    [
        "示例局2022年工作报告",
        "一、主要工作",
        SENTENCE,
        SENTENCE * 12,
        "目录",
        "附件",
        "— 3 —",
        "内部资料",
        "## ##",
        "",
        " ",
    ]
)


@given(st.lists(st.tuples(TEXTS, st.booleans()), max_size=40))
@settings(max_examples=150)
def test_blocks_and_pieces_together_are_the_source_with_furniture(drawn: list[tuple[str, bool]]) -> None:
    lines = [
        SourceLine(text, number, page=1, is_furniture=is_furniture)
        for number, (text, is_furniture) in enumerate(drawn, 1)
    ]
    parsed = parse_lines(lines, "库/甲.pdf")
    blocks = [(b.source.line, b.source.column, b.text) for report in parsed.reports for b in report.blocks]
    pieces = [(piece.line, piece.column, piece.text) for piece in parsed.pieces]
    assert "".join(squeeze(text) for _, _, text in sorted(blocks + pieces)) == squeeze(
        "".join(text for text, _ in drawn)
    )
    furniture = {line.number for line in lines if line.is_furniture}
    assert not furniture & {line for line, _, _ in blocks}
    assert furniture & {line.number for line in lines if line.text.strip()} <= {line for line, _, _ in pieces}


def test_a_long_line_of_furniture_is_furniture_in_all_its_parts() -> None:
    remark = "（一）读书。" * 2_000
    parsed = parse_lines([SourceLine(SENTENCE, 1), SourceLine(remark, 2, is_furniture=True)], "甲.docx")
    assert [block.text for report in parsed.reports for block in report.blocks] == [SENTENCE]
    assert "".join(piece.text for piece in parsed.pieces) == remark


def test_names_of_columns_are_furniture_of_a_table_of_reports() -> None:
    book = openpyxl.Workbook()
    for row in (
        ["标题", "单位", "正文"],
        ["甲局2022年工作报告", "甲局", SENTENCE],
        ["乙局2022年工作报告", "乙局", SENTENCE],
    ):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    reading = read_report_file(buffer.getvalue(), "a.xlsx")
    assert len(reading.reports) == 2
    assert [(piece.kind, piece.text, piece.line) for piece in reading.pieces] == [
        ("furniture", "标题 | 单位 | 正文", 1)
    ]
    assert not [warning for warning in reading.warnings if warning.line == 0]


def test_a_line_of_nothing_but_question_marks_is_furniture_and_one_that_goes_on_is_read_at_once() -> None:
    reading = read_report_file(f"示例局2022年工作报告\n{'?' * 60}\n{'?' * 60}问\n{SENTENCE}".encode(), "库/甲.txt")
    texts = [block.text for report in reading.reports for block in report.blocks]
    assert "?" * 60 + "问" in texts
    assert "?" * 60 not in texts
