"""Which encoding a text file is in, what is damaged, and what is refused."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import ReadError
from searchapp.reports.readers import plain_text as reader
from searchapp.reports.readers.lines import SourceText
from searchapp.reports.readers.plain_text import read_text
from tests.timing import takes_less

SIMPLIFIED = "各位代表，现在我代表市政府向大会报告工作。\n一、过去一年的工作\n我们坚持发展经济，改善民生。"
TRADITIONAL = "各位代表，現在我代表市政府向大會報告工作。\n一、過去一年的工作\n我們堅持發展經濟，改善民生。"


@pytest.mark.parametrize(
    ("text", "codec", "encoding"),
    [
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        ("Report 2023\nthe end", "utf-16-le", "utf-16-le"),
        ("Report 2023\nthe end", "utf-16-be", "utf-16-be"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "gbk", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        ("市政府工作报告", "gbk", "gb18030"),
        ("市政府工作報告", "big5", "big5"),
        ("log line, plain text\n" * 500 + "报告工作", "gbk", "gb18030"),
        ("plain", "ascii", "utf-8"),
    ],
)
def test_an_encoding_without_a_mark_is_told_from_the_text(text: str, codec: str, encoding: str) -> None:
    source = read_text(text.encode(codec), "a.txt")
    assert source.encoding == encoding
    assert "\n".join(line.text for line in source.lines) == text


def test_full_width_digits_stay_as_they_are() -> None:
    (line,) = read_text("２０２３年增长５．２％".encode("gbk"), "a.txt").lines
    assert line.text == "２０２３年增长５．２％"


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("places", [1, 2, 3])
def test_a_few_broken_bytes_are_repaired_and_counted(mark: bytes, places: int) -> None:
    sound = (SIMPLIFIED * 30).encode()
    data = mark + sound + b"\xff".join(["坏".encode()] * (places + 1))
    source = read_text(data, "a.txt")
    assert source.encoding == f"UTF-8（{places} 处损坏）"
    assert source.lines[-1].text.count("\ufffd") == places
    assert source.lines[0].text.endswith("报告工作。")


def test_a_character_cut_off_at_the_end_is_one_broken_place() -> None:
    assert read_text((SIMPLIFIED * 30).encode()[:-1], "a.txt").encoding == "UTF-8（1 处损坏）"


def test_replacement_characters_of_the_file_itself_are_no_damage() -> None:
    assert read_text((SIMPLIFIED * 30 + "\ufffd").encode() + b"\xff", "a.txt").encoding == "UTF-8（1 处损坏）"


def test_a_broken_byte_in_gbk_is_repaired() -> None:
    source = read_text((SIMPLIFIED * 30).encode("gbk") + b"\xff", "a.txt")
    assert source.encoding == "GB18030（1 处损坏）"


def test_much_damage_is_refused_with_its_extent() -> None:
    with pytest.raises(ReadError, match="像是 UTF-8 文件，但有 50 处损坏"):
        read_text(b"\xff".join(["正常的文字".encode()] * 51), "a.txt")


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00\x03\x00\x00\x00" * 50,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9,
        bytes(range(256)) * 8,
        b"\x00" * 64,
    ],
)
def test_binary_files_are_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        read_text(data, "a.txt")


def test_a_file_over_the_limit_is_refused_before_it_is_decoded() -> None:
    data = bytes(300 * 1024 * 1024)

    def read() -> None:
        with pytest.raises(ReadError, match=r"300 MB.*上限 64 MB"):
            read_text(data, "a.txt")

    assert takes_less(0.5, read)


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16-le"])
def test_a_line_of_five_megabytes_is_read_in_seconds(codec: str) -> None:
    data = ("经济社会发展取得新的进展，" * 140_000).encode(codec)[: 5_000_000 // 6 * 6]
    texts: list[SourceText] = []
    assert takes_less(5, lambda: texts.append(read_text(data, "a.txt")))
    assert len(texts[-1].lines) == 1


@pytest.mark.parametrize(
    ("name", "encoding", "words"),
    [
        ("2003年国务院政府工作报告.txt", "gb18030", "各位代表"),
        ("2007年国务院政府工作报告.txt", "gb18030", "各位代表"),
        ("GovDoc-CN_397.txt", "utf-8", "个人所得税"),
        ("ljtyduyu_2014.txt", "gb18030", "政府"),
        ("reportbyXJP20171018.txt", "utf-16", "中国特色社会主义"),
    ],
)
def test_files_as_found_are_decoded(shared: Path, name: str, encoding: str, words: str) -> None:
    file = shared / "originals" / name
    if not file.is_file():
        pytest.skip("no original files")
    source = read_text(file.read_bytes(), name)
    text = "".join(line.text for line in source.lines)
    assert source.encoding == encoding
    assert words in text
    assert "\ufffd" not in text


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        assert read_text(data, "a.txt").lines
    except ReadError as error:
        assert error.reason


@given(st.text(alphabet="的工作报告在发展经济，。2023年ab \n", min_size=1), st.sampled_from(["utf-8-sig", "utf-16"]))
def test_a_marked_encoding_gives_the_text_back(text: str, codec: str) -> None:
    if text.strip():
        assert "\n".join(line.text for line in read_text(text.encode(codec), "a.txt").lines).lstrip("\ufeff") == text


def test_the_limit_is_that_of_the_issue() -> None:
    assert reader.MAX_TEXT_BYTES == 64 * 1024 * 1024


def test_hz_is_known_by_its_marks() -> None:
    text = "工作报告\n各位代表，现在向大会报告工作。\n"
    source = read_text(text.encode("hz"), "a.txt")
    assert (source.encoding, [line.text for line in source.lines]) == ("hz", text.split("\n"))
    plain = "if (a ~{ b) { c ~} d }"
    assert [line.text for line in read_text(plain.encode(), "a.txt").lines] == [plain]


def test_rare_characters_of_four_bytes_do_not_hide_gb18030() -> None:
    text = "王㛃、李䶮、赵𠀀等同志㐀㐁参加了会议。" * 9
    source = read_text(text.encode("gb18030"), "a.txt")
    assert (source.encoding, source.lines[0].text) == ("gb18030", text)


def test_files_copied_together_in_two_encodings_are_named() -> None:
    line = "各位代表，现在我代表市人民政府向大会报告工作。\n"
    with pytest.raises(ReadError, match="混有两种编码"):
        read_text((line * 9).encode() + (line * 9).encode("gb18030"), "a.txt")
