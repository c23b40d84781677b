"""The opensearch engine against a real cluster, beyond the contract: limits, growth, order, states, the web's view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from searchapp.config import Settings
from searchapp.engines.base import Reader
from searchapp.engines.embedded.packed_report import PackedReport
from searchapp.errors import IndexDamagedError, IndexVersionError, NoIndexError, QueryRefusedError
from searchapp.indexing.run import IndexingOptions
from searchapp.query import And, Everything, Gap, Link, Near, Phrase, Word
from searchapp.search.request import Filters, SearchRequest
from searchapp.services.concordance import concordance
from searchapp.services.payloads.encode import answer_json
from searchapp.services.search import search
from searchapp.wiring import index_sources, library_handle, open_library
from tests.engines import clusters
from tests.libraries import index_in
from tests.oracle import ORACLE

from searchapp import wiring_opensearch  # isort: skip
from searchapp.engines.opensearch import facets, pages, plan, reader, snapshot  # isort: skip
from searchapp.engines.opensearch.client import connect  # isort: skip
from searchapp.engines.opensearch.indices import Indices  # isort: skip
from searchapp.engines.opensearch.indices import read_pointer  # isort: skip
from searchapp.engines.opensearch.client import OpensearchSettings  # isort: skip

Pair = tuple[Reader, Reader]
"""The sample corpus in three shards, and in the oracle."""


if _REASON := clusters.why_not():
    pytest.skip(_REASON, allow_module_level=True)


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """Leaves nothing behind in the cluster."""
    yield
    clusters.remove_all()


@pytest.fixture(scope="module")
def both(sample_reports: list[PackedReport], tmp_path_factory: pytest.TempPathFactory) -> Pair:
    scratch = tmp_path_factory.mktemp("opensearch")
    made = clusters.build(clusters.settings(shards=3), sample_reports, scratch / "three")
    return made, index_in(ORACLE, sample_reports, scratch)


REQUESTS = (
    SearchRequest(Word.of("责任"), sort="newest"),
    SearchRequest(Word.of("落实"), Filters({"year": frozenset({"2023"})}), sort="oldest", names="then"),
    SearchRequest(Phrase.of("的"), Filters({"section": frozenset({"组织建设"}), "unit": frozenset({"none"})})),
)


@pytest.mark.parametrize("most", [1, 40_000], ids=["in pages", "with more room"])
def test_facets_and_counts_are_exact_however_little_fits_into_an_answer(
    both: Pair, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    made, oracle = both
    monkeypatch.setattr(facets, "FIRST_VALUES", 1)
    monkeypatch.setattr(facets, "FIRST_REPORTS", 1)
    monkeypatch.setattr(facets, "MOST_VALUES", most)
    monkeypatch.setattr(snapshot, "PAGE_VALUES", 3)
    for request in REQUESTS:
        answer, expected = made.search(request), oracle.search(request)
        assert (answer.counts, answer.facets) == (expected.counts, expected.facets)
        assert list(made.hits_by_report(request).items()) == list(oracle.hits_by_report(request).items())


def test_hits_are_the_same_however_few_are_fetched_at_once(both: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    made, oracle = both
    request = SearchRequest(Word.of("责任"), sort="document", page=3, per_page=5)
    expected = [hit.located.paragraph_id for hit in oracle.search(request).hits]
    grouped = replace(request, group="report", page=2, per_page=3)
    expected_groups = oracle.search(grouped).grouped
    streamed = [hit.located for hit in oracle.stream(request)]
    monkeypatch.setattr(pages, "WINDOW", 7)
    assert [hit.located.paragraph_id for hit in made.search(request).hits] == expected
    assert made.search(grouped).grouped == expected_groups
    assert [hit.located for hit in made.stream(request)] == streamed
    by_score = replace(request, sort="relevance")
    monkeypatch.undo()
    shallow = [hit.located.paragraph_id for hit in made.search(by_score).hits]
    monkeypatch.setattr(pages, "WINDOW", 7)
    assert [hit.located.paragraph_id for hit in made.search(by_score).hits] == shallow


def test_occurrences_are_exact_or_not_told(both: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    made, oracle = both
    request = SearchRequest(Word.of("责任"))
    expected = oracle.search(request).counts
    monkeypatch.setattr(reader, "MAX_COUNTED", expected.paragraphs)
    assert made.search(request).counts == expected == made.counts(request, occurrences=True)
    monkeypatch.setattr(reader, "MAX_COUNTED", expected.paragraphs - 1)
    assert made.search(request).counts == replace(expected, occurrences=None)


def test_a_gap_over_too_many_blocks_is_refused_not_guessed(both: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    made, oracle = both
    gap = Gap("落实*责任", ("落实", "责任"), ((0, 12),))
    near = Near("x", (Phrase.of("责任"), Phrase.of("责任")), (Link(3),))
    for query in (gap, near, And((gap, Word.of("党建")))):
        assert made.counts(SearchRequest(query)) == oracle.counts(SearchRequest(query))
    assert made.counts(SearchRequest(gap)).paragraphs > 0
    monkeypatch.setattr(plan, "MAX_CANDIDATES", 3)
    with pytest.raises(QueryRefusedError, match="逐段核对"):
        made.search(SearchRequest(gap))


def test_a_query_of_more_leaves_than_the_cluster_takes_is_refused(both: Pair) -> None:
    made, _ = both
    with pytest.raises(QueryRefusedError, match="条件太多"):
        made.counts(SearchRequest(And(tuple(Phrase.of(f"甲{number}") for number in range(2_000)))))


def test_a_text_of_five_thousand_characters_is_found(both: Pair, sample_reports: list[PackedReport]) -> None:
    made, oracle = both
    whole = "".join(block.text for report in sample_reports[:6] for block in report.report.blocks)[:5_000]
    for query in (Word.of(whole), Phrase.of(whole)):
        assert made.counts(SearchRequest(query)) == oracle.counts(SearchRequest(query))
    question = SearchRequest(Word.of(whole), match="any")
    assert made.counts(question).paragraphs == oracle.counts(question).paragraphs > 300


def test_reports_in_another_order_keep_every_answer(sample_reports: list[PackedReport], tmp_path: Path) -> None:
    of = clusters.settings()
    clusters.build(of, sample_reports, tmp_path / "one").close()
    turned = [*sample_reports[5:12], *reversed(sample_reports[12:]), *sample_reports[:5]]
    changed = clusters.change(of, tmp_path / "one", sample_reports, turned, tmp_path / "two")
    oracle = index_in(ORACLE, turned, tmp_path)
    assert list(changed.iterate()) == [report.report for report in turned]
    request = SearchRequest(Everything(), sort="newest", per_page=100)
    assert changed.search(request) == oracle.search(request)


def test_nothing_of_a_build_in_the_making_is_seen(sample_reports: list[PackedReport], tmp_path: Path) -> None:
    of = clusters.settings()
    before = clusters.build(of, sample_reports[:3], tmp_path / "one")
    assert before.stats().reports == 3
    writer = clusters.engine_of(of).open_writer(tmp_path, tmp_path / "one")
    writer.add_report(sample_reports[3])
    writer.remove_report(sample_reports[0].report.id)
    writer.abort()
    writer = clusters.engine_of(of).open_writer(tmp_path, None)
    writer.add_report(sample_reports[3])
    writer.abort()
    again = clusters.engine_of(of, indexing=True).open_reader(tmp_path / "one")
    assert list(again.iterate()) == [report.report for report in sample_reports[:3]] == list(before.iterate())
    client = connect(of)
    assert sorted(client.indices.get(index=f"{of.prefix}-*")) == [f"{of.prefix}-blocks-v1", f"{of.prefix}-reports-v1"]


def test_an_open_reader_keeps_its_build_while_the_next_is_made(
    sample_reports: list[PackedReport], tmp_path: Path
) -> None:
    of = clusters.settings()
    before = clusters.build(of, sample_reports[:4], tmp_path / "one")
    request = SearchRequest(Phrase.of("的"))
    expected = before.search(request)
    reports = list(before.reports())
    after = clusters.change(of, tmp_path / "one", sample_reports[:4], sample_reports[2:9], tmp_path / "two")
    assert before.search(request) == expected
    assert before.report(reports[0].report_id).blocks
    assert list(after.iterate()) == [report.report for report in sample_reports[2:9]]
    newest = clusters.build(of, sample_reports[:2], tmp_path / "three")
    assert list(after.iterate()) == [report.report for report in sample_reports[2:9]]
    assert newest.stats().reports == 2
    aliases = connect(of).indices.get_alias(index=f"{of.prefix}-*")
    assert {name: sorted(told["aliases"]) for name, told in aliases.items()} == {
        f"{of.prefix}-blocks-v1": [],
        f"{of.prefix}-reports-v1": [],
        f"{of.prefix}-blocks-v2": [f"{of.prefix}-blocks"],
        f"{of.prefix}-reports-v2": [f"{of.prefix}-reports"],
    }


def test_a_change_broken_off_is_told_to_the_next_run_and_read_meanwhile(
    sample_reports: list[PackedReport], tmp_path: Path
) -> None:
    of = clusters.settings()
    clusters.build(of, sample_reports[:3], tmp_path / "one").close()
    pointer = read_pointer(tmp_path / "one")
    indices = Indices(connect(of), of)
    indices.mark(pointer.names, "other", changing=True)
    with pytest.raises(IndexDamagedError, match="没有更新完"):
        clusters.engine_of(of, indexing=True).open_reader(tmp_path / "one")
    with pytest.raises(IndexDamagedError, match="没有更新完"):
        clusters.engine_of(of).open_writer(tmp_path, tmp_path / "one")
    assert clusters.engine_of(of).open_reader(tmp_path / "one").stats().reports == 3


def test_indices_of_another_version_or_gone_are_refused(sample_reports: list[PackedReport], tmp_path: Path) -> None:
    of = clusters.settings()
    clusters.build(of, sample_reports[:2], tmp_path / "one").close()
    pointer = read_pointer(tmp_path / "one")
    client = connect(of)
    meta = {"layout": 99, "generation": pointer.generation, "changing": False}
    client.indices.put_mapping(index=pointer.names.reports, body={"_meta": meta})
    with pytest.raises(IndexVersionError, match="另一版本"):
        clusters.engine_of(of).open_reader(tmp_path / "one")
    clusters.remove(of)
    with pytest.raises(IndexDamagedError, match="没有这个索引"):
        clusters.engine_of(of).open_reader(tmp_path / "one")


def test_a_lost_snapshot_is_taken_again(both: Pair) -> None:
    made, oracle = both
    request = SearchRequest(Phrase.of("四风"), sort="document")
    made.search(request)
    connect(clusters.settings()).transport.perform_request("DELETE", "/_search/point_in_time/_all")
    hits = [hit.located for hit in made.search(request).hits]
    assert hits == [hit.located for hit in oracle.search(request).hits] != []


def _configure(of: OpensearchSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHAPP_OPENSEARCH_PREFIX", of.prefix)
    monkeypatch.setenv("SEARCHAPP_OPENSEARCH_SHARDS", "1")
    monkeypatch.setenv("SEARCHAPP_OPENSEARCH_REPLICAS", "0")
    monkeypatch.setattr(wiring_opensearch, "LOOK_SECONDS", 0.0)


def test_a_process_that_knows_only_the_address_serves_every_build(
    sample_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = clusters.settings()
    _configure(of, monkeypatch)
    handle = library_handle(Settings(tmp_path / "nothing", "opensearch"))
    with pytest.raises(NoIndexError):
        handle.current()
    source = tmp_path / "reports"
    source.mkdir()
    texts = sorted(path for path in sample_corpus.iterdir() if path.suffix == ".txt")
    for path in texts[:3]:
        (source / path.name).write_bytes(path.read_bytes())
    settings = Settings(tmp_path / "ix", "opensearch")
    first = index_sources(settings, IndexingOptions([source], jobs=1))
    assert handle.current().build == first.build
    assert handle.current().reader.stats() == first.stats
    assert handle.current().lexicon.suggest("党") is not None
    (source / texts[3].name).write_bytes(texts[3].read_bytes())
    (source / texts[0].name).unlink()
    before = handle.current()
    second = index_sources(settings, IndexingOptions(jobs=1))
    assert second.rebuilt_because == ""
    assert handle.current().build == second.build != before.build
    assert handle.current().reader.stats() == second.stats
    assert not (tmp_path / "nothing").exists()
    unchanged = index_sources(settings, IndexingOptions(jobs=1))
    assert not unchanged.changed
    library = open_library(settings.index)
    answer = answer_json(search(library, {"q": ["责任"]}))
    assert answer.counts.occurrences is not None
    monkeypatch.setattr(reader, "MAX_COUNTED", 1)
    assert answer_json(search(library, {"q": ["责任"]})).counts.occurrences is None
    with pytest.raises(QueryRefusedError, match="逐处"):
        concordance(library, {"q": ["责任"]})
