"""From PDF bytes to visual lines, by pdfium. Knows pages, glyph boxes and reading order, nothing of paragraphs.

Units are PDF points; ``top`` is measured downwards from the upper edge of the page as its text is read.
"""

from __future__ import annotations

import ctypes
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2  # type: ignore[import-untyped,unused-ignore]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped,unused-ignore]

from searchapp.errors import ReadError
from searchapp.reports.readers.limits import MAX_PDF_PAGES
from searchapp.reports.readers.pdf_glyphs import fold, is_wide, joiner

READ_LIMIT_SECONDS = 300
MAX_PAGE_CHARACTERS = 200_000
_WORD_GAP = 0.15
_WIDE_GAP = 1.0
_COLUMN_GAP = 4.0
_SLANT_RADIANS = 0.1
_QUARTER = math.pi / 2
_DOUBLED = "—…"
# pdfium keeps global state: one thread at a time.
_LOCK = threading.Lock()


Turn = Callable[[float, float, float, float], tuple[float, float, float, float]]


@dataclass(slots=True)
class VisualLine:
    """One line as it is seen on a page; ``size`` is its font size, ``page`` 1-based, ``height`` that of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    page: int
    height: float


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines of a page in reading order; ``glyphs`` and ``unmapped`` count its characters and those without a code.

    ``has_pictures`` tells whether a picture stands on a page that has no text.
    """

    page: int
    lines: list[VisualLine]
    glyphs: int
    unmapped: int
    has_pictures: bool


@dataclass(slots=True)
class _Glyph:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


_Box = tuple[str, int, tuple[float, float, float, float]]


def read_pages(data: bytes, file: str) -> list[PageText]:
    """All pages of a PDF. Raises ReadError for one that is broken, protected, too long or too slow to read."""
    if b"%PDF-" not in data[:1024]:
        raise ReadError(file, "不是 PDF 文件")
    deadline = time.monotonic() + READ_LIMIT_SECONDS
    with _LOCK:
        document = _open(data, file)
        try:
            count = len(document)
            if count > MAX_PDF_PAGES:
                raise ReadError(file, f"页数过多（{count} 页），最多读 {MAX_PDF_PAGES} 页")
            pages = []
            for index in range(count):
                pages.append(_read_page(document, index))
                if time.monotonic() > deadline:
                    raise ReadError(file, f"读取超过 {READ_LIMIT_SECONDS} 秒，停在第 {index + 1} 页")
            return pages
        finally:
            document.close()


def _open(data: bytes, file: str) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as exc:
        code = getattr(exc, "err_code", None)
        if code == pdfium.FPDF_ERR_PASSWORD:
            raise ReadError(file, "有密码保护，无法读取") from exc
        if code == pdfium.FPDF_ERR_SECURITY:
            raise ReadError(file, "用了不支持的加密方式，无法读取") from exc
        if b"%%EOF" not in data[-65_536:]:
            raise ReadError(file, "PDF 文件不完整（没有结尾，可能没有传完）") from exc
        raise ReadError(file, "不是完好的 PDF 文件") from exc


def _read_page(document: Any, index: int) -> PageText:
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        # A broken page gives no text; the others still do.
        return PageText(index + 1, [], 0, 0, True)
    try:
        text_page = page.get_textpage()
        try:
            boxes, unmapped = _read_boxes(page, text_page)
        finally:
            text_page.close()
        glyphs, height = _upright(boxes, page)
        lines = _reading_order([line for run in _runs(glyphs) if (line := _line(run, index + 1, height))])
        pictures = not glyphs and any(True for _ in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4))
        return PageText(index + 1, lines, sum(not glyph.text.isspace() for glyph in glyphs), unmapped, pictures)
    except pypdfium2.PdfiumError:
        return PageText(index + 1, [], 0, 0, True)
    finally:
        page.close()


