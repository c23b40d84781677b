"""The list of reports: what narrows it, in which order, how many a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from searchapp.engines.whoosh import WhooshEngine
from searchapp.reports import Report
from searchapp.services.library import Library
from searchapp.services.report_list import (
    LIST_SORTS,
    ORDERS,
    PER_PAGE,
    ReportList,
    lenient_list_request,
    list_reports,
    parse_order,
)
from searchapp.store.retired_ids import RetiredIds
from tests.libraries import ANALYZER, analyzed, index_in
from tests.web.samples import many, plans, water_2022, water_2023

REPORTS = (water_2023(), water_2022(), *plans())


def library_of(reports: Sequence[Report], scratch: Path) -> Library:
    return Library("b-1", index_in(WhooshEngine(ANALYZER), analyzed(reports), scratch), ANALYZER, RetiredIds(None))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(REPORTS, tmp_path_factory.mktemp("reports"))


def list_of(library: Library, **params: str) -> ReportList:
    return list_reports(library, lenient_list_request({name: [value] for name, value in params.items()})).within()


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, ["23", "22", "01", "02"]),
        ({"text": "水务局计划"}, ["01", "02"]),
        ({"text": "计划　乙县"}, ["01"]),
        ({"text": "2022.DOCX"}, ["22"]),
        ({"text": "没有"}, []),
        ({"year": "2023"}, ["23", "02"]),
        ({"year": "2023", "kind": "党建工作报告"}, ["23"]),
        ({"unit": "甲县水务局党组"}, ["23", "22"]),
        ({"unit": "甲县水务局", "year": "2022"}, ["22"]),
        ({"unit_type": "none"}, ["23", "22", "01", "02"]),
        ({"year": "零", "sort": "x"}, []),
        ({"sort": "year"}, ["22", "23", "02", "01"]),
        ({"sort": "-year"}, ["01", "23", "02", "22"]),
        ({"sort": "unit"}, ["02", "23", "22", "01"]),
        ({"sort": "-paragraphs"}, ["01", "23", "22", "02"]),
        ({"sort": "-document"}, ["23", "22", "01", "02"]),
    ],
)
def test_reports_are_narrowed_and_sorted(library: Library, params: dict[str, str], found: list[str]) -> None:
    listed = list_of(library, **params)
    assert [each.report_id[-2:] for each in listed.summaries] == found
    assert (len(listed.found), listed.library) == (len(found), len(REPORTS))


@pytest.mark.parametrize("sort", ["year", "-year"])
def test_what_is_unknown_stands_last_either_way(tmp_path: Path, sort: str) -> None:
    unknown = replace(REPORTS[0], id="0" * 12, meta=replace(REPORTS[0].meta, year=None))
    listed = list_of(library_of([unknown, *REPORTS], tmp_path), sort=sort)
    assert listed.summaries[-1].report_id == unknown.id


def test_choices_count_what_each_gives_under_the_other_conditions(library: Library) -> None:
    listed = list_of(library, year="2023", text="水务局")
    assert listed.choices("year") == {"2022": 1, "2023": 2, "2024": 1}
    assert listed.choices("kind") == {"党建工作报告": 1, "其他": 1}
    for value, count in listed.choices("kind").items():
        assert len(list_of(library, year="2023", text="水务局", kind=value).found) == count


def test_pages_join_to_the_list_and_a_page_too_far_is_the_last(tmp_path: Path) -> None:
    reports = many(2 * PER_PAGE + 5)
    library = library_of(reports, tmp_path)
    pages = [list_of(library, page=str(page)) for page in (1, 2, 3)]
    assert [each.report_id for page in pages for each in page.summaries] == [each.id for each in reports]
    assert {page.pages for page in pages} == {3}
    beyond = list_of(library, page="99")
    assert (beyond.request.page, beyond.summaries) == (3, pages[2].summaries)


@pytest.mark.parametrize("page", ["0", "-1", "x", "１", "9" * 30, ""])
def test_a_page_that_cannot_be_is_the_first(page: str) -> None:
    assert lenient_list_request({"page": [page]}).page == 1


@pytest.mark.parametrize("value", ["best", "-", "-document", "--year", "Year"])
def test_what_is_no_order_is_none_and_the_page_has_a_list_anyway(value: str) -> None:
    assert parse_order(value) is None
    request = lenient_list_request({"sort": [value]})
    assert (request.order, request.descending) == ("document", False)


def test_every_order_of_the_api_is_one_of_the_page() -> None:
    assert {parse_order(sort) for sort in LIST_SORTS} == {(order, False) for order in ORDERS} | {
        (order, True) for order in ORDERS[1:]
    }
