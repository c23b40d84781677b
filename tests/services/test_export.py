"""An export is the whole of what a search finds: its hits in their order, from one build, readable."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import tracemalloc
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from searchapp.engines.base import Engine
from searchapp.engines.whoosh import WhooshEngine
from searchapp.errors import ClientGoneError, ParameterError, RequestError, TimeLimitError
from searchapp.reports.model import Block, Item, Metadata, Report, ReportSource, SourcePosition
from searchapp.services.citation.cited_passage import cited
from searchapp.services.concordance import concordance
from searchapp.services.export.export import BuildChangedError, csv_chunks, export, file_name, jsonl_chunks
from searchapp.services.export.records import BLOCK_COLUMNS, Record
from searchapp.services.export.workbook import (
    CUT,
    MAX_CELL_CHARACTERS,
    MAX_ROWS,
    refuse_too_many,
    sheet_chunks,
    shortened,
)
from searchapp.services.library import Library
from searchapp.services.result_set import whole_request
from searchapp.services.search import search
from searchapp.store.retired_ids import RetiredIds
from searchapp.time_limit import checkpoint, limited
from tests.indexes import index, opened, report_text, write
from tests.libraries import ANALYZER, analyzed, index_in, libraries
from tests.oracle import ORACLE

QUERIES = ("", "党建", "党建 引领", '"的，"', "水务 OR 两个维护", '"党建*落实"', "的", "NOT 党建", "单位:区委 党建")


def address(paragraph_id: str) -> str:
    return f"http://site/p/{paragraph_id}"


def library_of(reports: tuple[Report, ...], scratch: Path, engine: Engine = ORACLE) -> Library:
    return Library("b-1", index_in(engine, analyzed(reports), scratch), ANALYZER, RetiredIds(None))


def exported(library: Library, **params: str) -> bytes:
    return b"".join(export(library, {name: [value] for name, value in params.items()}, address).chunks)


def records(library: Library, **params: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(library, format="jsonl", **params).decode().split("\n")[:-1]]


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheet(data: bytes) -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(data))["结果"].iter_rows(values_only=True))


def report(*texts: str, unit: str | None = "市水务局党组", title: str = "2023年报告") -> Report:
    blocks = tuple(Block("paragraph", text, f"k{at}", SourcePosition("a.txt", at)) for at, text in enumerate(texts, 1))
    return Report("r1", Metadata(title, unit=unit, year=2023), blocks, (ReportSource("a.txt", 1, 9),), "x")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=25)
@given(library=libraries(), data=st.data())
def test_rows_are_the_stream_of_hits(tmp_path: Path, library: tuple[Report, ...], data: st.DataObject) -> None:
    held = library_of(library, tmp_path, WhooshEngine(ANALYZER))
    params = {
        "q": data.draw(st.sampled_from(QUERIES)),
        "sort": data.draw(st.sampled_from(("relevance", "newest", "oldest", "document"))),
        "match": data.draw(st.sampled_from(("all", "any"))),
        "punct": data.draw(st.sampled_from(("exact", "ignore"))),
        "block": data.draw(st.sampled_from(("", "all"))),
    }
    listed = {name: [value] for name, value in params.items()}
    hits = list(held.reader.stream(whole_request(held, listed).request))
    answer = search(held, {**listed, "per_page": ["100"]}).result
    assert [hit.located.paragraph_id for hit in hits] == [hit.located.paragraph_id for hit in answer.hits]
    rows = records(held, **params)
    assert [row["paragraph_id"] for row in rows] == [hit.located.paragraph_id for hit in hits]
    assert [(row["text"], row["occurrences"]) for row in rows] == [
        (hit.located.block.text, hit.occurrences) for hit in hits
    ]
    for data_rows in (table(exported(held, format="csv", **params)), sheet(exported(held, format="xlsx", **params))):
        assert list(data_rows[0]) == [column.label for column in BLOCK_COLUMNS]
        assert [row[-2] for row in data_rows[1:]] == [row["address"] for row in rows]
    lines = records(held, view="kwic", **{**params, "sort": "right"})
    assert len(lines) == answer.counts.occurrences
    page = concordance(held, {**listed, "sort": ["right"], "per_page": ["100"]})
    assert [row["start"] for row in lines[:100]] == [line.span[0] for line in page.lines]


def test_a_row_holds_what_is_needed_to_cite_it(tmp_path: Path) -> None:
    block = Block(
        "paragraph",
        "要求是：一是抓党建。二是抓安全。",
        "k1",
        SourcePosition("甲/a.pdf", 7, page=3),
        headings=("三、存在的问题", "（一）党建"),
        items=(Item("一是", (4, 10)), Item("二是", (10, 16))),
    )
    meta = Metadata("关于《条例》的报告", unit="市水务局党组", department="市水务局", year=2023, kind="主体责任报告")
    held = library_of((Report("r1", meta, (block,), (ReportSource("甲/a.pdf", 1, 9),), "x"),), tmp_path)
    (row,) = records(held, q="抓安全")
    assert row["address"] == "http://site/p/r1-k1"
    assert row["headings"] == ["三、存在的问题", "（一）党建"]
    assert (row["file"], row["line"], row["page"], row["position"]) == ("甲/a.pdf", 7, 3, 1)
    assert row["citation"] == "（市水务局党组，2023年，《关于〈条例〉的报告》第三部分第（一）点）"
    (line,) = records(held, q="抓安全", view="kwic")
    assert line["citation"] == "（市水务局党组，2023年，《关于〈条例〉的报告》第三部分第（一）点“二是”）"
    heads, cells = table(exported(held, q="抓安全", format="csv"))
    assert dict(zip(heads, cells, strict=True))["小标题"] == "三、存在的问题 › （一）党建"
    assert dict(zip(heads, cells, strict=True))["段落类型"] == "正文"


def test_a_row_is_cited_as_its_paragraph_is(tmp_path: Path, sample_corpus: Path) -> None:
    index(tmp_path / "ix", sample_corpus)
    held = opened(tmp_path / "ix")
    blocks = records(held, block="all")
    assert len(blocks) == held.reader.stats().blocks
    assert [row["citation"] for row in blocks] == [cited(held, row["paragraph_id"]).citation.official for row in blocks]
    lines = records(held, q="党", block="all", view="kwic")
    assert any("“" in row["citation"] for row in lines)
    assert [row["citation"] for row in lines] == [
        cited(held, row["paragraph_id"], (row["start"], row["end"])).citation.official for row in lines
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+党建", "-党建", "@党建", "＝党建", '=HYPERLINK("http://x","党建")', "#N/A", "TRUE"]
)
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    held = library_of((report(text, unit=text, title=text),), tmp_path)
    (row,) = records(held)
    assert row["text"] == row["unit"] == row["title"] == text
    _, cells = table(exported(held, format="csv"))
    assert not any(cell[:1] in tuple("=+-@＝") for cell in cells)
    assert {cell.removeprefix("'") for cell in cells} >= {text}
    cell = load_workbook(io.BytesIO(exported(held, format="xlsx")))["结果"]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    if text[0] in "=+-@":
        assert cell.quotePrefix


def test_csv_is_what_excel_opens() -> None:
    data = b"".join(csv_chunks(BLOCK_COLUMNS[:1], [{"unit": '甲，"乙",\n丙\0'}]))
    assert data == '\ufeff单位\r\n"甲，""乙"",\n丙�"\r\n'.encode()


def test_what_a_workbook_cannot_hold_is_told(tmp_path: Path) -> None:
    held = library_of((report("控\x01制\ud800字", "_x0041_", "长" * 40_000),), tmp_path)
    texts = [row[11] for row in sheet(exported(held, format="xlsx"))[1:]]
    assert texts[0] == "控�制�字"
    assert texts[1] == "_x005F_x0041_"
    assert texts[2] == "长" * (MAX_CELL_CHARACTERS - len(CUT)) + CUT
    assert [len(row["text"]) for row in records(held)] == [5, 7, 40_000]
    wide = shortened("𠀀" * 20_000)
    assert len(wide.encode("utf-16-le")) // 2 <= MAX_CELL_CHARACTERS and wide.endswith(CUT)
    assert shortened("长" * MAX_CELL_CHARACTERS) == "长" * MAX_CELL_CHARACTERS
    refuse_too_many(MAX_ROWS - 1)
    with pytest.raises(RequestError, match="1,048,575 行；请改用 CSV"):
        refuse_too_many(MAX_ROWS)


def test_the_workbook_says_where_it_comes_from(tmp_path: Path) -> None:
    held = library_of((report("党建"),), tmp_path)
    made = load_workbook(io.BytesIO(exported(held, q="党建", year="2023", format="xlsx")))["说明"]
    assert {row[0]: row[1] for row in made.iter_rows(values_only=True)} == {
        "检索式": "党建",
        "其他条件": "year=2023",
        "行数": "1 段",
        "版次": "b-1",
    }


def test_ways_of_showing_change_nothing(tmp_path: Path) -> None:
    held = library_of((report("党建一", "党建二", "党建三"),), tmp_path)
    rows = records(held, q="党建")
    assert len(rows) == 3
    assert records(held, q="党建", page="7", per_page="1", group="report", fold="true", explain="true") == rows


@pytest.mark.parametrize(
    ("name", "value"), [("format", "pdf"), ("view", "x"), ("sort", "x"), ("year", "x"), ("block", "x")]
)
def test_what_cannot_be_is_said_before_anything_is_made(tmp_path: Path, name: str, value: str) -> None:
    held = library_of((report("党建"),), tmp_path)
    with pytest.raises(ParameterError) as raised:
        export(held, {"q": ["党建"], name: [value]}, address)
    assert raised.value.name == name


def test_an_export_of_another_build_is_refused(tmp_path: Path) -> None:
    held = library_of((report("党建"),), tmp_path)
    assert export(held, {"build": ["b-1"]}, address).total == 1
    with pytest.raises(BuildChangedError, match="请刷新"):
        export(held, {"build": ["b-0"]}, address)


def test_an_export_keeps_its_build_to_the_last_byte(tmp_path: Path) -> None:
    lines = [f"第{number}项，落实党建责任。" * 20 for number in range(300)]
    write(tmp_path / "in", {"a.txt": report_text("市水务局党组", 2023, *lines)})
    index(tmp_path / "ix", tmp_path / "in")
    expected = exported(opened(tmp_path / "ix"), q="落实党建", format="jsonl")
    chunks = export(opened(tmp_path / "ix"), {"q": ["落实党建"], "format": ["jsonl"]}, address).chunks
    begun = next(chunks)
    assert len(begun) < len(expected) / 2
    for year in (2021, 2022, 2024):
        write(tmp_path / "in", {"b.txt": report_text("区委", year, "一是落实党建责任。")})
        index(tmp_path / "ix", tmp_path / "in")
    assert begun + b"".join(chunks) == expected


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ('"两个维护" 年份:2023', "报告检索_两个维护_年份_2023.csv"),
        ("", "报告检索_全部段落.csv"),
        ("../../etc/passwd\r\nX: y", "报告检索_etc_passwd_X_y.csv"),
        ("\u202e？", "报告检索_？.csv"),
        ("党" * 500, f"报告检索_{'党' * 40}.csv"),
    ],
)
def test_a_file_is_named_by_its_query(query: str, name: str) -> None:
    assert file_name(query, "blocks", "csv") == name
    assert file_name("党建", "kwic", "xlsx") == "报告检索_党建_逐处.xlsx"


def many(count: int) -> Iterator[Record]:
    for number in range(count):
        yield {column.name: f"{column.label}{number}" for column in BLOCK_COLUMNS}


@pytest.mark.parametrize(("name", "count"), [("csv", 20_000), ("jsonl", 20_000), ("xlsx", 2_000)])
def test_rows_do_not_gather_in_memory(name: str, count: int) -> None:
    makers = {
        "csv": lambda rows: csv_chunks(BLOCK_COLUMNS, rows),
        "jsonl": jsonl_chunks,
        "xlsx": lambda rows: sheet_chunks(BLOCK_COLUMNS, rows, []),
    }
    sum(map(len, makers[name](many(100))))
    tracemalloc.start()
    try:
        size = sum(map(len, makers[name](many(count))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > count * 15
    assert peak < 2_500_000


def test_a_workbook_that_is_not_finished_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ended by its deadline among the rows, or while it is packed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    record: Record = {column.name: "党建" for column in BLOCK_COLUMNS}
    packing = iter((False, True))

    def rows() -> Iterator[Record]:
        for _ in range(3):
            checkpoint()
            yield record

    with pytest.raises(TimeLimitError), limited(0):
        list(sheet_chunks(BLOCK_COLUMNS, rows(), []))
    with pytest.raises(ClientGoneError), limited(60, lambda: next(packing), clock=count().__next__):
        list(sheet_chunks(BLOCK_COLUMNS, iter([record]), []))
    with pytest.raises(ClientGoneError), limited(60, lambda: True):
        list(sheet_chunks(BLOCK_COLUMNS, iter([record]), []))
    assert list(tmp_path.iterdir()) == []
