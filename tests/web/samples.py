"""Small libraries for the tests of the web floor, held by the oracle: real answers, no fake reader.

Reports are written out as values, so that the tests do not depend on how files are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from searchapp.reports.model import (
    Block,
    BlockKind,
    Metadata,
    PartSpan,
    Report,
    ReportSource,
    SourcePosition,
    Span,
    TopicCue,
)
from searchapp.services.library import Library
from searchapp.store.retired_ids import RetiredIds, RetiredRecord, write_retired
from searchapp.text.analyzer import Analyzer
from tests.oracle import OracleReader
from tests.oracle.analysis import analyze

BUILD = "b-test"
HOSTILE = "<script>alert('x')</script>\"&"
HOSTILE_FILE = 'x/"><img src=x onerror=alert(1)>.txt'


@cache
def analyzer() -> Analyzer:
    return Analyzer()


def library(reports: Sequence[Report], retired: RetiredIds | None = None) -> Library:
    """A library of ``reports``, in this order."""
    reader = OracleReader([analyze(report, analyzer()) for report in reports], analyzer().words)
    return Library(BUILD, reader, analyzer(), retired or RetiredIds(None))


def retired_ids(folder: Path, *records: RetiredRecord) -> RetiredIds:
    """The ids of earlier builds, written to ``folder`` as a build does."""
    path = folder / "retired.jsonl"
    write_retired(path, {record.old: record for record in records})
    return RetiredIds(path)


def block(
    kind: BlockKind,
    text: str,
    key: str,
    line: int,
    *,
    level: int = 0,
    headings: tuple[str, ...] = (),
    run_in: Span | None = None,
    part: str | None = None,
    topic: str | None = None,
    marks: tuple[Span, ...] = (),
    file: str = "reports/水务局2023.txt",
) -> Block:
    return Block(
        kind=kind,
        text=text,
        key=key,
        source=SourcePosition(file, line),
        headings=headings,
        level=level,
        run_in=run_in,
        parts=() if part is None else (PartSpan(part, (0, len(text)), part),),
        topics=() if topic is None else (TopicCue(topic, topic),),
        marks=marks,
    )


def water_2023() -> Report:
    """One block of every kind."""
    first, second = "一、加强党的建设", "（一）坚持党建引领。"
    return Report(
        id="aaaaaaaaaaaa00000023",
        meta=Metadata(
            title="甲县水务局党组2023年工作报告",
            unit="甲县水务局党组",
            department="甲县水务局",
            body="党组",
            year=2023,
            plan_year=2024,
            kind="党建工作报告",
            addressee="县委",
            evidence={"unit": "title", "year": "title", "kind": "correction", "addressee": "body"},
        ),
        blocks=(
            block("title", "甲县水务局党组2023年工作报告", "k1", 1),
            block("addressee", "县委：", "k2", 2),
            block("heading", first, "k3", 3, level=1, topic="组织建设"),
            block(
                "paragraph",
                f"{second}全年以党建引领业务，党建工作扎实，做到“两个维护”。",
                "k4",
                4,
                headings=(first, second),
                run_in=(0, len(second)),
                part="回顾",
                topic="组织建设",
            ),
            block("paragraph", "供水改革［15］取得进展。", "k5", 5, headings=(first,), marks=((4, 8),)),
            block("table", "项目 | 数量", "k6", 6, headings=(first,)),
            block("table", "水库党建点 | 12", "k7", 7, headings=(first,)),
            block("signature", "甲县水务局党组", "k8", 8),
            block("note", "［15］供水改革：党建带动的改革。", "k9", 9),
            block("annex", "附件：党建项目清单", "k10", 10),
        ),
        sources=(ReportSource("reports/水务局2023.txt", 1, 10),),
        opening="甲县水务局",
    )


def water_2022() -> Report:
    return Report(
        id="aaaaaaaaaaaa00000022",
        meta=Metadata(title="甲县水务局党组2022年工作报告", unit="甲县水务局党组", department="甲县水务局", year=2022),
        blocks=(
            block("title", "甲县水务局党组2022年工作报告", "m1", 1, file="reports/水务局2022.docx"),
            block("paragraph", "上半年抓党建。" * 40, "m2", 2, file="reports/水务局2022.docx"),
        ),
        sources=(ReportSource("reports/水务局2022.docx", 1, 2),),
        opening="甲县水务局2022",
    )


def hostile() -> Report:
    """Markup wherever a file can put text; no title line, no year."""
    return Report(
        id="cccc00",
        meta=Metadata(
            title=f"标题{HOSTILE}",
            unit=f"局{HOSTILE}",
            department=f"局{HOSTILE}",
            body=HOSTILE,
            kind=f"文种{HOSTILE}",
            addressee=HOSTILE,
        ),
        blocks=(
            block("heading", f"一、{HOSTILE}", "h1", 1, level=1, file=HOSTILE_FILE),
            block(
                "paragraph",
                f"党建{HOSTILE}党建",
                "h2",
                2,
                headings=(f"一、{HOSTILE}",),
                part=HOSTILE,
                topic=HOSTILE,
                file=HOSTILE_FILE,
            ),
            block("table", f"{HOSTILE} | 党建", "h3", 3, file=HOSTILE_FILE),
        ),
        sources=(ReportSource(HOSTILE_FILE, 1, 3),),
        opening="标题",
    )


def many(count: int) -> list[Report]:
    """``count`` reports of as many units, one paragraph each."""
    return [
        Report(
            id=f"d{number:04}",
            meta=Metadata(title=f"第{number}局报告", unit=f"第{number}局", department=f"第{number}局", year=2020),
            blocks=(block("paragraph", f"第{number}局抓党建。", "n1", 1),),
            sources=(ReportSource(f"reports/{number}.txt", 1, 1),),
            opening=f"第{number}局",
        )
        for number in range(1, count + 1)
    ]


def plans() -> list[Report]:
    """Two reports: of one, five paragraphs; of the other, one that differs from one of these in a number only.

    The last paragraph is long, with three words far apart in it; one phrase stands with and without a comma.
    """
    far = "这里说的是别的事情。" * 40
    texts = (
        "全年召开党组会12次，专题研究党建工作3次，听取支部汇报。",
        "党建工作抓得紧。",
        "做到学思用贯通、知信行统一，党建有成效。",
        "做到学思用贯通知信行统一，党建有进步。",
        f"抓党建。{far}坚持除险加固，{far}建设美丽河湖。{far}又抓党建。",
    )
    return [
        Report(
            id="eeee01",
            meta=Metadata(title="乙县水务局计划", unit="乙县水务局", department="乙县水务局", year=2024),
            blocks=tuple(block("paragraph", text, f"e{at}", at) for at, text in enumerate(texts, 1)),
            sources=(ReportSource("reports/乙.txt", 1, 5),),
            opening="乙县水务局",
        ),
        Report(
            id="eeee02",
            meta=Metadata(title="丙县水务局计划", unit="丙县水务局", department="丙县水务局", year=2023),
            blocks=(block("paragraph", texts[0].replace("12", "8"), "f1", 1),),
            sources=(ReportSource("reports/丙.txt", 1, 1),),
            opening="丙县水务局",
        ),
    ]
