"""Many texts at once give the words that each gives alone, and where they begin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.text.analyzer import Analyzer
from searchapp.text.normalize import normalize, normalize_all
from searchapp.text.word_table import BulkCutter

SIGNS = "党的建设发展经济工作2023.5,，。、“”%3a gdp_x〇㐀鿖\U00020000éß١.-－…\n\u200b·"
TEXTS = st.lists(st.text(st.sampled_from(SIGNS), max_size=30).map(normalize), max_size=6)


def table_words(texts: Sequence[str], cutter: BulkCutter) -> list[list[str]]:
    table = cutter.cut(texts)
    joined = table.points.tobytes().decode("utf-32-le")
    words = [table.vocabulary[number] for number in table.numbers.tolist()]
    for start, word in zip(table.starts.tolist(), words, strict=True):
        assert joined.startswith(word, start)
    assert joined.split("\0")[:-1] == list(texts)
    limits = table.limits.tolist()
    return [words[begin:end] for begin, end in pairwise(limits)]


@given(st.lists(st.text(st.sampled_from("党發ＡaB1 　，“\u200b\ufeff\U00020000é①㈠…\0\ud800x")), max_size=6))
def test_texts_together_are_normalized_as_each_is(texts: list[str]) -> None:
    assert normalize_all(texts) == [normalize(text) for text in texts]


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_texts_together_have_the_words_of_each(texts: list[str]) -> None:
    analyzer = Analyzer()
    cutter = BulkCutter(analyzer)
    for some in (texts, texts[1:]):
        assert table_words(some, cutter) == [analyzer.words(text) for text in some]


@pytest.mark.parametrize("backend", ["rjieba", "jieba"])
def test_both_segmenters_take_runs_together(backend: str) -> None:
    pytest.importorskip(backend)
    analyzer = Analyzer(["全面从严治党主体责任"], backend)  # type: ignore[arg-type]
    texts = [
        "2023年，落实全面从严治党主体责任3.5次；gdp增长5.2%。",
        "",
        "〇〇一二三，co2排放、u盘与3d打印（x.y）",
        "结婚的和尚未结婚的  工信处女干事每月经过下属科室",
    ]
    texts = [normalize(text) for text in texts]
    assert table_words(texts, BulkCutter(analyzer)) == [analyzer.words(text) for text in texts]


def test_no_texts_have_no_words() -> None:
    assert table_words([], BulkCutter(Analyzer())) == []
    assert table_words(["", "，。"], BulkCutter(Analyzer())) == [[], []]
