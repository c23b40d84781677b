"""Which language an answer is in: by the browser, by a link that is remembered; never by who asked before."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.urls import uri_to_iri

from searchapp.errors import NoIndexError
from searchapp.language import language
from searchapp.services.library import Library
from searchapp.web.http.languages import COOKIE, own_path

from .conftest import client_of
from .markup import Page
from .samples import library, water_2022, water_2023

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def fresh() -> FlaskClient:
    """A browser without cookies."""
    held = library([water_2023(), water_2022()])
    return client_of(lambda: held)


def language_of(client: FlaskClient, path: str = "/", **headers: str) -> str:
    response = client.get(path, headers=headers)
    tag = Page(response.text).one("html").attributes["lang"]
    assert response.headers["Content-Language"] == tag
    return tag


def chooser(text: str) -> str:
    """Where the other language is chosen."""
    return Page(text).all("a", class_="language")[0].attributes["href"]


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        (None, "zh-CN"),
        ("", "zh-CN"),
        ("*", "zh-CN"),
        ("fr", "zh-CN"),
        ("zh-TW,en;q=0.5", "zh-CN"),
        ("zh-CN,en;q=0.8", "zh-CN"),
        ("zh-Hans-CN", "zh-CN"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("fr,en;q=0.5,zh;q=0.4", "en"),
        ("en;q=0.3,zh;q=0.8", "zh-CN"),
        ("en;q=0", "zh-CN"),
        (";;;,q=", "zh-CN"),
    ],
)
def test_the_browser_says_which(fresh: FlaskClient, accepted: str | None, tag: str) -> None:
    headers = {} if accepted is None else {"Accept-Language": accepted}
    assert language_of(fresh, **headers) == tag


def test_a_link_chooses_and_is_remembered(fresh: FlaskClient) -> None:
    address = "/search?q=%E5%85%9A%E5%BB%BA&unit=a%26b&group=report"
    link = chooser(fresh.get(address).text)
    assert parse_qs(urlsplit(link).query) == {"next": [uri_to_iri(address)]}
    chosen = fresh.get(link)
    assert (chosen.status_code, chosen.headers["Location"]) == (302, address)
    assert chosen.headers["Cache-Control"] == "no-store"
    assert language_of(fresh, address) == "en"
    assert language_of(fresh, "/help", **{"Accept-Language": "zh-CN"}) == "en"
    assert fresh.get(chooser(fresh.get("/help").text)).status_code == 302
    assert language_of(fresh, "/", **ENGLISH) == "zh-CN"


@pytest.mark.parametrize(
    "query", ["q=%E5%85%9A%E3%80%80%E5%BB%BA", "q=%E5%85%9A?", "q=%FF%25&unit=a%2Bb", "q=a+b%20c%5C%22"]
)
def test_the_link_leads_back_to_the_very_address(fresh: FlaskClient, query: str) -> None:
    link = chooser(fresh.get(f"/search?{query}").text)
    assert fresh.get(fresh.get(link).headers["Location"]).request.args == fresh.get(f"/search?{query}").request.args


def test_what_is_remembered_is_a_word_for_this_site_alone(fresh: FlaskClient) -> None:
    cookie = fresh.get("/language/en").headers["Set-Cookie"]
    parts = [part.strip() for part in cookie.split(";")]
    assert parts[0] == f"{COOKIE}=en"
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(parts)
    assert "Secure" in fresh.get("/language/en", base_url="https://localhost/").headers["Set-Cookie"]


def test_there_are_no_other_languages(fresh: FlaskClient) -> None:
    for code in ("fr", "EN", "zh-CN", "..", "%00"):
        response = fresh.get(f"/language/{code}")
        assert response.status_code == 404
        assert "Set-Cookie" not in response.headers
    fresh.set_cookie(COOKIE, "fr")
    assert language_of(fresh) == "zh-CN"


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "evil",
        "/\t/evil.example",
        "/a\r\nX: y",
        "/a\\b",
        "",
    ],
)
def test_the_link_leads_nowhere_else(fresh: FlaskClient, address: str) -> None:
    assert not own_path(address)
    response = fresh.get(f"/language/en?next={quote(address)}")
    assert response.headers["Location"] == "/"
    assert "X" not in response.headers


def test_a_checked_text_stays_when_the_language_changes(fresh: FlaskClient) -> None:
    page = Page(fresh.post("/check", data={"text": "党建工作。"}).text)
    button = page.all("button", class_="language")[0]
    assert (button.attributes["form"], button.text) == ("check", "English")
    assert page.one("form", id="check").attributes["method"] == "post"
    response = fresh.post(button.attributes["formaction"], data={"text": "党建工作。"})
    shown = Page(response.text)
    assert shown.one("html").attributes["lang"] == "en"
    assert shown.one("textarea").text.strip() == "党建工作。"
    assert language_of(fresh) == "en"


def test_answers_vary_by_what_chooses(fresh: FlaskClient) -> None:
    for path in ("/", "/search?q=党建", "/nowhere", "/api/v1/search?q=党建", "/api/v1/search?page=x", "/p/nothing"):
        response = fresh.get(path)
        assert {"Accept-Language", "Cookie"} <= set(response.vary), path
        assert "public" not in response.headers["Cache-Control"]


def test_no_answer_stands_for_one_in_another_language(fresh: FlaskClient) -> None:
    for path in ("/search?q=党建", "/api/v1/search?q=党建+AND"):
        chinese = fresh.get(path)
        held = {"If-None-Match": chinese.headers["ETag"]}
        assert fresh.get(path, headers=held).status_code == 304
        english = fresh.get(path, headers=held | ENGLISH)
        assert english.status_code == 200
        assert english.headers["ETag"] != chinese.headers["ETag"]


def test_no_language_is_left_behind(fresh: FlaskClient) -> None:
    path = "/search?q=党建+AND&fold=true&explain=true&group=report"
    before = fresh.get(path).text
    english = fresh.get(path, headers=ENGLISH).text
    assert language() == "zh"
    assert fresh.get(path).text == before
    assert fresh.get(path, headers=ENGLISH).text == english != before


def test_errors_are_told_in_the_language(fresh: FlaskClient) -> None:
    told = fresh.get("/api/v1/search?sort=best", headers=ENGLISH).get_json()
    assert told["title"] == "Wrong parameter"
    assert told["detail"] == "Order: there is no “best”; available: relevance, newest, oldest, document."
    page = fresh.get("/reports/nothing", headers=ENGLISH)
    assert Page(page.text).one("h1").text == "Not found"
    diagnostics = fresh.get("/api/v1/search?q=党建+AND", headers=ENGLISH).get_json()["diagnostics"]
    assert [each["message"] for each in diagnostics] == ["Nothing on one side of “AND”, left out"]


def test_a_command_that_helps_is_set_apart_in_every_language() -> None:
    def no_library() -> Library:
        raise NoIndexError("There is no index here yet. Make one first: searchapp index FOLDER")

    page = Page(client_of(no_library).get("/", headers=ENGLISH).text)
    assert page.one("pre").text == "searchapp index FOLDER"
    assert page.one("p", class_="detail").text == "There is no index here yet."


def test_exports_are_written_in_the_language_to_their_last_row(fresh: FlaskClient) -> None:
    path = "/export?q=党建&format=csv"
    chinese, english = fresh.get(path).text, fresh.get(path, headers=ENGLISH).text
    assert chinese.splitlines()[0].startswith("\ufeff单位,部门")
    assert english.splitlines()[0].startswith("\ufeffUnit,Department")
    assert "正文" in chinese.splitlines()[1]
    assert "正文" not in english.splitlines()[-1]
    headings = fresh.get("/headings.txt?q=党建", headers=ENGLISH).text
    assert "年，" not in headings
