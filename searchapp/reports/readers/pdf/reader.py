"""PDF files with a text layer (.pdf): from bytes to paragraphs. Knows what makes a PDF readable, nothing of reports.

pdfium finds the glyphs (``pages``), ``paragraphs`` puts lines and paragraphs together. A line's number is the
running number of its paragraph; its page is the one on which the paragraph begins. Headers, footers, page numbers
and watermarks come after all paragraphs, as furniture. Comments and form fields lie on the page, not in its text; they
are not read.
"""

from __future__ import annotations

from dataclasses import replace

from searchapp.errors import ReadError
from searchapp.reports.readers.external import recognize
from searchapp.reports.readers.limits import DetailedText
from searchapp.reports.readers.lines import SourceText
from searchapp.reports.readers.pdf.glyphs import close_gaps
from searchapp.reports.readers.pdf.pages import PageText, read_pages
from searchapp.reports.readers.pdf.paragraphs import join_paragraphs

MIN_PAGE_GLYPHS = 8
"""A page with fewer is without text: a scan that carries a stamp or a page number."""
_MAX_UNMAPPED_SHARE = 0.3
_MAX_LISTED_PAGES = 12


def read_pdf(data: bytes, file: str, ocr: bool = False) -> SourceText:
    """The paragraphs of a PDF, in the order in which they are read.

    ``ocr`` has a scanned PDF recognized by ``ocrmypdf`` when that is installed. Raises ReadError for a file that
    is broken, cut off, protected by a password, too long, or without any text layer.
    """
    if not data:
        raise ReadError(file, "文件是空的")
    pages = read_pages(data, file)
    name = "pdf"
    if _is_scan(pages):
        if not ocr:
            raise ReadError(file, _scan_reason(pages))
        pages, name = read_pages(recognize(data, file), file), "pdf (ocr)"
        if _is_scan(pages):
            raise ReadError(file, "扫描件，文字识别（OCR）之后仍没有文字")
    glyphs, unmapped = sum(page.glyphs for page in pages), sum(page.unmapped for page in pages)
    if unmapped > _MAX_UNMAPPED_SHARE * max(glyphs, 1):
        raise ReadError(file, "文字层没有可用的编码（字形没有对应的字），可用 OCR 重新识别")
    lines = join_paragraphs(
        [page.lines for page in pages], {page.page: page.aside for page in pages if page.aside.strip()}
    )
    if name != "pdf":
        lines = tuple(replace(line, text=close_gaps(line.text)) for line in lines)
    if all(line.is_furniture for line in lines):
        raise ReadError(file, "文件里没有文字")
    return DetailedText(name, lines, notes=_notes(pages))


def _is_scan(pages: list[PageText]) -> bool:
    return all(page.glyphs < MIN_PAGE_GLYPHS for page in pages) and not (
        any(page.glyphs for page in pages) and not any(page.has_pictures for page in pages)
    )


def _scan_reason(pages: list[PageText]) -> str:
    if any(page.has_pictures for page in pages):
        return f"扫描件，没有文字层（{len(pages)} 页），读不出文字；可用 searchapp index --ocr 识别（需要 ocrmypdf）"
    return "文件里没有文字（没有文字层，也没有扫描的图像）"


def _notes(pages: list[PageText]) -> tuple[str, ...]:
    notes = []
    if empty := [page.page for page in pages if page.has_pictures]:
        notes.append(f"第 {_listed(empty)} 页没有文字层（扫描的图像或已损坏），共 {len(empty)} 页没有读出")
    if crowded := [page.page for page in pages if page.left_out]:
        count = sum(page.left_out for page in pages)
        notes.append(f"第 {_listed(crowded)} 页的字过多，超出一页上限的 {count:,} 字没有读")
    return tuple(notes)


def _listed(pages: list[int]) -> str:
    return "、".join(map(str, pages[:_MAX_LISTED_PAGES])) + ("等" if len(pages) > _MAX_LISTED_PAGES else "")
