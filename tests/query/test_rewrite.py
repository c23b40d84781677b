"""Conditions asked twice are asked once; what is inside a phrase or nearness stays."""

from __future__ import annotations

import pytest

from searchapp.query import parse_query
from searchapp.query.ast import text_clauses
from searchapp.query.rewrite import once
from searchapp.query.unparse import write


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("党建 党建", "党建"),
        ("党建 OR 党建", "党建"),
        ("党建 黨建", "党建"),
        ("ＧＤＰ OR GDP", "ＧＤＰ"),
        ('"党建" "党建"', '"党建"'),
        ("党建 NOT 的 NOT 的", "党建 NOT 的"),
        ("党建^3 党建", "党建^3"),
        ("单位:水务 单位:水务", "单位:水务"),
        ("(党建 OR 引领) (党建 OR 引领 OR 党建)", "党建 OR 引领"),
        ("党建 OR (党建 党建)", "党建"),
        ('"党建*引领" "党建*引领"', '"党建*引领"'),
        ("党建 NEAR/3 党建 党建 NEAR/3 党建", "党建 NEAR/3 党建"),
    ],
)
def test_what_is_asked_twice_is_asked_once(typed: str, kept: str) -> None:
    query = parse_query(typed).root
    assert write(once(query)) == write(parse_query(kept).root)
    assert list(text_clauses(once(query))) == list(text_clauses(query))


@pytest.mark.parametrize(
    "typed",
    [
        '党建 "党建"',  # a word is found by its jieba words too
        '"党建党建"',
        "党建 NEAR/3 党建",
        "党建 NEAR/3 引领 党建 NEAR/5 引领",
        "单位:水务 OR 标题:水务",
        "党建 NOT 党建",
        "(党建 OR 引领) OR (党建 责任)",
        "",
    ],
)
def test_what_differs_stays(typed: str) -> None:
    query = parse_query(typed).root
    assert once(query) == query
