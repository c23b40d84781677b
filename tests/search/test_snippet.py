"""Snippets and highlights on the original text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from searchapp.query import And, Node, Not, Phrase, Word
from searchapp.reports.model import Block, SourcePosition
from searchapp.search.compiled_query import CompiledQuery
from searchapp.search.highlight import highlights, merged
from searchapp.search.occurrences import occurrences
from searchapp.search.snippet import MAX_SNIPPET_CHARACTERS, Snippet, fragments
from searchapp.text.analyzer import Analyzer
from searchapp.text.normalize import normalize
from searchapp.text.punctuation import blind


def block(text: str, marks: tuple[tuple[int, int], ...] = ()) -> Block:
    return Block("paragraph", text, "k", SourcePosition("f", 1), marks=marks)


def marked(query: Node, of: Block) -> tuple[tuple[int, int], ...]:
    return highlights(CompiledQuery(query, Analyzer().words), of)


WORDS = ("党建", "引领", "党建引领", "“两个维护”", "x")


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A text of short clauses, and every occurrence of some words in it; no clause is longer than 13 characters."""
    pieces = st.sampled_from([*WORDS, "甲乙丙丁戊", "子丑", "…", "1,234"])
    ends = st.sampled_from([*"。，；：", "。”", "！", "、", "\n"])
    clauses = draw(st.lists(st.tuples(st.lists(pieces, max_size=2), ends), max_size=draw(st.sampled_from([5, 60]))))
    text = "".join("".join(words) + end for words, end in clauses)
    words = draw(st.lists(st.sampled_from(WORDS), unique=True))
    return text, tuple(sorted({(at, at + len(word)) for word in words for at in occurrences(text, word)}))


def parts(text: str, spans: Iterable[tuple[int, int]]) -> set[str]:
    return {blind(text[start:end]) for start, end in spans}


def shown(snippet: Snippet) -> list[tuple[int, int]]:
    return [mark for stretch in snippet.stretches for mark in stretch.marks]


@given(st.text(alphabet="党建引领，。 x", max_size=600), st.data(), st.sampled_from([1, 7, 40, MAX_SNIPPET_CHARACTERS]))
def test_stretches_are_short_apart_and_hold_the_spans_they_claim(text: str, data: st.DataObject, limit: int) -> None:
    starts = data.draw(st.lists(st.integers(0, len(text) - 1), max_size=20)) if text else []
    lengths = data.draw(st.lists(st.integers(1, 30), min_size=len(starts), max_size=len(starts)))
    spans = tuple(sorted({(at, min(len(text), at + size)) for at, size in zip(starts, lengths, strict=True)}))
    snippet = fragments(text, spans, limit)
    assert 1 <= len(snippet.stretches) <= 3
    assert sum(stretch.end - stretch.start for stretch in snippet.stretches) <= limit
    edges = [edge for stretch in snippet.stretches for edge in (stretch.start, stretch.end)]
    assert edges == sorted(edges)
    assert all(left.end < right.start for left, right in pairwise(snippet.stretches))
    assert all(s.start <= start < end <= s.end for s in snippet.stretches for start, end in s.marks)
    assert bool(shown(snippet)) == bool(spans)
    assert len(shown(snippet)) + snippet.further == len(spans)
    if any(end - start <= limit for start, end in spans):
        assert set(shown(snippet)) <= set(spans)


@given(marked_texts())
def test_cuts_stand_at_the_ends_of_clauses_and_divide_no_mark(
    case: tuple[str, tuple[tuple[int, int], ...]],
) -> None:
    text, spans = case
    for stretch in fragments(text, spans).stretches:
        for cut in (stretch.start, stretch.end):
            assert not any(start < cut < end for start, end in spans)
            assert cut in (0, len(text)) or text[cut - 1] in "。，；：！、…”\n", text[max(0, cut - 5) : cut + 5]
        assert stretch.start == 0 or text[stretch.start] not in "。，；：！、"


@given(marked_texts())
def test_three_parts_are_always_shown_and_all_where_one_stretch_holds_them(
    case: tuple[str, tuple[tuple[int, int], ...]],
) -> None:
    text, spans = case
    snippet = fragments(text, spans)
    asked = parts(text, spans)
    assert len(parts(text, shown(snippet))) >= min(3, len(asked))
    windows = (
        [(start, end) for start, end in spans if first <= start and end <= first + MAX_SNIPPET_CHARACTERS]
        for first, _ in spans
    )
    if any(parts(text, window) == asked for window in windows):
        assert len(snippet.stretches) == 1
        assert parts(text, shown(snippet)) == asked


