"""The quote checker over HTTP: the page works without a script, the API by JSON and plain text, both within limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from searchapp.reports.model import Report
from searchapp.services.quote_check.values import VERDICTS
from searchapp.web.check.routes import MAX_BODY_BYTES, MAX_CHARACTERS

from .markup import FOREIGN_SCRIPT, Page
from .samples import HOSTILE, hostile

TEXT = "一、\r\n全年以党建引领业务，党建工作扎实，做到“两个维护”。全年以党建引领业务、党建工作扎实。天边飞过白鸟。"
WITH_A_WRONG_WORD = "全年用党建引领业务，党建工作扎实，做到“两个维护”。"


def post(client: FlaskClient, text: str) -> Page:
    response = client.post("/check", data={"text": text})
    assert response.status_code == 200
    return Page(response.text)


def test_the_form_posts_to_itself_and_is_linked_on_every_page(client: FlaskClient) -> None:
    page = Page(client.get("/check").text)
    form = page.one("form", method="post")
    assert form.attributes["action"] == "/check"
    assert page.one("textarea", name="text").text.strip() == ""
    for address in ("/", "/reports", "/search?q=党建", "/nowhere"):
        there = Page(client.get(address).text)
        assert {each.attributes["href"] for each in there.all("a") if each.text == "引文核对"} == {"/check"}
    assert Page(client.get("/").text).link("引文核对")
    current = [each.text for each in page.all("a") if each.attributes.get("aria-current") == "page"]
    assert current == ["引文核对", "引文核对"]


def test_the_page_gives_the_text_back_with_a_verdict_on_every_sentence(client: FlaskClient) -> None:
    page = post(client, TEXT)
    assert page.one("textarea", name="text").text.strip().splitlines() == TEXT.splitlines()
    assert page.one("h2", id="outcome").text == "共 4 句"
    assert page.one("p", class_="checked-text").text == TEXT
    told = page.one("ul", class_="verdicts").text
    assert all(label in told for label in ("一字不差", "仅标点不同", "库中没有", "太短"))


def test_every_link_inside_the_page_leads_somewhere(client: FlaskClient) -> None:
    page = client.post("/check", data={"text": TEXT + WITH_A_WRONG_WORD}).text
    anchors = {part.split('"')[0] for part in page.split('id="')[1:]}
    targets = {part.split('"')[0] for part in page.split('href="#')[1:]}
    assert targets and targets <= anchors


def test_differences_are_marked_as_deletions_and_insertions(client: FlaskClient) -> None:
    page = post(client, WITH_A_WRONG_WORD)
    wording = page.one("p", class_="wording")
    assert "<del>用</del><ins>以</ins>" in client.post("/check", data={"text": WITH_A_WRONG_WORD}).text
    assert wording.text.startswith("全年用以党建引领业务")


def test_a_place_links_to_the_block_with_the_words_marked(client: FlaskClient) -> None:
    link = post(client, "做到“两个维护”。").link("甲县水务局党组2023年工作报告")
    assert link.startswith("/reports/aaaaaaaaaaaa00000023?q=") and link.endswith("#p-k4")
    assert "<mark>做到“两个维护”。</mark>" in client.get(link.partition("#")[0]).text


def test_a_check_can_be_a_link(client: FlaskClient) -> None:
    page = Page(client.get("/check?" + urlencode({"text": "全年以党建引领业务"})).text)
    assert "一字不差" in page.one("ul", class_="verdicts").text


@pytest.mark.parametrize("text", ["", " \r\n "])
def test_an_empty_text_is_told_on_the_form(client: FlaskClient, text: str) -> None:
    response = client.post("/check", data={"text": text})
    assert response.status_code == 400
    assert "没有可核对的文字" in Page(response.text).one("p", id="told").text


def test_a_long_text_is_told_on_the_form_and_kept(client: FlaskClient) -> None:
    response = client.post("/check", data={"text": "字" * (MAX_CHARACTERS + 1)})
    assert response.status_code == 413
    page = Page(response.text)
    assert "20,000" in page.one("p", id="told").text
    assert len(page.one("textarea", name="text").text.strip()) == MAX_CHARACTERS


def test_a_text_at_the_limit_is_checked_whatever_its_bytes(client: FlaskClient) -> None:
    text = "\U00020000" * MAX_CHARACTERS
    assert client.post("/check", data={"text": text}).status_code == 200
    assert client.post("/api/v1/check", json={"text": text}).status_code == 200


def test_a_body_over_the_limit_is_refused_unread(client: FlaskClient) -> None:
    body = b"text=" + b"a" * MAX_BODY_BYTES
    assert client.post("/check", data=body, content_type="application/x-www-form-urlencoded").status_code == 413
    response = client.post("/api/v1/check", data=body, content_type="text/plain")
    assert response.status_code == 413
    assert response.content_type.startswith("application/problem+json")


def test_markup_in_texts_stays_text(client_with: Callable[[Sequence[Report]], FlaskClient]) -> None:
    client = client_with([hostile()])
    for text in (f"党建{HOSTILE}党建", f"党建{HOSTILE}党课", f"</textarea>{HOSTILE}"):
        page = client.post("/check", data={"text": text}).text
        assert not FOREIGN_SCRIPT.search(page) and page.count("</textarea>") == 1


def test_the_api_takes_json_and_plain_text_alike(client: FlaskClient) -> None:
    by_json = client.post("/api/v1/check", json={"text": TEXT})
    plain = client.post("/api/v1/check", data=TEXT.encode(), content_type="text/plain; charset=utf-8")
    assert by_json.status_code == plain.status_code == 200
    answer = by_json.get_json()
    assert answer == plain.get_json()
    assert set(answer) == {"build", "counts", "sentences"}
    assert tuple(answer["counts"]) == VERDICTS
    assert [each["verdict"] for each in answer["sentences"]] == ["short", "exact", "punctuation", "absent"]
    for sentence in answer["sentences"]:
        assert sentence["text"] == TEXT[slice(*sentence["span"])]
    (place,) = answer["sentences"][1]["places"]
    assert place["url"] == "/reports/aaaaaaaaaaaa00000023#p-k4"
    assert (place["unit"], place["year"]) == ("甲县水务局党组", 2023)
    differences = answer["sentences"][2]["differences"]
    assert [(each["operation"], each["text"], each["found"]) for each in differences] == [
        ("replace", "、", "，"),
        ("replace", "。", "，"),
    ]


@pytest.mark.parametrize(
    ("body", "kind", "status", "told"),
    [
        (b"", "text/plain", 400, "没有可核对的文字"),
        (b"\xff\xfe", "text/plain", 400, "UTF-8"),
        (b"{", "application/json", 400, "JSON"),
        (b"[" * 100_000, "application/json", 400, "JSON"),
        (b"[]", "application/json", 400, "text"),
        (b'{"text": 3}', "application/json", 400, "text"),
        (b'{"text": ""}', "application/json", 400, "没有可核对的文字"),
        ("字".encode() * (MAX_CHARACTERS + 1), "text/plain", 413, "20,000"),
        (b"<a/>", "application/xml", 415, "application/json"),
    ],
)
def test_what_cannot_be_checked_is_a_problem(
    client: FlaskClient, body: bytes, kind: str, status: int, told: str
) -> None:
    response = client.post("/api/v1/check", data=body, content_type=kind)
    assert response.status_code == status
    assert response.content_type.startswith("application/problem+json")
    assert told in response.get_json()["detail"]


@pytest.mark.parametrize("text", ['{"text": "\\ud800党建引领业务"}', '{"text": "\\u0000党建引领业务"}'])
def test_any_code_point_is_answered(client: FlaskClient, text: str) -> None:
    response = client.post("/api/v1/check", data=text.encode(), content_type="application/json")
    assert response.status_code == 200
    assert response.get_json()["sentences"][0]["verdict"] == "exact"


def test_the_api_only_takes_posts(client: FlaskClient) -> None:
    assert client.get("/api/v1/check").status_code == 405
