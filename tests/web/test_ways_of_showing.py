"""How a search is read and shown: switches, hits by report, alike hits once, explanations, several stretches."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask.testing import FlaskClient

from searchapp.search.params import PARAMETER_NAMES
from searchapp.web.search.hits import common_wording
from searchapp.web.search.switches import SWITCHES

from .markup import Element, Page
from .samples import block


def shown(client: FlaskClient, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return Page(response.text)


def params(url: str) -> dict[str, list[str]]:
    assert urlsplit(url).path == "/search"
    return parse_qs(urlsplit(url).query)


def counted(page: Page) -> str:
    return page.one("p", class_="counts").text.replace(" ", "")


def chips(page: Page) -> list[Element]:
    return [each for each in page.all("a", class_="chip") if "section" in each.inside]


def test_by_default_nothing_is_shown_as_active(plans_client: FlaskClient) -> None:
    page = shown(plans_client, "/search?q=党建")
    assert not page.all("ul", class_="active")
    assert not page.all("a", class_="on")
    assert "open" not in page.one("details", class_="options").attributes
    assert not page.all("table", class_="why")


@pytest.mark.parametrize("switch", [each for each in SWITCHES if each.name in PARAMETER_NAMES], ids=lambda s: s.name)
def test_a_switch_keeps_everything_else_and_comes_off_again(plans_client: FlaskClient, switch: object) -> None:
    name, (_, (value, label)) = switch.name, switch.positions  # type: ignore[attr-defined]
    before = {"q": ["党建"], "year": ["2024"], "sort": ["oldest"], "explain": ["true"]}
    page = shown(plans_client, "/search?q=党建&year=2024&sort=oldest&explain=true&page=1")
    there = next(each for each in page.all("a") if "dd" in each.inside and each.text == label)
    assert params(there.attributes["href"]) == {**before, name: [value]}
    on = shown(plans_client, there.attributes["href"])
    chip = next(each for each in chips(on) if each.text.startswith(switch.active))  # type: ignore[attr-defined]
    assert params(chip.attributes["href"]) == before


def test_switches_about_text_are_not_shown_where_none_is_asked_for(plans_client: FlaskClient) -> None:
    labels = [each.text for each in shown(plans_client, "/search").all("dt") if "dialog" not in each.inside]
    assert labels == ["相似段落", "单位名称"]


def test_any_word_is_enough_when_it_is_asked_for(plans_client: FlaskClient) -> None:
    assert counted(shown(plans_client, "/search?q=除险加固 汇报")) == "没有找到符合条件的段落"
    assert counted(shown(plans_client, "/search?q=除险加固 汇报&match=any")).startswith("2/2篇报告")


def test_hits_that_differ_in_punctuation_are_one_click_away(plans_client: FlaskClient) -> None:
    page = shown(plans_client, "/search?q=“学思用贯通、知信行统一”&year=2024")
    assert page.one("p", class_="punctuation").text == "另有 1 段仅标点不同"
    there = shown(plans_client, page.link("仅标点不同"))
    assert len(there.all("li", class_="hit")) == 2
    assert not there.all("p", class_="punctuation")
    assert [each.text for each in chips(there)] == ["不计标点×，恢复平常"]
    report = next(each for each in there.all("a") if "h3" in each.inside and "article" in each.inside)
    assert "punct=ignore" in report.attributes["href"]


def test_hits_stand_under_the_head_of_their_report(plans_client: FlaskClient) -> None:
    page = shown(plans_client, "/search?q=党建&group=report")
    assert counted(page) == "2/2篇报告7处6段2个单位"
    assert [each.attributes["value"] for each in page.all("li", class_="group")] == ["1", "2"]
    heads = {
        each.text: each.attributes["href"] for each in page.all("a") if "h3" in each.inside and "ol" in each.inside
    }
    assert {name: urlsplit(url).path for name, url in heads.items()} == {
        "乙县水务局计划": "/reports/eeee01",
        "丙县水务局计划": "/reports/eeee02",
    }
    assert len(page.all("li", class_="hit")) == 4
    assert page.one("p", class_="others").text == "本报告另有 2 段"
    assert unquote(page.link("本报告另有 2 段")) == "/reports/eeee01?q=党建"
    positions = [each for each in page.all("a") if "h4" in each.inside]
    assert {each.text for each in positions} <= {f"第 {number} 段" for number in range(1, 6)}
    assert all(urlsplit(each.attributes["href"]).fragment for each in positions)
    assert page.one("a", class_="on").text == "按报告归并，已开，点击关闭"
    assert params(page.one("a", class_="on").attributes["href"]) == {"q": ["党建"]}


def test_pages_are_of_reports_when_hits_stand_by_report(crowded_client: FlaskClient) -> None:
    page = shown(crowded_client, "/search?q=党建&group=report&per_page=20&page=2")
    assert [each.attributes["value"] for each in page.all("li", class_="group")] == [str(n) for n in range(21, 31)]
    assert [each.attributes["rel"] for each in page.all("link") if "rel" in each.attributes][-1] == "prev"
    beyond = shown(crowded_client, "/search?q=党建&group=report&per_page=20&page=3")
    assert "没有第 3 页，结果共 2 页" in beyond.one("div", class_="empty").text


def test_pages_are_of_what_is_left_when_alike_hits_are_folded(crowded_client: FlaskClient) -> None:
    page = shown(crowded_client, "/search?q=党建&fold=true")
    assert counted(page).endswith("30段30个单位")
    assert len(page.all("li", class_="hit")) == 1
    assert not page.all("nav", class_="paging")


def test_alike_hits_are_shown_once_and_can_be_looked_at(plans_client: FlaskClient) -> None:
    page = shown(plans_client, "/search?q=汇报&fold=true&sort=newest")
    assert counted(page) == "2/2篇报告2处2段2个单位"
    assert "列出 1 段" in page.all("p", class_="apart")[0].text
    assert page.one("span", class_="alike").text == "另有 1 段几乎相同"
    there = page.link("几乎相同")
    assert params(there) == {"q": ['"次，专题研究党建工作"'], "punct": ["ignore"], "sort": ["newest"]}
    assert len(shown(plans_client, there).all("li", class_="hit")) == 2


def test_a_short_wording_is_not_looked_for(crowded_client: FlaskClient) -> None:
    page = shown(crowded_client, "/search?q=党建&fold=true")
    assert page.one("span", class_="alike").text == "另有 29 段几乎相同"
    assert not [each for each in page.all("a") if "几乎相同" in each.text]


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("全年2次，研究“党建”工作，落实××局安排。", "次，研究“党建”工作，落实"),
        ('他说"抓好党建*工作{2}"。', "抓好党建"),
        ("12", ""),
        ("前文［15］之后的文字较长", "之后的文字较长"),
        ("长" * 100, "长" * 60),
    ],
)
def test_what_alike_blocks_have_in_common_can_be_written_as_a_phrase(text: str, wording: str) -> None:
    marks = ((2, 6),) if "［" in text else ()
    assert common_wording(block("paragraph", text, "k", 1, marks=marks)) == wording


def test_an_explanation_says_what_each_clause_adds(plans_client: FlaskClient) -> None:
    page = shown(plans_client, "/search?q=党建 除险加固")
    assert not page.all("table", class_="why")
    there = shown(plans_client, page.link("为什么排在这里"))
    assert there.one("table", class_="why")
    # The grid of units and years stands above the hits, and is a table too.
    listed = [each for each in there.elements if "ol" in each.inside]
    cells = [each.text for each in listed if each.tag in ("th", "td") and "tbody" in each.inside]
    heads = [each.text for each in listed if each.tag == "th" and "thead" in each.inside]
    assert heads[:2] == ["条件", "匹配"]
    assert heads[-1] == "合计"
    assert {"字面", "正文词"} <= set(heads)
    assert cells[:2] == ["党建", "一字不差"]
    shares = [float(share) for share in cells[2 : len(heads) - 1] if share != "—"]
    assert abs(sum(shares) - float(cells[len(heads) - 1])) < 0.02
    assert params(there.link("不再说明排序")) == {"q": ["党建 除险加固"]}


def test_there_is_nothing_to_explain_where_no_text_is_asked_for(plans_client: FlaskClient) -> None:
    assert "为什么排在这里" not in shown(plans_client, "/search").html
    assert not shown(plans_client, "/search?explain=true").all("table", class_="why")


def test_words_far_apart_are_shown_in_stretches_of_their_own(plans_client: FlaskClient) -> None:
    page = shown(plans_client, "/search?q=党建 除险加固 河湖")
    snippet = page.one("p", class_="snippet").text
    assert [each.text for each in page.all("mark")] == ["党建", "除险加固", "河湖"]
    assert len([each for each in page.all("i") if each.text == "…"]) == 3
    assert len(snippet.replace("…", "")) <= 160
    assert snippet.startswith("抓党建。")
    assert page.one("span", class_="further").text == "本段另有 1 处"


def test_a_paragraph_shown_whole_has_no_further_occurrences(plans_client: FlaskClient) -> None:
    page = shown(plans_client, "/search?q=汇报")
    assert not page.all("span", class_="further")
    assert not [each for each in page.all("i") if each.text == "…"]
