"""What stands beside and inside a report's text: places, items, outline, siblings, source files, parts."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.errors import GoneError
from searchapp.reports.model import Item, Metadata, Report, ReportSource
from searchapp.services.addresses import part_of
from searchapp.services.originals import Original
from searchapp.web import create_app
from searchapp.web.markup import Places, marked, placed
from searchapp.web.report.body import OutlineEntry
from searchapp.web.report.reading import outline_tree, part_asked
from tests.indexes import index, opened, report_text, write

from .conftest import client_of
from .markup import Page
from .samples import block, library, water_2022, water_2023

NEW, OLD = "aaaaaaaaaaaa00000023", "aaaaaaaaaaaa00000022"


def shown(client: FlaskClient, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return Page(response.text)


def test_every_marked_place_has_a_number_and_links_to_its_neighbours(client: FlaskClient) -> None:
    page = shown(client, f"/reports/{NEW}?q=党建")
    places = page.all("span", class_="place")
    total = len(page.all("mark"))
    assert [each.attributes["id"] for each in places] == [f"m-{number}" for number in range(1, total + 1)]
    assert all(each.text == "党建" for each in places)
    told = [each.attributes["data-place"] for each in page.elements if " / " in each.attributes.get("data-place", "")]
    assert told == [f"{number} / {total}" for number in range(1, total + 1)]
    after = [each.attributes["href"] for each in page.all("a") if each.attributes.get("aria-label") == "下一处"]
    assert after == [f"#m-{number}" for number in range(2, total + 1)]


def test_places_add_nothing_to_the_text(client: FlaskClient) -> None:
    plain, searched = shown(client, f"/reports/{NEW}"), shown(client, f"/reports/{NEW}?q=党建")
    assert plain.one("article").text == searched.one("article").text


_spans = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda pair: tuple(sorted(pair))), max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), _spans, st.integers(0, 20), st.integers(0, 20))
def test_placing_marks_what_marking_marks(
    chance: random.Random, dim: list[tuple[int, int]], one: int, other: int
) -> None:
    text = "字<b>&甲" * 3 + "末"
    edges = sorted(chance.sample(range(len(text) + 1), 6))
    hits = list(zip(edges[::2], edges[1::2], strict=True))
    starts = sorted(chance.sample(range(len(text)), 2))
    items = [Item("一是", (starts[0], starts[1])), Item("二是", (starts[1], len(text)))]
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    html = placed(text, {"dim": dim}, Places("k", hits, 5, 9, items), start, end)
    page = Page(f"<p>{html}</p>")
    assert page.one("p").text == text[start:end]
    begun = [number for number, hit in enumerate(hits, 5) if start <= hit[0] < end]
    assert [each.attributes["id"] for each in page.all("span", class_="place")] == [f"m-{number}" for number in begun]
    expected = [f"i-k-{number}" for number, at in enumerate(starts, 1) if start <= at < end]
    assert [each.attributes["id"] for each in page.all("a", class_="item")] == expected
    plain = Page(f"<p>{marked(text, {'dim': dim, 'hit': hits}, start, end)}</p>")
    assert "".join(each.text for each in plain.all("mark")) == "".join(each.text for each in page.all("mark"))


def test_items_have_anchors(client: FlaskClient) -> None:
    text = "一是抓学习。二是抓落实。"
    held = replace(block("paragraph", text, "z1", 1), items=(Item("一是", (0, 6)), Item("二是", (6, 12))))
    report = Report("d00001", Metadata("题"), (held,), (ReportSource("reports/a.txt", 1, 1),), "题")
    page = shown(client_of(lambda: library([report])), "/reports/d00001")
    assert [each.attributes["id"] for each in page.all("a", class_="item")] == ["i-z1-1", "i-z1-2"]


def test_the_outline_becomes_a_tree() -> None:
    entries = [
        OutlineEntry(text, depth, text)
        for text, depth in (("一", 1), ("（一）", 2), ("1", 4), ("（二）", 2), ("二", 1))
    ]
    first, second = outline_tree(entries)
    assert [node.text for node in first.below] == ["（一）", "（二）"] and not second.below
    assert [node.url for node in first.below[0].below] == ["#1"]
    app = create_app(lambda: library([]))
    source = '{% from "_outline.html" import outline %}{{ outline(nodes) }}'
    page = Page(app.jinja_env.from_string(source).render(nodes=(first, second)))
    assert [(each.text, each.inside.count("ol")) for each in page.all("a")] == [
        ("一", 1),
        ("（一）", 2),
        ("1", 3),
        ("（二）", 2),
        ("二", 1),
    ]


def test_the_unit_s_other_reports_stand_beside(client: FlaskClient) -> None:
    page = shown(client, f"/reports/{NEW}")
    assert page.link("2022年") == f"/reports/{OLD}"
    assert page.link("与上一年对照") == page.link("对照") == f"/compare?a={OLD}&b={NEW}"
    assert page.one("a", rel="prev").attributes["href"] == f"/reports/{OLD}"
    assert shown(client, f"/reports/{OLD}").one("a", rel="next").attributes["href"] == f"/reports/{NEW}"


def test_a_report_without_a_known_unit_has_no_siblings(hostile_client: FlaskClient) -> None:
    assert "同一单位" not in shown(hostile_client, "/reports/cccc00").one("main").text


def test_the_source_file_is_downloaded_under_its_name(tmp_path: Path) -> None:
    write(tmp_path / "in", {"市水务局 “2023”.txt": report_text("市水务局党组", 2023, "一是抓水库。")})
    index(tmp_path / "ix", tmp_path / "in")
    held = opened(tmp_path / "ix")
    client = client_of(lambda: held)
    report_id = held.reader.reports()[0].report_id
    address = shown(client, f"/reports/{report_id}").link("下载")
    response = client.get(address)
    assert response.data == (tmp_path / "in" / "市水务局 “2023”.txt").read_bytes()
    assert response.content_type == "application/octet-stream"
    told = response.headers["Content-Disposition"]
    assert told.startswith("attachment;")
    assert "filename*=UTF-8''%E5%B8%82%E6%B0%B4%E5%8A%A1%E5%B1%80%20%E2%80%9C2023%E2%80%9D.txt" in told
    (tmp_path / "in" / "市水务局 “2023”.txt").write_text("别的", encoding="utf-8")
    gone = client.get(address)
    assert gone.status_code == 410 and "改动过" in gone.text and str(tmp_path) not in gone.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/reports/{NEW}/source", 404),
        ("/reports/nothing/source", 404),
        (f"/reports/{NEW}/source?file=2", 400),
        (f"/reports/{NEW}/source?file=0", 400),
        (f"/reports/{NEW}/source?file=../../etc/passwd", 400),
        (f"/reports/{NEW}12345678/source", 302),
    ],
)
def test_sources_that_are_not_there_are_problems(client: FlaskClient, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status
    if status == 302:
        assert response.headers["Location"] == f"/reports/{NEW}/source"


def test_names_with_line_breaks_make_no_header() -> None:
    held = replace(library([water_2023()]), original=lambda file: Original('a\r\nX: y"/b.txt', b"x"))
    response = client_of(lambda: held).get(f"/reports/{NEW}/source")
    assert response.status_code == 200 and "X" not in {name for name, _ in response.headers}

    def gone(file: str) -> Original:
        raise GoneError("不在了")

    taken = replace(held, original=gone)
    assert client_of(lambda: taken).get(f"/reports/{NEW}/source").status_code == 410


def long_report(blocks: int) -> Report:
    texts = [f"第{number}段写党建。" for number in range(blocks)]
    return Report(
        "f00001",
        Metadata("长报告"),
        tuple(
            block("heading", f"{at}、标题", f"q{at}", at + 1, level=1)
            if at % 10 == 0
            else block("paragraph", text, f"q{at}", at + 1)
            for at, text in enumerate(texts)
        ),
        (ReportSource("reports/长.txt", 1, blocks),),
        "长",
    )


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A report of 25 blocks in parts of ten."""
    monkeypatch.setattr(part_of, "__defaults__", (10,))
    monkeypatch.setattr(part_asked, "__defaults__", (10,))
    held = library([long_report(25), water_2022()])
    return client_of(lambda: held)


