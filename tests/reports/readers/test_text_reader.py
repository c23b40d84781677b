"""Encodings, line ends and refusals of the plain text reader."""

from __future__ import annotations

import codecs

import pytest

from searchapp.errors import ReadError
from searchapp.reports.readers.plain_text import read_text

TEXT = "市林业局党组2021年工作报告\n一、总体情况\n我们的工作是在上级的领导下开展的，有了一些进展。"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("gbk"), "gb18030"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32"),
    ],
)
def test_an_encoding_is_found_and_recorded(data: bytes, encoding: str) -> None:
    source = read_text(data, "a.txt")
    assert source.encoding == encoding
    assert [line.text for line in source.lines] == TEXT.split("\n")


def test_big5_is_settled_with_help() -> None:
    text = "各位代表，現在我代表市政府向大會報告工作。\n我們的發展是有成績的，在經濟和社會的建設中，大有進步。\n" * 30
    source = read_text(text.encode("big5"), "a.txt")
    assert source.lines[0].text == text.split("\n", maxsplit=1)[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_as_one(end: str) -> None:
    source = read_text(end.join(["甲的", "", "乙的"]).encode(), "a.txt")
    assert [(line.text, line.number) for line in source.lines] == [("甲的", 1), ("", 2), ("乙的", 3)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "空"),
        (b" \r\n\t", "空"),
        (codecs.BOM_UTF8 + "　\n".encode(), "空"),
        ("有一个\x00字节".encode(), "空字节"),
        (codecs.BOM_UTF16_LE + "有\x00的".encode("utf-16-le"), "空字节"),
        (codecs.BOM_UTF16_LE + b"a", "解码"),
        (bytes(range(128, 256)) * 4, "编码"),
        (b"\x01\x02\x03\x04abc", "控制字符"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_chinese_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_text(data, "库/坏.txt")
    assert reason in caught.value.reason
    assert caught.value.file == "库/坏.txt"
