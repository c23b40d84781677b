"""What of a Word file is text: boxes, notes, tracked changes, hidden text, wrappers, tables in tables."""

from __future__ import annotations

import base64
import io

import docx
import docx.document
import pytest
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from searchapp.errors import ReadError
from searchapp.reports import read_report_file
from searchapp.reports.readers.docx.reader import read_docx
from searchapp.reports.readers.limits import DetailedText
from searchapp.reports.readers.lines import TITLE_STYLE, SourceLine

NAMESPACES = (
    nsdecls("w", "wp", "a", "r", "m") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def cell(content: str) -> str:
    return f"<w:tc>{content}</w:tc>"


def read(body: str, styles: str = "", **parts: str) -> tuple[SourceLine, ...]:
    """Lines of a document with this body; ``parts`` are the inner XML of footnotes and endnotes."""
    document = docx.Document()
    for child in parse_xml(f"<w:body {NAMESPACES}>{body}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, child)
    for child in parse_xml(f"<w:styles {NAMESPACES}>{styles}</w:styles>"):
        document.styles.element.append(child)
    for name, content in parts.items():
        part = Part(
            PackURI(f"/word/{name}.xml"),
            getattr(CONTENT_TYPE, f"WML_{name.upper()}"),
            f"<w:{name} {NAMESPACES}>{content}</w:{name}>".encode(),
            document.part.package,
        )
        document.part.relate_to(part, getattr(RELATIONSHIP_TYPE, name.upper()))
    buffer = io.BytesIO()
    document.save(buffer)
    return read_docx(buffer.getvalue(), "a.docx").lines


def texts(body: str, **parts: str) -> list[str]:
    return [line.text for line in read(body, **parts)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (f"<w:del>{run('删').replace('w:t>', 'w:delText>')}</w:del>" + run("留"), "留"),
        (f"<w:moveFrom>{run('移出')}</w:moveFrom><w:moveTo>{run('移入')}</w:moveTo>", "移入"),
        (f"<w:ins>{run('插入')}</w:ins>", "插入"),
        (run("显") + run("隐", "<w:vanish/>"), "显"),
        (run("显") + run("也显", '<w:vanish w:val="0"/>'), "显也显"),
        (run("显") + run("隐", '<w:rStyle w:val="Ghost"/>'), "显"),
        (f'<w:hyperlink r:id="x">{run("链接")}</w:hyperlink>', "链接"),
        (f"<w:smartTag>{run('标记')}</w:smartTag>", "标记"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>", "控件"),
        (f"<w:customXml>{run('自定义')}</w:customXml>", "自定义"),
        (f"<w:fldSimple w:instr='DATE'>{run('2023年')}</w:fldSimple>", "2023年"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>" + run("文"), "文"),
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", "甲 乙"),
        ("<w:r><w:t>1</w:t><w:noBreakHyphen/><w:t>2</w:t></w:r>", "1-2"),
        ("<w:r><w:t>甲</w:t><w:softHyphen/><w:t>乙</w:t></w:r>", "甲乙"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="00A3"/></w:r>', "□"),
        ('<w:r><w:sym w:font="Other" w:char="2605"/></w:r>', "★"),
        ('<w:r><w:sym w:font="Other" w:char="?"/></w:r>' + run("文"), "文"),
        (f"<w:r><w:ruby><w:rt>{run('gong')}</w:rt><w:rubyBase>{run('工')}</w:rubyBase></w:ruby></w:r>", "工"),
        ("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", "x=1"),
    ],
)
def test_what_a_reader_sees_of_a_paragraph(content: str, expected: str) -> None:
    ghost = '<w:style w:type="character" w:styleId="Ghost"><w:name w:val="g"/><w:rPr><w:vanish/></w:rPr></w:style>'
    assert [line.text for line in read(paragraph(content), styles=ghost)] == [expected]


def test_a_soft_line_break_begins_a_line_of_the_same_number() -> None:
    first, second = read(paragraph("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r>"))
    assert (first.text, first.number, first.column) == ("甲", 1, 1)
    assert (second.text, second.number, second.column) == ("乙", 1, 3)


@pytest.mark.parametrize("mark", ["<w:del/>", "<w:vanish/>"])
def test_a_paragraph_that_is_gone_leaves_no_line(mark: str) -> None:
    gone = paragraph("", f"<w:rPr>{mark}</w:rPr>")
    assert texts(paragraph(run("甲")) + gone + paragraph(run("乙"))) == ["甲", "乙"]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    content = f"<w:txbxContent>{paragraph(run('框一'))}{paragraph(run('框二'))}</w:txbxContent>"
    box = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{content}</wps:txbx></w:drawing>"
        "</mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    body = paragraph(f"{run('前')}<w:r>{box}</w:r>{run('后')}") + paragraph(run("下段"))
    assert texts(body) == ["前后", "框一", "框二", "下段"]


def test_an_old_text_box_without_alternatives_is_read() -> None:
    content = f"<w:txbxContent>{paragraph(run('框'))}</w:txbxContent>"
    assert texts(paragraph(f"<w:r><w:pict><v:textbox>{content}</v:textbox></w:pict></w:r>")) == ["", "框"]


def test_notes_come_last_with_the_marks_that_stand_in_the_text() -> None:
    body = paragraph(
        run("甲")
        + '<w:r><w:endnoteReference w:id="2"/></w:r>'
        + run("乙")
        + '<w:r><w:footnoteReference w:id="1"/></w:r>'
    )
    own_mark = "<w:r><w:footnoteRef/></w:r>"
    footnotes = (
        f'<w:footnote w:type="separator" w:id="-1">{paragraph(run("线"))}</w:footnote>'
        f'<w:footnote w:id="1">{paragraph(own_mark + run(" 脚注"))}{paragraph(run("续"))}</w:footnote>'
    )
    endnotes = f'<w:endnote w:id="2">{paragraph(run("尾注"))}</w:endnote>'
    lines = read(body, footnotes=footnotes, endnotes=endnotes)
    assert [line.text for line in lines] == ["甲［1］乙［2］", "［1］尾注", "［2］脚注 续"]
    assert [line.number for line in lines] == [1, 2, 3]


def test_a_mark_of_a_note_that_is_not_there_is_nothing() -> None:
    assert texts(paragraph(run("甲") + '<w:r><w:footnoteReference w:id="9"/></w:r>')) == ["甲"]


FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
BEGIN, SEPARATE, END = (FIELD.format(place) for place in ("begin", "separate", "end"))


def form_field(content: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{content}</w:ffData></w:fldChar></w:r>' + SEPARATE + END


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (BEGIN + "<w:r><w:instrText>PAGE</w:instrText></w:r>" + SEPARATE + run("3") + END + run("页"), "3页"),
        (BEGIN + run("代码") + BEGIN + SEPARATE + run("内") + END + SEPARATE + run("外") + END, "外"),
        (run("前") + BEGIN + run("索引项") + END + run("后"), "前后"),
        (BEGIN + SEPARATE + run("目录跨了几段"), "目录跨了几段"),
        (BEGIN + run("没有合上的域"), "没有合上的域"),
        (END + SEPARATE + run("先合后开"), "先合后开"),
        (BEGIN + SEPARATE + "<w:hyperlink>" + run("域里的链接") + "</w:hyperlink>" + END, "域里的链接"),
    ],
)
def test_of_a_field_its_result_is_read(content: str, expected: str) -> None:
    assert texts(paragraph(content)) == [expected]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('<w:ddList><w:result w:val="1"/><w:listEntry w:val="甲"/><w:listEntry w:val="乙"/></w:ddList>', "乙"),
        ('<w:ddList><w:listEntry w:val="甲"/><w:listEntry w:val="乙"/></w:ddList>', "甲"),
        ('<w:ddList><w:result w:val="9"/><w:listEntry w:val="甲"/></w:ddList>', ""),
        ("<w:checkBox><w:checked/></w:checkBox>", "☑"),
        ('<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>', "□"),
    ],
)
def test_a_form_field_shows_what_is_chosen(data: str, expected: str) -> None:
    assert texts(paragraph(run("选：") + form_field(data).replace(SEPARATE, ""))) == [f"选：{expected}"]


@pytest.mark.parametrize("mark", ["<w:del/>", "<w:moveFrom/>"])
def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next(mark: str) -> None:
    first = paragraph(run("前半，"), f"<w:rPr>{mark}</w:rPr>")
    assert texts(first + first + paragraph(run("后半。")) + paragraph(run("下段"))) == ["前半，前半，后半。", "下段"]
    table = f"<w:tbl><w:tr>{cell(paragraph(run('甲')))}{cell(paragraph(run('乙')))}</w:tr></w:tbl>"
    assert texts(first + table) == ["前半，", "甲 | 乙"]


def test_a_deleted_cell_is_no_cell() -> None:
    gone = f"<w:tc><w:tcPr><w:cellDel/></w:tcPr>{paragraph(run('删'))}</w:tc>"
    row = f"<w:tr>{cell(paragraph(run('甲')))}{gone}{cell(paragraph(run('乙')))}</w:tr>"
    assert texts(f"<w:tbl>{row}</w:tbl>") == ["甲 | 乙"]


def test_word_art_is_a_line_of_its_own() -> None:
    art = '<w:r><w:pict><v:shape><v:textpath string="示例局  文件"/></v:shape></w:pict></w:r>'
    assert texts(paragraph(run("前") + art) + paragraph(run("后"))) == ["前", "示例局 文件", "后"]


def edged() -> docx.document.Document:
    """A document of two sections with headers, footers, one of them on first pages only."""
    document = docx.Document()
    document.add_paragraph("正文")
    first, second = document.sections[0], document.add_section()
    first.header.paragraphs[0].text = "页眉"
    first.footer.paragraphs[0].text = "页脚"
    second.different_first_page_header_footer = True
    second.first_page_footer.paragraphs[0].text = "首页页脚"
    second.header.is_linked_to_previous = True
    document.add_paragraph("第二节")
    return document


def saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_headers_and_footers_come_last_as_furniture() -> None:
    lines = [line for line in read_docx(saved(edged()), "a.docx").lines if line.text]
    assert [line.text for line in lines if not line.is_furniture] == ["正文", "第二节"]
    assert [line.text for line in lines[2:]] == ["页眉", "页脚", "首页页脚"]
    assert [line.number for line in lines] == sorted({line.number for line in lines})


def test_comments_are_furniture() -> None:
    remark = f'<w:comment w:id="0" w:author="甲">{paragraph(run("批注一"))}{paragraph(run("批注二"))}</w:comment>'
    body = paragraph('<w:commentRangeStart w:id="0"/>' + run("正文") + '<w:r><w:commentReference w:id="0"/></w:r>')
    lines = read(body, comments=remark)
    assert [(line.text, line.is_furniture) for line in lines] == [("正文", False), ("批注一", True), ("批注二", True)]


def test_furniture_of_a_word_file_is_accounted_for_and_in_no_block() -> None:
    document = edged()
    document.add_paragraph("全面落实各项任务，完成了年初确定的目标。" * 3)
    reading = read_report_file(saved(document), "a.docx")
    blocks = [block.text for report in reading.reports for block in report.blocks]
    assert not {"页眉", "页脚", "首页页脚"} & set(blocks)
    assert [(piece.kind, piece.text) for piece in reading.pieces] == [
        ("furniture", text) for text in ("页眉", "页脚", "首页页脚")
    ]
    assert sum(len(each) for each in blocks) + 8 == reading.characters


def test_a_file_with_nothing_but_furniture_is_refused() -> None:
    document = docx.Document()
    document.sections[0].footer.paragraphs[0].text = "只有页脚"
    with pytest.raises(ReadError, match="没有文字"):
        read_docx(saved(document), "a.docx")


def with_chunk(data: bytes, content_type: str, name: str = "chunk.bin") -> bytes:
    """A document with another file put in between two paragraphs."""
    document = docx.Document()
    document.add_paragraph("前")
    part = Part(PackURI(f"/word/{name}"), content_type, data, document.part.package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.A_F_CHUNK)
    chunk = parse_xml(f'<w:altChunk {NAMESPACES} r:id="{relation}"/>')
    document.paragraphs[0]._p.addnext(chunk)
    document.add_paragraph("后")
    return saved(document)


PAGE = "<html><head><meta charset='utf-8'></head><body><p>插入一</p><p>插入二</p></body></html>"
ARCHIVE = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
    "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    f"{base64.b64encode(PAGE.encode()).decode()}\r\n--x--\r\n"
)


