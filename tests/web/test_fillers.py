"""What stands in the gaps of phrases: a small table, asked for by a link, each row a way to the phrase itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from searchapp.reports.model import Metadata, Report, ReportSource
from searchapp.web.search.results import VALUES_FOLDED, VALUES_SHOWN

from .markup import Element, Page
from .samples import block

MakeClient = Callable[[Sequence[Report]], FlaskClient]
TEXTS = (
    "开展主题教育。",
    "开展主题教育，再开展警示教育。",
    "开展教育。",
    "开展党纪*学习{2}教育。",
    "开展GDP\n统计教育。",
)


def report_of(texts: Sequence[str]) -> Report:
    return Report(
        id="ffff00000001",
        meta=Metadata(title="教育情况报告", unit="甲局", department="甲局", year=2023),
        blocks=tuple(block("paragraph", text, f"f{at}", at) for at, text in enumerate(texts, 1)),
        sources=(ReportSource("reports/甲局.txt", 1, len(texts)),),
        opening="教育",
    )


@pytest.fixture(scope="module")
def taught(client_with: MakeClient) -> FlaskClient:
    return client_with([report_of(TEXTS)])


def shown(client: FlaskClient, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return Page(response.text)


def table_rows(page: Page) -> list[Element]:
    return [each for each in page.all("tr") if "section" in each.inside and "tbody" in each.inside]


def test_the_table_is_one_click_away_and_goes_with_another(taught: FlaskClient) -> None:
    page = shown(taught, "/search?q=“开展*教育”&year=2023")
    assert not page.all("section", class_="fillers")
    there = shown(taught, page.link("列出间隔里的文字"))
    told = there.one("section", class_="fillers").text
    assert "间隔里的文字" in told and "“开展*教育”：6 处，5 种" in told
    assert next(each.text for each in table_rows(there)) == "主题2"
    assert "列出间隔里的文字" not in there.html
    assert parse_qs(urlsplit(there.link("收起")).query) == {"q": ["“开展*教育”"], "year": ["2023"]}


def test_every_filler_leads_to_as_many_places_as_it_says(taught: FlaskClient) -> None:
    page = shown(taught, "/search?q=“开展*教育”&fillers=true&year=2023")
    links = [each for each in page.all("a") if "td" in each.inside]
    assert [each.text for each in links][1:] and {"（没有字）", "党纪*学习{2}"} <= {each.text for each in links}
    for each, row in zip(links, table_rows(page), strict=True):
        query = parse_qs(urlsplit(each.attributes["href"]).query)
        assert query["year"] == ["2023"] and "fillers" not in query
        there = shown(taught, each.attributes["href"])
        assert f"{row.text.removeprefix(each.text)}处" in there.one("p", class_="counts").text.replace(" ", "")


def test_the_rest_of_the_query_stays(taught: FlaskClient) -> None:
    page = shown(taught, "/search?q=再 “开展*教育” -党纪&fillers=true")
    queries = [parse_qs(urlsplit(each.attributes["href"]).query)["q"] for each in page.all("a") if "td" in each.inside]
    assert ['再 "开展警示教育" -党纪'] in queries


@pytest.mark.parametrize("query", ["教育", "“开展*无此词”", ""])
def test_nothing_is_listed_where_there_is_no_gap_or_no_hit(taught: FlaskClient, query: str) -> None:
    assert "列出间隔里的文字" not in shown(taught, f"/search?q={query}").html
    assert not shown(taught, f"/search?q={query}&fillers=true").all("section", class_="fillers")


def test_many_fillers_are_folded_and_the_last_only_counted(client_with: MakeClient) -> None:
    count = VALUES_SHOWN + VALUES_FOLDED + 7
    client = client_with([report_of([f"开展{number:03}教育。" for number in range(count)])])
    page = shown(client, "/search?q=“开展*教育”&fillers=true")
    assert len(table_rows(page)) == VALUES_SHOWN + VALUES_FOLDED
    assert "再看 100 种" in page.html and "还有 7 种没有列出" in page.html


def test_the_next_search_does_not_ask_for_fillers(taught: FlaskClient) -> None:
    page = shown(taught, "/search?q=“开展*教育”&fillers=true&year=2023")
    hidden = [each.attributes["name"] for each in page.all("input", type="hidden")]
    assert "year" in hidden and "fillers" not in {
        each.attributes["name"] for each in page.all("input", type="hidden") if "header" in each.inside
    }
