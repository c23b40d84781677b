"""The page of two reports side by side, and the same as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from searchapp.reports.model import Metadata, Report

from .markup import FOREIGN_SCRIPT, Page
from .samples import HOSTILE, block, hostile, water_2022, water_2023

NEW, OLD = "aaaaaaaaaaaa00000023", "aaaaaaaaaaaa00000022"
ClientWith = Callable[[Sequence[Report]], FlaskClient]


def yearly(year: int, *texts: str) -> Report:
    """A report of one unit with a heading and some paragraphs."""
    meta = Metadata(title=f"乙局{year}年报告", unit="乙局党组", department="乙局", year=year, kind="工作报告")
    blocks = [block("heading", "一、工作回顾", "h", 1, level=1)]
    blocks += [block("paragraph", text, f"p{at}", at, headings=("一、工作回顾",)) for at, text in enumerate(texts, 2)]
    return Report(f"bbbbbbbbbbbb0000{year}", meta, tuple(blocks), (), f"乙局{year}")


@pytest.fixture(scope="module")
def pair(client_with: ClientWith) -> FlaskClient:
    same = "深化河湖长制，巡河八千余次。"
    return client_with(
        [
            yearly(2021, same, "全年召开党组会12次，听取支部汇报三轮。", "旧事一件，不再提起。"),
            yearly(2022, same, "全年召开党组会19次，听取支部汇报三轮。", "又办成实事十项，群众满意。"),
        ]
    )


A, B = "bbbbbbbbbbbb00002021", "bbbbbbbbbbbb00002022"


def shown(client: FlaskClient, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return Page(response.text)


def test_rows_tell_what_was_kept_edited_new_and_dropped_in_words(pair: FlaskClient) -> None:
    page = shown(pair, f"/compare?a={A}&b={B}")
    labels = [each.text.strip() for each in page.all("p", class_="status")]
    assert labels == ["＝未改", "＝未改", "≈改写", "－删去", "＋新增"]
    assert [each.text for each in page.all("del") if "section" in each.inside] == ["独有的字", "12"]
    assert [each.text for each in page.all("ins") if "section" in each.inside] == ["独有的字", "19"]
    counts = page.one("ul", class_="counts").text.split()
    assert "".join(counts) == "＝未改2段≈改写1段＋新增1段－删去1段"


def test_the_outline_and_every_link_inside_the_page_lead_somewhere(pair: FlaskClient) -> None:
    html = pair.get(f"/compare?a={A}&b={B}").text
    anchors = {part.split('"')[0] for part in html.split('id="')[1:]}
    targets = {part.split('"')[0] for part in html.split('href="#')[1:]}
    assert targets and targets <= anchors
    assert Page(html).link("一、工作回顾") == "#b-1"


def test_paragraphs_link_to_the_originals(pair: FlaskClient) -> None:
    page = shown(pair, f"/compare?a={A}&b={B}")
    number = next(each for each in page.all("a", class_="number") if each.attributes["href"].endswith("#p-p3"))
    assert number.attributes["href"].startswith("/reports/bbbbbbbbbbbb")


def test_only_the_changes_can_be_shown(pair: FlaskClient) -> None:
    page = shown(pair, f"/compare?a={A}&b={B}&only=changes")
    assert page.one("p", class_="skipped").text == "1 段未改"
    assert "深化河湖长制" not in page.one("main").text
    assert page.link("只看不同") == f"/compare?a={A}&b={B}"


def test_sides_can_be_exchanged(pair: FlaskClient) -> None:
    assert shown(pair, f"/compare?a={A}&b={B}").link("对调") == f"/compare?a={B}&b={A}"


def test_one_report_alone_offers_the_unit_s_others(pair: FlaskClient, client_with: ClientWith) -> None:
    assert shown(pair, f"/compare?b={B}").link("乙局2021年报告") == f"/compare?a={A}&b={B}"
    assert "没有同一单位的其他报告" in shown(client_with([yearly(2021, "一")]), f"/compare?a={A}").one("main").text
    assert shown(pair, "/compare").link("全部报告") == "/reports"


@pytest.mark.parametrize(
    "address", [f"/compare?a={A}&b=no", f"/compare?a=no&b={B}", f"/api/v1/compare?a={A}&b=no", f"/compare?a={HOSTILE}"]
)
def test_unknown_reports_are_not_found(pair: FlaskClient, address: str) -> None:
    response = pair.get(address)
    assert response.status_code == 404 and not FOREIGN_SCRIPT.search(response.text)


def test_an_address_of_an_earlier_build_leads_on(pair: FlaskClient) -> None:
    response = pair.get(f"/compare?a={A}12345678&b={B}&only=changes")
    assert response.status_code == 302
    assert response.headers["Location"] == f"/compare?a={A}&b={B}&only=changes"


def test_the_api_gives_rows_with_spans(pair: FlaskClient) -> None:
    answer = pair.get(f"/api/v1/compare?a={A}&b={B}").get_json()
    assert answer["counts"] == {"kept": 2, "edited": 1, "moved": 0, "new": 1, "dropped": 1}
    assert [row["kind"] for row in answer["rows"]] == ["kept", "kept", "edited", "dropped", "new"]
    edited = answer["rows"][2]
    for side, changed in (("a", "12"), ("b", "19")):
        (span,) = edited[side]["changes"]
        assert edited[side]["text"][slice(*span)] == changed
    assert answer["rows"][3]["b"] is None
    assert 0 < answer["share_same"] < answer["share_alike"] < 1
    assert pair.get(f"/api/v1/compare?a={A}").get_json()["parameter"] == "b"


def test_markup_in_reports_stays_text(client_with: ClientWith) -> None:
    other = replace(
        hostile(), id="cccc01", blocks=tuple(replace(each, text=each.text + "新") for each in hostile().blocks)
    )
    client = client_with([hostile(), other])
    html = client.get("/compare?a=cccc00&b=cccc01").text
    assert not FOREIGN_SCRIPT.search(html) and "<img" not in html
    assert HOSTILE in Page(html).one("main").text
    assert not FOREIGN_SCRIPT.search(client.get("/compare?a=cccc00").text)


def test_moved_paragraphs_link_to_each_other(client_with: ClientWith) -> None:
    one, two = "深化河湖长制，巡河八千余次。", "全年召开党组会12次，听取汇报。"
    client = client_with([yearly(2021, one, two, "三"), yearly(2022, two, one, "三")])
    page = shown(client, f"/compare?a={A}&b={B}")
    links = {each.text: each.attributes["href"] for each in page.all("a") if "篇第" in each.text}
    assert len(links) == 2
    for href in links.values():
        assert page.all("div", id=href[1:])


def test_reports_without_a_year_are_told_apart_by_their_side(client_with: ClientWith) -> None:
    first, second = water_2023(), water_2022()
    undated = [replace(each, meta=replace(each.meta, year=None)) for each in (first, second)]
    legend = shown(client_with(undated), f"/compare?a={OLD}&b={NEW}").one("p", class_="legend").text
    assert "左篇" in legend and "右篇" in legend


def test_a_point_worded_all_anew_is_told_without_marks(client_with: ClientWith) -> None:
    first = "建强队伍。选派五十二名青年到信访征迁一线锻炼，提拔使用八人，调整不称职干部，完善考核办法，激励担当作为。"
    second = (
        "建强队伍。出台能上能下细则并组织培训，评选一批先进，打通基层干部晋升通道，落实带薪休假，让实干担当者得实惠。"
    )
    held = [yearly(2021, first), yearly(2022, second)]
    for each in held:
        object.__setattr__(each.blocks[1], "run_in", (0, 4))
    page = shown(client_with(held), f"/compare?a={A}&b={B}")
    assert [each.text.strip() for each in page.all("p", class_="status")] == ["＝未改", "≈重写"]
    assert [each.text for each in page.all("del")] == ["独有的字"]
