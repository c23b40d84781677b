"""Order, styles, tables and refusals of the Word reader."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from searchapp.errors import ReadError
from searchapp.reports import read_report_file
from searchapp.reports.readers.docx import reader


def save(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def sample() -> docx.document.Document:
    document = docx.Document()
    document.add_paragraph("示例局2022年工作报告", style="Title")
    document.add_paragraph("组织建设", style="Heading 1")
    document.add_paragraph("第一段文字。")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip([*table.rows[0].cells, *table.rows[1].cells], ["项目", "数", "支部", "3"], strict=True):
        cell.text = text
    document.add_paragraph("表后一段。\n同段另一行。")
    return document


def test_paragraphs_and_rows_come_in_document_order(sample: docx.document.Document) -> None:
    lines = reader.read_docx(save(sample), "a.docx").lines
    assert [(line.text, line.number, line.is_table_row) for line in lines] == [
        ("示例局2022年工作报告", 1, False),
        ("组织建设", 2, False),
        ("第一段文字。", 3, False),
        ("项目 | 数", 4, True),
        ("支部 | 3", 5, True),
        ("表后一段。", 6, False),
        ("同段另一行。", 6, False),
    ]
    assert lines[-1].column == len("表后一段。") + 2


def test_styles_tell_titles_and_headings(sample: docx.document.Document) -> None:
    (report,) = read_report_file(save(sample), "库/a.docx").reports
    kinds = [(block.kind, block.level) for block in report.blocks]
    assert kinds == [
        ("title", 0),
        ("heading", 1),
        ("paragraph", 0),
        ("table", 0),
        ("table", 0),
        ("paragraph", 0),
        ("paragraph", 0),
    ]
    assert report.blocks[3].headings == ("组织建设",)


def test_a_chinese_heading_style_is_a_heading(sample: docx.document.Document) -> None:
    sample.styles["Heading 2"].name = "标题 2"
    sample.add_paragraph("下级标题", style="标题 2")
    assert reader.read_docx(save(sample), "a.docx").lines[-1].style == 2


def test_accepted_insertions_are_read_and_deletions_are_not() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("原有")
    inserted = f"<w:ins {nsdecls('w')}><w:r><w:t>插入</w:t></w:r></w:ins>"
    deleted = f"<w:del {nsdecls('w')}><w:r><w:delText>删去</w:delText></w:r></w:del>"
    paragraph._p.append(parse_xml(inserted))
    paragraph._p.append(parse_xml(deleted))
    assert reader.read_docx(save(document), "a.docx").lines[0].text == "原有插入"


def test_tab_stops_are_no_text_and_a_tab_is_a_space() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("甲\t乙")
    paragraph.paragraph_format.tab_stops.add_tab_stop(400_000)
    assert reader.read_docx(save(document), "a.docx").lines[0].text == "甲 乙"


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(sample: docx.document.Document, share: float) -> None:
    data = save(sample)
    with pytest.raises(ReadError):
        read_report_file(data[: int(len(data) * share)], "a.docx")


def test_a_protected_file_is_refused_as_such() -> None:
    with pytest.raises(ReadError, match="密码"):
        read_report_file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx")


def test_a_zip_that_is_no_document_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "不是文档")
    with pytest.raises(ReadError, match="不是完好"):
        read_report_file(buffer.getvalue(), "a.docx")


def test_a_file_that_unpacks_too_large_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (reader.MAX_XML_PART_BYTES + 1))
    with pytest.raises(ReadError, match="过大"):
        read_report_file(buffer.getvalue(), "a.docx")


def test_a_document_without_text_is_refused() -> None:
    with pytest.raises(ReadError, match="没有文字"):
        read_report_file(save(docx.Document()), "a.docx")
