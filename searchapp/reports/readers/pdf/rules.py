"""The ruled lines of a PDF page, by pdfium. Knows path objects, nothing of tables.

Programs draw a rule as a thin filled rectangle (Word, WPS, browsers), as a stroke, or many as one path.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped,unused-ignore]

from searchapp.reports.readers.pdf.tables import MAX_RULES, MAX_THICKNESS

MAX_SEGMENTS = 2_000
"""A path of more is a drawing."""
_STRAIGHT = 0.5

PageBox = tuple[float, float, float, float]
"""Left, bottom, right, top in points, as PDF measures (upwards)."""


def read_rules(page: Any) -> list[PageBox]:
    """The boxes of straight lines that lie or stand on the page; none when there are too many of them."""
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
