"""Ranking for questions: arrays against plain loops, and what the formula promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.engines.embedded.question_model import WEIGHTS, QuestionRanker, QuestionWeights, feedback_weights, grams
from searchapp.literal.block_counts import Holding, holding_of
from searchapp.literal.builder import build_literal
from searchapp.literal.clauses import ClauseIndex, LiteralTexts
from searchapp.literal.text_index import LiteralIndex
from searchapp.search.weights import WordField
from tests.oracle.questions import Constants, PlainBlock, Questions
from tests.oracle.questions import grams as plain_grams

ALPHABET = "党建引领a2，。 "
blocks_drawn = st.lists(
    st.tuples(st.text(ALPHABET, max_size=12), st.sampled_from("甲乙")), min_size=1, max_size=14
).map(lambda drawn: [PlainBlock(text, pieces(text), report) for text, report in sorted(drawn, key=lambda d: d[1])])
weights_drawn = st.builds(
    QuestionWeights,
    smoothing=st.sampled_from((0.5, 3.0)),
    feedback_blocks=st.integers(0, 4),
    feedback_bigrams=st.integers(0, 4),
    least_blocks=st.integers(1, 3),
    neighbours=st.sampled_from((0.0, 0.1)),
)


def pieces(text: str) -> list[str]:
    """A stand-in for jieba: words of two characters."""
    return [run[at : at + 2] for run in "".join(grams(text, 1)).split() for at in range(0, len(run), 2)]


class CountedWords:
    """Words out of a list of blocks; the other fields are never asked for."""

    def __init__(self, blocks: Sequence[PlainBlock]) -> None:
        self._counts = [Counter(block.words) for block in blocks]

    def holding(self, field: WordField, word: str) -> Holding:
        assert field == "words"
        return holding_of(np.array([counts[word] for counts in self._counts], dtype=np.int64))


def ranker_over(folder: Path, blocks: Sequence[PlainBlock], weights: QuestionWeights | None = None) -> QuestionRanker:
    folder.mkdir(exist_ok=True)
    build_literal(folder, [block.text for block in blocks])
    lengths = np.array([len(block.words) for block in blocks], dtype=np.float64)
    reports = np.array([ord(block.report) for block in blocks])
    index = LiteralIndex(folder)
    texts = LiteralTexts(index, ClauseIndex(index))
    return QuestionRanker(texts, CountedWords(blocks), lengths, reports, weights or QuestionWeights())


def block(text: str, report: str = "甲") -> PlainBlock:
    return PlainBlock(text, pieces(text), report)


@settings(max_examples=150)
@given(blocks=blocks_drawn, question=st.text(ALPHABET + "无", max_size=10), weights=weights_drawn)
def test_arrays_and_plain_loops_give_the_same_scores(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[PlainBlock], question: str, weights: QuestionWeights
) -> None:
    words = list(dict.fromkeys(pieces(question)))
    ranker = ranker_over(tmp_path_factory.mktemp("literal"), blocks, weights)
    plain = Questions(blocks, Constants(**asdict(weights))).scores(question, words)
    assert ranker.scores(question, words).tolist() == pytest.approx(plain, abs=2e-6)


def test_a_library_without_blocks_has_no_scores(tmp_path: Path) -> None:
    assert Questions([]).scores("党建", ["党建"]) == []
    assert ranker_over(tmp_path, []).scores("党建", ["党建"]).tolist() == []


def test_a_question_without_letters_leaves_all_blocks_alike(tmp_path: Path) -> None:
    blocks = [block("党建引领"), block("引领，党建。")]
    assert ranker_over(tmp_path, blocks).scores("，。！", []).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("党建引领基层治理", "引领党风基础建设"),  # the words, not only the characters
        ("食堂采购不规范", "食堂扩建已完成工"),  # more of the question
        ("食堂采购", "食堂采购以及其他许多完全不相干的各种事情"),  # the same in fewer words
    ],
)
def test_the_better_answer_comes_first(tmp_path: Path, better: str, worse: str) -> None:
    blocks = [block(worse, "甲"), block(better, "乙"), *(block(f"无关的话{at}", "丙") for at in range(5))]
    question = "党建引领怎么做" if "党" in better else "食堂采购有什么问题"
    scores = ranker_over(tmp_path, blocks).scores(question, pieces(question))
    assert scores[1] == max(scores)
    assert scores[1] > scores[0]


def test_feedback_raises_a_block_that_only_shares_the_subject_of_the_best(tmp_path: Path) -> None:
    blocks = [
        block("拖欠租金的承租人应当支付租金", "甲"),
        block("承租人逾期支付租金的出租人可以解除", "乙"),
        block("出租人可以请求承租人限期支付", "丙"),
        block("图书馆应当定期开放各阅览室", "丁"),
        *(block(f"其他事项第{at}项另行规定", chr(0x5000 + at)) for at in range(6)),
    ]
    without = QuestionWeights(feedback_share=0.0, neighbours=0.0)
    with_it = QuestionWeights(neighbours=0.0)
    question = "拖欠租金"
    plain = ranker_over(tmp_path / "a", blocks, without).scores(question, pieces(question))
    raised = ranker_over(tmp_path / "b", blocks, with_it).scores(question, pieces(question))
    assert raised[2] - raised[3] > plain[2] - plain[3]


def test_neighbours_count_within_a_report_only(tmp_path: Path) -> None:
    blocks = [block("食堂采购", "甲"), block("无关文字", "甲"), block("无关文字", "乙")]
    scores = ranker_over(tmp_path, blocks).scores("食堂采购", pieces("食堂采购"))
    assert scores[1] > scores[2]


@pytest.mark.parametrize(
    ("text", "size", "found"),
    [
        ("党建，引领", 2, ["党建", "引领"]),
        ("a 1_二", 1, ["a", "1", "二"]),
        ("党", 2, []),
        ("好好好", 2, ["好好", "好好"]),
    ],
)
def test_grams_never_span_what_is_no_letter(text: str, size: int, found: list[str]) -> None:
    assert grams(text, size) == plain_grams(text, size) == found


@given(text=st.text(), size=st.integers(1, 3))
def test_grams_of_any_text_are_those_of_the_oracle(text: str, size: int) -> None:
    assert grams(text, size) == plain_grams(text, size)


def test_the_constants_are_those_of_the_oracle() -> None:
    assert asdict(WEIGHTS) == asdict(Constants())


def test_feedback_weights_are_ordered_and_never_negative() -> None:
    weights = feedback_weights([{"租金": 2, "应当": 1}, {"租金": 1}], [10.0, 10.0], {"租金": 3, "应当": 500}, 1000.0)
    assert [bigram for bigram, _ in weights] == ["租金", "应当"]
    assert weights[0][1] > 0.0
    assert weights[1][1] == 0.0
