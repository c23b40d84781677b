"""Pages that draw forms which draw forms: refused before pdfium makes an object of each, read when they are few."""

from __future__ import annotations

import zlib
from typing import Any

import pytest

from searchapp.errors import ReadError
from searchapp.reports import read_report_file
from searchapp.reports.readers.pdf import forms, pages

TEXT = b"BT /T 9 Tf 9 9 Td (Work report) Tj ET "


def stream(head: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(content), content)


def pdf_of(content: bytes, forms_drawn: list[tuple[bytes, bytes]], names: bytes = b"/F 6 0 R") -> bytes:
    """A page; its further objects begin with number 6: (entries of the dictionary, content) of each form."""
    kind = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] "
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << /XObject << %s >> /Font << /T 5 0 R >> >> >>" % names,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
        stream(b"", content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(stream(kind + head, inner) for head, inner in forms_drawn),
    ]
    data, starts = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        starts.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


def drawing(number: int) -> bytes:
    """The resources of a form that draws the form with this number as /F."""
    return b"/Resources << /XObject << /F %d 0 R >> /Font << /T 5 0 R >> >> " % number


def fan_out(levels: int, draw: bytes = b"/F Do ", head: bytes = b"") -> list[tuple[bytes, bytes]]:
    inner = [(head + drawing(7 + level), draw * 10) for level in range(levels)]
    return [*inner, (b"/Resources << /Font << /T 5 0 R >> >> ", TEXT)]


@pytest.fixture(autouse=True)
def never_drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Pages that pdfium has been asked for: what is refused must be none of them."""
    opened: list[int] = []
    read = pages._read_page

    def counted(document: Any, index: int) -> pages.PageText:
        opened.append(index)
        return read(document, index)

    monkeypatch.setattr(pages, "_read_page", counted)
    return opened


@pytest.mark.parametrize(
    ("content", "drawn"),
    [
        (b"/F Do", fan_out(12)),
        (b"/F Do", fan_out(12, b"/#46 % a comment /G \r Do ")),
        (b"/F Do", fan_out(12, b"(F) Do ")),
        (b"/F Do", [(head + b"/Filter /FlateDecode ", zlib.compress(inner)) for head, inner in fan_out(12)]),
        (b"/F Do", [(head + b"/Filter /ASCIIHexDecode ", inner.hex().encode()) for head, inner in fan_out(12)]),
        (b"/F Do", [(head + b"/Filter /RunLengthDecode ", inner) for head, inner in fan_out(12)]),
        (b"/F Do " * 100_000, [(b"", TEXT * 100)]),
    ],
    ids=["plain", "escaped", "by a string", "deflated", "in digits", "in a rare coding", "one form often"],
)
def test_a_page_that_draws_too_much_is_refused_before_it_is_opened(
    content: bytes, drawn: list[tuple[bytes, bytes]], never_drawn: list[int]
) -> None:
    with pytest.raises(ReadError, match="反复画同样的内容"):
        read_report_file(pdf_of(content, drawn), "甲.pdf")
    assert not never_drawn


@pytest.mark.parametrize(
    "drawn",
    [
        [(drawing(6), b"/F Do ")],
        [(drawing(7), b"/F Do " * 9), (drawing(6), b"/F Do " * 9)],
        [(b"", b"/F Do ")],
        [(drawing(7 + number), b"/F Do ") for number in range(forms.MAX_FORM_DEPTH + 2)],
    ],
    ids=["itself", "each other", "itself, by the resources of the page", "deeply"],
)
def test_forms_in_a_circle_or_too_deep_are_refused(drawn: list[tuple[bytes, bytes]], never_drawn: list[int]) -> None:
    with pytest.raises(ReadError, match="套成了圈或套得太深"):
        read_report_file(pdf_of(b"/F Do", [*drawn, (b"", TEXT)]), "甲.pdf")
    assert not never_drawn


def test_forms_that_draw_little_are_read() -> None:
    text = b"BT /T 9 Tf 9 %d Td (Work report %d) Tj ET "
    few = [(drawing(7), b"/F Do " + text % (90, 2)), (b"", text % (60, 3))]
    reading = read_report_file(pdf_of(text % (120, 1) + b"/F Do", few), "甲.pdf")
    assert reading.characters == 3 * len("Workreport1")


def test_a_file_without_forms_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "_Drawing", None)
    assert read_report_file(pdf_of(TEXT, [], b""), "甲.pdf").characters == len("Workreport")
