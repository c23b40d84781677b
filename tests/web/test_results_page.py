"""The results page: counts, filters as links, hits that lead to the paragraph, pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient

from searchapp.reports.model import Report
from searchapp.search.params import PARAMETER_NAMES
from searchapp.search.result import FacetValue
from searchapp.search.schema import FACETS
from searchapp.web.search.facets import VALUES_FOLDED, VALUES_SHOWN, facet_view
from searchapp.web.search.switches import SWITCHES
from searchapp.web.search_state import SearchState

from .markup import Element, Page
from .samples import many, water_2022, water_2023


def shown(client: FlaskClient, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return Page(response.text)


def params(url: str) -> dict[str, list[str]]:
    assert urlsplit(url).path == "/search"
    return parse_qs(urlsplit(url).query)


def positions(page: Page) -> list[str]:
    """The orders and switches as they stand."""
    return [each.text for each in page.all("span") if each.attributes.get("aria-current") == "true"]


def facet_links(page: Page, name: str) -> list[Element]:
    """Links of one facet's values, in order: those that stand open, and the bars of years."""
    order = [each for each in page.elements if each.tag in ("section", "a")]
    at = next(n for n, each in enumerate(order) if f"facet-{name}" in each.attributes.get("class", ""))
    links = []
    for each in order[at + 1 :]:
        if each.tag == "section":
            break
        if "ul" in each.inside:
            links.append(each)
    return links


def forms(page: Page) -> list[list[tuple[str, str]]]:
    """The hidden fields of every form, in order."""
    found: list[list[tuple[str, str]]] = []
    for each in page.elements:
        if each.tag == "form":
            found.append([])
        elif each.attributes.get("type") == "hidden":
            found[-1].append((each.attributes["name"], each.attributes["value"]))
    return found


def ticks(page: Page, name: str) -> list[str]:
    """The values of one facet that can be ticked."""
    at = next(n for n, each in enumerate(page.elements) if f"facet-{name}" in each.attributes.get("class", ""))
    boxes = []
    for each in page.elements[at + 1 :]:
        if each.tag == "section":
            break
        if each.attributes.get("type") == "checkbox":
            boxes.append(each.attributes["value"])
    return boxes


def test_the_count_line_leads_with_reports(client: FlaskClient) -> None:
    page = shown(client, "/search?q=党建")
    assert page.one("p", class_="counts").text.replace(" ", "") == "2/2篇报告44处3段1个单位"


def test_browsing_counts_no_occurrences(client: FlaskClient) -> None:
    page = shown(client, "/search")
    assert page.one("p", class_="counts").text.replace(" ", "") == "2/2篇报告3段1个单位"


def test_annexes_and_notes_are_told_of_and_one_click_away(client: FlaskClient) -> None:
    page = shown(client, "/search?q=党建&year=2023")
    assert page.one("p", class_="apart").text.startswith("另有 2 段在附件、注释")
    assert params(page.link("2 段在附件、注释")) == {"q": ["党建"], "year": ["2023"], "block": ["annex", "note"]}
    there = shown(client, page.link("2 段在附件、注释"))
    assert len(there.all("li", class_="hit")) == 2
    assert [each.text for each in there.all("span", class_="kind")] in (["注释", "附件"], ["附件", "注释"])
    assert not there.all("p", class_="apart")


def test_a_hit_shows_where_it_stands_and_leads_to_its_block(client: FlaskClient) -> None:
    page = shown(client, "/search?q=“两个维护”")
    link = next(each for each in page.all("a") if "h3" in each.inside and "li" in each.inside)
    assert link.text == "甲县水务局党组2023年工作报告"
    assert urlsplit(link.attributes["href"]).path == "/reports/aaaaaaaaaaaa00000023"
    assert urlsplit(link.attributes["href"]).fragment == "p-k4"
    assert parse_qs(urlsplit(link.attributes["href"]).query) == {"q": ["“两个维护”"]}
    stands = page.one("p", class_="stands").text
    for part in ("甲县水务局党组", "2023年（安排2024）", "一、加强党的建设"):
        assert part in stands
    assert [each.text for each in page.all("mark")] == ["两个维护"]
    assert [each.text for each in page.all("span", class_="tag")] == ["组织建设", "回顾"]
    assert page.one("span", class_="source").text == "reports/水务局2023.txt，第 4 行"


def test_a_heading_that_the_text_begins_with_is_told_once(client: FlaskClient) -> None:
    hit = shown(client, "/search?q=“两个维护”").one("article").text
    assert hit.count("（一）坚持党建引领。") == 1
    assert "一、加强党的建设" in hit


