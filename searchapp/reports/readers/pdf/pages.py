"""From PDF bytes to the visual lines of pages, by pdfium, after a check for decompression bombs.

Knows pages, glyph boxes and path objects, nothing of paragraphs. Units are PDF points; ``top`` is measured downwards
from the upper edge of the page as its text is read.
"""

from __future__ import annotations

import ctypes
import math
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2  # type: ignore[import-untyped,unused-ignore]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped,unused-ignore]

from searchapp.errors import ReadError
from searchapp.reports.readers.limits import MAX_PDF_PAGES, MEBIBYTE
from searchapp.reports.readers.pdf.forms import MAX_PAGE_BYTES, check_forms
from searchapp.reports.readers.pdf.glyphs import fold
from searchapp.reports.readers.pdf.lines import Glyph, VisualLine, page_lines
from searchapp.reports.readers.pdf.tables import MAX_RULES, MAX_THICKNESS, find_tables

READ_LIMIT_SECONDS = 300
MAX_PAGE_CHARACTERS = 200_000
_SLANT_RADIANS = 0.1
_QUARTER = math.pi / 2
# pdfium keeps global state: one thread at a time.
_LOCK = threading.Lock()


Turn = Callable[[float, float, float, float], tuple[float, float, float, float]]


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines of a page in reading order; ``glyphs`` and ``unmapped`` count its characters and those without a code.

    ``has_pictures`` tells whether a picture stands on a page that has no text. ``aside`` is what is written across the
    page (a watermark); ``left_out`` counts the characters over ``MAX_PAGE_CHARACTERS``, which are not read.
    """

    page: int
    lines: list[VisualLine]
    glyphs: int
    unmapped: int
    has_pictures: bool
    aside: str = ""
    left_out: int = 0


_Box = tuple[str, int, tuple[float, float, float, float]]


def read_pages(data: bytes, file: str) -> list[PageText]:
    """All pages of a PDF. Raises ReadError for one that is broken, protected, too long or too slow to read."""
    if b"%PDF-" not in data[:1024]:
        raise ReadError(file, "不是 PDF 文件")
    check_streams(data, file)
    deadline = time.monotonic() + READ_LIMIT_SECONDS
    with _LOCK:
        document = _open(data, file)
        try:
            count = len(document)
            if count > MAX_PDF_PAGES:
                raise ReadError(file, f"页数过多（{count} 页），最多读 {MAX_PDF_PAGES} 页")
            check_forms(document, data, file)
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
            boxes, unmapped, aside = _read_boxes(text_page)
            rules = read_rules(page) if boxes else []
            left_out = max(text_page.count_chars() - MAX_PAGE_CHARACTERS, 0)
        finally:
            text_page.close()
        turn, height = _upright(boxes, page)
        glyphs = [Glyph(text, *shown, size=shown[3] - shown[2]) for text, _, box in boxes for shown in [turn(*box)]]
        tables = find_tables(turn(*rule) for rule in rules)
        lines = page_lines(glyphs, tables, index + 1, height)
        pictures = not glyphs and any(True for _ in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4))
        count = sum(not glyph.text.isspace() for glyph in glyphs)
        return PageText(index + 1, lines, count, unmapped, pictures, aside, left_out)
    except pypdfium2.PdfiumError:
        return PageText(index + 1, [], 0, 0, True)
    finally:
        page.close()


def _read_boxes(text_page: Any) -> tuple[list[_Box], int, str]:
    """Glyphs in the order of the file, without the spaces that pdfium made up; how many have no character; and the
    text that stands across the page or nowhere on it.
    """
    raw, unmapped = text_page.raw, 0
    box, loose = (ctypes.c_double(), ctypes.c_double(), ctypes.c_double(), ctypes.c_double()), pdfium.FS_RECTF()
    boxes: list[_Box] = []
    aside: list[str] = []
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
            aside.append(text)
            continue
        pdfium.FPDFText_GetLooseCharBox(raw, index, loose)
        left, right = sorted((loose.left, loose.right))
        bottom, top = sorted((loose.bottom, loose.top))
        if right <= left:
            left, right = box[0].value, box[1].value
        angle = pdfium.FPDFText_GetCharAngle(raw, index)
        if _is_slanted(angle):
            aside.append(text)
        else:
            boxes.append((text, round(angle / _QUARTER) % 4, (left, bottom, right, top)))
    return boxes, unmapped, "".join(aside)


def _upright(boxes: Sequence[_Box], page: Any) -> tuple[Turn, float]:
    """How boxes are turned to stand as most glyphs are read, and the height of the page that way up."""
    left, bottom, right, top = page.get_cropbox()
    quarters = Counter(quarter for _, quarter, _ in boxes).most_common(1)[0][0] if boxes else 0
    return _turn(quarters, left, right, bottom, top), right - left if quarters % 2 else top - bottom


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


MAX_SEGMENTS = 2_000
"""A path of more is a drawing."""
_STRAIGHT = 0.5

PageBox = tuple[float, float, float, float]
"""Left, bottom, right, top in points, as PDF measures (upwards)."""


def read_rules(page: Any) -> list[PageBox]:
    """The boxes of horizontal and vertical rules on the page; none when there are too many of them.

    Programs draw a rule as a thin filled rectangle (Word, WPS, browsers), as a stroke, or many as one path.
    """
    found: list[PageBox] = []
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        item = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_PATH:
            found.extend(_rules_of(item))
            if len(found) > MAX_RULES:
                return []
    return found


def _rules_of(item: Any) -> Iterator[PageBox]:
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(item, *edges):
        return
    left, bottom, right, top = (edge.value for edge in edges)
    if min(right - left, top - bottom) <= MAX_THICKNESS:
        yield left, bottom, right, top
        return
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if pdfium.FPDFPath_GetDrawMode(item, mode, stroke) and stroke.value:
        yield from _strokes(item)


def _strokes(item: Any) -> Iterator[PageBox]:
    """The straight strokes of a path, such as the four of a rectangle."""
    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    count = pdfium.FPDFPath_CountSegments(item)
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix) or count > MAX_SEGMENTS:
        return
    start = last = (0.0, 0.0)
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield from _straight(last, point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield from _straight(point, start)
        last = point


def _straight(one: tuple[float, float], two: tuple[float, float]) -> Iterator[PageBox]:
    (x0, x1), (y0, y1) = sorted((one[0], two[0])), sorted((one[1], two[1]))
    if min(x1 - x0, y1 - y0) <= _STRAIGHT and max(x1 - x0, y1 - y0) > MAX_THICKNESS:
        yield x0, y0, x1, y1


MAX_STREAM_BYTES = MAX_PAGE_BYTES
"""What one stream other than a picture may unpack to."""

_START, _END = b"stream", b"endstream"
_DICTIONARY_BYTES = 1_000
_PICTURES = (b"/Image", b"/DCTDecode", b"/JPXDecode", b"/CCITTFaxDecode", b"/JBIG2Decode", b"/FontFile")


def check_streams(data: bytes, file: str) -> None:
    """Raise ReadError when a stream that is no picture unpacks to more than any page needs.

    pdfium makes an object of every operator of a page at once and cannot be stopped at it: ten million lines, 270 kB in
    the file, took 73 seconds and 2.7 GB. A stream's own dictionary is always in the file as it is, so streams are found
    without parsing it.
    """
    place = data.find(_START)
    while place >= 0:
        start = place + len(_START)
        if data[place - 3 : place] != b"end":
            head = data[max(0, place - _DICTIONARY_BYTES) : place]
            head = head[head.rfind(b" obj") + 1 :]
            if b"Flate" in head and not any(name in head for name in _PICTURES):
                _check_stream(data, start, file)
        place = data.find(_START, start)


def _check_stream(data: bytes, start: int, file: str) -> None:
    stop = data.find(_END, start)
    body = memoryview(data)[start : stop if stop >= 0 else len(data)]
    # A line end of one or two bytes stands before the stream.
    skipped = next((index for index, byte in enumerate(body[:2]) if byte not in b"\r\n"), 2)
    try:
        found = zlib.decompressobj().decompress(body[skipped:], MAX_STREAM_BYTES + 1)
    except zlib.error:
        # Damaged or encrypted: pdfium gets no further either.
        return
    if len(found) > MAX_STREAM_BYTES:
        raise ReadError(file, f"有一页解压后超过 {MAX_STREAM_BYTES // MEBIBYTE} MB，疑似压缩炸弹，拒绝读取")
