"""A node killed (SIGKILL) while it is asked and while it is written to: every answer right or refused, nothing lost.

Needs the project's own cluster (``make test-opensearch``), since only its processes may be killed.
"""

from __future__ import annotations

import json
import os
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from pathlib import Path

import pytest

from searchapp.engines.base import Reader
from searchapp.engines.embedded.packed_report import PackedReport
from searchapp.errors import LibraryError
from searchapp.query import parse_query
from searchapp.reports import Report
from searchapp.search.request import Filters, SearchRequest
from searchapp.text.analyzer import Analyzer
from tests.libraries import analyzed, index_in, reports_of
from tests.opensearch.cluster import URL_VARIABLE, Cluster, cluster
from tests.opensearch.nodes import Node
from tests.oracle import ORACLE

pytest.importorskip("opensearchpy", reason="opensearch-py is not installed")
pytest.importorskip("searchapp.engines.opensearch", reason="there is no opensearch engine")

from searchapp.engines.opensearch import OpensearchEngine, OpensearchSettings

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
COPIES = 6
ASKERS = 3
MOST_SECONDS = 60
"""Of a run of queries; it ends as soon as it has seen what it waits for."""

QUERIES = ("党建", "主体责任", "“两个维护”", "“意识形态*责任制”", "问题 整改", "的", "年份:2023 组织", "党建 -四风")


Teller = Callable[[str], None]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Teller:
    """Says a line to whoever runs the tests: how many were right and refused is a figure, not only a verdict."""

    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", flush=True)

    return say


@pytest.fixture(scope="module")
def ours() -> Iterator[Cluster]:
    """The cluster, whose nodes may be killed: at its end all of them run again."""
    found = cluster()
    if os.environ.get(URL_VARIABLE) != found.urls or any(node.pid() is None for node in found.nodes):
        pytest.skip(f"{URL_VARIABLE} 没有指向本项目自己的集群（make test-opensearch）")
    yield found
    found.start()


@pytest.fixture
def engine(ours: Cluster) -> Iterator[OpensearchEngine]:
    """An engine whose indices are its own, two copies of each shard; they are removed in the end."""
    prefix = f"faults-{os.getpid()}-{time.monotonic_ns()}"
    settings = OpensearchSettings(tuple(node.url for node in ours.nodes), prefix, replicas="1", timeout=60)
    yield OpensearchEngine(Analyzer(), settings)
    ours.start()
    asked(ours.nodes[0], f"/{prefix}-*", "DELETE")


@pytest.fixture(scope="module")
def library() -> list[PackedReport]:
    """The sample corpus several times over, each copy under ids of its own."""
    reports = analyzed(reports_of(CORPUS))
    return [
        replace(each, id=f"{number:012x}") for number, each in enumerate(islice(cycle(reports), COPIES * len(reports)))
    ]


