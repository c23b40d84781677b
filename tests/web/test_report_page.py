"""The report page: the original in its order, marked, every block with an address that lasts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from searchapp.reports.model import Report
from searchapp.store.retired_ids import RetiredRecord

from .conftest import client_of
from .markup import Page
from .samples import hostile, library, retired_ids, water_2022, water_2023


def shown(client: FlaskClient, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return Page(response.text)


def test_blocks_stand_in_their_order_with_their_anchors(client: FlaskClient) -> None:
    page = shown(client, "/reports/aaaaaaaaaaaa00000023")
    anchors = [each.attributes["id"] for each in page.elements if each.attributes.get("id", "").startswith("p-")]
    assert anchors == [f"p-k{number}" for number in range(1, 11)]
    text = page.one("article").text
    at = 0
    for each in water_2023().blocks:
        at = text.index(each.text.split(" | ")[0], at) + 1


def test_each_kind_of_block_has_its_form(client: FlaskClient) -> None:
    page = shown(client, "/reports/aaaaaaaaaaaa00000023")
    assert page.one("h1").text.endswith("甲县水务局党组2023年工作报告")
    assert next(each for each in page.all("h2") if "article" in each.inside).text == "一、加强党的建设"
    assert page.one("b", class_="run-in").text == "（一）坚持党建引领。"
    assert page.one("span", class_="dim").text == "［15］"
    assert [each.text for each in page.all("td") if "article" in each.inside] == ["项目", "数量", "水库党建点", "12"]
    for kind in ("addressee", "signature", "note", "annex"):
        assert page.one("div", class_=kind)


def test_the_outline_lists_headings_and_run_in_headings(client: FlaskClient) -> None:
    page = shown(client, "/reports/aaaaaaaaaaaa00000023")
    entries = [
        (each.text, each.attributes["href"], each.inside.count("ol")) for each in page.all("a") if "nav" in each.inside
    ]
    assert [each for each in entries if each[1].startswith("#p-")] == [
        ("一、加强党的建设", "#p-k3", 1),
        ("（一）坚持党建引领", "#p-k4", 2),
    ]


def test_metadata_tell_how_each_value_is_known(client: FlaskClient) -> None:
    facts = {
        row.text.split("\n")[0]
        for row in shown(client, "/reports/aaaaaaaaaaaa00000023").all("tr")
        if "article" not in row.inside
    }
    assert "单位甲县水务局党组据标题" in facts
    assert "年份2023年（安排2024）据标题" in facts
    assert "文种党建工作报告据更正" in facts
    assert "主送县委据正文" in facts
    assert not any(fact.startswith("来源") for fact in facts), "the file is told beside the text, under 源文件"


def test_the_source_file_is_told_once(client: FlaskClient) -> None:
    html = client.get("/reports/aaaaaaaaaaaa00000023").text
    assert html.count("第 1—10 行") == 1


def test_the_unit_above_is_told_where_it_is_known(client_with: Callable[[Sequence[Report]], FlaskClient]) -> None:
    known = replace(water_2023(), meta=replace(water_2023().meta, parent="甲县人民政府"))
    page = shown(client_with([known, water_2022()]), f"/reports/{known.id}")
    assert "上级单位甲县人民政府" in [each.text for each in page.all("tr")]
    assert "上级单位" not in shown(client_with([water_2022()]), f"/reports/{water_2022().id}").html


def test_searched_words_are_marked_and_counted(client: FlaskClient) -> None:
    page = shown(client, "/reports/aaaaaaaaaaaa00000023?q=党建")
    assert {each.text for each in page.all("mark")} == {"党建"}
    assert len(page.all("mark")) == 6
    assert "查到 6 处" in page.one("nav", class_="marked").text
    assert page.link("回到检索") == "/search?q=党建"


def test_punctuation_is_passed_over_where_the_search_did(plans_client: FlaskClient) -> None:
    query = "q=“学思用贯通、知信行统一”"
    assert len(shown(plans_client, f"/reports/eeee01?{query}").all("mark")) == 1
    page = shown(plans_client, f"/reports/eeee01?{query}&punct=ignore")
    assert [each.text for each in page.all("mark")] == ["学思用贯通、知信行统一", "学思用贯通知信行统一"]
    assert page.link("回到检索").endswith("&punct=ignore")
    assert page.one("input", name="punct").attributes["value"] == "ignore"


def test_a_query_over_the_limits_marks_nothing_but_shows_the_report(client: FlaskClient) -> None:
    page = shown(client, "/reports/aaaaaaaaaaaa00000023?q=" + "党" * 5001)
    assert "检索式太长" in page.one("p", class_="notice").text
    assert not page.all("mark")


def test_every_block_has_a_permalink_that_tells_its_source(client: FlaskClient) -> None:
    links = shown(client, "/reports/aaaaaaaaaaaa00000023").all("a", class_="permalink")
    assert [each.attributes["href"] for each in links] == [
        f"/p/aaaaaaaaaaaa00000023-k{number}" for number in range(1, 11)
    ]
    assert links[3].attributes["title"] == "reports/水务局2023.txt，第 4 行"


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/p/aaaaaaaaaaaa00000023-k4", "/reports/aaaaaaaaaaaa00000023#p-k4"),
        ("/p/aaaaaaaaaaaa00000023-k4?q=党建", "/reports/aaaaaaaaaaaa00000023?q=党建#p-k4"),
        (
            "/p/aaaaaaaaaaaa00000023-k4?q=a%26b%20“c”%0d%0aX:1",
            "/reports/aaaaaaaaaaaa00000023?q=a%26b+“c”%0D%0AX:1#p-k4",
        ),
    ],
)
def test_a_permalink_leads_to_the_block_in_its_report(client: FlaskClient, address: str, leads_to: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert unquote(response.headers["Location"]) == unquote(leads_to)
    assert "\n" not in response.headers["Location"]


def test_a_retired_paragraph_leads_to_the_nearest_and_says_so(tmp_path: Path) -> None:
    held = library(
        [water_2023()], retired_ids(tmp_path, RetiredRecord("aaaaaaaaaaaa00000023-gone", "aaaaaaaaaaaa00000023-k5"))
    )
    client = client_of(lambda: held)
    response = client.get("/p/aaaaaaaaaaaa00000023-gone?q=改革")
    assert unquote(response.headers["Location"]) == "/reports/aaaaaaaaaaaa00000023?q=改革&moved=1#p-k5"
    page = shown(client, response.headers["Location"])
    assert "原段落已不在，这里是离它最近的段落" in page.all("p", class_="notice")[0].text


def test_the_same_text_under_another_address_is_not_called_moved(tmp_path: Path) -> None:
    held = library(
        [water_2023()], retired_ids(tmp_path, RetiredRecord("old-k5", "aaaaaaaaaaaa00000023-k5", same_text=True))
    )
    assert client_of(lambda: held).get("/p/old-k5").headers["Location"] == "/reports/aaaaaaaaaaaa00000023#p-k5"


def test_an_old_report_id_leads_to_the_one_it_now_means(client: FlaskClient) -> None:
    response = client.get("/reports/aaaaaaaaaaaa00000023ffffffff?q=党建")
    assert response.status_code == 302
    assert unquote(response.headers["Location"]) == "/reports/aaaaaaaaaaaa00000023?q=党建"


def test_an_old_report_id_that_means_several_offers_the_choice(client: FlaskClient) -> None:
    response = client.get("/reports/aaaaaaaaaaaa")
    assert response.status_code == 300
    page = Page(response.text)
    assert {page.link("2022年工作报告"), page.link("2023年工作报告")} == {
        "/reports/aaaaaaaaaaaa00000022",
        "/reports/aaaaaaaaaaaa00000023",
    }


def test_an_untitled_report_shows_the_title_it_was_given(
    client_with: Callable[[Sequence[Report]], FlaskClient],
) -> None:
    untitled = replace(water_2022(), blocks=water_2022().blocks[1:])
    assert (
        shown(client_with([untitled]), "/reports/aaaaaaaaaaaa00000022").one("h1").text == "甲县水务局党组2022年工作报告"
    )


def test_title_lines_that_are_no_part_of_the_title_are_set_smaller(
    client_with: Callable[[Sequence[Report]], FlaskClient],
) -> None:
    first, rest = water_2023().blocks[0], water_2023().blocks[1:]
    lines = (replace(first, text="甲县水务局党组", key="t1"), replace(first, text="2023年工作报告", key="t2"))
    speaker = replace(first, text="——2024年1月 局长", key="t3")
    page = shown(client_with([replace(water_2023(), blocks=(*lines, speaker, *rest))]), "/reports/aaaaaaaaaaaa00000023")
    assert [each.attributes["id"] for each in page.all("span", class_="line")] == ["p-t1", "p-t2", "p-t3"]
    assert page.one("span", class_="subtitle").attributes["id"] == "p-t3"


def test_the_list_of_reports_tells_the_essentials(client: FlaskClient) -> None:
    page = shown(client, "/reports")
    assert "2 篇" in page.one("h1").text
    row = next(each for each in page.all("tr") if "2023年工作报告" in each.text)
    for part in ("甲县水务局党组", "2023年（安排2024）", "党建工作报告", "2"):
        assert part in row.text
    assert page.link("2023年工作报告") == "/reports/aaaaaaaaaaaa00000023"


def test_a_report_with_markup_for_text_is_read_as_text(client_with: Callable[[Sequence[Report]], FlaskClient]) -> None:
    page = shown(client_with([hostile()]), "/reports/cccc00?q=党建")
    assert page.one("div", id="p-h2").text.endswith(hostile().blocks[1].text)
