"""A concordance holds one line for each occurrence that a search counts, no more and no less."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp.engines.base import Engine
from searchapp.engines.whoosh import WhooshEngine
from searchapp.errors import ParameterError
from searchapp.query import parse_query
from searchapp.reports.model import Block, Metadata, Report, ReportSource, SourcePosition
from searchapp.search.compiled_query import CompiledQuery
from searchapp.search.highlight import keyword_spans
from searchapp.search.occurrences import starts
from searchapp.services.concordance import MAX_SORTED_LINES, Concordance, concordance
from searchapp.services.library import Library
from searchapp.services.search import search
from searchapp.store.retired_ids import RetiredIds
from searchapp.text.normalize import normalize
from tests.libraries import ANALYZER, analyzed, index_in, libraries
from tests.oracle import ORACLE

QUERIES = (
    "党建",
    '"党建"',
    '"的，"',
    "党建 落实",
    "党建 OR 引领 OR 党建",
    '"党建*落实"',
    '"党建" NEAR/5 "落实"',
    "a",
    "NOT 的",
)


def library_of(reports: tuple[Report, ...], scratch: Path, engine: Engine = ORACLE) -> Library:
    return Library("b-1", index_in(engine, analyzed(reports), scratch), ANALYZER, RetiredIds(None))


def of_texts(scratch: Path, *texts: str, marks: tuple[tuple[int, int], ...] = ()) -> Library:
    blocks = tuple(
        Block("paragraph", text, f"k{at}", SourcePosition("a.txt", at), marks=marks) for at, text in enumerate(texts, 1)
    )
    report = Report("r1", Metadata("报告", unit="区委", year=2023), blocks, (ReportSource("a.txt", 1, 9),), "x")
    return library_of((report,), scratch)


def found(library: Library, query: str, **params: str) -> Concordance:
    return concordance(library, {"q": [query], **{name: [value] for name, value in params.items()}})


def told(library: Library, query: str, **params: str) -> list[tuple[str, str, str]]:
    return [(line.left, line.keyword, line.right) for line in found(library, query, **params).lines]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=25)
@given(library=libraries(), data=st.data())
def test_there_are_as_many_lines_as_occurrences(
    tmp_path: Path, library: tuple[Report, ...], data: st.DataObject
) -> None:
    held = library_of(library, tmp_path, WhooshEngine(ANALYZER))
    query = data.draw(st.sampled_from(QUERIES))
    params = {name: data.draw(st.sampled_from(values)) for name, values in _CHOICES.items()}
    result = concordance(held, {"q": [query], "per_page": ["100"], **{name: [value] for name, value in params.items()}})
    counted = {name: [value] for name, value in params.items() if name != "sort"}
    assert result.total == search(held, {"q": [query], **counted}).result.counts.occurrences
    assert len(result.lines) == min(result.total, 100)
    places = {(line.located.paragraph_id, line.span, line.clause) for line in result.lines}
    assert len(places) == len(result.lines)
    for line in result.lines:
        text, (start, end) = line.located.block.text, line.span
        assert line.keyword == text[start:end]
        assert line.left == text[max(0, start - 20) : start]
        assert line.right == text[end : end + 20]
    pages = [found(held, query, **params, per_page="3", page=str(page)).lines for page in range(1, 34)]
    assert [line for page in pages for line in page] == list(result.lines)[:99]


_CHOICES = {
    "sort": ("document", "right", "left", "newest"),
    "punct": ("exact", "ignore"),
    "match": ("all", "any"),
    "block": ("", "all"),
}


@given(st.text("党建引领落实，的 “”a。", max_size=40), st.sampled_from(QUERIES))
@settings(max_examples=200)
def test_a_span_for_each_counted_start(text: str, query: str) -> None:
    normalized = normalize(text)
    for clause in CompiledQuery(parse_query(query).root, list).clauses:
        spans = keyword_spans(clause, normalized)
        assert [start for start, _ in spans] == starts(clause.clause, normalized)
        assert all(0 <= start < end <= len(normalized) for start, end in spans)


def test_lines_stand_in_document_order_unless_asked(tmp_path: Path) -> None:
    library = of_texts(tmp_path, "丙党建乙，甲党建甲。", "乙党建丙")
    assert told(library, "党建", width="1") == [("丙", "党建", "乙"), ("甲", "党建", "甲"), ("乙", "党建", "丙")]
    assert [line[2] for line in told(library, "党建", width="1", sort="right")] == ["丙", "乙", "甲"]
    assert [line[0] for line in told(library, "党建", width="1", sort="left")] == ["丙", "乙", "甲"]


def test_left_context_is_sorted_from_the_keyword_outwards(tmp_path: Path) -> None:
    library = of_texts(tmp_path, "乙丁党建", "甲丁党建", "丙一党建")
    assert [line[0] for line in told(library, "党建", sort="left")] == ["丙一", "乙丁", "甲丁"]


def test_sorting_reads_the_normal_form_and_lines_show_the_text_as_written(tmp_path: Path) -> None:
    library = of_texts(tmp_path, "黨 建Ａ一", "党建b", "党建a二")
    assert told(library, "党建", sort="right") == [("", "黨 建", "Ａ一"), ("", "党建", "a二"), ("", "党建", "b")]


def test_marks_are_shown_but_not_searched(tmp_path: Path) -> None:
    assert told(of_texts(tmp_path, "两新［15］政策好", marks=((2, 6),)), '"两新政策"') == [("", "两新［15］政策", "好")]


def test_every_clause_has_its_lines(tmp_path: Path) -> None:
    library = of_texts(tmp_path, "党建和安全，党建", "安全")
    lines = found(library, "党建 安全").lines
    assert [(line.keyword, line.clause, line.span) for line in lines] == [
        ("党建", "党建", (0, 2)),
        ("安全", "安全", (3, 5)),
        ("党建", "党建", (6, 8)),
    ]
    assert told(library, '"党建*党建"') == [("", "党建和安全，党建", "")]
    assert told(library, '"安全" NEAR/5 "党建"') == [("党建和", "安全", "，党建")]
    assert told(of_texts(tmp_path, "党，建。"), '"党建"', punct="ignore") == [("", "党，建", "。")]


def test_what_has_no_lines_says_why(tmp_path: Path) -> None:
    library = of_texts(tmp_path, "安全和党建")
    browsing = found(library, "")
    assert (browsing.total, browsing.lines) == (0, ())
    assert "没有要找的文字" in browsing.diagnostics[-1].message
    scattered = found(library, "党建安全")
    assert (scattered.total, scattered.counts.paragraphs) == (0, 1)
    assert "没有一处是连在一起的" in scattered.diagnostics[-1].message


def test_too_many_lines_are_not_sorted(tmp_path: Path) -> None:
    library = of_texts(tmp_path, "，" * (MAX_SORTED_LINES + 1))
    assert found(library, '"，"', page="2000").lines[-1].span == (99_999, 100_000)
    with pytest.raises(ParameterError, match="200,001 处，超过 200,000 处") as raised:
        found(library, '"，"', sort="right")
    assert raised.value.name == "sort"


@pytest.mark.parametrize(
    ("name", "value"), [("sort", "up"), ("width", "0"), ("width", "201"), ("width", "x"), ("page", "-1")]
)
def test_what_cannot_be_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ParameterError) as raised:
        found(of_texts(tmp_path, "党建"), "党建", **{name: value})
    assert raised.value.name == name