def test_several_occurrences_are_counted_and_long_text_is_cut(client: FlaskClient) -> None:
    page = shown(client, "/search?q=上半年&year=2022")
    assert page.one("strong", class_="note").text == "40 处"
    assert page.one("p", class_="snippet").text.endswith("…")
    assert page.one("span", class_="source").text == "reports/水务局2022.docx，第 2 段"


@pytest.mark.parametrize(
    ("address", "facet", "value", "after"),
    [
        ("/search?q=党建", "year", "2023年", {"q": ["党建"], "year": ["2023"]}),
        ("/search?q=党建&year=2022", "year", "2023年", {"q": ["党建"], "year": ["2022", "2023"]}),
        ("/search?q=党建&year=2022&year=2023", "year", "2023年", {"q": ["党建"], "year": ["2022"]}),
        ("/search?year=2022&page=1&sort=oldest", "unit", "甲县水务局", {
            "year": ["2022"], "sort": ["oldest"], "unit": ["甲县水务局"]}),
        ("/search?department=甲县水务局", "unit", "甲县水务局", {}),
        ("/search?unit=甲县水务局党组", "unit", "甲县水务局", {}),
        ("/search?q=党建", "section", "未归类", {"q": ["党建"], "section": ["none"]}),
    ],
)  # fmt: skip
def test_a_facet_value_toggles_itself(
    client: FlaskClient, address: str, facet: str, value: str, after: dict[str, list[str]]
) -> None:
    page = shown(client, address)
    link = next(each for each in facet_links(page, facet) if value in each.text)
    assert params(link.attributes["href"]) == after


def test_chosen_values_are_marked_and_listed_as_chips(client: FlaskClient) -> None:
    page = shown(client, "/search?q=党建&year=2022&year=2023&not_section=none&year_from=2020&block=all")
    chosen = [each.text.split()[0] for each in facet_links(page, "year") if each.attributes.get("aria-current")]
    assert chosen == ["2023年", "2022年"]
    chips = [each.text for each in page.all("a", class_="chip")]
    assert chips == [
        "年份2022年×，去掉",
        "年份2023年×，去掉",
        "不含栏目未归类×，去掉",
        "年份2020—最近×，去掉",
        "范围全部×，去掉",
    ]
    assert params(page.one("a", class_="clear").attributes["href"]) == {"q": ["党建"]}


def test_every_chip_takes_off_its_own_filter_only(client: FlaskClient) -> None:
    address = "/search?q=党建&unit=甲县水务局&year=2022&year=2023&not_part=安排&year_to=2024&block=all"
    before = params(address)
    for chip in shown(client, address).all("a", class_="chip"):
        after = params(chip.attributes["href"])
        lost = sum(len(values) for values in before.values()) - sum(len(values) for values in after.values())
        assert lost == 1
        assert all(set(values) <= set(before[name]) for name, values in after.items())


def test_facet_counts_are_those_of_the_search_they_lead_to(client: FlaskClient) -> None:
    for name in ("unit", "year", "section", "part", "kind"):
        for link in facet_links(shown(client, "/search?q=党建"), name):
            count = int(link.text.split()[-1])
            there = shown(client, link.attributes["href"])
            assert there.all("strong")[2].text == str(count)


def test_long_facets_show_twelve_values_and_fold_the_rest(crowded_client: FlaskClient) -> None:
    page = shown(crowded_client, "/search?q=党建")
    links, boxes = facet_links(page, "unit"), ticks(page, "unit")
    assert (len(links), len(boxes)) == (12, 18)
    assert len({*boxes, *(each.text.split()[0] for each in links)}) == 30
    assert page.one("section", class_="facet-unit").attributes["data-find"] == "在单位里找"
    folded = next(each for each in page.all("details") if not each.attributes.get("class"))
    assert "open" not in folded.attributes


def test_very_long_facets_are_cut_but_for_what_is_chosen(client: FlaskClient) -> None:
    values = tuple(FacetValue(f"第{number}局", f"第{number}局", 5, number == 499) for number in range(500))
    with client.application.test_request_context():
        view = facet_view(FACETS[0], values, SearchState.of({"unit": ["第499局"]}))
    (open_values,), (folded,) = view.shown, view.folded
    assert len(open_values.values) == VALUES_SHOWN + 1 and open_values.values[-1].chosen
    assert len(folded.values) == VALUES_FOLDED
    assert view.unlisted == str(500 - VALUES_SHOWN - 1 - VALUES_FOLDED)


def test_a_chosen_value_is_never_folded_away(crowded_client: FlaskClient) -> None:
    last = ticks(shown(crowded_client, "/search?q=党建"), "unit")[-1]
    page = shown(crowded_client, f"/search?q=党建&unit={last}")
    chosen = [each for each in facet_links(page, "unit") if each.attributes.get("aria-current")]
    assert [each.text.split()[0] for each in chosen] == [last]
    assert last not in ticks(page, "unit")


