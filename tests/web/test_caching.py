"""Answers may be kept as long as they are asked for anew; the tag changes with the build and what was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from searchapp.errors import NoIndexError
from searchapp.services.library import Library
from searchapp.web import create_app
from searchapp.web.api import citation
from searchapp.web.http import caching
from searchapp.web.http.caching import program_stamp

from .conftest import client_of
from .samples import library, water_2022, water_2023

KEPT = [
    "/",
    "/search?q=党建",
    "/search?q=党建&explain=true",
    "/reports",
    "/reports/aaaaaaaaaaaa00000023?q=党建",
    "/help",
    "/check",
    "/opensearch.xml",
    "/api/v1/search?q=党建",
    "/api/v1/facets?q=党建",
    "/api/v1/suggest?q=党",
    "/api/v1/reports",
    "/api/v1/reports/aaaaaaaaaaaa00000023",
    "/api/v1/blocks/aaaaaaaaaaaa00000023-k4",
    "/api/v1/stats",
    "/api/v1/kwic?q=党建",
    "/api/v1/headings?q=党建",
    "/api/v1/cite?paragraph=aaaaaaaaaaaa00000023-k4",
    "/api/v1/compare?a=aaaaaaaaaaaa00000023&b=aaaaaaaaaaaa00000023",
    "/api/v1/export?q=党建",
    "/export?q=党建&format=xlsx",
    "/api/v1/openapi.json",
]


class Swapping:
    """A library that can be exchanged; it counts how often it is opened."""

    def __init__(self) -> None:
        self.library: Library | None = library([water_2023()])
        self.opened = 0

    def open(self) -> Library:
        self.opened += 1
        if self.library is None:
            raise NoIndexError("这里还没有索引。")
        return self.library


def tag_of(client: FlaskClient, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.headers["ETag"]


@pytest.mark.parametrize("path", KEPT)
def test_who_has_an_answer_is_not_sent_it_again(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "no-cache"
    assert first.headers["ETag"].startswith('W/"')
    for method in ("GET", "HEAD"):
        again = client.open(path, method=method, headers={"If-None-Match": f'"x", {first.headers["ETag"]}'})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Cache-Control"] == "no-cache"
        assert again.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(path, headers={"If-None-Match": 'W/"x"'}).status_code == 200


@pytest.mark.parametrize("path", KEPT)
def test_another_build_is_another_answer(path: str) -> None:
    swapping = Swapping()
    client = client_of(swapping.open)
    old = tag_of(client, path)
    assert swapping.library is not None
    swapping.library = replace(swapping.library, build="b-next")
    response = client.get(path, headers={"If-None-Match": old})
    assert response.status_code == 200
    assert response.headers["ETag"] != old


def test_a_citation_is_another_one_the_next_day(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    cited, others = "/api/v1/cite?paragraph=aaaaaaaaaaaa00000023-k4", ["/api/v1/stats", "/search?q=党建"]
    tags = {}
    for day in (date(2024, 2, 28), date(2024, 2, 29)):
        for module in (caching, citation):
            monkeypatch.setattr(module, "today", lambda day=day: day)
        response = client.get(cited, headers={"If-None-Match": ", ".join(tags.values())})
        assert response.status_code == 200
        assert f"[{day.isoformat()}]" in response.get_json()["citation"]["gbt7714"]
        assert client.get(cited, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
        for path in others:
            assert tags.setdefault(path, tag_of(client, path)) == tag_of(client, path)
        tags[day.isoformat()] = response.headers["ETag"]


def test_an_export_of_an_older_build_is_refused_whoever_has_it() -> None:
    swapping = Swapping()
    client = client_of(swapping.open)
    assert swapping.library is not None
    path = f"/api/v1/export?q=党建&build={swapping.library.build}"
    old = tag_of(client, path)
    assert client.get(path, headers={"If-None-Match": old}).status_code == 304
    swapping.library = replace(swapping.library, build="b-next")
    for method in ("GET", "HEAD"):
        response = client.open(path, method=method, headers={"If-None-Match": old})
        assert response.status_code == 409
        assert "ETag" not in response.headers


def test_the_tag_is_of_what_is_asked_not_of_the_bytes(client: FlaskClient) -> None:
    answers = [client.get("/api/v1/search?q=党建") for _ in range(5)]
    assert len({answer.headers["ETag"] for answer in answers}) == 1
    asked = "q=党建&year=2023&unit=a&unit=b"
    assert tag_of(client, f"/search?{asked}") == tag_of(client, "/search?unit=b&page=1&q=党建&unit=a&unit=a&year=2023")
    tags = [
        tag_of(client, f"/search?{each}") for each in (asked, asked + "c", asked + "&page=2", asked + "&x=1", "q=党")
    ]
    tags += [tag_of(client, f"/api/v1/search?{asked}"), tag_of(client, f"/search?{asked}&x=2")]
    tags += [tag_of(client, f"/api/v1/kwic?q=党建{each}") for each in ("", "&per_page=10", "&sort=right")]
    assert len(set(tags)) == len(tags)


def test_the_tag_knows_the_language_and_the_host() -> None:
    held = library([water_2023()])
    client = client_of(lambda: held)
    tags = [tag_of(client, "/"), tag_of(client, "/", **{"Accept-Language": "en"})]
    tags.append(client.get("/", base_url="http://other/").headers["ETag"])
    assert len(set(tags)) == len(tags)
    client.set_cookie("searchapp_language", "en")
    assert tag_of(client, "/") == tags[1]
    client.set_cookie("searchapp_language", "nonsense")
    client.set_cookie("other", "1")
    assert tag_of(client, "/") == tags[0]


@pytest.mark.parametrize(
    "path", ["/nowhere", "/search?page=0", "/reports/nothing", "/p/aaaaaaaaaaaa00000023-k4", "/api/v1/search?page=0"]
)
def test_errors_and_redirects_carry_no_tag(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code != 200
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-cache"
    assert client.get(path, headers={"If-None-Match": "*"}).status_code == response.status_code


@pytest.mark.parametrize("path", ["/check", "/api/v1/check"])
def test_what_was_sent_is_not_kept(client: FlaskClient, path: str) -> None:
    response = client.post(path, json={"text": "党建"}) if "api" in path else client.post(path, data={"text": "党建"})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_the_library_is_opened_once_and_not_found_when_gone() -> None:
    swapping = Swapping()
    client = client_of(swapping.open)
    tag = tag_of(client, "/search?q=党建")
    assert swapping.opened == 1
    assert client.get("/search?q=党建", headers={"If-None-Match": tag}).status_code == 304
    assert swapping.opened == 2
    swapping.library = None
    response = client.get("/search?q=党建", headers={"If-None-Match": tag})
    assert (response.status_code, swapping.opened) == (503, 3)
    assert "ETag" not in response.headers
    assert client.get("/help", headers={"If-None-Match": tag}).status_code == 200


def test_another_program_is_another_answer(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("a")
    first = program_stamp(tmp_path)
    assert program_stamp(tmp_path) == first
    (tmp_path / "b.html").write_text("b")
    assert program_stamp(tmp_path) != first


def test_stylesheets_have_the_tags_of_their_files() -> None:
    held = library([water_2022()])
    client = create_app(lambda: held).test_client()
    response = client.get("/static/style.css")
    again = client.get("/static/style.css", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    response.close()
    again.close()
