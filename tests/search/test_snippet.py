"""Fragments and highlights on the original text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from searchapp.query import And, Not, Phrase, Word
from searchapp.reports.model import Block, SourcePosition
from searchapp.search.highlight import highlights, merged
from searchapp.search.snippet import MAX_FRAGMENT_CHARACTERS, best_fragment
from searchapp.text.analyzer import Analyzer
from searchapp.text.normalize import normalize


def block(text: str, marks: tuple[tuple[int, int], ...] = ()) -> Block:
    return Block("paragraph", text, "k", SourcePosition("f", 1), marks=marks)


@given(st.text(alphabet="党建引领，。 x", max_size=600), st.data())
def test_a_fragment_is_short_and_holds_the_spans_it_claims(text: str, data: st.DataObject) -> None:
    starts = data.draw(st.lists(st.integers(0, max(0, len(text) - 1)), max_size=12)) if text else []
    spans = tuple(sorted({(at, min(len(text), at + 4)) for at in starts}))
    fragment = best_fragment(text, spans)
    assert 0 <= fragment.start <= fragment.end <= len(text)
    assert fragment.end - fragment.start <= MAX_FRAGMENT_CHARACTERS
    assert all(fragment.start <= start < end <= fragment.end for start, end in fragment.marks)
    assert bool(fragment.marks) == bool(spans)
    assert len(fragment.marks) + fragment.further == len(spans)


def test_a_fragment_begins_after_a_clause_end_and_shows_the_densest_stretch() -> None:
    text = "甲" * 300 + "，党建" + "乙" * 200 + "。党建引领党建引领" + "丙" * 100
    spans = tuple((at, at + 2) for at in range(len(text)) if text.startswith("党建", at))
    fragment = best_fragment(text, spans)
    assert len(fragment.marks) == 2
    assert fragment.further == 1
    assert text[fragment.start :].startswith("党建引领")


def test_a_span_longer_than_a_fragment_is_cut() -> None:
    fragment = best_fragment("x" * 500, ((100, 400),))
    assert fragment.marks == ((fragment.start, fragment.end),)


def test_highlights_are_the_asked_for_text_in_the_original() -> None:
    text = "坚决做到“两 个维護”，做到「两个维护」。"
    found = highlights(Phrase.of("两个维护"), block(text), Analyzer().words)
    assert [text[start:end] for start, end in found] == ["两 个维護", "两个维护"]


def test_highlights_bridge_a_publishers_mark() -> None:
    text = "主题##m##教育"
    assert highlights(Phrase.of("主题教育"), block(text, ((2, 7),)), Analyzer().words) == ((0, len(text)),)


def test_a_word_that_does_not_stand_there_is_shown_by_its_jieba_words() -> None:
    text = "落实举措，压实创新"
    found = highlights(Word.of("创新举措"), block(text), Analyzer().words)
    assert [text[start:end] for start, end in found] == ["举措", "创新"]
    assert highlights(Phrase.of("创新举措"), block(text), Analyzer().words) == ()


def test_what_is_excluded_is_not_highlighted() -> None:
    query = And((Word.of("落实"), Not(Word.of("责任"))))
    assert highlights(query, block("落实责任"), Analyzer().words) == ((0, 2),)


@given(st.text(alphabet="党a１ ，*", max_size=40), st.text(alphabet="党a1，*", min_size=1, max_size=3))
def test_every_highlight_normalizes_to_the_phrase(text: str, phrase: str) -> None:
    if not normalize(phrase):
        return
    for start, end in highlights(Phrase.of(phrase), block(text), Analyzer().words):
        assert normalize(text[start:end]) == normalize(phrase)


def test_overlapping_spans_merge_for_marking() -> None:
    assert merged(((0, 2), (1, 3), (3, 4), (6, 7))) == [(0, 4), (6, 7)]
