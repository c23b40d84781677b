"""Marking never loses, adds or lets through a character."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from searchapp.web.markup import Layer, Span, marked

spans = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5)


@pytest.mark.parametrize(
    ("text", "layers", "shown"),
    [
        ("党建引领", {}, "党建引领"),
        ("党建引领", {"hit": [(0, 2)]}, "<mark>党建</mark>引领"),
        ("党建引领", {"hit": [(0, 3), (2, 4)]}, "<mark>党建引领</mark>"),
        ("党建", {"hit": [(1, 9)]}, "党<mark>建</mark>"),
        ("党建", {"hit": [(1, 1)]}, "党建"),
        ("改革［1］了", {"dim": [(2, 5)]}, '改革<span class="dim">［1］</span>了'),
        (
            "（一）党建。好",
            {"run_in": [(0, 6)], "hit": [(3, 5)]},
            '<b class="run-in">（一）</b><b class="run-in"><mark>党建</mark></b><b class="run-in">。</b>好',
        ),
        ("<b>&\"'", {"hit": [(0, 1)]}, "<mark>&lt;</mark>b&gt;&amp;&#34;&#39;"),
    ],
)
def test_spans_become_tags(text: str, layers: dict[Layer, list[Span]], shown: str) -> None:
    assert str(marked(text, layers)) == shown


@given(st.text(max_size=30), st.tuples(spans, spans, spans), st.integers(0, 30), st.integers(0, 30))
def test_the_text_inside_the_tags_is_the_stretch_asked_for(
    text: str, layers: tuple[list[Span], list[Span], list[Span]], start: int, length: int
) -> None:
    start = min(start, len(text))
    end = min(len(text), start + length)
    hits, dims, run_ins = layers
    shown = str(marked(text, {"hit": hits, "dim": dims, "run_in": run_ins}, start, end))
    bare = re.sub(r"</?(?:mark|b|span)(?: class=\"[a-z-]+\")?>", "", shown)
    assert bare == str(escape(text[start:end]))
    for tag in ("mark", "b", "span"):
        assert len(re.findall(rf"<{tag}[ >]", shown)) == shown.count(f"</{tag}>")
