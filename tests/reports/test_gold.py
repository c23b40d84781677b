"""Reading against gold made by hand: the sample corpus, and real reports where at hand (docs/inside/gold.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

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
from searchapp.reports.gold import MISSING, NONE, Score, evaluate, parse_gold

GOLD = Path(__file__).resolve().parents[1] / "gold"
CORPUS = Path(__file__).resolve().parents[2] / "corpus"
LEAST = {"kind": 0.98, "headings": 0.98, "part": 0.97, "topic": 0.93, "metadata": 0.97}
# The cue tables were tuned on the second of every two government reports; the first of every two measures them.
LEAST_TUNED = {"kind": 0.98, "part": 0.95, "topic": 0.9, "metadata": 0.97}
LEAST_UNSEEN = {"kind": 0.98, "part": 0.9, "topic": 0.78, "metadata": 0.95}


def gold_of(name: str) -> list[dict[str, Any]]:
    return parse_gold((GOLD / name).read_text(encoding="utf-8").splitlines())


def read(paths: Iterable[Path]) -> list[Report]:
    readings = [read_report_file(path.read_bytes(), f"库/{path.name}") for path in paths]
    return [report for reading in readings for report in reading.reports]


def too_low(scores: Mapping[str, Score], least: Mapping[str, float]) -> dict[str, float]:
    return {name: scores[name].accuracy for name, bound in least.items() if scores[name].accuracy < bound}


def test_the_sample_corpus_is_read_as_by_hand() -> None:
    gold = gold_of("corpus.jsonl")
    paths = sorted(path for path in CORPUS.iterdir() if path.suffix in (".txt", ".docx"))
    assert {each["file"] for each in gold} == {path.name for path in paths}
    scores = evaluate(gold, read(paths)).scores
    assert too_low(scores, LEAST) == {}
    assert scores["topic"].total > 500


def test_the_eleven_reports_are_read_as_by_hand(shared: Path) -> None:
    scores = evaluate(gold_of("reports.jsonl"), read(sorted((shared / "reports").glob("*.txt")))).scores
    assert too_low(scores, LEAST) == {}
    assert scores["metadata"].accuracy == 1.0


@pytest.mark.parametrize(("half", "least"), [(0, LEAST_UNSEEN), (1, LEAST_TUNED)], ids=["unseen", "tuned"])
def test_twelve_government_reports_are_read_as_by_hand(shared: Path, half: int, least: dict[str, float]) -> None:
    gold = gold_of("reports_real.jsonl")
    files = sorted({each["file"] for each in gold})
    assert files == sorted(path.name for path in (shared / "reports_real").glob("*.txt"))[::13]
    chosen = files[half::2]
    lines = [each for each in gold if each["file"] in chosen]
    scores = evaluate(lines, read(shared / "reports_real" / name for name in chosen)).scores
    assert too_low(scores, least) == {}
    assert scores["topic"].total > 120


def test_as_many_paragraphs_are_without_a_topic_as_by_hand(shared: Path) -> None:
    blocks = [block for each in read(sorted((shared / "reports_real").glob("*.txt"))) for block in each.blocks]
    paragraphs = [block for block in blocks if block.kind == "paragraph"]
    assert 0.1 < sum(not block.topics for block in paragraphs) / len(paragraphs) < 0.22


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
