"""The contract over the opensearch engine, against a real cluster (``SEARCHAPP_OPENSEARCH_URL``).

``SEARCHAPP_OPENSEARCH_EXAMPLES`` takes the place of the few examples of each property.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from searchapp.engines.base import Reader
from searchapp.engines.embedded.packed_report import PackedReport
from searchapp.query.ast import text_clauses
from searchapp.query.rewrite import any_of
from searchapp.reports import Report
from searchapp.search.near_duplicates import fold_key
from searchapp.search.request import SearchRequest
from searchapp.search.result import Hit
from searchapp.text.analyzer import Analyzer
from searchapp.text.normalize import normalize
from tests.engines import clusters
from tests.engines.contract import ESCAPED, EngineContract
from tests.libraries import Sample, libraries

# A cluster answers in milliseconds, not microseconds: few examples, and none made smaller.
EXAMPLES = "SEARCHAPP_OPENSEARCH_EXAMPLES"
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
FEW = settings(ESCAPED, max_examples=int(os.environ.get(EXAMPLES, "15")), phases=_PHASES)
FEWER = settings(ESCAPED, max_examples=int(os.environ.get(EXAMPLES, "5")), phases=_PHASES)
MANY_HITS = 100


if _REASON := clusters.why_not():
    pytest.skip(_REASON, allow_module_level=True)


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """Leaves nothing behind in the cluster."""
    yield
    clusters.remove_all()


class TestOpensearch(EngineContract):
    shards = 1

    @classmethod
    def made(cls, reports: Sequence[PackedReport], scratch: Path) -> Reader:
        of = clusters.settings(cls.shards)
        return clusters.build(of, reports, scratch / of.prefix)

    @classmethod
    def grown(cls, first: Sequence[PackedReport], second: Sequence[PackedReport], scratch: Path) -> Reader:
        of = clusters.settings(cls.shards)
        base, folder = scratch / f"{of.prefix}-1", scratch / f"{of.prefix}-2"
        clusters.build(of, first, base).close()
        return clusters.change(of, base, first, second, folder)

    def same(self, reader: Reader, oracle: Reader, request: SearchRequest) -> None:
        answer, expected = reader.search(request), oracle.search(request)
        by_score = _by_score(request)
        unordered = replace(answer, hits=(), grouped=())
        if by_score and request.fold and request.group:
            # Which of near-identical blocks is the first, and so in whose report it stands, is a matter of scores.
            unordered, expected = replace(unordered, groups=None), replace(expected, groups=None)
        assert unordered == replace(expected, hits=(), grouped=())
        if not by_score:
            assert [_bare(hit) for hit in answer.hits] == [_bare(hit) for hit in expected.hits]
            assert answer.grouped == expected.grouped
            return
        known = {hit.located.paragraph_id: _bare(hit) for hit in oracle.stream(request)}
        for hit in answer.hits:
            assert replace(_bare(hit), alike=0) == known[hit.located.paragraph_id]
        whole, whole_expected = _pages(reader, request), _pages(oracle, request)
        begin = (request.page - 1) * request.per_page
        if request.group is None:
            assert [_bare(hit) for hit in answer.hits] == [_bare(hit) for hit in whole[0][begin:][: request.per_page]]
            _assert_ordered(whole[0])
        if request.fold:
            alike = Counter((_fold(hit), hit.alike) for hit in whole[0])
            if request.group is None:
                assert alike == Counter((_fold(hit), hit.alike) for hit in whole_expected[0])
        elif request.group is None:
            assert {hit.located.paragraph_id for hit in whole[0]} == set(known)
        else:
            assert sorted(whole[1]) == sorted(whole_expected[1])
            assert answer.grouped == tuple(whole[2][begin:][: request.per_page])

    def same_stream(self, reader: Reader, oracle: Reader, request: SearchRequest) -> None:
        stream, expected = list(reader.stream(request)), list(oracle.stream(request))
        if _by_score(request):
            _assert_ordered(stream)
            stream.sort(key=_id)
            expected.sort(key=_id)
        assert [_bare(hit) for hit in stream] == [_bare(hit) for hit in expected]

    @FEW
    @given(st.data())
    def test_answers_about_the_sample_corpus_equal_the_oracles(self, sample: Sample, data: st.DataObject) -> None:
        EngineContract.test_answers_about_the_sample_corpus_equal_the_oracles.hypothesis.inner_test(self, sample, data)

    @FEWER
    @given(library=libraries(), data=st.data())
    def test_answers_about_any_library_equal_the_oracles(
        self, tmp_path: Path, library: tuple[Report, ...], data: st.DataObject
    ) -> None:
        inner = EngineContract.test_answers_about_any_library_equal_the_oracles.hypothesis.inner_test
        inner(self, tmp_path, library, data)

    @FEW
    @given(st.data())
    def test_every_highlight_is_what_was_asked_for(self, sample: Sample, data: st.DataObject) -> None:
        EngineContract.test_every_highlight_is_what_was_asked_for.hypothesis.inner_test(self, sample, data)

    @FEWER
    @given(first=libraries(), second=libraries(), data=st.data())
    def test_an_index_grown_step_by_step_equals_one_made_from_nothing(
        self, tmp_path: Path, first: tuple[Report, ...], second: tuple[Report, ...], data: st.DataObject
    ) -> None:
        inner = EngineContract.test_an_index_grown_step_by_step_equals_one_made_from_nothing.hypothesis.inner_test
        inner(self, tmp_path, first, second, data)


class TestOpensearchInShards(TestOpensearch):
    """The same over three shards: facets and counts come from several places."""

    shards = 3


def _by_score(request: SearchRequest) -> bool:
    effective = any_of(request.query, Analyzer().words) if request.match == "any" else request.query
    return request.sort == "relevance" and any(text_clauses(effective))


def _bare(hit: Hit) -> Hit:
    """A hit without what scores decide."""
    return replace(hit, score=0.0, explanation=())


def _id(hit: Hit) -> str:
    return hit.located.paragraph_id


def _fold(hit: Hit) -> int:
    return fold_key(normalize(hit.located.block.text, hit.located.block.marks))


def _pages(reader: Reader, request: SearchRequest) -> tuple[list[Hit], list[tuple[str, int]], list]:
    """The hits of all pages, the hits of every report, and whose they are, in order."""
    hits: list[Hit] = []
    grouped: list = []
    page = 1
    while True:
        answer = reader.search(replace(request, page=page, per_page=MANY_HITS, explain=False))
        if not answer.hits:
            break
        hits += answer.hits
        grouped += answer.grouped
        page += 1
    assert len({_id(hit) for hit in hits}) == len(hits), "pages overlap"
    return hits, [(group.report_id, group.shown + group.others) for group in grouped], grouped


def _assert_ordered(hits: list[Hit]) -> None:
    keys = [(-hit.score, _id(hit)) for hit in hits]
    assert keys == sorted(keys)