@pytest.mark.parametrize(
    ("sent", "after"),
    [
        ("pick=第1局&pick=第2局&add=unit", {"q": ["党建"], "unit": ["第1局", "第2局"], "year": ["2020"]}),
        ("unit=第3局&pick=第1局&add=unit", {"q": ["党建"], "unit": ["第1局", "第3局"], "year": ["2020"]}),
        ("pick=第1局&add=not_unit", {"q": ["党建"], "not_unit": ["第1局"], "year": ["2020"]}),
        ("unit=第1局&pick=第1局&add=not_unit", {"q": ["党建"], "not_unit": ["第1局"], "year": ["2020"]}),
        ("add=unit&page=3", {"q": ["党建"], "year": ["2020"]}),
        ("pick=第1局&add=q", {"q": ["党建"], "year": ["2020"]}),
    ],
)
def test_ticked_values_make_a_search_of_their_own_address(
    crowded_client: FlaskClient, sent: str, after: dict[str, list[str]]
) -> None:
    response = crowded_client.get(f"/search?q=党建&year=2020&{sent}")
    assert response.status_code == 302 and response.headers["Location"].isascii()
    assert params(response.headers["Location"]) == after


def test_a_value_is_kept_out_by_a_button_and_let_in_by_its_chip(client: FlaskClient) -> None:
    page = shown(client, "/search?q=党建&sort=oldest&page=1")
    assert page.one("form", id="narrow").attributes["action"] == "/search"
    button = next(each for each in page.all("button") if each.attributes.get("name") == "not_year")
    assert (button.attributes["form"], button.attributes["value"], button.text) == ("narrow", "2023", "排除")
    assert forms(page)[1] == [("q", "党建"), ("sort", "oldest")]
    without = shown(client, "/search?q=党建&sort=oldest&not_year=2023")
    assert [each.text.split()[0] for each in facet_links(without, "year")] == ["2022年"]
    chip = without.one("a", class_="chip")
    assert chip.text.startswith("不含年份2023年")
    assert params(chip.attributes["href"]) == {"q": ["党建"], "sort": ["oldest"]}


def test_what_is_not_known_is_a_value(client_with: Callable[[Sequence[Report]], FlaskClient]) -> None:
    unknown = replace(water_2022(), meta=replace(water_2022().meta, year=None))
    client = client_with([water_2023(), unknown])
    page = shown(client, "/search?q=党建")
    link = next(each for each in facet_links(page, "year") if "未注明" in each.text)
    assert params(link.attributes["href"]) == {"q": ["党建"], "year": ["none"]}
    assert page.one("p", class_="counts").text.startswith("2 / 2")
    assert shown(client, link.attributes["href"]).one("p", class_="counts").text.startswith("1 / 1")
    assert shown(client, "/search?q=党建&not_year=none").one("p", class_="counts").text.startswith("1 / 1")


def test_units_stand_by_their_type(client_with: Callable[[Sequence[Report]], FlaskClient]) -> None:
    types = ["政府部门", "高校", "政府部门", None]
    reports = [
        replace(each, meta=replace(each.meta, unit_type=kind)) for each, kind in zip(many(4), types, strict=True)
    ]
    page = shown(client_with(reports), "/search?q=党建")
    links = facet_links(page, "unit")
    told = [each.text.split()[0] for each in page.elements if each.tag == "h4" or each in links]
    assert told == ["政府部门", "第1局", "第3局", "高校", "第2局", "类型未注明", "第4局"]
    assert params(page.link("政府部门")) == {"q": ["党建"], "unit_type": ["政府部门"]}


def test_years_are_drawn_and_can_be_ticked(client_with: Callable[[Sequence[Report]], FlaskClient]) -> None:
    years = [2019, 2019, 2021, 2022, None]
    reports = [replace(each, meta=replace(each.meta, year=year)) for each, year in zip(many(5), years, strict=True)]
    page = shown(client_with(reports), "/search?q=党建&year=2021")
    bars = facet_links(page, "year")
    assert [each.attributes["title"] for each in bars] == ["2019年 2 段", "2021年 1 段", "2022年 1 段", "未注明 1 段"]
    assert [each.attributes.get("aria-current") for each in bars] == [None, "true", None, None]
    assert params(bars[0].attributes["href"]) == {"q": ["党建"], "year": ["2019", "2021"]}
    assert ticks(page, "year") == ["2022", "2019", "none"]


def test_values_that_no_report_states_look_so_and_it_is_said_once(
    client_with: Callable[[Sequence[Report]], FlaskClient],
) -> None:
    guessed = replace(water_2022(), meta=replace(water_2022().meta, evidence={"unit": "title", "year": "file name"}))
    client = client_with([water_2023(), guessed])
    page = shown(client, "/search?q=党建")
    inferred = [each.text for each in page.all("i", class_="inferred")]
    assert inferred == ["2022年", "虚线", "2022年（据文件名）"]
    assert shown(client, "/search?q=“两个维护”").html.count("about-inferred") == 0


