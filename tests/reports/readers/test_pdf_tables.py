"""Ruled tables of PDF pages as rows, and what looks like one and is none."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.reports import read_report_file
from searchapp.reports.readers.lines import squeeze
from searchapp.reports.readers.pdf.reader import read_pdf
from searchapp.reports.readers.pdf.tables import MAX_SQUARES, Box, find_tables
from tests.reports.readers.pages import FONT

pytest.importorskip("reportlab", reason="reportlab makes the PDF files of these tests")

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

SENTENCE = "我们坚持稳中求进，认真落实各项任务，完成了年初确定的目标。"
LONG_CELL = "正在推进，预计年底前完成，需要相关单位继续配合，会议议定的事项都已经落实"
ROWS = [["序号", "指标名称", "目标", "完成情况"]] + [
    [str(number), f"第{number}项指标", "" if number == 2 else f"{number}.5", LONG_CELL if number % 2 else "已完成"]
    for number in range(1, 6)
]
GRID = [("GRID", (0, 0), (-1, -1), 0.5, "black")]


def make(
    rows: list[list[str]], style: list[tuple[object, ...]], widths: tuple[float, ...] = (40, 150, 60, 180)
) -> bytes:
    """A PDF with a paragraph, a table and another paragraph."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    words = ParagraphStyle("a", fontName=FONT, fontSize=12, leading=18, wordWrap="CJK")
    cells = [[Paragraph(cell, words) for cell in row] for row in rows]
    table = Table(cells, colWidths=widths[: len(rows[0])], style=[("FONT", (0, 0), (-1, -1), FONT, 12), *style])
    table.repeatRows = 1
    story: list[Flowable] = [Paragraph(SENTENCE, words), table, Paragraph(SENTENCE, words)]
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4, invariant=1).build(story)
    return buffer.getvalue()


def rows_of(data: bytes) -> list[str]:
    return [line.text for line in read_pdf(data, "a.pdf").lines if line.is_table_row]


def joined(rows: list[list[str]]) -> list[str]:
    return [" | ".join(row) for row in rows]


@pytest.mark.parametrize(
    "style",
    [
        GRID,
        [("INNERGRID", (0, 0), (-1, -1), 0.5, "black")],
        [("INNERGRID", (0, 0), (-1, -1), 2, "grey"), ("BOX", (0, 0), (-1, -1), 2, "black")],
    ],
    ids=["grid", "open sides", "thick"],
)
def test_a_ruled_table_is_read_as_rows(style: list[tuple[object, ...]]) -> None:
    lines = read_pdf(make(ROWS, style), "a.pdf").lines
    assert [line.text for line in lines] == [SENTENCE, *joined(ROWS), SENTENCE]
    assert [line.is_table_row for line in lines] == [False, *[True] * len(ROWS), False]


def test_merged_cells_stand_in_the_row_where_they_begin() -> None:
    rows = [row.copy() for row in ROWS]
    rows[1][0], rows[2][0] = "合并", ""
    rows[3][1:] = ["横着合并", "", ""]
    style = [*GRID, ("SPAN", (0, 1), (0, 2)), ("SPAN", (1, 3), (3, 3))]
    found = rows_of(make(rows, style))
    assert found[1].startswith("合并 | 第1项指标 | ")
    assert found[2].startswith(" | 第2项指标 | ")
    assert found[3] == "3 | 横着合并"
    assert len(found) == len(rows)


def test_the_head_that_comes_again_on_each_page_is_furniture() -> None:
    rows = [ROWS[0], *([str(number), "指标", "1", "已完成"] for number in range(1, 90))]
    lines = read_pdf(make(rows, GRID), "a.pdf").lines
    assert [line.text for line in lines if line.is_table_row] == joined(rows)
    repeated = [line for line in lines if line.is_furniture]
    assert {line.text for line in repeated} == {" | ".join(ROWS[0])}
    assert [line.page for line in repeated] == list(range(2, 2 + len(repeated))) and repeated


