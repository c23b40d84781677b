"""Trees as typed text: what is left out, replaced or loosened can be typed, and means what was intended."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from searchapp.query import Near, Node, Phrase, Word, parse_query
from searchapp.query.ast import And, Not, Or, text_clauses
from searchapp.query.rewrite import replacing, unbound, unquoted, without
from searchapp.query.unparse import same_meaning, write

PIECES = (
    "党建", "四风", '"两个维护"', "“做到“两个”维护”", "OR", "或", "|", "AND", "且", "NOT 四风", "-党建", "非 党建", "(",
    ")", '"主体责任"^3', "(党建 OR 四风)^0.5", '"甲 乙"~5', '"开展*教育"', '"a{2,5}b"', "党建 NEAR/5 四风",
    '"甲" PRE/3 "乙" PRE/4 丙', "单位:水务", "-年份:2021..2023", "栏目:(a OR b)", '标题:"x y"', "-(党建 四风)",
)  # fmt: skip
typed_texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map(" ".join)


def removable(node: Node) -> list[Node]:
    match node:
        case And(children=children) | Or(children=children):
            return [each for child in children for each in removable(child)]
        case Near(operands=operands):
            return [*operands]
        case _:
            return [node]


@settings(max_examples=150, deadline=None)
@given(typed_texts)
def test_what_was_typed_is_written_so_that_it_means_the_same(typed: str) -> None:
    root = parse_query(typed).root
    assert same_meaning(parse_query(write(root, typed)).root, root)


@settings(max_examples=150, deadline=None)
@given(typed_texts, st.data())
def test_what_is_left_and_what_is_loosened_can_be_typed(typed: str, data: st.DataObject) -> None:
    root = parse_query(typed).root
    left = without(root, {data.draw(st.sampled_from(removable(root)))})
    for tree in (left, unbound(root), unquoted(root, str.split)):
        if tree is not None:
            assert same_meaning(parse_query(write(tree, typed)).root, tree)


@settings(max_examples=100, deadline=None)
@given(typed_texts)
def test_a_clause_is_replaced_in_its_place(typed: str) -> None:
    root = parse_query(typed).root
    clause = next((each for each in text_clauses(root) if isinstance(each, Word | Phrase)), None)
    assume(clause is not None)
    assert clause is not None
    tree = replacing(root, clause, "别的话")
    found = list(text_clauses(parse_query(write(tree, typed)).root))
    assert any(isinstance(each, type(clause)) and each.literal == "别的话" for each in found)


def test_the_whole_of_it_may_be_left_out() -> None:
    root = parse_query("党建").root
    assert without(root, {root}) is None


@pytest.mark.parametrize(
    ("typed", "dropped", "left"),
    [
        ("A OR B", "A", "B"),
        ("A OR B OR C", "B", "A OR C"),
        ("A NEAR/5 B", "A", "B"),
        ("A NEAR/5 B", "B", "A"),
        ("甲 NEAR/5 乙 PRE/3 丙", "丙", "甲 NEAR/5 乙"),
        ("甲 NEAR/5 乙 PRE/3 丙", "乙", "甲 丙"),
        ('"甲 乙"~5', "甲", '"乙"'),
        ('"甲 乙 丙"~5', "丙", '"甲" NEAR/5 "乙"'),
        ("(A OR B) C", "A", "B C"),
        ("(A OR B) C", "C", "A OR B"),
        ("A 或 B 或 C", "A", "B 或 C"),
        ("A 且 B 且 C", "A", "B 且 C"),
        ('"甲"^3 乙', "乙", '"甲"^3'),
        ("(A B)^2 C", "A", "B^2 C"),
        ("A -(B OR C)", "A", "-(B OR C)"),
        ("A (B OR (C D))", "B", "A C D"),
        ("A (B OR (C D))", "C", "A (B OR D)"),
        ('甲 "没有闭合', "甲", '"没有闭合"'),
        ("甲 “没有“闭合”", "甲", "“没有“闭合””"),
        ("A AND B", "B", "A"),
        ("NOT A B", "B", "NOT A"),
        ("甲 非 乙 丙", "丙", "甲 非 乙"),
    ],
)
def test_what_is_left_has_no_dangling_operator(typed: str, dropped: str, left: str) -> None:
    root = parse_query(typed).root
    chosen = {node for node in removable(root) if isinstance(node, Word | Phrase) and node.text == dropped}
    tree = without(root, chosen)
    assert tree is not None
    assert write(tree, typed) == left
    reparsed = parse_query(left)
    assert same_meaning(reparsed.root, tree) and not reparsed.diagnostics


@pytest.mark.parametrize(
    ("typed", "unquoted_text", "unbound_text"),
    [
        ('"甲" 乙', "甲 乙", '"甲" 乙'),
        ('"甲*乙"', "甲 乙", '"甲" "乙"'),
        ('"甲 乙"~5', "甲 乙", '"甲" "乙"'),
        ('"甲" NEAR/5 乙', '"甲" NEAR/5 乙', '"甲" 乙'),
        ('"甲"^3 OR -"乙"', '甲^3 OR -"乙"', '"甲"^3 OR -"乙"'),
        ('("甲" NEAR/2 "乙")^3 | 丙', '("甲" NEAR/2 "乙")^3 | 丙', '"甲"^3 "乙"^3 | 丙'),
        ("栏目:(甲 OR 乙) 丙", "(栏目:甲 OR 栏目:乙) 丙", "(栏目:甲 OR 栏目:乙) 丙"),
    ],
)
def test_loosening_keeps_everything_else(typed: str, unquoted_text: str, unbound_text: str) -> None:
    root = parse_query(typed).root
    assert write(unquoted(root, str.split), typed) == unquoted_text
    assert write(unbound(root), typed) == unbound_text


def test_programs_own_trees_are_written_too() -> None:
    tree = And((Phrase.of('说"*"'), Not(Or((Word.of("甲"), Word.of("乙"))))))
    assert write(tree) == r'"说\"\*\"" -(甲 OR 乙)'
    assert same_meaning(parse_query(write(tree)).root, tree)


def test_what_cannot_be_typed_is_told_by_comparing() -> None:
    tree = And((Word.of("甲"), Word.of("OR"), Word.of("乙")))
    assert not same_meaning(parse_query(write(tree)).root, tree)
