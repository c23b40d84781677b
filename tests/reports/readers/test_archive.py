"""Members, names, nesting, bombs and refusals of the archive reader."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.errors import ReadError
from searchapp.reports import FileReading, read_report_file
from searchapp.reports.readers import limits

REPORT = "甲局2022年工作报告\n一、主要工作\n全面落实各项任务，完成了年初确定的目标。\n".encode()
OTHER = "乙局2023年工作报告\n一、主要工作\n坚持稳中求进，各项事业都有新的进展。\n".encode()


def pack(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def pack_raw_name(name: bytes, data: bytes = REPORT) -> bytes:
    """An archive whose member has the name's bytes as they are, without the UTF-8 flag."""
    placeholder = b"x" * len(name)
    return pack({placeholder.decode(): data}).replace(placeholder, name)


def files_of(reading: FileReading) -> list[str]:
    return [report.sources[0].file for report in reading.reports]


def test_members_are_read_in_order_under_their_own_names() -> None:
    reading = read_report_file(pack({"乙/b.txt": OTHER, "a.txt": REPORT, "空/": b""}), "库/年报.zip")
    assert files_of(reading) == ["库/年报.zip/乙/b.txt", "库/年报.zip/a.txt"]
    assert (reading.file, reading.encoding) == ("库/年报.zip", "zip")
    assert [report.meta.year for report in reading.reports] == [2023, 2022]
    assert reading.characters == sum(read_report_file(data, "a.txt").characters for data in (REPORT, OTHER))
    assert {block.source.file for report in reading.reports for block in report.blocks} == set(files_of(reading))


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_without_the_utf8_flag_are_decoded(encoding: str) -> None:
    reading = read_report_file(pack_raw_name("二〇二二年/工作报告.txt".encode(encoding)), "a.zip")
    assert files_of(reading) == ["a.zip/二〇二二年/工作报告.txt"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"../../etc/x.txt", "etc/x.txt"),
        (b"/etc/x.txt", "etc/x.txt"),
        (b"C:\\temp\\x.txt", "temp/x.txt"),
        (b"a/./b//x.txt", "a/b/x.txt"),
        (b"a\x07b.txt", "a_b.txt"),
    ],
)
def test_path_tricks_are_harmless(name: bytes, shown: str) -> None:
    assert files_of(read_report_file(pack_raw_name(name), "z.zip")) == [f"z.zip/{shown}"]


def test_two_members_of_one_name_are_both_read() -> None:
    data = pack({"a1.txt": REPORT, "a2.txt": OTHER}).replace(b"a2.txt", b"a1.txt")
    assert files_of(read_report_file(data, "z.zip")) == ["z.zip/a1.txt", "z.zip/a1 (2).txt"]


def test_what_no_person_put_there_is_left_out() -> None:
    members = {
        "a.txt": REPORT,
        "__MACOSX/._a.txt": b"\0\1",
        ".DS_Store": b"\0",
        "~$a.docx": b"\0",
        "metadata.csv": b"x",
    }
    reading = read_report_file(pack(members), "z.zip")
    assert files_of(reading) == ["z.zip/a.txt"]
    assert not any("z.zip/" in warning.file and "a.txt" not in warning.file for warning in reading.warnings)


def test_an_unreadable_member_is_a_warning_and_the_rest_is_read() -> None:
    reading = read_report_file(
        pack({"a.docx": b"MZ" + bytes(99), "b.txt": REPORT, "c.exe": b"MZ", "d.txt": b""}), "z.zip"
    )
    assert files_of(reading) == ["z.zip/b.txt"]
    told = {warning.file: warning.message for warning in reading.warnings if warning.line == 0}
    assert ".docx" in told["z.zip/a.docx"]
    assert "不支持" in told["z.zip/c.exe"]
    assert "空的" in told["z.zip/d.txt"]


def test_archives_nest_twice_at_most() -> None:
    third = pack({"c.txt": REPORT})
    second = pack({"b.txt": REPORT, "third.zip": third})
    reading = read_report_file(pack({"a.txt": REPORT, "second.zip": second}), "z.zip")
    assert files_of(reading) == ["z.zip/a.txt", "z.zip/second.zip/b.txt"]
    assert any(w.file == "z.zip/second.zip/third.zip" and "层" in w.message for w in reading.warnings)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"PK\x03\x04 nothing", "不是完好"),
        (pack({"a.txt": REPORT})[:60], "不是完好"),
        (pack({}), "没有读得出的文件"),
        (pack({"a.exe": b"MZ"}), "不支持这种文件"),
        (pack({"a.txt": bytes(limits.MIN_SUSPECT_BYTES + 1)}), "压缩炸弹"),
        (pack({f"{n}.txt": b"x" for n in range(limits.MAX_ARCHIVE_MEMBERS + 1)}), "文件过多"),
    ],
    ids=["empty", "broken", "cut off", "no member", "nothing readable", "bomb", "many members"],
)
def test_what_cannot_be_read_is_named(data: bytes, words: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_report_file(data, "库/甲.zip")
    assert words in caught.value.reason


def test_a_bomb_of_many_small_members_is_refused() -> None:
    inner = pack({f"{number}.txt": bytes(limits.MIN_SUSPECT_BYTES - 1) for number in range(5)})
    with pytest.raises(ReadError, match="解压后过大"):
        read_report_file(pack({f"{number}.zip": inner for number in range(5)}), "z.zip")


def test_a_directory_that_understates_a_size_is_not_believed() -> None:
    honest = pack({"a.txt": b"\n" * (limits.MIN_SUSPECT_BYTES * 9)})
    claimed = (limits.MIN_SUSPECT_BYTES * 9).to_bytes(4, "little")
    with pytest.raises(ReadError):
        read_report_file(honest.replace(claimed, (100).to_bytes(4, "little")), "z.zip")


def test_encrypted_members_are_named() -> None:
    data = bytearray(pack({"a.txt": REPORT, "b.txt": OTHER}))
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    data[local + 6] |= 1
    data[central + 8] |= 1
    reading = read_report_file(bytes(data), "z.zip")
    assert files_of(reading) == ["z.zip/b.txt"]
    assert [(w.file, "密码" in w.message) for w in reading.warnings if w.line == 0] == [("z.zip/a.txt", True)]


GOOD = pack({"a.txt": REPORT, "报告.csv": "标题,正文\n甲,乙\n".encode(), "n.zip": pack({"b.txt": OTHER})})


@settings(max_examples=100)
@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.binary(max_size=20))
def test_damage_raises_nothing_but_read_errors(start: int, length: int, noise: bytes) -> None:
    for data in (GOOD[:start] + noise + GOOD[start + length :], GOOD[:start], noise):
        try:
            read_report_file(data, "z.zip")
        except ReadError as error:
            assert error.reason


def test_a_real_archive_gives_a_report_for_each_province(shared: Path) -> None:
    path = next((shared / "originals").glob("31*.zip"))
    reading = read_report_file(path.read_bytes(), path.name)
    assert len(reading.reports) == 31
    names = [file.rsplit("/", 1)[1] for file in files_of(reading)]
    assert all(name.startswith("2025年") and name.endswith("政府工作报告.docx") for name in names)
    assert {"2025年西藏政府工作报告.docx", "2025年黑龙江省政府工作报告.docx"} <= set(names)
    assert {report.meta.year for report in reading.reports} == {2025}
    assert all(report.meta.unit and report.meta.unit.endswith("人民政府") for report in reading.reports)
    assert not reading.warnings
