"""The contract of every engine: one suite, run over each. What it is compared with is the oracle of ``tests/oracle``.

An engine's test file has the engine and inherits :class:`EngineContract`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp.engines.base import Engine, Reader
from searchapp.engines.embedded.packed_report import PackedReport
from searchapp.errors import NotFoundError
from searchapp.query import And, Everything, Field, Gap, Link, Near, Node, Not, Or, Phrase, Word, YearRange
from searchapp.query.ast import literals as query_literals
from searchapp.reports import BLOCK_KINDS, Report
from searchapp.search.request import Filters, SearchRequest
from searchapp.search.schema import SORTS
from searchapp.text.normalize import normalize, normalize_with_map
from searchapp.text.punctuation import blind
from tests.libraries import Sample, analyzed, grow, index_in, libraries
from tests.oracle import ORACLE

# One suite is inherited by every engine on purpose; scratch folders are numbered, so examples never share one.
ESCAPED = settings(
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.differing_executors,
    ],
    deadline=None,
)
LONGEST_DRAWN_PHRASE = 12


@st.composite
def literals(draw: st.DrawFn, reports: tuple[Report, ...]) -> str:
    """A stretch of 1-12 characters of the library's own text, at any position; sometimes a strange one."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(("无此词", "！", "的", "*", "党 建", "a2023")))
    blocks = [block for report in reports for block in report.blocks]
    text = draw(st.sampled_from(blocks)).text
    start = draw(st.integers(0, len(text) - 1))
    return text[start : start + draw(st.integers(1, LONGEST_DRAWN_PHRASE))]


@st.composite
def clauses(draw: st.DrawFn, reports: tuple[Report, ...]) -> Node:
    """A phrase, a word, a gap, nearness or a field clause."""
    kind = draw(st.sampled_from(("phrase", "word", "word", "field", "gap", "near")))
    text = draw(literals(reports))
    if kind in ("gap", "near"):
        return draw(gaps(reports) if kind == "gap" else nearness(reports))
    if kind == "field":
        years = st.one_of(st.none(), st.integers(2019, 2025))
        return draw(
            st.one_of(
                st.builds(
                    Field,
                    st.sampled_from(("year", "review_year", "plan_year")),
                    st.just("x"),
                    st.builds(YearRange, years, years),
                ),
                st.builds(
                    Field,
                    st.sampled_from(
                        (
                            "unit",
                            "department",
                            "place",
                            "level",
                            "addressee",
                            "section",
                            "part",
                            "kind",
                            "heading",
                            "title",
                        )
                    ),
                    st.just("x"),
                    st.sampled_from(("水务", "组织", "问题", "报告", "党", "区委", normalize(text) or "党")),
                ),
            )
        )
    if not normalize(text):
        return Everything()
    return Phrase.of(text) if kind == "phrase" else Word.of(text)


@st.composite
def stretches(draw: st.DrawFn, reports: tuple[Report, ...]) -> list[str]:
    """Two or three short stretches of one block, in any order, now and then one of another block."""
    blocks = [block for report in reports for block in report.blocks]
    text = draw(st.sampled_from(blocks)).text
    found: list[str] = []
    for _ in range(draw(st.integers(2, 3))):
        at = draw(st.integers(0, len(text) - 1))
        stretch = text[at : at + draw(st.integers(1, 4))]
        if draw(st.integers(0, 9)) == 0:
            stretch = draw(literals(reports))
        found.append(stretch if normalize(stretch) else "的")
    return sorted(found, key=text.find) if draw(st.booleans()) else found


@st.composite
def gaps(draw: st.DrawFn, reports: tuple[Report, ...]) -> Node:
    """Stretches that follow each other at any distance."""
    parts = draw(stretches(reports))
    bounds = [draw(st.sampled_from(((0, 12), (0, 0), (1, 3), (0, 40), (2, 500)))) for _ in parts[1:]]
    return Gap("*".join(parts), tuple(normalize(part) for part in parts), tuple(bounds))


@st.composite
def nearness(draw: st.DrawFn, reports: tuple[Report, ...]) -> Node:
    """Stretches near each other, in any order or in theirs."""
    operands = tuple(Phrase.of(stretch) for stretch in draw(stretches(reports)))
    links = [Link(draw(st.sampled_from((0, 1, 3, 20, 1000))), draw(st.booleans())) for _ in operands[1:]]
    return Near("x", operands, tuple(links))