def test_a_long_report_is_shown_in_parts_that_hold_each_block_once(in_parts: FlaskClient) -> None:
    anchors = []
    for number in (1, 2, 3):
        page = shown(in_parts, f"/reports/f00001?part={number}")
        anchors += [each.attributes["id"] for each in page.all("div", class_="block")]
        current = [each.text for each in page.all("a") if each.attributes.get("aria-current") == "page"]
        assert current == [f"第 {10 * number - 9}—{min(25, 10 * number)} 段"]
        numbers = [int(each.text) for each in page.all("a", class_="permalink")]
        assert numbers[0] == 10 * (number - 1) + 1
    assert anchors == [f"p-q{at}" for at in range(25)]


def test_a_block_s_address_leads_to_its_part(in_parts: FlaskClient) -> None:
    for at, target in ((0, "/reports/f00001#p-q0"), (9, "/reports/f00001#p-q9"), (10, "/reports/f00001?part=2#p-q10")):
        assert in_parts.get(f"/p/f00001-q{at}").headers["Location"] == target
    moved = in_parts.get("/p/f00001-q24?q=党建").headers["Location"]
    page = shown(in_parts, moved.partition("#")[0])
    assert page.one("div", id="p-q24") and page.all("mark")
    assert page.one("a", rel="prev").attributes["href"].endswith("part=2")


