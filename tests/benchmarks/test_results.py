"""Results: runs are merged, documents are made from them, and a whole run goes through."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from benchmarks.__main__ import main
from benchmarks.aims import judged
from benchmarks.documents import write_documents
from benchmarks.figures import COSTS, exactness, ratio, slope
from benchmarks.passages import write_passages
from benchmarks.peers import Passage, Query
from benchmarks.queries import QueryClass
from benchmarks.registry import PEERS
from benchmarks.results import corpus, merge, read_results, write_results
from benchmarks.starting import first_answers, memory_serving
from benchmarks.words import with_words

ENGINE, PEER = "searchapp-whoosh", "fts5-words"


def _facts(paragraphs: int, drawn: str = "a") -> dict[str, Any]:
    classes = {
        "phrase, rare": {"note": "few", "kind": "phrase", "true": [3, 5]},
        "gap": {"note": "with something between", "kind": "gap", "true": [1]},
    }
    sizes = {"paragraphs": paragraphs, "blocks": paragraphs, "characters": paragraphs * 250}
    name = f"{paragraphs:,} generated paragraphs"
    return {"name": name, "generated": True, "seed": 1, "drawn": drawn, "classes": classes, **sizes}


def _answers(ms: float, gaps: bool) -> dict[str, Any]:
    found = {"first": [ms, 2 * ms], "again": [ms, ms], "totals": [3, 4]}
    gap = [ms if gaps else None]
    return {
        "classes": {"phrase, rare": found, "gap": {"first": gap, "again": gap, "totals": [1 if gaps else None]}},
        "facets_exact": True,
    }


def _made(seconds: float) -> dict[str, float]:
    return {"seconds": seconds, "processor_seconds": seconds, "peak_bytes": 1 << 28, "bytes": 1 << 24}


@pytest.fixture
def results(tmp_path: Path) -> dict[str, Any]:
    """Two sizes; searchapp takes 2 ms and 3 ms, its peer 4 ms and 8 ms; indexing takes four times as long."""
    found: dict[str, Any] = {"corpora": {}}
    for paragraphs, ours, theirs, seconds in ((15_000, 2.0, 4.0, 10.0), (60_000, 3.0, 8.0, 40.0)):
        part = corpus(found, f"generated-{paragraphs}", _facts(paragraphs))
        merge(part, "answers", {ENGINE: _answers(ours, True), PEER: _answers(theirs, False)})
        merge(part, "counts", {ENGINE: _answers(ours, True), PEER: _answers(theirs, False)})
        merge(part, "indexing", {ENGINE: _made(seconds), PEER: _made(seconds / 2)})
        start = {"import": 200.0, "open": 100.0, "answer": 20.0, "whole": 400.0}
        starts = {"fresh": start, "cold": {name: [ms, ms] for name, ms in start.items()}}
        merge(part, "starts", {ENGINE: starts})
        memory = dict.fromkeys(("alone", "anonymous", "private", "shared", "adds"), 90 << 20)
        merge(part, "memory", {ENGINE: {**memory, "jieba_loaded": False}})
    write_results(tmp_path / "results.json", found)
    return read_results(tmp_path / "results.json")


def test_a_run_replaces_what_it_measured_and_leaves_the_rest(results: dict[str, Any]) -> None:
    part = corpus(results, "generated-60000", _facts(60_000))
    merge(part, "answers", {PEER: _answers(1.0, False)})
    assert part["answers"][PEER]["classes"]["phrase, rare"]["first"] == [1.0, 2.0]
    assert part["answers"][ENGINE]["classes"]["phrase, rare"]["first"] == [3.0, 6.0]
    assert results["corpora"]["generated-15000"]["answers"][PEER]["classes"]["phrase, rare"]["first"] == [4.0, 8.0]


def test_answers_to_other_queries_are_dropped(results: dict[str, Any]) -> None:
    part = corpus(results, "generated-60000", _facts(60_000, drawn="b"))
    assert "answers" not in part
    assert part["indexing"][ENGINE]["seconds"] == 40.0


def test_ratios_are_of_queries_that_both_answered(results: dict[str, Any]) -> None:
    part = results["corpora"]["generated-60000"]
    assert ratio(part, ENGINE, PEER, "first") == pytest.approx(4.5 / 12)
    assert ratio(part, ENGINE, "xapian", "first") is None


def test_totals_are_held_to_the_truth(results: dict[str, Any]) -> None:
    part = results["corpora"]["generated-60000"]
    found = exactness(part, PEER, "phrase, rare")
    assert found is not None
    assert (found.queries, found.exact, found.too_few, found.too_many) == (2, 1, 1, 0)
    assert exactness(part, PEER, "gap") is None


def test_slopes_and_aims(results: dict[str, Any]) -> None:
    indexing = next(cost for cost in COSTS if cost.name == "indexing")
    assert slope(indexing.points(results, ENGINE)) == pytest.approx(1.0)
    assert slope([(10, 5)]) is None
    found = {of.figure: of for of in judged(results)}
    assert found["whoosh, 60,000, fresh process to first answer"].reached is True
    assert found["whoosh, 60,000, memory serving"].measured == "90 MiB"
    assert found["tantivy, 60,000, memory serving"].reached is None
    results["corpora"]["generated-60000"]["starts"][ENGINE]["fresh"]["whole"] = 1_500.0
    assert {of.figure: of for of in judged(results)}["whoosh, 60,000, fresh process to first answer"].reached is False


def test_documents_hold_tables_and_plots(results: dict[str, Any], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    engines = tmp_path / "operating" / "engines.md"
    engines.parent.mkdir()
    begin, end = "<!-- figures: made by `make bench` -->", "<!-- figures: end -->"
    engines.write_text(f"before\n{begin}\nold\n{end}\nafter\n", encoding="utf-8")
    written = {path.name: path.read_text(encoding="utf-8") for path in write_documents(tmp_path, results)}
    page = written["results.md"]
    assert "| searchapp, whoosh | 3 | 20.0 / 20.0 | 3.0 / 6.0 | 3.0 / 3.0 |" in page
    assert "| SQLite FTS5, jieba words | cannot | cannot | 1 of 2 (−1 +0) | cannot | cannot |" in page
    assert all(f"]({name})" in page for name in written if name.endswith(".svg"))
    assert written["engines.md"].startswith(f"before\n{begin}\n| paragraphs: engine |")
    assert "old" not in written["engines.md"] and written["engines.md"].endswith(f"{end}\nafter\n")
    again = {path.name: path.read_text(encoding="utf-8") for path in write_documents(tmp_path, results)}
    assert again == written
    assert "growth.svg" in written
    for name, text in written.items():
        if name.endswith(".svg"):
            ET.fromstring(text)
            assert "prefers-color-scheme:dark" in text
            assert not any(f"#0{number}0{number}0{number}" in text for number in range(1, 4))


def test_fresh_processes_and_memory_are_measured(tmp_path: Path) -> None:
    passages = [Passage(str(n), f"落实主体责任第{n}号", "局", "2022", "建设") for n in range(20)]
    folder = tmp_path / "index"
    folder.mkdir()
    PEERS[PEER].make(write_passages(tmp_path / "passages.jsonl", passages), folder, lambda done: None)
    classes = [QueryClass("phrase, rare", "", (with_words(Query(("主体责任",), "phrase")),))]
    indexes = {PEERS[PEER]: folder}
    starts = first_answers(indexes, classes, 1, 1, lambda message: None)[PEER]
    assert starts["fresh"]["whole"] > starts["fresh"]["answer"] > 0
    assert len(starts["cold"]["whole"]) == 1
    memory = memory_serving(indexes, classes, lambda message: None)[PEER]
    assert memory["alone"] >= memory["anonymous"] > 0
    assert 0 < memory["adds"] < memory["alone"]
    assert memory["jieba_loaded"] is False


def test_a_whole_run_writes_results_and_is_taken_up_again(tmp_path: Path) -> None:
    work, docs = tmp_path / "work", tmp_path / "docs"
    base = ["--sizes", "60", "--queries", "30", "--rounds", "1", "--work", str(work), "--docs", str(docs)]
    base += ["--engines", "whoosh"]
    ran = CliRunner().invoke(main, [*base, "--peers", "fts5-trigram", "--stages", "indexing,answers"])
    assert ran.exit_code == 0, ran.output
    first = json.loads((docs / "benchmarks/results.json").read_text(encoding="utf-8"))
    made = (work / "generated-60-1" / ENGINE / "made.json").stat().st_mtime_ns
    ran = CliRunner().invoke(main, [*base, "--peers", "grep", "--stages", "counts"])
    assert ran.exit_code == 0, ran.output
    assert (work / "generated-60-1" / ENGINE / "made.json").stat().st_mtime_ns == made
    part = read_results(docs / "benchmarks/results.json")["corpora"]["generated-60"]
    assert part["answers"] == first["corpora"]["generated-60"]["answers"]
    assert set(part["counts"]) == {ENGINE, "grep"}
    for name in part["facts"]["classes"]:
        for peer in (ENGINE, "fts5-trigram", "grep"):
            found = exactness(part, peer, name)
            assert found is None or found.exact == found.queries, (name, peer)
    assert part["answers"][ENGINE]["facets_exact"]
    page = (docs / "benchmarks/results.md").read_text(encoding="utf-8")
    assert "## 60 generated paragraphs" in page