@st.composite
def queries(draw: st.DrawFn, reports: tuple[Report, ...], depth: int = 2) -> Node:
    """A Boolean tree of one to three clauses a level, some under NOT, some with a weight."""
    children: list[Node] = []
    for _ in range(draw(st.integers(1, 3))):
        nested = depth > 0 and draw(st.integers(0, 4)) == 0
        child = draw(queries(reports, depth - 1) if nested else clauses(reports))
        if isinstance(child, Phrase | Word | Gap | Near) and draw(st.integers(0, 4)) == 0:
            child = replace(child, weight=draw(st.sampled_from((0.5, 3.0))))
        children.append(Not(child) if draw(st.integers(0, 4)) == 0 else child)
    if len(children) == 1:
        return children[0]
    return And(tuple(children)) if draw(st.integers(0, 2)) else Or(tuple(children))


@cache
def selections() -> st.SearchStrategy[dict[str, frozenset[str]]]:
    """Values for some filters: known ones, unknown ones and 未注明."""
    values = {
        "unit": ("市水务局党组", "市水务局", "市水利局", "区委", "不存在", "none"),
        "department": ("市水务局", "X大学", "none"),
        "year": ("2021", "2022", "2023", "1999", "none"),
        "section": ("组织建设", "作风建设", "none"),
        "part": ("存在问题", "安排", "none"),
        "kind": ("主体责任报告", "其他", "none"),
        "unit_type": ("政府部门", "none"),
        "place": ("甲市", "乙县", "none"),
    }
    chosen = {name: st.frozensets(st.sampled_from(of_name), min_size=1, max_size=3) for name, of_name in values.items()}
    return st.lists(st.sampled_from(sorted(values)), max_size=2, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: chosen[name] for name in names})
    )


@st.composite
def requests(draw: st.DrawFn, reports: tuple[Report, ...]) -> SearchRequest:
    """Any request: query, filters, kinds, order, page."""
    years = draw(st.one_of(st.none(), st.builds(YearRange, st.integers(2020, 2022), st.integers(2021, 2023))))
    return SearchRequest(
        query=draw(queries(reports)),
        filters=Filters(draw(selections()), draw(st.one_of(st.just({}), selections())), years),
        kinds=draw(st.one_of(st.none(), st.frozensets(st.sampled_from(BLOCK_KINDS), min_size=1))),
        sort=draw(st.sampled_from(SORTS)),
        page=draw(st.integers(1, 3)),
        per_page=draw(st.integers(1, 10)),
        names=draw(st.sampled_from(("now", "now", "then"))),
        match=draw(st.sampled_from(("all", "all", "any"))),
        punct=draw(st.sampled_from(("exact", "exact", "ignore"))),
        group=draw(st.sampled_from((None, None, "report"))),
        fold=draw(st.booleans()),
        explain=draw(st.booleans()),
    )