def test_the_addresses_of_the_api_lead_to_the_part(in_parts: FlaskClient) -> None:
    blocks = in_parts.get("/api/v1/reports/f00001").get_json()["blocks"]
    urls = {block["paragraph_id"]: block["url"] for block in blocks}
    for asked in (
        "search?q=党建&per_page=100",
        "search?block=heading&per_page=100",
        "headings",
        "kwic?q=党建",
    ):
        answer = in_parts.get(f"/api/v1/{asked}").get_json()
        found = answer.get("hits") or answer.get("lines") or [h for r in answer["reports"] for h in r["headings"]]
        urls |= {each["paragraph_id"]: each["url"] for each in found if each["paragraph_id"].startswith("f00001")}
    assert len(urls) == 25
    urls["cited"] = in_parts.get("/api/v1/cite?paragraph=f00001-q24").get_json()["url"]
    urls["block"] = in_parts.get("/api/v1/blocks/f00001-q11").get_json()["url"]
    assert urls["f00001-q24"] == urls["cited"] == "/reports/f00001?part=3#p-q24"
    for url in urls.values():
        address, _, anchor = url.partition("#")
        assert shown(in_parts, address).one("div", id=anchor)


@pytest.mark.parametrize(
    ("asked", "first"), [("", 1), ("0", 1), ("x", 1), ("²", 1), ("3", 21), ("99", 21), ("9" * 99, 1)]
)
def test_any_part_asked_for_is_answered(in_parts: FlaskClient, asked: str, first: int) -> None:
    page = shown(in_parts, f"/reports/f00001?part={asked}")
    assert page.all("a", class_="permalink")[0].text == str(first)


def test_a_short_report_knows_nothing_of_parts(client: FlaskClient) -> None:
    page = shown(client, f"/reports/{NEW}?part=7")
    assert "part=" not in client.get(f"/reports/{NEW}").text and page.one("div", id="p-k4")
    assert part_of(5, 2_000) is None and part_of(1_999, 2_001) == 1 and part_of(2_000, 2_001) == 2
