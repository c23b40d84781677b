"""Reading against gold made by hand: the sample corpus, and the eleven reports where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.reports import (
    Block,
    Metadata,
    PartSpan,
    Report,
    ReportSource,
    SourcePosition,
    TopicCue,
    read_report_file,
)
from searchapp.reports.gold import MISSING, NONE, evaluate, parse_gold

GOLD = Path(__file__).resolve().parents[1] / "gold"
CORPUS = Path(__file__).resolve().parents[2] / "corpus"
LEAST = {"kind": 0.98, "headings": 0.97, "part": 0.97, "topic": 0.93, "metadata": 0.9}


def read(folder: Path) -> list[Report]:
    readings = [read_report_file(path.read_bytes(), f"库/{path.name}") for path in sorted(folder.glob("*.txt"))]
    return [report for reading in readings for report in reading.reports]


def test_the_sample_corpus_is_read_as_by_hand() -> None:
    gold = parse_gold((GOLD / "corpus.jsonl").read_text(encoding="utf-8").splitlines())
    scores = evaluate(gold, read(CORPUS)).scores
    assert {name: score.accuracy for name, score in scores.items() if score.accuracy < LEAST[name]} == {}
    assert scores["topic"].total > 250


def test_the_eleven_reports_are_read_as_by_hand(shared: Path) -> None:
    gold = parse_gold((GOLD / "reports.jsonl").read_text(encoding="utf-8").splitlines())
    scores = evaluate(gold, read(shared / "reports")).scores
    assert {name: score.accuracy for name, score in scores.items() if score.accuracy < LEAST[name]} == {}
    assert scores["metadata"].accuracy == 1.0


def report() -> Report:
    block = Block(
        "paragraph",
        "读书",
        "k",
        SourcePosition("库/甲.txt", 3),
        headings=("一、甲",),
        parts=(PartSpan("回顾", (0, 1), "回"), PartSpan("安排", (1, 2), "安")),
        topics=(TopicCue("组织建设", "支部"), TopicCue("作风建设", "作风")),
    )
    return Report("", Metadata("题", unit="甲局"), (block,), (ReportSource("库/甲.txt", 3, 3),), "")


@pytest.mark.parametrize(
    ("entry", "field", "miss"),
    [
        ({"kind": "paragraph"}, "kind", None),
        ({"kind": "heading"}, "kind", ("heading", "paragraph")),
        ({"headings": ["一、甲"]}, "headings", None),
        ({"headings": []}, "headings", (NONE, "一、甲")),
        ({"depth": 1}, "headings", None),
        ({"level": 2}, "headings", ("2", "0")),
        ({"parts": ["回顾", "安排"]}, "part", None),
        ({"parts": ["回顾"]}, "part", ("回顾", "回顾、安排")),
        ({"topic": "组织建设"}, "topic", None),
        ({"topic": None}, "topic", (NONE, "组织建设")),
        ({"report": {"unit": "甲局"}}, "metadata", None),
        ({"report": {"year": 2022}}, "metadata", ("2022", NONE)),
    ],
)
def test_each_field_is_judged(entry: dict[str, object], field: str, miss: tuple[str, str] | None) -> None:
    evaluation = evaluate([{"file": "甲.txt", "line": 3, **entry}], [report()])
    score = evaluation.scores[field]
    assert (score.right, score.total, dict(score.confusion)) == (int(miss is None), 1, {miss: 1} if miss else {})
    assert [(each.expected, each.found) for each in evaluation.misses] == ([miss] if miss else [])


def test_a_block_that_is_missing_is_wrong_in_every_field() -> None:
    evaluation = evaluate([{"file": "甲.txt", "line": 9, "kind": "heading", "topic": None}], [report()])
    assert [each.found for each in evaluation.misses] == [MISSING, MISSING]
    assert evaluation.scores["part"].accuracy == 1.0


@pytest.mark.parametrize("lines", [["{"], ["", "[]"], ['{"file": "甲"}']])
def test_a_line_that_is_no_gold_is_named(lines: list[str]) -> None:
    with pytest.raises(ValueError, match=f"第 {len(lines)} 行"):
        parse_gold(lines)