class EngineContract:
    """What every engine must do.

    An engine whose scores, and so the order by them, are its own compares in :meth:`same` and :meth:`same_stream` what
    is left.
    """

    engine: Engine

    @classmethod
    def made(cls, reports: Sequence[PackedReport], scratch: Path) -> Reader:
        """A reader of a build from nothing."""
        return index_in(cls.engine, reports, scratch)

    @classmethod
    def grown(cls, first: Sequence[PackedReport], second: Sequence[PackedReport], scratch: Path) -> Reader:
        """A reader of a build that holds ``second`` and was begun from one that held ``first``."""
        return grow(cls.engine, first, second, scratch)

    def same(self, reader: Reader, oracle: Reader, request: SearchRequest) -> None:
        """Both readers answer a request alike."""
        assert reader.search(request) == oracle.search(request)

    def same_stream(self, reader: Reader, oracle: Reader, request: SearchRequest) -> None:
        """Both readers have the same hits."""
        assert list(reader.stream(request)) == list(oracle.stream(request))

    @ESCAPED
    @given(st.data())
    def test_answers_about_the_sample_corpus_equal_the_oracles(self, sample: Sample, data: st.DataObject) -> None:
        reader, oracle, reports = sample
        self.same(reader, oracle, data.draw(requests(reports)))

    @ESCAPED
    @given(library=libraries(), data=st.data())
    def test_answers_about_any_library_equal_the_oracles(
        self, tmp_path: Path, library: tuple[Report, ...], data: st.DataObject
    ) -> None:
        reports = analyzed(library)
        reader, oracle = self.made(reports, tmp_path), index_in(ORACLE, reports, tmp_path)
        for _ in range(5):
            request = data.draw(requests(library))
            self.same(reader, oracle, request)
            self.same_stream(reader, oracle, request)
            assert reader.counts(request, occurrences=True) == oracle.counts(request, occurrences=True)
            assert reader.counts(request) == oracle.counts(request)
            assert reader.counts(request).paragraphs == reader.search(request).total
            assert list(reader.hits_by_report(request).items()) == list(oracle.hits_by_report(request).items())
            assert [(each.text, each.located()) for each in reader.passages(request)] == [
                (each.text, each.located()) for each in oracle.passages(request)
            ]
        assert reader.stats() == oracle.stats()
        assert list(reader.reports()) == list(oracle.reports())
        assert list(reader.iterate()) == list(library)
        reader.close()

    def test_pages_never_overlap_and_join_to_the_stream(self, sample: Sample) -> None:
        reader = sample[0]
        query = Word.of("责任")
        whole = [hit.located.paragraph_id for hit in reader.stream(SearchRequest(query))]
        paged: list[str] = []
        page = 1
        while hits := reader.search(SearchRequest(query, page=page, per_page=7)).hits:
            paged.extend(hit.located.paragraph_id for hit in hits)
            page += 1
        assert paged == whole
        assert len(set(paged)) == len(paged) == reader.search(SearchRequest(query)).total > 20

    @ESCAPED
    @given(st.data())
    def test_every_highlight_is_what_was_asked_for(self, sample: Sample, data: st.DataObject) -> None:
        reader, _, reports = sample
        clause = data.draw(clauses(reports).filter(lambda node: isinstance(node, Phrase | Gap | Near)))
        assert isinstance(clause, Phrase | Gap | Near)
        punct = data.draw(st.sampled_from(("exact", "ignore")))
        request = SearchRequest(clause, kinds=frozenset(BLOCK_KINDS), punct="ignore" if punct == "ignore" else "exact")
        read = blind if punct == "ignore" and all(map(blind, query_literals(clause))) else str
        for hit in reader.search(request).hits:
            assert hit.highlights
            for start, end in hit.highlights:
                marks = [(at - start, to - start) for at, to in hit.located.block.marks if at >= start and to <= end]
                shown = read(normalize_with_map(hit.located.block.text[start:end], marks).text)
                match clause:
                    case Gap():
                        assert shown.startswith(read(clause.parts[0])), shown
                        assert shown.endswith(read(clause.parts[-1])), shown
                    case Near():
                        assert shown in {read(operand.literal) for operand in clause.operands}
                    case Phrase():
                        assert shown == read(clause.literal)

    def test_any_of_the_words_finds_all_that_all_of_them_find(self, sample: Sample) -> None:
        reader = sample[0]
        for query in (Word.of("落实主体责任"), And((Word.of("责任"), Phrase.of("四风"))), Word.of("的")):
            each, any_of = (reader.search(SearchRequest(query, match=match)).total for match in ("all", "any"))
            assert any_of >= each
        words = [Word.of("落实"), Word.of("四风")]
        asked = SearchRequest(And((words[0], words[1], Field("year", "2023", YearRange(2023, 2023)))), match="any")
        found = {hit.located.paragraph_id for hit in reader.stream(asked)}
        alone = [{hit.located.paragraph_id for hit in reader.stream(SearchRequest(word))} for word in words]
        assert found
        assert found == {known for known in alone[0] | alone[1] if reader.block(known).report.meta.year == 2023}

    @pytest.mark.parametrize("fold", [False, True])
    def test_pages_of_reports_hold_every_report_once(self, sample: Sample, fold: bool) -> None:
        reader = sample[0]
        request = SearchRequest(Word.of("责任"), group="report", fold=fold, per_page=3)
        first = reader.search(request)
        seen: list[str] = []
        for page in range(1, (first.groups or 0) // 3 + 2):
            result = reader.search(replace(request, page=page))
            assert (result.total, result.counts) == (first.total, first.counts)
            shown = [hit.located.report.report_id for hit in result.hits]
            assert shown == [group.report_id for group in result.grouped for _ in range(group.shown)]
            seen += [group.report_id for group in result.grouped]
        assert len(seen) == len(set(seen)) == first.groups
        # A report whose every hit is like one of another report is folded away with them.
        assert first.groups <= first.counts.reports if fold else first.groups == first.counts.reports

    def test_a_score_is_the_sum_of_what_explains_it(self, sample: Sample) -> None:
        reader = sample[0]
        query = And((Word.of("落实责任"), Phrase.of("党建")))
        hits = reader.search(SearchRequest(query, match="any", explain=True)).hits
        assert hits
        for hit in hits:
            shares = [share for told in hit.explanation for _, share in told.parts]
            assert sum(shares) == pytest.approx(hit.score, abs=1e-4)

    @pytest.mark.parametrize("punct", ["exact", "ignore"])
    def test_the_hits_of_each_report_are_counted(self, sample: Sample, punct: Literal["exact", "ignore"]) -> None:
        reader = sample[0]
        for query in (Everything(), Word.of("责任"), Phrase.of("四风"), Not(Word.of("的")), Phrase.of("无此词")):
            request = SearchRequest(query, Filters({"year": frozenset({"2023", "2024"})}), punct=punct, per_page=1)
            counted = Counter(hit.located.report.report_id for hit in reader.stream(replace(request, sort="document")))
            assert list(reader.hits_by_report(request).items()) == list(counted.items())

    def test_passages_are_the_hits_in_document_order(self, sample: Sample) -> None:
        reader = sample[0]
        request = SearchRequest(Word.of("责任"), sort="document", per_page=1)
        hits = [hit.located for hit in reader.stream(request)]
        passages = list(reader.passages(request))
        assert [passage.located() for passage in passages] == hits
        assert [passage.text for passage in passages] == [normalize(hit.block.text, hit.block.marks) for hit in hits]

    def test_what_is_asked_twice_finds_counts_and_scores_as_the_oracle_says(self, sample: Sample) -> None:
        word, phrase = Word.of("责任"), Phrase.of("四风")
        for query in (
            And((word, word)),
            Or((phrase, word, phrase, word)),
            And((word, Not(phrase), Not(phrase))),
            And((Or((word, phrase)), Or((word, phrase, word)))),
            Or((replace(word, weight=3.0), word)),
        ):
            self.same(sample[0], sample[1], SearchRequest(query))

    def test_blocks_that_share_bigrams_are_the_oracles(self, sample: Sample) -> None:
        reader, oracle, reports = sample
        for report in reports[:6]:
            text = blind(normalize(report.blocks[-1].text))[:40] + "齉龘"
            bigrams = list(dict.fromkeys(map("".join, pairwise(text))))
            for least, most in ((1, 7), (3, 1), (len(bigrams) // 2, 10_000)):
                found, expected = (each.sharing_bigrams(bigrams, least, most) for each in (reader, oracle))
                assert [(held, passage.text, passage.located().paragraph_id) for held, passage in found] == [
                    (held, passage.text, passage.located().paragraph_id) for held, passage in expected
                ]
        assert not list(reader.sharing_bigrams(["齉龘"], 1, 5)) + list(reader.sharing_bigrams([], 1, 5))

    def test_facet_numbers_are_what_choosing_the_value_gives(self, sample: Sample) -> None:
        reader = sample[0]
        for include in (
            {},
            {"year": frozenset({"2023"})},
            {"unit": frozenset({"none"}), "section": frozenset({"组织建设"})},
        ):
            request = SearchRequest(Word.of("落实"), Filters(include))
            facets = reader.search(request).facets
            assert any(facets.values())
            for name, values in facets.items():
                for value in values:
                    chosen = Filters({**include, name: frozenset({value.value})})
                    assert reader.search(SearchRequest(request.query, chosen)).total == value.count

    def test_every_block_and_report_is_found_by_its_id(self, sample: Sample) -> None:
        reader, _, reports = sample
        for report in reports[::3]:
            assert reader.report(report.id) == report
            for position, block in enumerate(report.blocks):
                located = reader.block(f"{report.id}-{block.key}")
                assert (located.block, located.position) == (block, position)
                assert located.report == reader.summary(report.id)

    @pytest.mark.parametrize("unknown", ["", "x", "000000000000", "000000000000-00000000", "-", "\x00"])
    def test_unknown_ids_are_not_found(self, sample: Sample, unknown: str) -> None:
        reader, _, reports = sample
        with pytest.raises(NotFoundError):
            reader.report(unknown)
        with pytest.raises(NotFoundError):
            reader.summary(unknown)
        with pytest.raises(NotFoundError):
            reader.block(unknown)
        with pytest.raises(NotFoundError):
            reader.block(f"{reports[0].id}-{unknown}")

    @ESCAPED
    @given(first=libraries(), second=libraries(), data=st.data())
    def test_an_index_grown_step_by_step_equals_one_made_from_nothing(
        self, tmp_path: Path, first: tuple[Report, ...], second: tuple[Report, ...], data: st.DataObject
    ) -> None:
        grown = self.grown(analyzed(first), analyzed(second), tmp_path)
        fresh = self.made(analyzed(second), tmp_path)
        for _ in range(4):
            request = data.draw(requests(second))
            self.same(grown, fresh, request)
        assert grown.stats() == fresh.stats()
        assert list(grown.iterate()) == list(fresh.iterate())
