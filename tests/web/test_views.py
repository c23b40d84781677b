"""The other views of a search: occurrences line by line, headings by level; each a state with its address."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from searchapp.web.search.views import in_view
from searchapp.web.search_state import SearchState

from .markup import FOREIGN_SCRIPT, Page
from .samples import HOSTILE


def shown(client: FlaskClient, path: str, status: int = 200) -> Page:
    response = client.get(path)
    assert response.status_code == status, response.text
    return Page(response.text)


def test_every_occurrence_has_its_line(client: FlaskClient) -> None:
    page = shown(client, "/search?q=党建&view=kwic")
    total = client.get("/api/v1/search?q=党建").get_json()["counts"]["occurrences"]
    keywords = page.all("td", class_="keyword")
    assert len(keywords) == min(total, 50)
    assert {each.text for each in keywords} == {"党建"}
    link = next(each for each in page.all("a") if "keyword" not in each.attributes and each.text == "党建")
    assert link.attributes["href"].startswith("/reports/aaaaaaaaaaaa0000002")
    assert "q=党建" in link.attributes["href"], "short: it is in every line"
    assert "#p-" in link.attributes["href"]
    assert f"共 {total} 处" in page.one("p", class_="kwic-range").text
    assert client.get(link.attributes["href"]).status_code == 200


def test_lines_are_sorted_by_a_link(client: FlaskClient) -> None:
    page = shown(client, "/search?q=党建&view=kwic")
    right = shown(client, page.link("按右文"))
    texts = [each.text for each in right.all("td", class_="right")]
    assert texts and sorted(texts) != [each.text for each in page.all("td", class_="right")]
    assert shown(client, right.link("40 字")).one("table", class_="kwic-40")


def test_views_lead_to_each_other_and_keep_what_was_asked(client: FlaskClient) -> None:
    page = shown(client, "/search?q=党建&year=2023&view=kwic&sort=right&width=10")
    blocks = page.link("段落")
    assert "year=2023" in blocks and "sort" not in blocks and "view" not in blocks and "width" not in blocks
    assert shown(client, blocks).all("li", class_="hit")
    headings = shown(client, page.link("小标题"))
    assert [each.text for each in headings.all("li", class_="rank-2")] == ["（一）坚持党建引领"]
    back = shown(client, headings.link("逐处"))
    assert len(back.all("td", class_="keyword")) > 1
    assert any(chip.text.startswith("年份") for chip in back.all("a", class_="chip"))


def test_a_facet_keeps_the_view(client: FlaskClient) -> None:
    page = shown(client, "/search?q=党建&view=kwic&sort=right")
    assert "view=kwic" in page.link("2022年") and "sort=right" in page.link("2022年")
    assert shown(client, page.link("2022年")).one("p", class_="kwic-range")


@pytest.mark.parametrize(("view", "label"), [("kwic", "JSON Lines"), ("kwic", "CSV"), ("kwic", "Excel")])
def test_files_are_of_all_that_the_page_counts(client: FlaskClient, view: str, label: str) -> None:
    url = shown(client, f"/search?q=党建&view={view}&sort=right&page=2").link(label)
    assert "build=b-test" in url and "page=" not in url and "sort=right" in url and "view=kwic" in url
    response = client.get(url)
    assert response.status_code == 200
    total = client.get("/api/v1/search?q=党建").get_json()["counts"]["occurrences"]
    assert response.headers["Searchapp-Total"] == str(total)
    response.close()


def test_all_headings_can_be_copied(client: FlaskClient) -> None:
    page = shown(client, "/search?q=党建&view=headings&depth=1")
    assert not page.all("li", class_="rank-2")
    text = client.get(page.link("纯文本")).text
    assert "一、加强党的建设" in text and "坚持党建引领" not in text


def test_pages_of_lines_and_of_reports(client: FlaskClient, crowded_client: FlaskClient) -> None:
    first = shown(crowded_client, "/search?q=党建&view=kwic&per_page=20")
    assert len(first.all("td", class_="keyword")) == 20
    assert len(shown(crowded_client, first.link("下一页")).all("td", class_="keyword")) == 10
    reports = shown(crowded_client, "/search?view=headings")
    assert len(reports.all("article", class_="headings-of")) == 10
    assert len(shown(crowded_client, reports.link("下一页")).all("article", class_="headings-of")) == 10
    assert "没有第 9 页" in crowded_client.get("/search?q=党建&view=kwic&page=9").text
    assert "没有第 9 页" in crowded_client.get("/search?view=headings&page=9").text


@pytest.mark.parametrize("view", ["kwic", "headings"])
def test_nothing_found_says_why(client: FlaskClient, view: str) -> None:
    assert "在全库一处也没有" in client.get(f"/search?q=子虚乌有之物&view={view}").text


def test_without_words_there_is_nothing_to_line_up(client: FlaskClient) -> None:
    assert "没有要找的文字" in client.get("/search?view=kwic&year=2023").text
    page = shown(client, "/search?view=headings&year=2023")
    assert not [each for each in page.all("a") if each.text == "逐处"]


def test_hostile_text_is_escaped(hostile_client: FlaskClient) -> None:
    for view in ("kwic", "headings"):
        response = hostile_client.get(f"/search?q=党建&view={view}")
        assert response.status_code == 200
        assert not FOREIGN_SCRIPT.search(response.text) and HOSTILE not in response.text
        Page(response.text)


def test_what_cannot_be_is_refused(client: FlaskClient) -> None:
    assert client.get("/search?q=党建&view=x").status_code == 400
    response = client.get("/search?q=党建&view=kwic&sort=up")
    assert response.status_code == 400
    assert "view=kwic" in Page(response.text).link("去掉")


def test_a_change_of_view_drops_what_the_other_does_not_have() -> None:
    state = SearchState.of({"q": ["x"], "sort": ["left"], "width": ["40"], "view": ["kwic"], "page": ["3"]})
    assert in_view(state, "blocks").pairs == (("q", "x"),)
    grouped = SearchState.of({"q": ["x"], "sort": ["newest"], "group": ["report"], "explain": ["true"], "depth": ["2"]})
    assert in_view(grouped, "kwic").pairs == (("q", "x"), ("sort", "newest"), ("view", "kwic"))
    assert in_view(grouped, "headings").values("depth") == ("2",)
