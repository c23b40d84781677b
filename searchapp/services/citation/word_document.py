"""Excerpts as a Word document: title, then each passage with its note, its source in both forms, and a link.

Set as offices set text: Song type, indentation of two characters, A4. python-docx writes; what XML cannot hold is left
out of texts.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from searchapp.language import listed, tr, trn
from searchapp.services.citation.excerpt_files import MOVED, TITLE, heading_of, lines_of
from searchapp.services.citation.excerpts import Excerpt, Excerpts

SERIF, SANS, LATIN = "宋体", "黑体", "Times New Roman"
BODY_POINTS, SMALL_POINTS, HEADING_POINTS, TITLE_POINTS = 12, 10.5, 14, 22
_SOFT = RGBColor(0x59, 0x55, 0x4C)
_LINK = RGBColor(0x1C, 0x4F, 0x80)

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Code points that XML 1.0 cannot hold (section 2.2)."""


@dataclass(frozen=True, slots=True)
class _Styles:
    """Ids of the styles of an excerpt's paragraphs."""

    heading: str
    passage: str
    note: str
    source: str


def as_docx(excerpts: Excerpts) -> bytes:
    """The document's bytes."""
    document = docx.Document()
    _set_page(document)
    styles = _set_styles(document)
    document.add_heading(tr(TITLE), 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for each in excerpts.found:
        _write(document, styles, each)
    if excerpts.missing:
        ids = listed(each.paragraph_id for each in excerpts.missing)
        _paragraph(
            document,
            styles.source,
            trn("有 {count} 条摘录的段落已不在库中：{ids}", len(excerpts.missing), ids=ids),
        )
    properties = document.core_properties
    properties.title, properties.author, properties.comments = tr(TITLE), "", ""
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _set_page(document: Any) -> None:
    """A4."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.8)
    section.top_margin = section.bottom_margin = Cm(2.8)


def _set_styles(document: Any) -> _Styles:
    """Every style that is used, so that a reader can change how all passages look in one place."""
    for name, font, points in (
        ("Normal", SERIF, BODY_POINTS),
        ("Title", SANS, TITLE_POINTS),
        ("Heading 2", SANS, HEADING_POINTS),
    ):
        _set_font(document.styles[name], font, points)
    border = document.styles["Title"].element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)
    heading = document.styles["Heading 2"]
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(16), Pt(4)
    passage, note, source = (
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH) for name in ("摘录原文", "摘录批注", "摘录出处")
    )
    for style in (passage, note, source):
        style.base_style = document.styles["Normal"]
    shape = passage.paragraph_format
    shape.first_line_indent, shape.line_spacing, shape.space_after = Pt(2 * BODY_POINTS), 1.5, Pt(4)
    shape.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    note.paragraph_format.left_indent, note.paragraph_format.space_after = Pt(2 * BODY_POINTS), Pt(4)
    source.paragraph_format.space_after = Pt(2)
    source.font.size, source.font.color.rgb = Pt(SMALL_POINTS), _SOFT
    return _Styles(heading.style_id, passage.style_id, note.style_id, source.style_id)


def _set_font(style: Any, font: str, points: float) -> None:
    """``font`` for Chinese, ``LATIN`` for the rest, instead of those of the template's theme."""
    style.font.name, style.font.size = LATIN, Pt(points)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hAnsi"), LATIN)
    language = style.element.rPr.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        style.element.rPr.append(language)
    language.set(qn("w:eastAsia"), "zh-CN")


def _write(document: Any, styles: _Styles, each: Excerpt) -> None:
    _paragraph(document, styles.heading, f"{each.number}. {heading_of(each)}")
    if each.moved:
        _paragraph(document, styles.source, tr(MOVED))
    for line in lines_of(each.text):
        _paragraph(document, styles.passage, line)
    if each.note:
        note = _paragraph(document, styles.note)
        _run(note, tr("批注：")).bold = True
        for number, line in enumerate(lines_of(each.note)):
            if number:
                note.add_run().add_break()
            _run(note, line)
    _paragraph(document, styles.source, each.citation.official)
    source = _paragraph(document, styles.source, each.citation.gbt7714 + "　")
    _add_link(source, each.url, tr("查看原文"))


def _paragraph(document: Any, style_id: str, text: str = "") -> Any:
    paragraph = document.add_paragraph()
    # By its id: python-docx looks through all styles for a name.
    paragraph._p.style = style_id
    if text:
        _run(paragraph, text)
    return paragraph


def _add_link(paragraph: Any, url: str, text: str) -> None:
    """A hyperlink; python-docx writes none by itself, so the element is made by hand (ECMA-376, 17.16.22)."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(_clean(url), RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = _run(paragraph, text)
    run.font.size, run.font.color.rgb, run.font.underline = Pt(SMALL_POINTS), _LINK, True
    link.append(run._r)
    paragraph._p.append(link)


def _run(paragraph: Any, text: str) -> Any:
    """A run whose quotation marks and dashes, which are both Chinese and Western, are set in the Chinese font."""
    run = paragraph.add_run(_clean(text))
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
    return run


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)
