"""Libraries for tests: reports of files or made up, indexed in any engine."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from searchapp.engines.base import Engine, Reader, Writer
from searchapp.engines.embedded.packed_report import PackedReport
from searchapp.indexing.read_file import analyze_report
from searchapp.reports import (
    Block,
    Metadata,
    PartSpan,
    Report,
    ReportSource,
    SourcePosition,
    TopicCue,
    assign_ids,
    read_report_file,
)
from searchapp.reports.identity import block_keys
from searchapp.text.analyzer import Analyzer
from searchapp.text.word_table import BulkCutter

Sample = tuple[Reader, Reader, tuple[Report, ...]]
"""A library in some engine, in the oracle, and its reports."""

ANALYZER = Analyzer()
_CUTTER = BulkCutter(ANALYZER)
_folders = itertools.count()


def reports_of(folder: Path) -> tuple[Report, ...]:
    """The reports of every file in a folder, with ids."""
    files = sorted(path for path in folder.iterdir() if path.suffix in (".txt", ".docx"))
    readings = [read_report_file(path.read_bytes(), path.name) for path in files]
    return assign_ids([report for reading in readings for report in reading.reports])


def analyzed(reports: Sequence[Report]) -> list[PackedReport]:
    """Reports as engines take them."""
    return [analyze_report(report, _CUTTER).packed for report in reports]


def index_in(engine: Engine, reports: Sequence[PackedReport], scratch: Path) -> Reader:
    """A reader of a build from nothing that holds ``reports`` in this order."""
    folder = scratch / f"build-{next(_folders)}"
    folder.mkdir()
    writer = engine.open_writer(folder, None)
    for report in reports:
        writer.add_report(report)
    writer.commit([report.id for report in reports])
    return engine.open_reader(folder)


def grow(engine: Engine, first: Sequence[PackedReport], second: Sequence[PackedReport], scratch: Path) -> Reader:
    """A reader of a build that holds ``second`` and was begun from a build that held ``first``."""
    base, folder = scratch / f"build-{next(_folders)}", scratch / f"build-{next(_folders)}"
    base.mkdir()
    folder.mkdir()
    writer = engine.open_writer(base, None)
    for report in first:
        writer.add_report(report)
    writer.commit([report.id for report in first])
    writer = engine.open_writer(folder, base)
    write_change(writer, first, second)
    return engine.open_reader(folder)


def write_change(writer: Writer, first: Sequence[PackedReport], second: Sequence[PackedReport]) -> None:
    """Makes a build that held ``first`` hold ``second``: only what differs is handed to its writer."""
    before = {report.id: report for report in first}
    after = {report.id: report for report in second}
    for report_id, report in before.items():
        if after.get(report_id) != report:
            writer.remove_report(report_id)
    for report_id, report in after.items():
        if before.get(report_id) != report:
            writer.add_report(report)
    writer.commit(list(after))


# Few characters and words, so that things recur; masks, digits, quotes and Latin letters among them.
_WORDS = (
    "党建",
    "引领",
    "主体责任",
    "两个维护",
    "“四风”",
    "落实",
    "的",
    "，",
    "。",
    "**",
    "2023年",
    "GDP ",
    "水务",
    " ",
    "a",
)
_texts = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=12).map("".join).filter(lambda text: bool(text.strip()))
_UNITS = (
    ("市水务局党组", "市水务局"),
    ("市水务局党委", "市水务局"),
    ("区委", "区委"),
    ("X大学", "X大学"),
    (None, None),
)
_TOPICS = ("组织建设", "作风建设", "思想建设")
_PARTS = ("存在问题", "安排", "回顾")
_KINDS = ("paragraph", "paragraph", "paragraph", "heading", "title", "annex", "table")


@st.composite
def _blocks(draw: st.DrawFn, name: str) -> tuple[Block, ...]:
    texts = draw(st.lists(_texts, min_size=1, max_size=5))
    keys = block_keys(texts)
    return tuple(
        Block(
            kind=draw(st.sampled_from(_KINDS)),
            text=text.strip(),
            key=key,
            source=SourcePosition(name, line),
            headings=tuple(draw(st.lists(_texts.map(str.strip), max_size=2))),
            parts=tuple(PartSpan(part, (0, 1), "") for part in draw(st.lists(st.sampled_from(_PARTS), max_size=2))),
            topics=tuple(
                TopicCue(topic, "") for topic in draw(st.lists(st.sampled_from(_TOPICS), max_size=3, unique=True))
            ),
        )
        for line, (text, key) in enumerate(zip(texts, keys, strict=True), 1)
    )


@st.composite
def libraries(draw: st.DrawFn) -> tuple[Report, ...]:
    """Small made-up libraries of up to five reports."""
    reports = []
    for number in range(draw(st.integers(1, 5))):
        name = f"f{number}.txt"
        unit, department = draw(st.sampled_from(_UNITS))
        year = draw(st.sampled_from((None, 2021, 2022, 2023)))
        blocks = draw(_blocks(name))
        meta = Metadata(
            title=draw(_texts),
            unit=unit,
            department=department,
            year=year,
            review_from=draw(st.sampled_from((None, 2020))),
            review_to=year,
            plan_year=None if year is None else year + 1,
            kind=draw(st.sampled_from(("主体责任报告", "其他"))),
            organ=draw(st.sampled_from((None, "市水利局"))) if department == "市水务局" else None,
            unit_type=draw(st.sampled_from((None, "政府部门", "高校"))),
            place=draw(st.sampled_from((None, "甲市", "乙县"))),
        )
        opening = f"{number}{blocks[0].text}"
        reports.append(Report("", meta, blocks, (ReportSource(name, 1, len(blocks)),), opening))
    return assign_ids(reports)
