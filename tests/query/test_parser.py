"""The query language: what is written, what it means, what is mended."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import QueryRefusedError
from searchapp.query import And, Everything, Field, Node, Not, Phrase, Word, YearRange, parse_query
from searchapp.query.ast import text_clauses
from searchapp.query.parser import MAX_CLAUSES, MAX_QUERY_CHARACTERS


def sketch(node: Node) -> str:
    """A tree in one line: "phrase", word, field=value, !not, (a & b)."""
    match node:
        case Everything():
            return "*"
        case Phrase():
            return f'"{node.literal}"'
        case Word():
            return node.literal
        case Field(value=YearRange(first=first, last=last)):
            return f"{node.name}={first}..{last}"
        case Field():
            return f"{node.name}={node.value}"
        case Not():
            return f"!{sketch(node.child)}"
        case And():
            return "(" + " & ".join(sketch(child) for child in node.children) + ")"


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("", "*"),
        ("  \u3000 ", "*"),
        ("党建", "党建"),
        ("党建 引领", "(党建 & 引领)"),
        ("党建\u3000引领", "(党建 & 引领)"),
        ('"两个维护"', '"两个维护"'),
        ("＂两个维护＂", '"两个维护"'),
        ("“两个维护”", '"两个维护"'),
        ('"做到“两个维护”"', '"做到"两个维护""'),
        ("“做到“两个维护”上来”", '"做到"两个维护"上来"'),
        ("做到“两个维护”", '做到"两个维护"'),
        ('党建"引领"', '(党建 & "引领")'),
        (r'"\"引\" \*\*局"', '""引"**局"'),
        ("**局", "**局"),
        ("-四风", "!四风"),
        ("党建 -四风", "(党建 & !四风)"),
        ("党建 －四风", "(党建 & !四风)"),
        ("NOT 四风", "!四风"),
        ("党建 非 四风", "(党建 & !四风)"),
        ("非公党建", "非公党建"),
        ("2021-2023", "2021-2023"),
        ('-"四 风"', '!"四风"'),
        ("NOT NOT 四风", "四风"),
        ("单位:水务局", "unit=水务局"),
        ("单位：水务局 党建", "(unit=水务局 & 党建)"),
        ('unit:"水务 局"', "unit=水务局"),
        ("UNIT:x", "unit=x"),
        ("-单位:水务局", "!unit=水务局"),
        ("年份:2023", "year=2023..2023"),
        ("年份:2021..2023", "year=2021..2023"),
        ("年份:２０２３年", "year=2023..2023"),
        ("年份:二〇二三年", "year=2023..2023"),
        ("year:2021..", "year=2021..None"),
        ("year:..2021", "year=None..2021"),
        ("year:2023..2021", "year=2021..2023"),
        ("栏目:组织建设 部分:存在问题 文种:主体责任报告", "(section=组织建设 & part=存在问题 & kind=主体责任报告)"),
        (
            "小标题:四风 标题:汇编 回顾年:2022 计划年:2024",
            "(heading=四风 & title=汇编 & review_year=2022..2022 & plan_year=2024..2024)",
        ),
        ("机关工委：按照", "机关工委:按照"),
        ("本单位:水务局", "本单位:水务局"),
        ("地区:甲市 层级:市级", "(place=甲市 & level=市级)"),
        ("部门:水务局 主送:市委", "(department=水务局 & addressee=市委)"),
    ],
)
def test_queries_mean_what_the_language_says(query: str, meaning: str) -> None:
    parsed = parse_query(query)
    assert sketch(parsed.root) == meaning
    assert parsed.diagnostics == ()


@pytest.mark.parametrize(
    ("query", "meaning", "span"),
    [
        ('"两个维护', '"两个维护"', (0, 5)),
        ("党建 “四风", '(党建 & "四风")', (3, 6)),
        ('党建 ""', "党建", (3, 5)),
        ("年份:去年", "去年", (3, 5)),
        ("单位:", "*", (0, 3)),
        ("党建 NOT ", "(党建 & not)", None),
        ("单位: -党建", "!党建", (0, 3)),
        ("\u200b", "*", (0, 1)),
    ],
)
def test_what_does_not_fit_is_mended_and_said(query: str, meaning: str, span: tuple[int, int] | None) -> None:
    parsed = parse_query(query)
    assert sketch(parsed.root) == meaning
    assert parsed.diagnostics
    if span is not None:
        assert [(told.start, told.end) for told in parsed.diagnostics] == [span]


def test_limits_refuse_plainly() -> None:
    parse_query("党" * MAX_QUERY_CHARACTERS)
    with pytest.raises(QueryRefusedError, match="太长"):
        parse_query("党" * (MAX_QUERY_CHARACTERS + 1))
    parse_query(" ".join(["党"] * MAX_CLAUSES))
    with pytest.raises(QueryRefusedError, match="条件"):
        parse_query(" ".join(["党"] * (MAX_CLAUSES + 1)))


queries = st.text(
    alphabet=st.one_of(st.sampled_from('党 "“”-－:：\\*非NOT单位年份\u3000..2023{}()'), st.characters()), max_size=80
)


@given(queries)
def test_nothing_a_person_types_raises_and_spans_lie_inside(query: str) -> None:
    try:
        parsed = parse_query(query)
    except QueryRefusedError:
        return
    for told in parsed.diagnostics:
        assert 0 <= told.start <= told.end <= len(query)
    for clause in text_clauses(parsed.root):
        start, end = clause.span
        assert 0 <= start < end <= len(query)
        assert clause.literal


def test_parsing_is_quick_on_hostile_input() -> None:
    for hostile in ('"' * 512, "“" * 512, "-" * 512, "单位:" * 170, "\\" * 512, "- " * 256):
        began = time.perf_counter()
        with contextlib.suppress(QueryRefusedError):
            parse_query(hostile)
        assert time.perf_counter() - began < 0.1
