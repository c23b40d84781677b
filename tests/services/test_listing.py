"""The list of reports: what narrows it, in which order, how many a page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from searchapp.search.result import ReportSummary
from searchapp.services.listing import PER_PAGE, list_reports, list_request
from searchapp.services.report_list import LIST_SORTS
from searchapp.services.report_order import ORDERS, parse_order
from searchapp.store.documents import summarize
from tests.web.samples import many, plans, water_2022, water_2023

SUMMARIES = [summarize(each) for each in (water_2023(), water_2022(), *plans())]


def ids(**params: str) -> list[str]:
    listed = list_reports(SUMMARIES, list_request({name: [value] for name, value in params.items()}))
    assert listed.total == len(listed.summaries)
    return [each.report_id[-2:] for each in listed.summaries]


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
def test_reports_are_narrowed_and_sorted(params: dict[str, str], found: list[str]) -> None:
    assert ids(**params) == found


@pytest.mark.parametrize("sort", ["year", "-year"])
def test_what_is_unknown_stands_last_either_way(sort: str) -> None:
    unknown = replace(SUMMARIES[0], report_id="x", meta=replace(SUMMARIES[0].meta, year=None))
    listed = list_reports([unknown, *SUMMARIES], list_request({"sort": [sort]}))
    assert listed.summaries[-1] is unknown


def test_choices_count_what_each_gives_under_the_other_conditions() -> None:
    request = list_request({"year": ["2023"], "text": ["水务局"]})
    choices = list_reports(SUMMARIES, request).choices
    assert choices["year"] == {"2022": 1, "2023": 2, "2024": 1}
    assert choices["kind"] == {"党建工作报告": 1, "其他": 1}
    for value, count in choices["kind"].items():
        chosen = list_request({"year": ["2023"], "text": ["水务局"], "kind": [value]})
        assert list_reports(SUMMARIES, chosen).total == count


def test_pages_join_to_the_list_and_a_page_too_far_is_the_last() -> None:
    summaries: list[ReportSummary] = [summarize(each) for each in many(2 * PER_PAGE + 5)]
    pages = [list_reports(summaries, list_request({"page": [str(page)]})) for page in (1, 2, 3)]
    assert [each for page in pages for each in page.summaries] == summaries
    assert {page.pages for page in pages} == {3}
    beyond = list_reports(summaries, list_request({"page": ["99"]}))
    assert (beyond.request.page, beyond.summaries) == (3, pages[2].summaries)


@pytest.mark.parametrize("page", ["0", "-1", "x", "１", "9" * 30, ""])
def test_a_page_that_cannot_be_is_the_first(page: str) -> None:
    assert list_request({"page": [page]}).page == 1


@pytest.mark.parametrize("value", ["best", "-", "-document", "--year", "Year"])
def test_what_is_no_order_is_none_and_the_page_has_a_list_anyway(value: str) -> None:
    assert parse_order(value) is None
    request = list_request({"sort": [value]})
    assert (request.order, request.descending) == ("document", False)


def test_every_order_of_the_api_is_one_of_the_page() -> None:
    assert {parse_order(sort) for sort in LIST_SORTS} == {(order, False) for order in ORDERS} | {
        (order, True) for order in ORDERS[1:]
    }
