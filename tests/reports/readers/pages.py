"""PDF files made for the tests: paragraphs set as an office sets them, page by page, with reportlab's own fonts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

pytest.importorskip("reportlab", reason="reportlab makes the PDF files of these tests")

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

SIZE = 16
PITCH = 28
LEFT, RIGHT, TOP, BOTTOM = 80.0, 528.0, 740.0, 110.0
CHARACTERS = int((RIGHT - LEFT) / SIZE)
FONT = "STSong-Light"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a document is set; ``indent`` in characters, header and footer with ``{page}`` for the page's number.

    ``rotation`` is the page's own, clockwise; ``turned`` that of what is written on it, counter-clockwise.
    """

    indent: int = 2
    header: str = ""
    footer: str = "— {page} —"
    gap: float = 0.0
    rotation: int = 0
    turned: int = 0
    password: str = ""
    watermark: str = ""


def make_pdf(paragraphs: Sequence[str], setting: Setting | None = None) -> bytes:
    """A PDF of Chinese paragraphs, each broken into full lines of 28 characters."""
    setting = setting or Setting()
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, encrypt=setting.password or None, invariant=1)
    page = Page(canvas, setting)
    for paragraph in paragraphs:
        for index, line in enumerate(break_lines(paragraph, setting.indent)):
            page.line(line, SIZE * setting.indent if index == 0 else 0)
        page.height -= setting.gap
    page.finish()
    canvas.save()
    return buffer.getvalue()


def break_lines(paragraph: str, indent: int) -> list[str]:
    """Lines of equal length, the first shorter by its indent."""
    first = CHARACTERS - indent
    rest = paragraph[first:]
    return [paragraph[:first], *(rest[at : at + CHARACTERS] for at in range(0, len(rest), CHARACTERS))]


class Page:
    """Sets lines downwards, and turns the page when it is full."""

    def __init__(self, canvas: Canvas, setting: Setting) -> None:
        self.canvas = canvas
        self.setting = setting
        self.number = 0
        self.height = 0.0

    def line(self, text: str, indent: float) -> None:
        """One line at the next height."""
        if self.number == 0 or self.height < BOTTOM:
            self.turn()
        self.canvas.setFont(FONT, SIZE)
        self.canvas.drawString(LEFT + indent, self.height, text)
        self.height -= PITCH

    def turn(self) -> None:
        """Begin the next page, with its header and footer."""
        if self.number:
            self.canvas.showPage()
        self.number += 1
        self.height = TOP
        self.canvas.setPageRotation(self.setting.rotation)
        if self.setting.turned:
            width, height = A4
            moves = {90: (height, 0), 180: (width, height), 270: (0, width)}
            self.canvas.setPageSize((height, width) if self.setting.turned % 180 else A4)
            self.canvas.translate(*moves[self.setting.turned])
            self.canvas.rotate(self.setting.turned)
        self.canvas.setFont(FONT, 10)
        if self.setting.header:
            self.canvas.drawCentredString(304, 800, self.setting.header.format(page=self.number))
        if self.setting.footer:
            self.canvas.drawCentredString(304, 50, self.setting.footer.format(page=self.number))
        if self.setting.watermark:
            self.canvas.saveState()
            self.canvas.translate(200, 300)
            self.canvas.rotate(40)
            self.canvas.drawString(0, 0, self.setting.watermark)
            self.canvas.restoreState()

    def finish(self) -> None:
        """End the last page."""
        self.canvas.showPage()


def make_picture_pdf(pages: int, text_pages: Sequence[int] = ()) -> bytes:
    """A PDF whose pages are pictures, but for ``text_pages`` (from 1), which hold a line of text."""
    from reportlab.lib.utils import ImageReader

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    # The smallest bitmap that reportlab takes without a picture library's help is a PPM one.
    picture = pytest.importorskip("PIL.Image", reason="pictures need pillow").new("L", (8, 8), 128)
    for number in range(1, pages + 1):
        if number in text_pages:
            canvas.setFont(FONT, SIZE)
            canvas.drawString(LEFT, TOP, f"第{number}页有文字层，可以读出来。")
        else:
            canvas.drawImage(ImageReader(picture), 0, 0, 500, 700)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