def inner_document() -> bytes:
    document = docx.Document()
    document.add_paragraph("插入一")
    document.add_paragraph("插入二")
    return saved(document)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (PAGE.encode(), "text/html"),
        (PAGE.encode(), "application/xhtml+xml"),
        (ARCHIVE.encode(), "message/rfc822"),
        ("插入一\n插入二".encode(), "text/plain"),
        (inner_document(), CONTENT_TYPE.WML_DOCUMENT_MAIN),
    ],
)
def test_a_file_put_in_whole_is_read_where_it_stands(data: bytes, content_type: str) -> None:
    lines = read_docx(with_chunk(data, content_type), "a.docx").lines
    assert [line.text for line in lines if line.text] == ["前", "插入一", "插入二", "后"]
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))


@pytest.mark.parametrize(
    ("data", "content_type", "words"),
    [
        (b"PK", "image/png", "不支持"),
        (b"", "text/html", "空"),
        (b"nothing", "message/rfc822", "没有网页"),
        (with_chunk(inner_document(), CONTENT_TYPE.WML_DOCUMENT_MAIN), CONTENT_TYPE.WML_DOCUMENT_MAIN, ""),
    ],
)
def test_a_file_put_in_that_cannot_be_read_is_told(data: bytes, content_type: str, words: str) -> None:
    source = read_docx(with_chunk(data, content_type), "a.docx")
    assert isinstance(source, DetailedText)
    if words:
        assert [line.text for line in source.lines] == ["前", "后"]
        assert "没有读" in source.notes[0] and words in source.notes[0]
    else:
        # A Word file in a Word file in a Word file: the innermost is left out.
        assert [line.text for line in source.lines] == ["前", "前", "后", "后"]


