"""Files made to take the time or the memory of a whole build: refused or read, by limits rather than by luck."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from pathlib import Path

import docx
import openpyxl
import pytest

from searchapp.errors import ReadError
from searchapp.indexing import read_file
from searchapp.indexing.corpus_account import accounts
from searchapp.reports import read_report_file
from searchapp.reports.readers import limits, spreadsheet
from searchapp.reports.readers.docx.reader import read_docx
from searchapp.reports.readers.html.article import MAX_DEPTH, MAX_TAGS, read_html
from searchapp.reports.readers.markdown import MAX_BRACKETS, read_markdown
from searchapp.reports.readers.pdf.pages import MAX_STREAM_BYTES
from searchapp.reports.readers.plain_text import read_text
from searchapp.reports.readers.spreadsheet import read_xlsx

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    """An office file with one of its parts replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            target.writestr(entry, content if entry == name else source.read(entry))
    return buffer.getvalue()


def word_file(body: str) -> bytes:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    xml = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return replaced(buffer.getvalue(), "word/document.xml", xml.encode())


def sheet(rows: str) -> bytes:
    book = openpyxl.Workbook()
    buffer = io.BytesIO()
    book.save(buffer)
    xml = f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    return replaced(buffer.getvalue(), "xl/worksheets/sheet1.xml", xml.encode())


def pdf_of(stream: bytes) -> bytes:
    """One page drawn by ``stream``."""
    packed = zlib.compress(stream, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("read", [read_text, read_markdown])
def test_too_many_lines_are_refused_before_they_are_cut(read: object, end: str) -> None:
    data = (end * (limits.MAX_LINES + 1) + "文").encode()
    with pytest.raises(ReadError, match="行数过多"):
        read(data, "a.txt")  # type: ignore[operator]


def test_too_many_paragraphs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = word_file("<w:p><w:r><w:t>文</w:t></w:r></w:p>" * 51)
    assert len(read_docx(data, "a.docx").lines) == 51
    monkeypatch.setattr("searchapp.reports.readers.docx.reader.MAX_LINES", 50)
    monkeypatch.setattr(limits, "MAX_LINES", 50)
    with pytest.raises(ReadError, match="行数过多"):
        read_docx(data, "a.docx")


def test_tens_of_thousands_of_paragraphs_are_read() -> None:
    body = "<w:p><w:r><w:t>全面落实各项任务。</w:t></w:r></w:p>" * 30_000
    assert len(read_docx(word_file(body), "a.docx").lines) == 30_000


def test_a_note_that_is_referred_to_often_is_numbered_at_once() -> None:
    from searchapp.reports.readers.docx.paragraphs import Notes

    notes = Notes({("footnote", str(number)): "注" for number in range(60_000)})
    marks = [notes.mark("footnote", str(number)) for number in range(60_000)]
    assert (marks[0], marks[-1], notes.mark("footnote", "0")) == ("［1］", "［60000］", "［1］")


def test_empty_rows_hardly_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole columns formatted down to the last row that Excel has are common."""
    monkeypatch.setattr(spreadsheet, "MAX_SHEET_ROWS", 20)
    monkeypatch.setattr(spreadsheet, "MAX_SHEET_EXTENT", 1_000)
    rows = "".join(f'<row r="{number}"><c r="A{number}"/></row>' for number in range(1, 500))
    cell = '<c t="inlineStr" r="B{0}"><is><t>末</t></is></c>'
    (line,) = read_xlsx(sheet(rows + f'<row r="1000">{cell.format(1000)}</row>'), "a.xlsx").lines
    assert (line.text, line.number) == (" | 末", 1_000)
    for last in (1_001, 99_999_999_999):
        with pytest.raises(ReadError, match="行数过多"):
            read_xlsx(sheet(rows + f'<row r="{last}">{cell.format(last)}</row>'), "a.xlsx")


def test_entities_in_a_workbook_are_named() -> None:
    data = sheet("")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    with pytest.raises(ReadError, match="实体"):
        read_xlsx(replaced(data, "xl/worksheets/sheet1.xml", b'<!DOCTYPE a [<!ENTITY a "b">]>' + xml), "a.xlsx")


def test_many_brackets_are_plain_text() -> None:
    """Each open bracket makes the parser look to the end of the file: five million took 213 seconds."""
    text = "[" * (MAX_BRACKETS + 1) + "**文**"
    assert [line.text for line in read_markdown(text.encode(), "a.md").lines] == [text]
    assert read_markdown(("[" * 90 + "**文**").encode(), "a.md").lines[0].text == "[" * 90 + "文"


def test_a_page_of_tags_is_refused() -> None:
    with pytest.raises(ReadError, match="标记过多"):
        read_html(b"<p>a" * (MAX_TAGS + 1), "a.html")


@pytest.mark.parametrize("tag", ["b", "font", "div", "span"])
def test_nesting_is_counted_for_every_element(tag: str) -> None:
    """The parser drops what lies deeper than 2,048: text would be lost without a word."""
    with pytest.raises(ReadError, match="嵌套"):
        read_html(f"<html><body><p>文</p>{f'<{tag}>' * (MAX_DEPTH + 1)}深处</body></html>".encode(), "a.html")


@pytest.mark.parametrize("operators", [b"0 0 m 5 5 l S ", b" "])
def test_a_stream_that_unpacks_to_too_much_is_refused(operators: bytes) -> None:
    data = pdf_of(operators * (MAX_STREAM_BYTES // len(operators) + 1))
    assert len(data) < 1_000_000
    with pytest.raises(ReadError, match="压缩炸弹"):
        read_report_file(data, "a.pdf")


def test_a_page_with_much_text_is_read() -> None:
    text = b"".join(b"BT /F 9 Tf 50 %d Td (a line of text) Tj ET\n" % (780 - 10 * number) for number in range(70))
    reading = read_report_file(pdf_of(text), "a.pdf")
    assert reading.characters == 70 * len("alineoftext")


def test_archives_in_archives_end() -> None:
    data = "示例局2022年工作报告".encode()
    for depth in range(5):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.txt" if depth == 0 else "a.zip", data)
        data = buffer.getvalue()
    with pytest.raises(ReadError, match="层"):
        read_report_file(data, "a.zip")


def test_a_file_that_is_still_being_written_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("示例局2022年工作报告", encoding="utf-8")
    read = Path.read_bytes

    def read_slowly(self: Path) -> bytes:
        data = read(self)
        with self.open("ab") as file:
            file.write("又写了一行".encode())
        return data

    monkeypatch.setattr(read_file, "READ_PAUSE_SECONDS", 0)
    monkeypatch.setattr(Path, "read_bytes", read_slowly)
    assert "还在变动" in read_file.read_task(read_file.Task("a.txt", path, None)).reason


@pytest.mark.skipif(os.name != "posix", reason="links, pipes and names of any bytes are POSIX")
def test_links_in_circles_pipes_and_names_of_any_bytes_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("示例局2022年工作报告", encoding="utf-8")
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "up").symlink_to(folder)
    (folder / "gone.txt").symlink_to(tmp_path / "nothing")
    os.mkfifo(folder / "pipe.txt")
    named = True
    try:
        (Path(os.fsdecode(os.fsencode(folder) + b"/\xd6\xd0.txt"))).write_bytes(b"x")
    except OSError:  # some file systems take no such name
        named = False
    found = {each.file: each for each in accounts([folder])}
    reasons = [each.reason for each in found.values() if each.reason]
    assert found["in/a.txt"].kinds is not None
    assert len(reasons) == 4 + named and all(reasons)
