"""The measures, the collection and the tool that measures ranking."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.evaluate.__main__ import main
from benchmarks.evaluate.baselines import BM25
from benchmarks.evaluate.collection import Document, grouped, read_collection
from benchmarks.evaluate.measures import cross_validated, ndcg, paired_ratio, quality, reciprocal_rank
from benchmarks.evaluate.systems import first_best


def test_ndcg_discounts_by_place_and_counts_grades() -> None:
    grades = {"甲": 2, "乙": 1}
    best = 2 + 1 / math.log2(3)
    assert ndcg(["甲", "乙"], grades) == pytest.approx(1.0)
    assert ndcg(["丙", "乙", "甲"], grades) == pytest.approx((1 / math.log2(3) + 2 / math.log2(4)) / best)
    assert ndcg(["丙"] * 10 + ["甲"], grades) == 0.0


def test_reciprocal_rank_and_recall_have_their_depths() -> None:
    assert reciprocal_rank(["丙", "甲"], {"甲": 1}) == 0.5
    assert reciprocal_rank(["丙"] * 10 + ["甲"], {"甲": 1}) == 0.0
    found = [str(at) for at in range(150)]
    assert quality([found], [{"99": 1, "100": 1}]).recall.tolist() == [0.5]


def test_the_interval_of_a_ratio_holds_it_and_knows_equals() -> None:
    values = np.linspace(0.0, 1.0, 60)
    same = paired_ratio(values, values)
    assert (same.value, same.low, same.high) == (1.0, 1.0, 1.0)
    better = paired_ratio(values + 0.1, values)
    assert 1.0 < better.low < better.value < better.high


def test_cross_validation_never_lets_a_question_choose_for_itself() -> None:
    # Each setting is perfect on one question and nothing elsewhere: what is chosen elsewhere must fail here.
    held_out, chosen = cross_validated(list(np.eye(10)))
    assert held_out.sum() == 0.0
    assert len(chosen) == 5


def test_bm25_is_lucenes() -> None:
    scores = BM25([["党建", "党建", "引领"], ["引领"]]).scores(["党建", "党建", "无"])
    idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    assert scores.tolist() == pytest.approx([idf * 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2)), 0.0])


def test_equal_scores_keep_their_order() -> None:
    assert first_best(np.array([1.0, 2.0, 2.0, 1.0, 0.0]), 3) == [1, 2, 0]


def test_articles_of_a_statute_are_one_report_by_number() -> None:
    titles = ["甲法第一百二十条", "乙法第2条", "甲法第九条", "通知", "通知"]
    documents = tuple(Document(str(at), title, "") for at, title in enumerate(titles))
    assert list(grouped(documents).values()) == [[2, 0], [1], [3], [4]]


@pytest.fixture
def small_collection(tmp_path: Path) -> Path:
    """Twelve articles, six questions; the answer to each question shares its words."""
    subjects = ["租金支付", "土地承包", "食堂采购", "商标注册", "劳动合同", "房屋抵押"]
    rows = [
        {"_id": f"d{at}", "title": f"甲法第{at + 1}条", "text": f"{s}应当依照规定办理。"}
        for at, s in enumerate(subjects)
    ]
    rows += [{"_id": f"n{at}", "title": "", "text": f"其他事项之{at}另行规定。"} for at in range(6)]
    _write(tmp_path / "corpus.jsonl", rows)
    _write(tmp_path / "queries.jsonl", [{"_id": f"q{at}", "text": f"{s}怎么办？"} for at, s in enumerate(subjects)])
    lines = [f"q{at}\td{at}\t1" for at in range(6)]
    (tmp_path / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *lines, "q0\tn1\t0"]), "utf-8")
    return tmp_path


def test_a_collection_is_read_as_it_stands(small_collection: Path) -> None:
    collection = read_collection(small_collection)
    assert len(collection.documents) == 12
    assert collection.questions[0].relevant == {"d0": 1}


def test_the_tool_measures_every_system(small_collection: Path) -> None:
    result = CliRunner().invoke(main, [str(small_collection)])
    assert result.exit_code == 0, result.output
    for name in ("BM25 词", "BM25 二字组", "BM25 两者相加", "公式", "公式，不看前后段"):
        assert f"| {name} | 1.0000 | 1.0000 | 1.0000 |" in result.output
    assert "五折交叉验证" in result.output


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
