"""The unit × year grid and sums by year, beside counting hit by hit."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.errors import RequestError
from searchapp.query import Everything
from searchapp.query.synonyms import Synonyms
from searchapp.reports import Metadata, Report
from searchapp.search.request import Filters, SearchRequest
from searchapp.search.schema import NONE_VALUE, department_of, organ_of
from searchapp.services.counts import by_kind, by_year, compare, counted_request, reports_in_scope, tally
from searchapp.services.library import Library
from searchapp.services.unit_year_grid import Row, grid
from searchapp.store.retired_ids import RetiredIds
from tests.engines.contract import ESCAPED, requests
from tests.libraries import analyzed, index_in, libraries
from tests.oracle import ORACLE
from tests.web.samples import analyzer, library, plans, water_2022, water_2023


def crossed(of: Library, row: Row, rows: tuple[Row, ...]) -> bool:
    """Whether a report of the row also goes by the name of another row: names cannot keep these two apart."""
    metas = [of.reader.summary(report_id).meta for cell in row.cells.values() for report_id in cell.report_ids]
    names = {name for meta in metas for name in (meta.unit, department_of(meta), organ_of(meta)) if name}
    return bool(names & {other.unit for other in rows if other.unit != row.unit})


FEW = settings(ESCAPED, max_examples=25)


def held(reports: tuple[Report, ...], scratch: Path) -> Library:
    return Library("b", index_in(ORACLE, analyzed(reports), scratch), analyzer(), RetiredIds(None))


@FEW
@given(reports=libraries(), data=st.data())
def test_every_cell_is_what_counting_the_hits_one_by_one_gives(
    tmp_path: Path, reports: tuple[Report, ...], data: st.DataObject
) -> None:
    of = held(reports, tmp_path)
    request = data.draw(requests(reports))
    shown = grid(tally(of, request), request)
    name = department_of if request.names == "then" else organ_of
    blocks: Counter[tuple[str | None, int | None]] = Counter()
    saying: dict[tuple[str | None, int | None], set[str]] = {}
    for hit in of.reader.stream(request):
        meta = hit.located.report.meta
        blocks[name(meta), meta.year] += 1
        saying.setdefault((name(meta), meta.year), set()).add(hit.located.report.report_id)
    cells = {(row.unit, year): cell for row in shown.rows for year, cell in row.cells.items()}
    assert {key: cell.sums.blocks for key, cell in cells.items() if cell.sums.blocks} == blocks
    assert {key: cell.sums.saying for key, cell in cells.items() if cell.sums.saying} == {
        key: len(ids) for key, ids in saying.items()
    }
    for (unit, year), cell in cells.items():
        in_cell = [each for each in reports_in_scope(of, request) if (name(each.meta), each.meta.year) == (unit, year)]
        assert cell.report_ids == tuple(each.report_id for each in in_cell)
        assert cell.sums.reports == len(in_cell) > 0
    assert shown.sums.blocks == of.reader.counts(request).paragraphs == sum(row.sums.blocks for row in shown.rows)
    for total in ("blocks", "saying", "reports"):
        assert getattr(shown.sums, total) == sum(getattr(sums, total) for sums in shown.columns.values())


@FEW
@given(reports=libraries(), data=st.data())
def test_a_search_with_a_rows_units_finds_the_rows_hits(
    tmp_path: Path, reports: tuple[Report, ...], data: st.DataObject
) -> None:
    of = held(reports, tmp_path)
    request = data.draw(requests(reports))
    rows = grid(tally(of, request), request).rows
    for row in rows:
        include = {
            name: values for name, values in request.filters.include.items() if name not in ("unit", "department")
        }
        include |= {name: frozenset(values) for name, values in row.include.items()}
        exclude = dict(request.filters.exclude)
        if row.exclude:
            exclude["unit"] = exclude.get("unit", frozenset()) | frozenset(row.exclude)
        narrowed = SearchRequest(
            request.query,
            Filters(include, exclude, request.filters.years),
            request.searched_kinds,
            match=request.match,
            punct=request.punct,
        )
        found = of.reader.counts(narrowed).paragraphs
        if crossed(of, row, rows):
            assert found >= row.sums.blocks
        else:
            assert found == row.sums.blocks


@pytest.fixture(scope="module")
def five() -> Library:
    """甲县水务局 2022 and 2023, 乙县水务局 2024, 丙县水务局 2023."""
    return library([water_2023(), water_2022(), *plans()])


def test_a_report_that_says_nothing_is_told_from_one_that_is_missing(five: Library) -> None:
    request = counted_request(five, {"q": ['"供水改革"']})
    rows = {row.unit: row for row in grid(tally(five, request), request).rows}
    assert rows["甲县水务局"].cells[2023].sums.blocks == 1
    assert rows["甲县水务局"].cells[2022].sums == rows["丙县水务局"].cells[2023].sums
    assert rows["丙县水务局"].cells[2023].sums.blocks == 0
    assert rows["丙县水务局"].cells[2023].report_ids == ("eeee02",)
    assert 2022 not in rows["丙县水务局"].cells


@pytest.mark.parametrize(
    ("params", "ids"),
    [
        ({"q": ["党建"]}, ["aaaaaaaaaaaa00000023", "aaaaaaaaaaaa00000022", "eeee01", "eeee02"]),
        ({"q": ["党建 单位:甲县"]}, ["aaaaaaaaaaaa00000023", "aaaaaaaaaaaa00000022"]),
        ({"q": ["党建 -年份:2023"]}, ["aaaaaaaaaaaa00000022", "eeee01"]),
        ({"q": ["党建 (年份:2022 OR 年份:2024)"]}, ["aaaaaaaaaaaa00000022", "eeee01"]),
        ({"q": ["党建 OR 年份:2024"]}, ["aaaaaaaaaaaa00000023", "aaaaaaaaaaaa00000022", "eeee01", "eeee02"]),
        ({"q": ["党建 栏目:组织建设"]}, ["aaaaaaaaaaaa00000023", "aaaaaaaaaaaa00000022", "eeee01", "eeee02"]),
        ({"q": ["党建"], "section": ["组织建设"], "year": ["2023"]}, ["aaaaaaaaaaaa00000023", "eeee02"]),
        ({"q": ["党建"], "not_unit": ["甲县水务局"], "year_from": ["2024"]}, ["eeee01"]),
    ],
)
def test_conditions_on_reports_narrow_the_grid_and_those_on_paragraphs_do_not(
    five: Library, params: dict[str, list[str]], ids: list[str]
) -> None:
    assert [each.report_id for each in reports_in_scope(five, counted_request(five, params))] == ids


def test_rows_stand_by_type_then_by_hits_and_the_unknown_last() -> None:
    typed = {"乙县水务局": "政府部门", "丙县水务局": "高校", "甲县水务局": "政府部门"}
    reports = [
        replace(each, meta=replace(each.meta, unit_type=typed[each.meta.department or ""]))
        for each in (*plans()[::-1], water_2023(), water_2022())
    ]
    unknown = replace(plans()[0], id="ffff01", meta=Metadata(title="", kind="其他"))
    of = library([unknown, *reports])
    request = counted_request(of, {"q": ["党建"]})
    assert [(row.unit_type, row.unit, row.sums.blocks) for row in grid(tally(of, request), request).rows] == [
        ("政府部门", "乙县水务局", 5),
        ("政府部门", "甲县水务局", 3),
        ("高校", "丙县水务局", 1),
        (None, None, 5),
    ]


def test_a_former_name_that_is_anothers_present_one_is_taken_out_of_its_row() -> None:
    renamed = replace(water_2022(), meta=replace(water_2022().meta, organ="甲县水利局"))
    of = library([water_2023(), renamed])
    request = counted_request(of, {"q": ["党建"]})
    rows = {row.unit: row for row in grid(tally(of, request), request).rows}
    assert (rows["甲县水务局"].include, rows["甲县水务局"].exclude) == ({"unit": ("甲县水务局",)}, ("甲县水利局",))
    assert (rows["甲县水利局"].include, rows["甲县水利局"].exclude) == ({"unit": ("甲县水利局",)}, ())


def test_years_and_kinds_sum_to_the_library(five: Library) -> None:
    everything = tally(five, SearchRequest(Everything()))
    assert [(each.year, each.sums.reports) for each in by_year(everything)] == [(2022, 1), (2023, 2), (2024, 1)]
    assert [(each.kind, each.sums.reports) for each in by_kind(everything)] == [("其他", 3), ("党建工作报告", 1)]


def test_two_searches_share_their_years(five: Library) -> None:
    first, second = compare(
        five, counted_request(five, {"q": ["供水 年份:2023"]}), counted_request(five, {"q": ["党建"]})
    )
    assert [each.year for each in first] == [each.year for each in second] == [2022, 2023, 2024]
    assert [each.sums.share for each in first] == [None, 0.5, None]
    assert [each.sums.share for each in second] == [1.0, 1.0, 1.0]


def test_synonyms_are_counted_when_asked_for() -> None:
    of = library([water_2023()])
    widened = Library(of.build, of.reader, of.analyzer, of.retired, synonyms=Synonyms((("水利", "供水"),)))
    counts = [
        sum(each.blocks for each in tally(widened, counted_request(widened, {"q": ["水利"], "synonyms": [on]})))
        for on in ("false", "true")
    ]
    assert counts == [0, 1]


def test_what_a_search_refuses_is_refused() -> None:
    with pytest.raises(RequestError):
        counted_request(library([]), {"year": ["零"]})


def test_an_unknown_unit_and_year_have_their_own_row_and_column() -> None:
    unknown = replace(water_2022(), meta=Metadata(title="", kind="其他"))
    of = library([unknown])
    request = SearchRequest()
    shown = grid(tally(of, request), request)
    assert shown.years == (None,)
    assert [(row.unit, row.include) for row in shown.rows] == [(None, {"unit": (NONE_VALUE,)})]
