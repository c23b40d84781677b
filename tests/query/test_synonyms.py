"""Synonyms in a query: which clauses are widened, and to what."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.query import And, Gap, Near, Not, Or, Phrase, Word, parse_query
from searchapp.query.synonyms import MAX_ALTERNATIVES, Synonyms, with_synonyms

TABLE = Synonyms([("三不腐", "不敢腐、不能腐、不想腐"), ("党委", "党组", "党工委")])


def test_a_member_becomes_any_of_its_group_with_its_weight_and_span() -> None:
    tree, told = with_synonyms(parse_query("落实 三不腐^3").root, TABLE)
    assert isinstance(tree, And)
    widened = tree.children[1]
    assert isinstance(widened, Or)
    assert widened.span == (3, 6)
    assert widened.children == (
        Word("三不腐", "三不腐", (3, 6), 3.0),
        Phrase("不敢腐、不能腐、不想腐", "不敢腐、不能腐、不想腐", (3, 6), 3.0),
    )
    assert [(each.text, each.members, each.span) for each in told] == [("三不腐", ("不敢腐、不能腐、不想腐",), (3, 6))]


def test_the_comparison_is_in_normal_form() -> None:
    tree, _ = with_synonyms(parse_query('"黨 委"').root, TABLE)
    assert isinstance(tree, Or)
    assert [child.literal for child in tree.children if isinstance(child, Phrase)] == ["党委", "党组", "党工委"]


@pytest.mark.parametrize("query", ["-三不腐", "落实 -(三不腐 OR 甲)", "NOT 三不腐"])
def test_exclusions_are_widened_too(query: str) -> None:
    tree, told = with_synonyms(parse_query(query).root, TABLE)
    assert len(told) == 1
    excluded = tree.children[-1] if isinstance(tree, And) else tree
    assert isinstance(excluded, Not) and isinstance(excluded.child, Or)


@pytest.mark.parametrize(
    "query", ['"三不腐*机制"', "三不腐 NEAR/5 机制", '"三不腐 机制"~5', "单位:党委", "三不腐败", ""]
)
def test_gaps_nearness_fields_and_longer_texts_stay(query: str) -> None:
    root = parse_query(query).root
    assert with_synonyms(root, TABLE) == (root, ())
    assert isinstance(root, Gap | Near) or "~" not in query


def test_groups_that_share_a_member_are_one_whatever_the_circles() -> None:
    table = Synonyms([("a", "b"), ("c", "d"), ("b", "c"), ("d", "a"), ("e", "E", "Ｅ"), ("", " ", "f")])
    assert [set(group) for group in table.groups] == [{"a", "b", "c", "d"}]
    assert set(table.others("a")) == {"b", "c", "d"}
    assert table.others("e") == table.others("f") == table.others("z") == ()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdefghij"), max_size=4), max_size=8))
def test_groups_are_the_components_of_the_table(rows: list[list[str]]) -> None:
    table = Synonyms(rows)
    for one in "abcdefghij":
        reached = {one}
        while larger := {each for row in rows if reached & set(row) for each in row} - reached:
            reached |= larger
        assert set(table.others(one)) == reached - {one}
    assert len({member for group in table.groups for member in group}) == sum(map(len, table.groups))


def test_a_query_grows_no_further_than_its_limit() -> None:
    table = Synonyms([[f"甲{number}" for number in range(200)], [f"乙{number}" for number in range(200)]])
    tree, told = with_synonyms(parse_query("甲1 乙1").root, table)
    assert isinstance(tree, And)
    assert isinstance(tree.children[0], Or) and isinstance(tree.children[1], Word)
    assert [each.refused for each in told] == [False, True]
    assert len(tree.children[0].children) <= MAX_ALTERNATIVES + 1


def test_a_long_chain_of_groups_is_one_group() -> None:
    table = Synonyms([(f"词{number}", f"词{number + 1}") for number in range(50_000, 0, -1)])
    assert len(table.others("词7")) == 50_000