def test_a_stretch_begins_after_a_clause_end_and_is_the_densest() -> None:
    text = "甲" * 300 + "，党建" + "乙" * 200 + "。党建引领党建引领" + "丙" * 100
    (stretch,) = fragments(text, found(text, "党建")).stretches
    assert len(stretch.marks) == 2
    assert text[stretch.start :].startswith("党建引领")
    assert fragments(text, found(text, "党建")).further == 1


def test_parts_far_apart_are_shown_in_a_stretch_each() -> None:
    filler = "这里说的是别的事情。" * 40
    text = f"{filler}全面推进党建工作。{filler}坚持水库除险加固，{filler}建设美丽河湖。{filler}"
    snippet = fragments(text, found(text, "党建", "除险加固", "河湖"))
    assert [text[start:end] for start, end in shown(snippet)] == ["党建", "除险加固", "河湖"]
    assert len(snippet.stretches) == 3
    assert all(text[stretch.start - 1] in "。，" for stretch in snippet.stretches)
    two = fragments(text, found(text, "党建", "除险加固"))
    assert len(two.stretches) == 2
    assert sum(stretch.end - stretch.start for stretch in two.stretches) > 80


def test_spans_that_differ_in_punctuation_only_are_the_same_part() -> None:
    filler = "别的" * 100
    text = f"做到“两个维护”。{filler}，做到两个，维护。"
    snippet = fragments(text, ((3, 7), (len(text) - 6, len(text) - 1)))
    assert len(snippet.stretches) == 1
    assert snippet.further == 1


def test_a_sentence_end_is_better_than_a_clause_end() -> None:
    text = "前言，" * 60 + "第一句说党建。" + "第二句，" * 20 + "完。" + "第三句，" * 60
    (stretch,) = fragments(text, found(text, "党建")).stretches
    assert text[: stretch.end].endswith("完。")


def test_a_number_is_not_cut_at_its_comma() -> None:
    text = "投入资金1,234,567元" * 30
    (stretch,) = fragments(text, ((4, 6),)).stretches
    assert stretch.end - stretch.start == MAX_SNIPPET_CHARACTERS


def test_the_end_of_a_text_is_shown_with_more_before_it() -> None:
    text = "甲" * 400 + "党建"
    (stretch,) = fragments(text, found(text, "党建")).stretches
    assert (stretch.start, stretch.end) == (len(text) - MAX_SNIPPET_CHARACTERS, len(text))


def test_a_text_without_spans_is_shown_from_its_beginning() -> None:
    (stretch,) = fragments("上半年抓党建。" * 40, ()).stretches
    assert (stretch.start, stretch.end, stretch.marks) == (0, 154, ())


def test_a_span_longer_than_a_snippet_is_cut() -> None:
    snippet = fragments("x" * 500, ((100, 400),))
    (stretch,) = snippet.stretches
    assert stretch.marks == ((stretch.start, stretch.end),) == ((100, 260),)
    assert snippet.further == 0


def found(text: str, *words: str) -> tuple[tuple[int, int], ...]:
    return tuple(sorted((at, at + len(word)) for word in words for at in occurrences(text, word)))


def test_highlights_are_the_asked_for_text_in_the_original() -> None:
    text = "坚决做到“两 个维護”，做到「两个维护」。"
    found = marked(Phrase.of("两个维护"), block(text))
    assert [text[start:end] for start, end in found] == ["两 个维護", "两个维护"]


def test_highlights_bridge_a_publishers_mark() -> None:
    text = "主题##m##教育"
    assert marked(Phrase.of("主题教育"), block(text, ((2, 7),))) == ((0, len(text)),)


def test_a_word_that_does_not_stand_there_is_shown_by_its_jieba_words() -> None:
    text = "落实举措，压实创新"
    found = marked(Word.of("创新举措"), block(text))
    assert [text[start:end] for start, end in found] == ["举措", "创新"]
    assert marked(Phrase.of("创新举措"), block(text)) == ()


def test_what_is_excluded_is_not_highlighted() -> None:
    query = And((Word.of("落实"), Not(Word.of("责任"))))
    assert marked(query, block("落实责任")) == ((0, 2),)


@given(st.text(alphabet="党a１ ，*", max_size=40), st.text(alphabet="党a1，*", min_size=1, max_size=3))
def test_every_highlight_normalizes_to_the_phrase(text: str, phrase: str) -> None:
    if not normalize(phrase):
        return
    for start, end in marked(Phrase.of(phrase), block(text)):
        assert normalize(text[start:end]) == normalize(phrase)


def test_overlapping_spans_merge_for_marking() -> None:
    assert merged(((0, 2), (1, 3), (3, 4), (6, 7))) == [(0, 4), (6, 7)]
