"""Reports of a build: their heads are decoded when they are asked for, and damage is told whenever it is met."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.errors import IndexDamagedError, NotFoundError
from searchapp.reports import Block, Metadata, Report, ReportSource, SourcePosition
from searchapp.store.codec import decode_head, skim_head
from searchapp.store.documents import REPORTS_FILE, DocumentReader, DocumentWriter, PackedBlocks, summarize
from searchapp.store.files import FileBytes


def _report(number: int, blocks: int, opening: str = "区委党组：") -> Report:
    meta = Metadata(f"第{number}份报告", unit="区委", year=2020, evidence={"unit": "title", "year": "file name"})
    made = tuple(
        Block("paragraph", f"第{number}份第{at}段", f"k{at}", SourcePosition("a.txt", at, 0)) for at in range(blocks)
    )
    return Report(f"{number:012x}", meta, made, (ReportSource("a.txt", 1, 9),), opening)


REPORTS = (
    _report(1, 3),
    _report(2, 0, '","first_block":7,"blocks":9,"paragraphs":1,"headings":1}'),
    _report(3, 2, '引号“"”、换行\n、\ud800和 {}'),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with DocumentWriter(tmp_path) as writer:
        for report in REPORTS:
            writer.add(summarize(report), report.opening, PackedBlocks.of(report.blocks))
    return tmp_path


def test_reports_come_back_as_they_were_written(folder: Path) -> None:
    documents = DocumentReader(folder)
    assert list(documents.iterate()) == list(REPORTS)
    assert [documents.report(report.id) for report in reversed(REPORTS)] == list(reversed(REPORTS))
    assert [documents.first_block(report.id) for report in REPORTS] == [0, 3, 3]
    documents.close()


def test_heads_are_a_sequence_of_summaries(folder: Path) -> None:
    summaries, expected = DocumentReader(folder).summaries, [summarize(report) for report in REPORTS]
    assert len(summaries) == 3
    assert summaries[-1] == expected[-1]
    assert summaries[1:] == expected[1:]
    assert list(summaries) == expected
    assert summaries[0] is summaries[-3]
    with pytest.raises(IndexError):
        summaries[3]


def test_skimming_says_what_decoding_says(folder: Path) -> None:
    for line in (folder / REPORTS_FILE).read_bytes().splitlines(keepends=True):
        summary, _, first_block = decode_head(line)
        assert skim_head(line) == (summary.report_id, first_block, summary.blocks)
    with pytest.raises(ValueError, match="no head"):
        skim_head(b'{"id":"1","first_block":1}')


def test_what_reports_share_is_held_once(folder: Path) -> None:
    first, _, third = DocumentReader(folder).summaries
    assert first.meta.unit is third.meta.unit
    assert first.meta.evidence is third.meta.evidence


def test_a_report_that_is_not_there(folder: Path) -> None:
    documents = DocumentReader(folder)
    with pytest.raises(NotFoundError):
        documents.summary("0" * 12)
    with pytest.raises(NotFoundError):
        documents.find(REPORTS[0].id, "k9")


def test_lines_that_are_gone_are_told_on_opening(folder: Path) -> None:
    lines = (folder / REPORTS_FILE).read_bytes().splitlines(keepends=True)
    for left in (lines[:2], lines[1:], [*lines[:2], lines[2][:40]], [lines[0][:-9], *lines[1:]], [b"\n", *lines]):
        (folder / REPORTS_FILE).write_bytes(b"".join(left))
        with pytest.raises(IndexDamagedError):
            DocumentReader(folder)


def test_damage_inside_a_head_is_told_when_it_is_read(folder: Path) -> None:
    path = folder / REPORTS_FILE
    path.write_bytes(path.read_bytes().replace('"meta":{"title":"第3'.encode(), '"meta":{"title" "第3'.encode()))
    summaries = DocumentReader(folder).summaries
    assert summaries[0] == summarize(REPORTS[0])
    with pytest.raises(IndexDamagedError):
        summaries[2]


def test_an_open_file_is_read_when_it_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    opened = FileBytes(path)
    assert opened.size == 10
    path.unlink()
    assert (opened.read(2, 5), opened.read(8, 20), opened.read(4, 4)) == (b"234", b"89", b"")
    opened.close()
    with pytest.raises(ValueError, match="closed"):
        opened.read(0, 1)
