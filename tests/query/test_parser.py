"""The query language: what is written, what it means, what is mended."""

from __future__ import annotations

import contextlib
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import QueryRefusedError
from searchapp.query import And, Everything, Field, Gap, Near, Node, Not, Or, Phrase, Word, YearRange, parse_query
from searchapp.query.ast import literals, text_clauses
from searchapp.query.parser import MAX_CLAUSES, MAX_NESTING, MAX_QUERY_CHARACTERS, MAX_TEXT_CHARACTERS
from tests.timing import takes_less


def sketch(node: Node) -> str:
    """A tree in one line: "phrase"^2, word, [gap{0,12}gap], <near ~20 near>, field=value, !not, (a & b), (a | b)."""
    match node:
        case Everything():
            return "*"
        case Phrase() | Word() | Gap() | Near():
            return _clause(node) + (f"^{node.weight:g}" if node.weight != 1 else "")
        case Field(value=YearRange(first=first, last=last)):
            return f"{node.name}={first}..{last}"
        case Field():
            return f"{node.name}={node.value}"
        case Not():
            return f"!{sketch(node.child)}"
        case And() | Or():
            sign = " & " if isinstance(node, And) else " | "
            return "(" + sign.join(sketch(child) for child in node.children) + ")"


def _clause(node: Phrase | Word | Gap | Near) -> str:
    match node:
        case Phrase():
            return f'"{node.literal}"'
        case Word():
            return node.literal
        case Gap():
            gaps = zip(node.bounds, node.parts[1:], strict=True)
            return "[" + node.parts[0] + "".join(f"{{{a},{b}}}{part}" for (a, b), part in gaps) + "]"
        case Near():
            links = zip(node.links, node.operands[1:], strict=True)
            rest = (f" {'>' if link.ordered else '~'}{link.distance} {other.literal}" for link, other in links)
            return "<" + node.operands[0].literal + "".join(rest) + ">"


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
        ("A OR B", "(a | b)"),
        ("A 或 B｜C|D", "(a | b | c | d)"),
        ("A B OR C -D", "((a & b) | (c & !d))"),
        ("A AND B 且 C", "(a & b & c)"),
        ("(A OR B) C", "((a | b) & c)"),
        ("（A 或 B） -（C D）", "((a | b) & !(c & d))"),
        ("NOT(A OR B)", "!(a | b)"),
        ("非 （A 或 B）", "!(a | b)"),
        ("((((A B))))", "(a & b)"),
        ("-(党建)", "!党建"),
        ("（一）加强党的建设 （二）全面", "((一)加强党的建设 & (二)全面)"),
        ("(党建)", "(党建)"),
        ("关于（试行）的通知", "关于(试行)的通知"),
        ("(关于（试行）的通知 OR 办法)", "(关于(试行)的通知 | 办法)"),
        ("A) B", "(a) & b)"),
        ("()", "()"),
        ("或许 非凡 ORDER", "(或许 & 非凡 & order)"),
        ('"开展*教育"', "[开展{0,12}教育]"),
        ("“开展＊教育”", "[开展{0,12}教育]"),
        ('"关于{0,40}重要指示批示精神"', "[关于{0,40}重要指示批示精神]"),
        ('"关于｛2，40｝指示"', "[关于{2,40}指示]"),
        ('"关于{3}指示{,5}精神"', "[关于{3,3}指示{0,5}精神]"),
        ('"张**同志"', "[张{0,24}同志]"),
        (r'"\*局"', '"*局"'),
        (r'"a\{2}b"', '"a{2}b"'),
        ('"a{x}b"', '"a{x}b"'),
        ("张*同志", "张*同志"),
        ('"主体责任" NEAR/20 "监督责任"', "<主体责任 ~20 监督责任>"),
        ("主体责任 PRE/5 监督责任 邻近／3 党建", "<主体责任 >5 监督责任 ~3 党建>"),
        ("A 先后/4 B C", "(<a >4 b> & c)"),
        ("党建 near/3 NEARBY", "<党建 ~3 nearby>"),
        ('"主体责任 监督责任"~20', "<主体责任 ~20 监督责任>"),
        ("“主体责任 监督责任 党建”～20", "<主体责任 ~20 监督责任 ~20 党建>"),
        ('"党建"^3 引领^2', '("党建"^3 & 引领^2)'),
        ("(甲 乙^2)^0.5 党建^3月", "(甲^0.5 & 乙 & 党建^3月)"),
        ('("a b"~2)^3', "<a ~2 b>^3"),
        ("单位:(水务局 OR 财政局)", "(unit=水务局 | unit=财政局)"),
        ("年份:（2021 或 2023） 党建", "((year=2021..2021 | year=2023..2023) & 党建)"),
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
        ("A OR", "a", (2, 4)),
        ("OR A", "a", (0, 2)),
        ("|", "|", (0, 1)),
        ("或", "或", (0, 1)),
        ("NEAR/3", "near/3", (0, 6)),
        ("A AND", "a", (2, 5)),
        ("A NEAR/3", "a", (2, 8)),
        ("PRE/3 A", "a", (0, 5)),
        ("A NEAR B", "<a ~20 b>", (2, 6)),
        ('"a" NEAR/3 (b OR c)', '("a" & (b | c))', (4, 10)),
        ("A NEAR/3 -B", "(a & !b)", (2, 8)),
        ("(A", "(a", (0, 1)),
        ("( )", "*", (0, 3)),
        ('"*局"', '"局"', (0, 4)),
        ('"a{3,1}b"', "[a{1,3}b]", (2, 7)),
        ('"a{0,9999}b"', "[a{0,500}b]", (2, 10)),
        ('"主体责任"~20', '"主体责任"', (0, 6)),
        ('"a*b c"~3', "[a{0,12}b c]", (0, 7)),
        ("A^900", "a^100", (1, 5)),
        ("单位:水务局^3", "unit=水务局", (6, 8)),
    ],
)
def test_what_does_not_fit_is_mended_and_said(query: str, meaning: str, span: tuple[int, int] | None) -> None:
    parsed = parse_query(query)
    assert sketch(parsed.root) == meaning
    assert parsed.diagnostics
    if span is not None:
        assert [(told.start, told.end) for told in parsed.diagnostics] == [span]


