"""Nothing is lost and nothing breaks, whatever a file holds."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.errors import ReadError
from searchapp.reports import FileReading, read_report_file
from searchapp.reports.readers.lines import SourceLine, squeeze
from searchapp.reports.readers.plain_text import read_text
from searchapp.reports.structure.parse import parse_lines
from tests.timing import takes_less

TOKENS = [
    *("一、", "（一）", "1.", "一是", "——", "第一章", "甲局", "党组", "2021年", "工作报告", "目录", "汇编", "附件"),
    *("名词解释", "下一步，", "还存在一些不足", "现将", "报告如下", "各位代表：", "##paidbegin##", "##", "&nbsp;"),
    *("字体：大中小", "来源：", "。", "，", "：", "\n", "\n\n", "\r\n", "\r", "\u3000", " ", "\t", "\x0c", "\u200b"),
    *("\ufeff", "\u2028", "\x1c", "\x07", "读书" * 40, "2023年1月5日", "我代表", "市人民政府", "|", "*", "\U00020000"),
]
texts = st.lists(st.sampled_from(TOKENS), max_size=60).map("".join) | st.text(max_size=200)


def together(pieces: list[tuple[int, int, str]]) -> str:
    return "".join(squeeze(text) for _, _, text in sorted(pieces))


def accounted(reading: FileReading) -> str:
    found = [(b.source.line, b.source.column, b.text) for each in reading.reports for b in each.blocks]
    return together(found + [(piece.line, piece.column, piece.text) for piece in reading.pieces])


@given(texts)
@settings(max_examples=400, deadline=None)
def test_blocks_and_pieces_together_are_the_source(text: str) -> None:
    lines = [SourceLine(line, number) for number, line in enumerate(text.split("\n"), 1)]
    parsed = parse_lines(lines, "库/甲.txt")
    blocks = [block for report in parsed.reports for block in report.blocks]
    found = [(block.source.line, block.source.column, block.text) for block in blocks]
    assert together(found + [(p.line, p.column, p.text) for p in parsed.pieces]) == squeeze(text)
    for block in blocks:
        line = lines[block.source.line - 1].text[block.source.column - 1 :]
        assert line.startswith(block.text) or block.text.startswith(line.strip())
        assert block.text == block.text.strip()
        spans = [*(each.span for each in (*block.parts, *block.items)), *block.marks]
        spans += [span for span in (block.run_in, block.lead) if span]
        assert all(0 <= start < stop <= len(block.text) for start, stop in spans)
        assert all(one.span[1] <= two.span[0] for one, two in zip(block.parts, block.parts[1:], strict=False))
    for report in parsed.reports:
        assert len({block.key for block in report.blocks}) == len(report.blocks)


@given(st.binary(max_size=300) | texts.map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=400, deadline=None)
def test_any_bytes_of_a_text_file_are_read_or_refused(data: bytes) -> None:
    try:
        reading = read_report_file(data, "库/甲.txt")
    except ReadError as error:
        assert error.reason
        return
    assert reading.characters == len(accounted(reading)) > 0


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("甲局2021年工作报告", style="Title")
    document.add_table(rows=1, cols=2).cell(0, 0).text = "读书"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


DOCX = _docx()


@given(st.binary(max_size=100), st.integers(0, len(DOCX)), st.integers(0, len(DOCX)))
@settings(max_examples=150, deadline=None)
def test_any_bytes_of_a_docx_are_read_or_refused(noise: bytes, start: int, stop: int) -> None:
    try:
        read_report_file(DOCX[:start] + noise + DOCX[stop:], "库/甲.docx")
    except ReadError as error:
        assert error.reason


@pytest.mark.parametrize("file", ["甲.exe", "甲", ".txt", "甲.mp3", "库.txt/甲"])
def test_other_extensions_are_refused(file: str) -> None:
    with pytest.raises(ReadError, match="不支持"):
        read_report_file("甲的".encode(), file)


def test_the_extension_may_be_in_capitals() -> None:
    assert read_report_file("甲的书".encode(), "库/甲.TXT").characters == 3


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "读书",
            "一是读书。",
            "2021年",
            "（一）读书，",
            "我代表",
            "##paid",
            "现将",
            "目录",
            " ",
            "各位代表",
            "甲局党组",
        ),
        *("清醒看到", "我代表市", "在甲县", "2021年1月1日", "第一章", "1.", "——", "##a##", "&nbsp;", "党的", "…"),
    ],
)
def test_a_line_of_five_megabytes_does_not_hang(unit: str) -> None:
    text = "甲的书" + unit * (5_000_000 // len(unit.encode()))
    readings: list[FileReading] = []
    assert takes_less(45, lambda: readings.append(read_report_file(text.encode(), "库/甲.txt")))
    assert len(accounted(readings[-1])) == readings[-1].characters


def test_every_shared_file_is_lossless(shared: Path) -> None:
    paths = [*(shared / "reports").glob("*.txt"), *(shared / "reports_real").glob("*.txt")]
    assert paths
    for path in paths:
        data = path.read_bytes()
        reading = read_report_file(data, path.name)
        assert accounted(reading) == squeeze(data.decode("utf-8-sig")), path.name
        assert reading.characters == len(accounted(reading))


def test_files_of_other_encodings_and_formats_are_lossless(shared: Path) -> None:
    paths = [*(shared / "originals").glob("*.txt"), *(shared / "originals").glob("*.docx")]
    assert paths
    for path in paths:
        data = path.read_bytes()
        reading = read_report_file(data, path.name)
        assert len(accounted(reading)) == reading.characters, path.name
        if path.suffix == ".txt":
            lines = read_text(data, path.name).lines
            assert accounted(reading) == squeeze("".join(line.text for line in lines)), path.name


def test_a_report_with_a_table_of_contents_is_never_split(shared: Path) -> None:
    (path,) = (shared / "reports_real").glob("0002_*.txt")
    assert len(read_report_file(path.read_bytes(), path.name).reports) == 1