def asked(node: Node, path: str, method: str = "GET") -> object:
    """What a node says."""
    request = urllib.request.Request(f"{node.url}{path}", method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def manager(ours: Cluster) -> Node:
    """The node that manages the cluster now."""
    told = asked(ours.nodes[0], "/_cat/cluster_manager?format=json")
    assert isinstance(told, list)
    return next(node for node in ours.nodes if node.name == told[0]["node"])


def written(engine: OpensearchEngine, reports: Sequence[PackedReport], folder: Path) -> Reader:
    """A library of these reports."""
    folder.mkdir()
    writer = engine.open_writer(folder, None)
    for report in reports:
        writer.add_report(report)
    writer.commit([report.report.id for report in reports])
    return engine.open_reader(folder)


def requests() -> list[SearchRequest]:
    """Ten pages of hits in document order, which no score decides, and all counts and facets with them."""
    found = [SearchRequest(parse_query(query).root, sort="document", per_page=20) for query in QUERIES]
    narrowed = Filters(include={"year": frozenset({"2023"})})
    return [*found, *(replace(each, filters=narrowed, page=2) for each in found[:2])]


@dataclass(slots=True)
class Run:
    """Answers of a run of queries: how many were ``right``, ``refused`` and ``wrong`` before and after a kill."""

    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    killed: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def ask(self, questions: Sequence[Callable[[], bool]], start: int) -> None:
        """Asks one question after another until the run is ended."""
        for number in cycle(range(len(questions))):
            if self.ended.is_set():
                return
            counts = self.after if self.killed.is_set() else self.before
            place = (number + start) % len(questions)
            try:
                outcome = "right" if questions[place]() else "wrong"
            except LibraryError:
                outcome = "refused"
            except Exception as exc:  # anything but a refusal is a fault, and must not be lost with its thread
                outcome = "wrong"
                self.wrong.append(repr(exc))
            counts[outcome] += 1
            if outcome == "wrong":
                self.wrong.append(f"question {place}")

    def wait(self, seen: Callable[[], bool]) -> None:
        """Waits until something has been seen, or the run is too long."""
        deadline = time.monotonic() + MOST_SECONDS
        while not seen() and time.monotonic() < deadline:
            time.sleep(0.1)


def test_of_a_run_of_queries_every_answer_is_right_or_refused_when_a_node_is_killed(
    ours: Cluster, engine: OpensearchEngine, library: list[PackedReport], tmp_path: Path, tell: Teller
) -> None:
    reader, oracle = written(engine, library, tmp_path / "build"), index_in(ORACLE, library, tmp_path)
    questions = [_question(reader, oracle, request) for request in requests()]
    ids = [report.report.id for report in library]
    questions.append(lambda: [summary.report_id for summary in reader.reports()] == ids)
    assert all(question() for question in questions)

    run, victim = Run(), manager(ours)
    askers = [threading.Thread(target=run.ask, args=(questions, 4 * number)) for number in range(ASKERS)]
    for asker in askers:
        asker.start()
    try:
        run.wait(lambda: run.before["right"] >= 3 * len(questions))
        run.killed.set()
        victim.kill()
        run.wait(lambda: run.after["right"] >= 6 * len(questions))
    finally:
        run.ended.set()
        for asker in askers:
            asker.join()
    tell(f"queries before the kill: {dict(run.before)}, after it: {dict(run.after)}")
    assert run.wrong == []
    assert run.before["refused"] == 0
    assert run.after["right"] >= 6 * len(questions), "the two nodes that are left never answered"

    ours.restart(victim)
    assert all(question() for question in questions)
    assert list(reader.iterate()) == [report.report for report in library]


def _question(reader: Reader, oracle: Reader, request: SearchRequest) -> Callable[[], bool]:
    expected, hits = oracle.search(request), list(oracle.stream(request))

    def right() -> bool:
        answer = reader.search(request)
        return (
            (answer.total, answer.counts, answer.facets) == (expected.total, expected.counts, expected.facets)
            and [hit.located for hit in answer.hits] == [hit.located for hit in expected.hits]
            and [hit.located for hit in reader.stream(request)] == [hit.located for hit in hits]
        )

    return right


def test_of_a_bulk_load_nothing_is_lost_when_a_node_is_killed(
    ours: Cluster, engine: OpensearchEngine, library: list[PackedReport], tmp_path: Path, tell: Teller
) -> None:
    few = library[:5]
    before = written(engine, few, tmp_path / "before")
    managing = manager(ours)
    victim = next(node for node in ours.nodes if node != managing)

    (tmp_path / "next").mkdir()
    outcome = "done"
    writer = engine.open_writer(tmp_path / "next", None)
    try:
        for number, report in enumerate(library):
            if number == len(library) // 3:
                victim.kill()
            writer.add_report(report)
        writer.commit([report.report.id for report in library])
    except LibraryError:
        outcome = "refused"
        writer.abort()
    tell(f"bulk load of {sum(len(each.report.blocks) for each in library)} blocks: {outcome}")
    if outcome == "done":
        # Also on the two nodes that are left, before anything could be mended by the third.
        assert held(engine, tmp_path / "next") == [report.report for report in library]
    assert list(before.iterate()) == [report.report for report in few]

    ours.restart(victim)
    if outcome == "refused":
        assert held(engine, tmp_path / "before") == [report.report for report in few]
        written(engine, library, tmp_path / "again").close()
    assert held(engine, tmp_path / ("next" if outcome == "done" else "again")) == [each.report for each in library]


def held(engine: OpensearchEngine, folder: Path) -> list[Report]:
    """Every report of a build."""
    reader = engine.open_reader(folder)
    try:
        return list(reader.iterate())
    finally:
        reader.close()
