"""What is in a file and what is read of it, compared with another way of getting at its characters."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from pathlib import Path

import lxml.etree
import pypdfium2
import pytest

from searchapp.reports import read_report_file
from searchapp.reports.readers.docx.reader import read_docx
from searchapp.reports.readers.lines import squeeze
from searchapp.reports.readers.pdf.glyphs import fold
from searchapp.reports.readers.pdf.reader import read_pdf
from tests.reports.readers.pages import Setting, make_pdf

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARTS = ("document", "header", "footer", "footnotes", "endnotes", "comments")


def raw_pdf(data: bytes) -> Counter[str]:
    """Every character of the text layer, as pdfium itself gives it; U+00AD is how it tells a hyphen at a line end."""
    document = pypdfium2.PdfDocument(data)
    try:
        text = "".join(page.get_textpage().get_text_range() for page in document)
        return Counter(squeeze(fold(text)).replace("\xad", "-"))
    finally:
        document.close()


def raw_docx(data: bytes) -> Counter[str]:
    """Every character in a ``w:t`` of the parts that hold text."""
    found: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith(tuple(f"word/{part}" for part in _PARTS)) and name.endswith(".xml"):
                root = lxml.etree.fromstring(archive.read(name))
                # The old version of a text box says the same once more.
                lxml.etree.strip_elements(root, _FALLBACK, with_tail=False)
                found.update(squeeze("".join(each.text or "" for each in root.iter(_WORD + "t"))))
    return found


def read_characters(lines: object) -> Counter[str]:
    return Counter(squeeze("".join(line.text for line in lines)))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "setting",
    [Setting(), Setting(header="示例局 {page}", watermark="内部资料"), Setting(turned=90, rotation=90)],
    ids=repr,
)
def test_every_character_of_a_pdf_is_read(setting: Setting) -> None:
    data = make_pdf(["我们坚持稳中求进，认真落实各项任务。" * 40] * 6, setting)
    assert read_characters(read_pdf(data, "a.pdf").lines) == raw_pdf(data)


def test_every_character_of_a_real_pdf_is_read(shared: Path) -> None:
    data = (shared / "originals" / "GovDoc-CN_397.pdf").read_bytes()
    assert read_characters(read_pdf(data, "a.pdf").lines) == raw_pdf(data)


def test_every_character_of_real_word_files_is_read(shared: Path) -> None:
    paths = sorted((shared / "originals").glob("*.docx"))
    files = {path.name: path.read_bytes() for path in paths}
    with zipfile.ZipFile(next((shared / "originals").glob("*.zip"))) as archive:
        files.update({name: archive.read(name) for name in archive.namelist() if name.endswith(".docx")})
    assert len(files) > 30
    for name, data in files.items():
        missing = raw_docx(data) - read_characters(read_docx(data, name).lines)
        assert not missing, name


def test_the_account_of_every_format_adds_up(shared: Path) -> None:
    paths = [
        path for path in sorted((shared / "originals").iterdir()) if path.suffix in (".pdf", ".html", ".docx", ".zip")
    ]
    for path in paths:
        if path.name.startswith("GB-"):
            continue
        reading = read_report_file(path.read_bytes(), path.name)
        texts = [block.text for report in reading.reports for block in report.blocks]
        texts += [piece.text for piece in reading.pieces]
        assert sum(len(squeeze(text)) for text in texts) == reading.characters, path.name