def test_pages_are_linked_both_ways_and_by_number(crowded_client: FlaskClient) -> None:
    page = shown(crowded_client, "/search?q=党建&per_page=4&page=4")
    for relation, number in (("prev", "3"), ("next", "5")):
        links = [each for each in page.elements if each.attributes.get("rel") == relation]
        assert {each.tag for each in links} == {"link", "a"}
        assert all(params(each.attributes["href"])["page"] == [number] for each in links)
    assert page.one("span", class_="current").text == "4"
    numbers = [each.text for each in page.all("a") if each.attributes.get("aria-label", "").endswith("页")]
    assert numbers == ["1", "2", "3", "5", "6", "8"]
    assert page.all("li", class_="hit")[0].attributes["value"] == "13"


def test_pages_together_hold_each_hit_once(crowded_client: FlaskClient) -> None:
    address, seen = "/search?q=党建&per_page=7", []
    while address:
        page = shown(crowded_client, address)
        seen += [each.attributes["href"] for each in page.all("a") if "article" in each.inside]
        steps = [each for each in page.all("a") if each.attributes.get("rel") == "next"]
        address = steps[0].attributes["href"] if steps else ""
    assert len(seen) == len(set(seen)) == 30


def test_a_page_beyond_the_last_leads_back(crowded_client: FlaskClient) -> None:
    page = shown(crowded_client, "/search?q=党建&page=99")
    assert "没有第 99 页，结果共 3 页" in page.one("div", class_="empty").text
    assert params(page.link("看最后一页"))["page"] == ["3"]


def test_no_hit_says_why_and_offers_to_take_the_filters_off(client: FlaskClient) -> None:
    page = shown(client, "/search?q=供水改革&year=2022")
    assert "去掉筛选后有 1 段" in page.one("ul", class_="told").text
    without = next(each for each in page.all("a") if "section" in each.inside and each.text.startswith("去掉"))
    assert "筛选" in without.text
    assert params(without.attributes["href"]) == {"q": ["供水改革"]}
    assert "在全库一处也没有" in shown(client, "/search?q=“航天飞机”").one("ul", class_="told").text


def test_what_was_mended_is_told_with_the_piece_of_the_query(client: FlaskClient) -> None:
    told = shown(client, "/search?q=党建 “引领&bogus=1").one("ul", class_="told").text
    assert "“引领：引号没有配对" in told
    assert "不认识的参数“bogus”" in told


def test_orders_are_links_and_the_current_one_is_marked(client: FlaskClient) -> None:
    page = shown(client, "/search?q=党建&sort=newest&page=1")
    usual = [switch.positions[0][1] for switch in SWITCHES if switch.name in PARAMETER_NAMES]
    assert positions(page) == ["从新到旧", *usual]
    assert params(page.link("从旧到新")) == {"q": ["党建"], "sort": ["oldest"]}
    assert params(page.link("最相关")) == {"q": ["党建"]}


def test_the_box_keeps_the_query_and_the_filters(client: FlaskClient) -> None:
    page = shown(client, "/search?q=党建&year=2023&page=1&sort=newest")
    assert page.one("input", id="q").attributes["value"] == "党建"
    hidden = [
        (each.attributes["name"], each.attributes["value"])
        for each in page.all("input", type="hidden")
        if each.inside.count("header")
    ]
    assert hidden == [("year", "2023"), ("sort", "newest")]


def test_the_start_page_tells_what_is_here_and_how_to_browse(client: FlaskClient) -> None:
    page = shown(client, "/")
    figures = page.one("ul", class_="figures").text
    assert "".join(figures.split()) == "2篇报告3段1个单位2022—2023年"
    assert page.one("a", title="2023年 1 篇").attributes["href"] == "/reports?year=2023"
    assert page.link("甲县水务局") == f"/reports?unit={quote('甲县水务局')}"
    assert page.one("input", name="q")


def test_a_range_of_years_can_be_set_and_taken_off_even_where_nothing_is_found(client: FlaskClient) -> None:
    page = shown(client, "/search?q=党建&unit=甲县水务局&year_from=1990&year_to=1991&year=2023&sort=oldest")
    assert page.one("input", name="year_from", id="year_from").attributes["value"] == "1990"
    carried = [("q", "党建"), ("unit", "甲县水务局"), ("year", "2023"), ("sort", "oldest")]
    assert carried in forms(page)
    cleared = next(each for each in page.all("a", class_="facet-clear") if "year" not in each.attributes["href"])
    assert params(cleared.attributes["href"]) == {"q": ["党建"], "unit": ["甲县水务局"], "sort": ["oldest"]}