def test_a_table_is_no_paragraph_of_the_report() -> None:
    reading = read_report_file(make(ROWS, GRID), "a.pdf")
    kinds = Counter(block.kind for report in reading.reports for block in report.blocks)
    assert kinds["table"] == len(ROWS)


@pytest.mark.parametrize(
    "style",
    [
        [],
        [("BOX", (0, 0), (-1, -1), 1, "black")],
        [("LINEABOVE", (0, 0), (-1, -1), 1, "black")],
        [("LINEBEFORE", (1, 0), (1, -1), 1, "black")],
    ],
    ids=["aligned", "framed", "lines between rows", "one line down"],
)
def test_what_is_not_ruled_into_cells_stays_text(style: list[tuple[object, ...]]) -> None:
    data = make(ROWS, style)
    assert rows_of(data) == []
    ruled = read_pdf(make(ROWS, GRID), "a.pdf").lines
    plain = read_pdf(data, "a.pdf").lines

    def characters(lines: object) -> Counter[str]:
        return Counter(squeeze("".join(line.text for line in lines)).replace("|", ""))  # type: ignore[attr-defined]

    assert characters(plain) == characters(ruled)


def lying(y: float, x0: float = 0, x1: float = 300) -> Box:
    return x0, x1, y, y + 0.5


def standing(x: float, y0: float = 0, y1: float = 200) -> Box:
    return x, x + 0.5, y0, y1


def test_a_page_frame_and_a_column_rule_are_no_table() -> None:
    frame = [lying(0), lying(200), standing(0), standing(300)]
    assert find_tables(frame) == []
    assert find_tables([*frame, standing(150)]) == []
    assert find_tables([lying(0), lying(20), lying(40)]) == []


def test_two_tables_on_a_page_are_two() -> None:
    first = [lying(y) for y in (0, 20, 40)] + [standing(x, 0, 40) for x in (0, 100, 300)]
    second = [lying(y) for y in (100, 120, 140)] + [standing(x, 100, 140) for x in (0, 150, 300)]
    upper, lower = find_tables([*second, *first])
    assert (upper.columns[1], lower.columns[1]) == (100.25, 150.25)
    assert upper.cell_at(50, 10) != upper.cell_at(150, 10) != upper.cell_at(150, 30)
    assert upper.cell_at(50, 60) is None


def test_a_cell_of_no_whole_squares_makes_no_table() -> None:
    rules = [lying(y) for y in (0, 20, 40)] + [standing(0), standing(300), standing(150, 0, 20)]
    # Below the short rule two squares are one cell: a rectangle. Without half of the rule above it they make an L.
    rules = [*(rule for rule in rules if rule[2] != 20), lying(20, 0, 150)]
    assert find_tables([(x0, x1, top, min(bottom, 40.5)) for x0, x1, top, bottom in rules]) == []


def test_graph_paper_is_no_table() -> None:
    side = int(MAX_SQUARES**0.5) + 2
    size = side * 5.0
    rules = [lying(5.0 * each, 0, size) for each in range(side)] + [
        standing(5.0 * each, 0, size) for each in range(side)
    ]
    assert find_tables(rules) == []


_PLACES = st.sampled_from([0.0, 1.0, 40.0, 41.5, 80.0, 120.0, 300.0])
_RULES = st.tuples(_PLACES, _PLACES, _PLACES, st.booleans()).map(
    lambda rule: lying(rule[0], *sorted(rule[1:3])) if rule[3] else standing(rule[0], *sorted(rule[1:3]))
)


@given(st.lists(_RULES, max_size=16))
def test_any_rules_give_tables_whose_cells_come_once(rules: list[Box]) -> None:
    for table in find_tables(rules):
        assert list(table.columns) == sorted(table.columns) and list(table.lines) == sorted(table.lines)
        cells = [cell for row in table.rows() for cell in row if cell is not None]
        assert sorted(cells) == sorted({cell for row in table.cells for cell in row})


def test_a_real_report_has_no_table(shared: Path) -> None:
    assert rows_of((shared / "originals" / "GovDoc-CN_397.pdf").read_bytes()) == []
