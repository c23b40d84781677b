"""Normalization N: its laws as properties, its rules as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.text.normalize import normalize, normalize_with_map

# Characters that fold, vanish, widen or stand by white space, among ordinary ones.
TRICKY = "党 \t\u3000\u200b\ufeff\u00adＡａB１2“”‘’「」—–－-…㎏½´⼀乾著後İß\ufe0f\n\r\x0b \x00*＊！，。"
texts = st.text(alphabet=st.one_of(st.sampled_from(TRICKY), st.characters()), max_size=40)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("黨的領導", "党的领导"),
        ("“两个维护”", '"两个维护"'),
        ("「两个」『维护』", '"两个""维护"'),
        ("‘四风’", "'四风'"),
        ("一 是 二\u3000是", "一是二是"),
        ("CD ROM  3", "cd rom 3"),
        ("第 3 季度", "第3季度"),
        ("GDP 增长", "gdp增长"),
        ("主题\u200b教育\ufeff", "主题教育"),
        ("——－﹣", "----"),
        ("  首尾  ", "首尾"),
        ("⼀⼆", "一二"),
        ("93.5％", "93.5%"),
        ("，，。！", ",,。!"),
        ("a\u200b b", "a b"),
        ("a\x00b", "ab"),
    ],
)
def test_characters_fold_to_one_form(text: str, expected: str) -> None:
    assert normalize(text) == expected


@given(texts, st.data())
def test_the_normal_form_of_a_substring_is_a_substring_of_the_normal_form(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert normalize(text[start:end]) in normalize(text)


@given(texts)
def test_normalizing_twice_changes_nothing(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(texts)
def test_the_map_gives_every_normalized_character_its_origin(text: str) -> None:
    mapped = normalize_with_map(text)
    assert mapped.text == normalize(text)
    assert len(mapped.offsets) == len(mapped.text)
    assert list(mapped.offsets) == sorted(mapped.offsets)
    for position, char in enumerate(mapped.text):
        start, end = mapped.original_span(position, position + 1)
        assert end == start + 1
        assert char == " " or char in normalize(text[start])


@given(texts, st.data())
def test_skipped_spans_are_as_if_they_were_not_there(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=4)))
    skip = [(cuts[0], cuts[1])] + ([(cuts[2], cuts[3])] if len(cuts) == 4 else [])
    left = "".join(text[i] for i in range(len(text)) if not any(a <= i < b for a, b in skip))
    mapped = normalize_with_map(text, skip)
    assert mapped.text == normalize(text, skip) == normalize(left)
    assert not any(a <= offset < b for offset in mapped.offsets for a, b in skip)


def test_a_mark_inside_a_phrase_is_bridged_and_shown() -> None:
    text = "主题##mark##教育"
    mapped = normalize_with_map(text, [(2, 10)])
    assert mapped.text == "主题教育"
    assert mapped.original_span(0, 4) == (0, len(text))
