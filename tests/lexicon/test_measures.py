"""Counts, cohesion and branching entropy equal what plain loops over the texts give."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp.lexicon import ngrams
from searchapp.lexicon.coding import CodedTexts, code_texts
from searchapp.lexicon.ngrams import frequent_grams

LONGEST = 5
Measures = tuple[int, float, float, float]


def coded(texts: Sequence[str]) -> CodedTexts:
    return code_texts(texts, list)


def measured(texts: Sequence[str], least: int) -> dict[str, Measures]:
    codes = coded(texts)
    found: dict[str, Measures] = {}
    for each in frequent_grams(codes, LONGEST, least):
        for number, text in enumerate(each.texts):
            measures = (each.counts[number], each.cohesion[number], each.left[number], each.right[number])
            found[text] = tuple(map(float, measures))  # type: ignore[assignment]
    return found


def expected(texts: Sequence[str], least: int) -> dict[str, Measures]:
    runs = [run for text in texts for run in _runs(text)]
    counts = Counter(run[at : at + n] for run in runs for n in range(1, LONGEST + 1) for at in range(len(run) - n + 1))
    total = sum(len(run) for run in runs)
    found = {}
    for gram, count in counts.items():
        if len(gram) > 1 and count >= least:
            cohesion = min(
                math.log2(count * total / (counts[gram[:cut]] * counts[gram[cut:]])) for cut in range(1, len(gram))
            )
            left, right = _neighbours(texts, gram)
            found[gram] = (count, cohesion, _entropy(left), _entropy(right))
    return found


def _runs(text: str) -> Iterator[str]:
    run = ""
    for char in text + "。":
        if char.isalpha():
            run += char
        else:
            yield run
            run = ""


def _neighbours(texts: Sequence[str], gram: str) -> tuple[list[str], list[str]]:
    left, right = [], []
    for number, text in enumerate(texts):
        framed = f"。{text}。"
        for at in range(len(framed)):
            if framed.startswith(gram, at):
                for side, place in ((left, at - 1), (right, at + len(gram))):
                    char = framed[place]
                    side.append("0" if char.isdigit() else char if char.isalpha() else f"{number}:{place}")
    return left, right


def _entropy(neighbours: Sequence[str]) -> float:
    total = len(neighbours)
    return -sum(count / total * math.log2(count / total) for count in Counter(neighbours).values())


@pytest.mark.parametrize("at_once", [1, 4, ngrams.NUMBERED_AT_ONCE])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(alphabet="甲乙丙丁a，。1", max_size=14), min_size=1, max_size=6), least=st.integers(1, 3))
def test_measures_equal_those_of_plain_loops(
    monkeypatch: pytest.MonkeyPatch, at_once: int, texts: list[str], least: int
) -> None:
    monkeypatch.setattr(ngrams, "NUMBERED_AT_ONCE", at_once)
    found, wanted = measured(texts, least), expected(texts, least)
    assert set(found) == set(wanted)
    for gram, measures in wanted.items():
        assert found[gram] == pytest.approx(measures, abs=1e-3), gram


def test_nothing_reaches_over_the_end_of_a_block_or_a_punctuation_mark() -> None:
    assert set(measured(["甲乙", "丙丁，甲乙", "丙丁，甲乙"], 2)) == {"甲乙", "丙丁"}


def test_a_library_without_text_has_no_n_grams() -> None:
    assert measured([], 1) == {}
    assert measured(["", "，，"], 1) == {}


def test_words_begin_where_they_are_cut() -> None:
    cut = {"两个，维护两个": ["两个", "维护", "两个"], "5a级": ["5a", "级"]}
    codes = code_texts(cut, cut.__getitem__)
    assert [int(at) for at in codes.begins.nonzero()[0]] == [1, 4, 6, 9, 11]
    assert codes.words == {"两个": 1, "维护": 1, "5a": 1, "级": 1}
