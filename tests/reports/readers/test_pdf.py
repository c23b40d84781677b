"""Paragraphs, furniture, pages and refusals of the PDF reader."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.errors import ReadError
from searchapp.reports import read_report_file
from searchapp.reports.readers.lines import squeeze
from searchapp.reports.readers.pdf import glyphs
from searchapp.reports.readers.pdf.lines import VisualLine
from searchapp.reports.readers.pdf.paragraphs import join_paragraphs
from searchapp.reports.readers.pdf.reader import read_pdf
from tests.reports.readers.pages import CHARACTERS, Setting, make_pdf, make_picture_pdf

HEADING = "一、过去一年的工作"
SENTENCE = "我们坚持稳中求进，认真落实各项任务，完成了年初确定的目标。"
LONG = SENTENCE * 9
FULL = ("实" * (CHARACTERS * 3 - 3)) + "。"
PARAGRAPHS = [HEADING, LONG, "（一）加强组织建设", LONG[29:], SENTENCE, LONG, LONG, LONG[58:], LONG, SENTENCE * 2, LONG]


def texts(data: bytes) -> list[str]:
    return [line.text for line in read_pdf(data, "a.pdf").lines if not line.is_furniture]


def furniture(data: bytes) -> list[tuple[str, int | None]]:
    return [(line.text, line.page) for line in read_pdf(data, "a.pdf").lines if line.is_furniture]


@pytest.mark.parametrize(
    "setting",
    [
        Setting(),
        Setting(footer="{page}"),
        Setting(footer="- {page} -"),
        Setting(footer="第 {page} 页"),
        Setting(footer="第 {page} 页 共 4 页"),
        Setting(footer="{page}/4"),
        Setting(footer="Page {page} of 4"),
        Setting(header="某市人民政府文件"),
        Setting(header="示例局工作报告 {page}"),
        Setting(watermark="内部资料 不得外传"),
        Setting(rotation=180),
        Setting(turned=90, rotation=90),
        Setting(turned=90),
        Setting(turned=180, rotation=180),
        Setting(turned=270, rotation=270),
        Setting(gap=14),
    ],
    ids=repr,
)
def test_paragraphs_are_put_together_and_furniture_comes_last(setting: Setting) -> None:
    data = make_pdf(PARAGRAPHS, setting)
    lines = read_pdf(data, "a.pdf").lines
    assert [line.text for line in lines[: len(PARAGRAPHS)]] == PARAGRAPHS
    assert not any(line.is_furniture for line in lines[: len(PARAGRAPHS)])
    assert all(line.is_furniture for line in lines[len(PARAGRAPHS) :])
    pages = max(line.page or 0 for line in lines)
    shown = [
        [text.format(page=page) for text in (setting.header, setting.footer, setting.watermark) if text]
        for page in range(1, pages + 1)
    ]
    found = [sorted(text for text, on in furniture(data) if on == page) for page in range(1, pages + 1)]
    assert pages > 2
    assert [[squeeze(text) for text in page] for page in found] == [sorted(map(squeeze, page)) for page in shown]


def test_furniture_of_a_pdf_is_accounted_for_and_in_no_block() -> None:
    data = make_pdf(PARAGRAPHS, Setting(header="示例局工作报告 {page}", watermark="内部资料"))
    reading = read_report_file(data, "a.pdf")
    blocks = [block.text for report in reading.reports for block in report.blocks]
    assert blocks == PARAGRAPHS
    assert {piece.kind for piece in reading.pieces} == {"furniture"}
    accounted = sum(len(squeeze(text)) for text in [*blocks, *(piece.text for piece in reading.pieces)])
    assert accounted == reading.characters


def test_a_paragraph_over_a_page_break_keeps_its_first_page() -> None:
    lines = [line for line in read_pdf(make_pdf(PARAGRAPHS), "a.pdf").lines if not line.is_furniture]
    pages = [line.page for line in lines]
    assert pages[0] == 1
    assert pages == sorted(pages)
    assert pages[-1] >= 3
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))


def test_a_paragraph_of_many_pages_is_one() -> None:
    words = ["实施", "wide-", "open", "推进 a", "b 落实"]
    pages = [
        [
            VisualLine(words[(page + line) % 5] + "文" * 26, 80, 528, 100 + 20 * line, 116 + 20 * line, 16, page, 842)
            for line in range(1, 31)
        ]
        for page in range(1, 9)
    ]
    (line,) = join_paragraphs(pages)
    assert line.text == "".join(each.text for body in pages for each in body)


def test_a_paragraph_that_fills_its_last_line_ends_at_the_next_indent() -> None:
    assert texts(make_pdf([FULL, FULL, LONG, FULL])) == [FULL, FULL, LONG, FULL]


def test_paragraphs_without_indent_are_told_by_space_and_short_lines() -> None:
    assert texts(make_pdf([LONG, SENTENCE, LONG], Setting(indent=0, gap=16))) == [LONG, SENTENCE, LONG]
    assert texts(make_pdf([LONG, SENTENCE, LONG], Setting(indent=0))) == [LONG, SENTENCE, LONG]


def test_a_number_inside_the_page_is_no_page_number() -> None:
    assert "2023" in texts(make_pdf([SENTENCE, "2023", SENTENCE]))


def test_a_line_on_few_pages_is_no_header() -> None:
    lines = [
        line_at(60, "上级单位文件", 1),
        VisualLine("实" * 30 + "。", 80, 80 + 16 * 31, 170, 186, 16, 1, 842),
        line_at(200, SENTENCE, 1),
        line_at(230, "特此通知。", 1),
        line_at(60, "附件", 2),
        line_at(200, SENTENCE, 2),
    ]
    joined = [line.text for line in join_paragraphs([lines[:4], lines[4:]])]
    assert joined == ["上级单位文件", "实" * 30 + "。", SENTENCE, "特此通知。", "附件", SENTENCE]


def line_at(top: float, text: str, page: int) -> VisualLine:
    return VisualLine(text, 112, 112 + 16 * len(text), top, top + 16, 16, page, 842)


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("⼯作⽅法", "工作方法"),
        ("⻓期⻅效", "长期见效"),
        ("\uf9b4導", "領導"),
        ("ﬁnal", "final"),
        ("第１项①Ⅱ", "第１项①Ⅱ"),
        ("零\u200b宽\ufeff", "零宽"),
    ],
)
def test_twins_of_ordinary_characters_are_folded_and_nothing_else(raw: str, folded: str) -> None:
    assert glyphs.fold(raw) == folded


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("工作", "报告", "工作报告"),
        ("使用 Python", "language", "使用 Python language"),
        ("共3", "项", "共3项"),
        ("infor\xad", "mation", "information"),
        ("2014\xad", "2020", "2014\xad2020"),
        ("well-", "known", "well-known"),
        ("完成，", "then", "完成，then"),
    ],
)
def test_lines_join_as_their_script_asks(left: str, right: str, joined: str) -> None:
    assert glyphs.join_lines(left, right) == joined


def test_a_report_is_read_with_its_pages() -> None:
    (report,) = read_report_file(make_pdf(["示例局2022年工作报告", *PARAGRAPHS]), "库/a.pdf").reports
    assert report.blocks[0].kind == "title"
    assert {block.source.page for block in report.blocks} >= {1, 2, 3}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"not a document at all", "不是 PDF"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 8, "不完整"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 8 + b"%%EOF", "不是完好"),
        (make_pdf([SENTENCE], Setting(password="示例")), "密码"),
        (make_pdf(PARAGRAPHS)[:3000], "不完整"),
        (make_pdf([], Setting(footer="")), "没有文字"),
    ],
    ids=["empty", "other", "cut off", "broken", "password", "truncated", "blank"],
)
def test_what_cannot_be_read_is_named(data: bytes, words: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_report_file(data, "库/甲.pdf")
    assert words in caught.value.reason


def test_a_scan_is_named_as_such() -> None:
    with pytest.raises(ReadError, match="扫描件，没有文字层"):
        read_pdf(make_picture_pdf(3), "a.pdf", ocr=False)


def test_scanned_pages_among_others_are_reported() -> None:
    reading = read_report_file(make_picture_pdf(3, text_pages=[2]), "a.pdf")
    assert any("第 1、3 页没有文字层" in warning.message for warning in reading.warnings)


def test_a_missing_recognizer_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = make_picture_pdf(1)
    monkeypatch.setenv("PATH", str(tmp_path))
    for read in (read_pdf, read_report_file):
        with pytest.raises(ReadError, match="没有找到 ocrmypdf"):
            read(data, "a.pdf", ocr=True)


def test_a_recognizer_on_the_path_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scan, answer = make_picture_pdf(1), tmp_path / "answer.pdf"
    answer.write_bytes(make_pdf([SENTENCE]))
    program = tmp_path / "ocrmypdf"
    program.write_text(f'#!/bin/sh\nfor last; do :; done\n/bin/cp "{answer}" "$last"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    source = read_pdf(scan, "a.pdf", ocr=True)
    assert source.encoding == "pdf (ocr)"
    assert [line.text for line in source.lines if not line.is_furniture] == [SENTENCE]


GOOD = make_pdf(PARAGRAPHS)


@settings(max_examples=60)
@given(st.integers(0, len(GOOD)), st.integers(0, 400), st.binary(max_size=40))
def test_damage_raises_nothing_but_read_errors(start: int, length: int, noise: bytes) -> None:
    for data in (GOOD[:start] + noise + GOOD[start + length :], GOOD[:start] + noise, b"%PDF-1.4\n" + noise):
        try:
            read_pdf(data, "a.pdf")
        except ReadError as error:
            assert error.reason


_BOXES = st.builds(
    VisualLine,
    text=st.text("实施，。123 a—\xad\u3000", max_size=8),
    left=st.floats(-50, 600),
    right=st.floats(-50, 600),
    top=st.floats(-50, 900),
    bottom=st.floats(-50, 900),
    size=st.floats(0, 60),
    page=st.just(1),
    height=st.just(842.0),
)


@given(st.lists(_BOXES, max_size=12))
def test_any_boxes_give_paragraphs_in_order(boxes: list[VisualLine]) -> None:
    lines = join_paragraphs([boxes])
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert [line.is_furniture for line in lines] == sorted(line.is_furniture for line in lines)

    def count(texts: Iterable[str]) -> Counter[str]:
        # A hyphen that only divides a word at a line end is no character of the text.
        return Counter(squeeze("".join(texts)).replace("\xad", "").replace("-", ""))

    assert count(line.text for line in lines) == count(box.text for box in boxes)


def distance(first: str, second: str) -> int:
    """Levenshtein distance, by rows of the table."""
    row = list(range(len(second) + 1))
    for index, left in enumerate(first, 1):
        above, row[0] = row[0], index
        for column, right in enumerate(second, 1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (left != right))
    return row[-1]


def test_the_character_error_of_a_real_document_is_under_one_percent(shared: Path) -> None:
    folder = shared / "originals"
    found = squeeze("".join(texts((folder / "GovDoc-CN_397.pdf").read_bytes())))
    wanted = squeeze((folder / "GovDoc-CN_397.txt").read_text("utf-8"))
    assert distance(found, wanted) / len(wanted) < 0.01


def test_paragraphs_of_a_real_document_are_whole(shared: Path) -> None:
    lines = texts((shared / "originals" / "GovDoc-CN_397.pdf").read_bytes())
    assert len(lines) == 33
    assert math.isclose(sum(map(len, lines)) / len(lines), 73, abs_tol=5)


def test_a_real_scan_is_named_as_such(shared: Path) -> None:
    with pytest.raises(ReadError, match="扫描件，没有文字层"):
        read_pdf((shared / "originals" / "GB-16297-1996.pdf").read_bytes(), "a.pdf", ocr=False)