def test_limits_refuse_plainly() -> None:
    long = "党建 ".ljust(MAX_QUERY_CHARACTERS + 1, "领")
    assert sketch(parse_query(long).root) == long.replace(" ", "")
    with pytest.raises(QueryRefusedError, match="太长"):
        parse_query("-" + long)
    with pytest.raises(QueryRefusedError, match="太长"):
        parse_query("党" * (MAX_TEXT_CHARACTERS + 1))
    parse_query("(a " * MAX_NESTING + ")" * MAX_NESTING)
    with pytest.raises(QueryRefusedError, match="太深"):
        parse_query("(a " * (MAX_NESTING + 1) + ")" * (MAX_NESTING + 1))
    parse_query(" ".join(["党"] * MAX_CLAUSES))
    with pytest.raises(QueryRefusedError, match="条件"):
        parse_query(" ".join(["党"] * (MAX_CLAUSES + 1)))


queries = st.text(
    alphabet=st.one_of(
        st.sampled_from('党 "“”-－:：\\*非NOT或OR|｜~^（）＊/单位年份NEAR/PRE/\u3000..2023{},()'), st.characters()
    ),
    max_size=80,
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
        assert all(literals(clause))


def test_parsing_is_quick_on_hostile_input() -> None:
    signs = (
        '"',
        "“",
        "-",
        "单位:",
        "\\",
        "- ",
        "(",
        ")",
        "()",
        "( ",
        "|",
        "OR ",
        "A|",
        "A NEAR/1 ",
        "NOT ",
        '"*"',
        "{",
        "a^1",
    )
    for sign in (*signs, '"{1,2}" ', "（非 ", '-("', "“（”）"):
        hostile = (sign * 512)[:512]
        assert takes_less(0.1, partial(_parse, hostile), tries=20)


def _parse(query: str) -> None:
    with contextlib.suppress(QueryRefusedError):
        parse_query(query)