def _read_boxes(page: Any, text_page: Any) -> tuple[list[_Box], int]:
    """Glyphs in the order of the file, without the spaces that pdfium made up; and how many have no character."""
    raw, unmapped = text_page.raw, 0
    box, loose = (ctypes.c_double(), ctypes.c_double(), ctypes.c_double(), ctypes.c_double()), pdfium.FS_RECTF()
    boxes: list[_Box] = []
    high = 0
    for index in range(min(text_page.count_chars(), MAX_PAGE_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if pdfium.FPDFText_IsGenerated(raw, index) == 1:
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0
            high = 0
        if code in (0, 0xFFFD, 0xFFFF) or 0xE000 <= code < 0xF900 or code > 0x10FFFF:
            unmapped += 1
            if code in (0, 0xFFFF) or code > 0x10FFFF:
                continue
        # pdfium marks a hyphen at a line end with U+0002.
        text = "\xad" if code == 2 else fold(chr(code))
        if not text:
            continue
        if not pdfium.FPDFText_GetCharBox(raw, index, box[0], box[1], box[2], box[3]):
            continue
        pdfium.FPDFText_GetLooseCharBox(raw, index, loose)
        left, right = sorted((loose.left, loose.right))
        bottom, top = sorted((loose.bottom, loose.top))
        if right <= left:
            left, right = box[0].value, box[1].value
        angle = pdfium.FPDFText_GetCharAngle(raw, index)
        if not _is_slanted(angle):
            boxes.append((text, round(angle / _QUARTER) % 4, (left, bottom, right, top)))
    return boxes, unmapped


def _upright(boxes: Sequence[_Box], page: Any) -> tuple[list[_Glyph], float]:
    """The glyphs as most of them are read, and the height of the page that way up."""
    left, bottom, right, top = page.get_cropbox()
    quarters = Counter(quarter for _, quarter, _ in boxes).most_common(1)[0][0] if boxes else 0
    turn = _turn(quarters, left, right, bottom, top)
    glyphs = [_Glyph(text, *shown, size=shown[3] - shown[2]) for text, _, box in boxes for shown in [turn(*box)]]
    return glyphs, right - left if quarters % 2 else top - bottom


def _is_slanted(angle: float) -> bool:
    """Whether a glyph stands neither upright nor at a right angle: a watermark, across the text."""
    return _SLANT_RADIANS < angle % _QUARTER < _QUARTER - _SLANT_RADIANS


def _turn(quarters: int, left: float, right: float, bottom: float, top: float) -> Turn:
    """A function from a box on the page to (left, right, top, bottom) as text of this direction is read.

    ``quarters`` are clockwise quarter turns; the others are the edges of the page. The direction of the text counts,
    not the page's own rotation, which a scanner or a person may have set or forgotten.
    """
    if quarters == 1:
        return lambda x0, y0, x1, y1: (top - y1, top - y0, right - x1, right - x0)
    if quarters == 2:
        return lambda x0, y0, x1, y1: (right - x1, right - x0, y0 - bottom, y1 - bottom)
    if quarters == 3:
        return lambda x0, y0, x1, y1: (y0 - bottom, y1 - bottom, x0 - left, x1 - left)
    return lambda x0, y0, x1, y1: (x0 - left, x1 - left, top - y1, top - y0)


def _runs(glyphs: Sequence[_Glyph]) -> Iterator[list[_Glyph]]:
    """Glyphs that follow each other on one height and from left to right."""
    run: list[_Glyph] = []
    for glyph in glyphs:
        if glyph.text in "\r\n":
            continue
        if run and not _continues(run[-1], glyph):
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _continues(last: _Glyph, glyph: _Glyph) -> bool:
    size = max(last.size, glyph.size, 1.0)
    overlap = min(last.bottom, glyph.bottom) - max(last.top, glyph.top)
    small = max(min(last.bottom - last.top, glyph.bottom - glyph.top), 0.1)
    if overlap <= 0.5 * small:
        return False
    if last.text in _DOUBLED and glyph.text == last.text and glyph.left >= last.left:
        # A dash of two characters may be one glyph, whose box both characters have.
        return True
    return -0.6 * size < glyph.left - last.right < _COLUMN_GAP * size


def _line(run: Sequence[_Glyph], page: int, height: float) -> VisualLine | None:
    shown = [glyph for glyph in run if not glyph.text.isspace()]
    if not shown:
        return None
    parts: list[str] = []
    for last, glyph in pairwise([shown[0], *shown]):
        if parts:
            parts.append(_gap(last, glyph))
        parts.append(glyph.text)
    sizes = sorted(glyph.size for glyph in shown)
    return VisualLine(
        "".join(parts),
        min(glyph.left for glyph in shown),
        max(glyph.right for glyph in shown),
        min(glyph.top for glyph in shown),
        max(glyph.bottom for glyph in shown),
        sizes[len(sizes) // 2],
        page,
        height,
    )


def _gap(last: _Glyph, glyph: _Glyph) -> str:
    """The space between two glyphs: beside Chinese only one that is wide is meant."""
    gap = (glyph.left - last.right) / max(min(last.size, glyph.size), 1.0)
    if is_wide(last.text[-1]) or is_wide(glyph.text[0]):
        return " " if gap > _WIDE_GAP else ""
    return joiner(last.text, glyph.text) if gap > _WORD_GAP else ""


def _reading_order(lines: list[VisualLine]) -> list[VisualLine]:
    """Pieces of one line joined; from top to bottom unless columns stand side by side, which keep the file's order."""
    joined: list[VisualLine] = []
    for line in lines:
        if joined and _same_line(joined[-1], line):
            joined[-1] = _merge(joined[-1], line)
        else:
            joined.append(line)
    ordered = sorted(joined, key=lambda line: (line.top + line.bottom) / 2)
    if any(second.top < first.bottom - 0.5 * min(first.size, second.size) for first, second in pairwise(ordered)):
        return joined
    return ordered


def _same_line(first: VisualLine, second: VisualLine) -> bool:
    overlap = min(first.bottom, second.bottom) - max(first.top, second.top)
    return overlap > 0.6 * max(first.size, second.size) and second.left >= first.right - 0.5 * first.size


def _merge(first: VisualLine, second: VisualLine) -> VisualLine:
    size = max(first.size, second.size)
    wide = second.left - first.right > _WIDE_GAP * size
    text = first.text + (" " if wide else joiner(first.text, second.text)) + second.text
    top, bottom = min(first.top, second.top), max(first.bottom, second.bottom)
    return VisualLine(text, first.left, second.right, top, bottom, size, first.page, first.height)