def test_a_chart_is_told() -> None:
    document = docx.Document()
    document.add_paragraph("文")
    part = Part(PackURI("/word/charts/chart1.xml"), "application/xml", b"<c/>", document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    source = read_docx(saved(document), "a.docx")
    assert isinstance(source, DetailedText) and "1 个图表" in source.notes[0]


def test_a_table_in_a_cell_follows_its_row() -> None:
    inner = f"<w:tbl><w:tr>{cell(paragraph(run('内1')))}{cell(paragraph(run('内2')))}</w:tr></w:tbl>"
    row = f"<w:tr>{cell(paragraph(run('外1')))}{cell(paragraph(run('外2')) + inner)}</w:tr>"
    lines = read(f"<w:tbl>{row}</w:tbl>" + paragraph(run("后")))
    assert [(line.text, line.is_table_row) for line in lines] == [
        ("外1 | 外2", True),
        ("内1 | 内2", True),
        ("后", False),
    ]


def test_a_cell_that_only_frames_paragraphs_is_read_as_paragraphs() -> None:
    framed = cell(paragraph(run("第一段。")) + paragraph(run("第二段。")))
    lines = read(f"<w:tbl><w:tr>{framed}</w:tr></w:tbl>")
    assert [(line.text, line.is_table_row) for line in lines] == [("第一段。", False), ("第二段。", False)]


def test_rows_and_cells_in_wrappers_are_read_and_deleted_rows_are_not() -> None:
    wrapped = f"<w:sdt><w:sdtContent>{cell(paragraph(run('甲')))}</w:sdtContent></w:sdt>"
    kept = f"<w:tr>{wrapped}{cell(paragraph(run('乙')))}</w:tr>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell(paragraph(run('丙')))}</w:tr>"
    assert texts(f"<w:tbl><w:sdt><w:sdtContent>{kept}</w:sdtContent></w:sdt>{gone}</w:tbl>") == ["甲 | 乙"]


def test_styles_and_outline_levels_become_hints() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="我的"/><w:basedOn w:val="Heading2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Lined"><w:name w:val="x"/>'
        '<w:pPr><w:outlineLvl w:val="3"/></w:pPr></w:style>'
    )
    body = (
        paragraph(run("题"), '<w:pStyle w:val="Title"/>')
        + paragraph(run("章"), '<w:pStyle w:val="Mine"/>')
        + paragraph(run("节"), '<w:pStyle w:val="Lined"/>')
        + paragraph(run("目"), '<w:outlineLvl w:val="0"/>')
        + paragraph(run("长" * 90), '<w:outlineLvl w:val="0"/>')
        + paragraph(run("文"), '<w:outlineLvl w:val="9"/>')
    )
    assert [line.style for line in read(body, styles=styles)] == [TITLE_STYLE, 2, 4, 1, None, None]
