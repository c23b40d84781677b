"""The grid, the bars, the lines, the start page and the list of reports, as their readers get them."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient

from searchapp.services.counts import by_year, counted_request, tally
from searchapp.services.library import Library
from searchapp.web import create_app
from searchapp.web.bar_chart import facet_year_bars, report_year_bars
from searchapp.web.grid import GridView
from searchapp.web.search import routes
from searchapp.web.search_state import SearchState

from .conftest import client_of
from .markup import Element, Page
from .samples import HOSTILE, hostile, library, many, plans, water_2022, water_2023

REPORTS = [water_2023(), water_2022(), *plans()]


@pytest.fixture(scope="module")
def five() -> FlaskClient:
    held = library(REPORTS)
    return client_of(lambda: held)


def shown(client: FlaskClient, path: str, **params: str) -> Page:
    response = client.get(f"{path}?{urlencode(params)}" if params else path)
    assert response.status_code == 200
    return Page(response.text)


def cells(page: Page) -> list[tuple[str, str]]:
    """Number and address of every cell of the first grid that is a link."""
    found = []
    for link in page.all("a"):
        if link.inside[-1] == "td" and (number := re.match(r"[\d,]+", link.text)):
            found.append((number[0].replace(",", ""), link.attributes["href"]))
    return found


def total(client: FlaskClient, url: str) -> int:
    answer = client.get(url.replace("/search?", "/api/v1/search?")).json
    assert answer is not None
    return int(answer["total"])


@pytest.mark.parametrize(
    "params",
    [
        {"q": "党建"},
        {"q": "党建", "unit": "甲县水务局党组"},
        {"q": '"党建" 年份:2023'},
        {"q": "党建", "year_from": "2023", "year_to": "2024"},
        {"q": "党建", "year": "2023", "sort": "oldest", "page": "2", "group": "report"},
        {"q": "党建", "block": "all", "punct": "ignore"},
        {"q": ""},
    ],
)
def test_every_number_of_the_grid_leads_to_a_search_that_finds_as_many(
    five: FlaskClient, params: dict[str, str]
) -> None:
    page = shown(five, "/overview", **params)
    links = [(number, url) for number, url in cells(page) if url.startswith("/search?")]
    assert links
    for number, url in links:
        assert total(five, url) == int(number)
    for row in page.all("a"):
        if row.inside[-1] == "th" and row.inside[-3] == "tbody":
            assert total(five, row.attributes["href"]) > 0


def test_nothing_said_opens_the_report_and_a_missing_report_is_told_as_such(five: FlaskClient) -> None:
    page = shown(five, "/overview", q='"供水改革"')
    assert ("0", "/reports/eeee02") in cells(page)
    assert [each.text for each in page.all("td", class_="none") if each.text == "0没提"]
    assert all(each.text == "缺报告" for each in page.all("td", class_="missing"))
    table = page.one("table", class_="of-blocks")
    assert table.text.count("缺报告") == 5
    assert all(each.text for each in page.all("caption"))
    assert {each.attributes["scope"] for each in page.all("th")} <= {"col", "row", "rowgroup"}


def test_earlier_years_stand_together_and_units_beyond_the_limit_are_summed() -> None:
    reports = [
        replace(each, meta=replace(each.meta, year=1980 + number % 40, unit_type="高校" if number % 2 else None))
        for number, each in enumerate(many(60))
    ]
    held = library(reports)
    client = client_of(lambda: held)
    page = shown(client, "/overview", q="党建")
    earlier = page.link("1980—2003")
    assert total(client, earlier) == sum(1 for each in reports if (each.meta.year or 0) <= 2003)
    rows = page.all("th", scope="row")
    assert len(rows) == 1 + 40 + 2 and rows[-2].text == "其余 20 个单位"
    sums = page.all("td", class_="total")
    assert (sums[-2].text, sums[-1].text) == ("20", "60")
    for number, url in cells(page):
        assert total(client, url) == int(number)
    whole = shown(client, page.link("列出全部单位"))
    assert len(whole.all("th", scope="row")) == 1 + 60 + 1


def test_two_searches_share_one_chart(five: FlaskClient) -> None:
    page = shown(five, "/overview", q="供水", **{"with": "党建", "by": "share"})
    assert [each.text for each in page.all("th", scope="row")[:2]] == ["供水", "党建"]
    points = [each for each in page.all("a") if each.inside[-2:] == ("svg", "g")]
    assert [each.attributes["aria-label"] for each in points if each.attributes["aria-label"].startswith("供水")] == [
        "供水，2022年：0%（0/1 篇）",
        "供水，2023年：50%（1/2 篇）",
        "供水，2024年：0%（0/1 篇）",
    ]
    for each in points:
        said = int(re.findall(r"（(\d+)/", each.attributes["aria-label"])[0])
        assert (total(five, each.attributes["href"]) > 0) == (said > 0)
    assert "with=" not in page.link("不比较")
    assert "by=" not in page.link("篇数") and "with=" in page.link("篇数")


@pytest.mark.parametrize("path", ["/overview?with=" + quote("“字” OR " * 300), "/overview?year=零"])
def test_what_cannot_be_asked_is_refused_as_in_a_search(five: FlaskClient, path: str) -> None:
    assert five.get(path).status_code == 400


@pytest.mark.parametrize("params", [{}, {"by": "x", "rows": "x"}, {"q": "没有的词"}, {"year": "1999"}])
def test_an_overview_stands_whatever_is_found(five: FlaskClient, params: dict[str, str]) -> None:
    shown(five, "/overview", **params)


def test_the_start_page_says_what_is_in_the_library(five: FlaskClient) -> None:
    page = shown(five, "/")
    assert [each.text for each in page.all("strong")] == ["4", "9", "3", "2022—2024"]
    assert page.link("粘贴核对") == "/check"
    assert sorted(url for _, url in cells(page)) == sorted(f"/reports/{each.id}" for each in REPORTS)
    for number, path in [(2, page.one("a", title="2023年 2 篇").attributes["href"]), (1, page.link("党建工作报告"))]:
        assert len(rows_of(shown(five, path))) == number
    assert page.all("svg") and not page.all("style")


def rows_of(page: Page) -> list[Element]:
    return page.all("td", class_="title")


def test_several_reports_of_a_unit_and_year_are_a_list() -> None:
    held = library([water_2023(), replace(water_2022(), meta=replace(water_2022().meta, year=2023))])
    client = client_of(lambda: held)
    ((number, url),) = cells(shown(client, "/"))
    assert number == "2" == str(len(rows_of(shown(client, url))))


def test_an_empty_library_has_a_start_page_and_a_list() -> None:
    held = library([])
    client = client_of(lambda: held)
    assert not shown(client, "/").all("table")
    assert "没有符合条件的报告" in shown(client, "/reports").html
    shown(client, "/overview")


def test_the_list_sorts_and_narrows_by_links_and_a_form(five: FlaskClient) -> None:
    page = shown(five, "/reports", text="水务局", year="2023")
    assert len(rows_of(page)) == 2
    assert [each.attributes["value"] for each in page.all("option") if "selected" in each.attributes] == ["2023"]
    newest = shown(five, page.link("段数"))
    assert newest.one("th", **{"aria-sort": "descending"}).text == "段数"
    assert len(rows_of(newest)) == 2
    assert newest.one("input", type="hidden").attributes == {"type": "hidden", "name": "sort", "value": "-paragraphs"}
    assert len(rows_of(shown(five, newest.link("全部清除")))) == 4


def test_the_list_has_pages() -> None:
    held = library(many(101))
    client = client_of(lambda: held)
    first = shown(client, "/reports", sort="-unit")
    second = shown(client, first.link("下一页"))
    assert (len(rows_of(first)), len(rows_of(second))) == (100, 1)
    assert second.one("span", class_="current").text == "2"


@pytest.mark.parametrize("path", ["/", "/reports", "/overview?q=党建", f"/overview?q={quote(HOSTILE)}&with=党建"])
def test_what_files_and_queries_hold_is_only_text(path: str) -> None:
    held = library([hostile(), water_2022()])
    page = shown(client_of(lambda: held), path)
    assert not page.foreign_scripts()
    assert not any("style" in each.attributes or "onerror" in each.attributes for each in page.elements)


def test_bars_have_a_place_for_every_year_between() -> None:
    held = library([water_2022(), replace(plans()[0], meta=replace(plans()[0].meta, year=2025))])
    with create_app(lambda: held).test_request_context():
        bars = report_year_bars(by_year(tally(held, counted_request(held, {})))).bars
    assert [(each.tick, each.count, each.length) for each in bars] == [
        ("2022", "1", 100),
        ("2023", "", 0),
        ("2024", "", 0),
        ("2025", "1", 100),
    ]
    assert [each.url is None for each in bars] == [False, True, True, False]


def test_bars_of_the_year_facet_choose_a_year_and_let_it_go() -> None:
    held = library(REPORTS)
    request = counted_request(held, {"q": ["党建"], "year": ["2023"]})
    values = held.reader.search(request).facets["year"]
    with create_app(lambda: held).test_request_context():
        bars = facet_year_bars(values, SearchState.of({"q": ["党建"], "year": ["2023"]})).bars
    assert [(each.label, each.count, each.chosen) for each in bars] == [
        ("2022年", "1", False),
        ("2023年", "3", True),
        ("2024年", "5", False),
    ]
    assert "year=2023" not in (bars[1].url or "") and "year=2024" in (bars[2].url or "")


def test_beside_hits_the_grid_is_small_and_absent_where_nothing_is_to_compare() -> None:
    held = library(many(30))
    with create_app(lambda: held).test_request_context():
        view = beside(held, {"q": ["党建"]})
        assert view is not None and view.rest is not None
        assert len(view.groups) == 1 and len(view.groups[0].rows) == routes.BESIDE_HITS.rows
        assert view.rest.total == "24" and view.totals.total == "30"
        assert (view.whole_url or "").startswith("/overview?q=")
        alone = {"q": ["党建"], "unit": ["第1局"]}
        assert beside(held, alone) is None
        nothing = {"q": ["没有的词"]}
        assert beside(held, nothing) is None


def beside(held: Library, params: dict[str, list[str]]) -> GridView | None:
    """The grid beside the hits of a search."""
    request = counted_request(held, params)
    return routes.grid_beside_hits(tally(held, request), request, SearchState.of(params))
