"""Which requests are heavy, and what is told of one that takes too long or finds no room."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from searchapp.errors import NoIndexError
from searchapp.services.library import Library
from searchapp.web import create_app
from searchapp.web.http import responses
from searchapp.web.http.limits import Refusal, refusing, weigher

from .samples import library, water_2022, water_2023

LIGHT = {
    "api.block",
    "api.facets",
    "api.openapi",
    "api.report",
    "api.reports",
    "api.stats",
    "api.suggestions",
    "citation.cite_passage",
    "languages.choose",
    "library.basket",
    "library.help_page",
    "library.reports",
    "library.start",
    "search.overview",
    "static",
}
HEAVY = {
    "check.check_text",
    "check.checked",
    "citation.take_excerpts",
    "compare.compare_reports",
    "export.export_hits",
    "export.plain_outline",
    "export.report_headings",
}
BY_PARAMETERS = {
    "api.search_hits": ("q=a", "q=a&fillers=true"),
    "check.form": ("", "text=a"),
    "compare.comparison": ("a=x", "a=x&b=y"),
    "export.concordance_lines": ("q=a&sort=document", "q=a&sort=left"),
    "search.results": ("q=a&view=kwic", "q=a&view=kwic&sort=right"),
}
"""A query that is light, and one that is heavy."""
LOOKING = ("site.", "report.")
"""Rooms without anything heavy."""


def _no_index() -> Library:
    raise NoIndexError("还没有索引。")


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(_no_index)


@pytest.fixture(scope="module")
def is_heavy(app: Flask) -> Callable[[str, str, str], bool]:
    return weigher(app)


def test_every_route_is_known_to_be_light_or_heavy(app: Flask, is_heavy: Callable[[str, str, str], bool]) -> None:
    """A new one must be put into one of the tables above."""
    for rule in app.url_map.iter_rules():
        queries = BY_PARAMETERS.get(rule.endpoint, ("", ""))
        weights = tuple(
            is_heavy(method, rule.rule.replace("<", "").replace(">", "").replace("path:", ""), query)
            for query in queries
            for method in (rule.methods or set()) & {"GET", "POST", "HEAD"}
        )
        if rule.endpoint in BY_PARAMETERS:
            half = len(weights) // 2
            assert weights == (*(False,) * half, *(True,) * half), rule
        elif rule.endpoint in HEAVY:
            assert all(weights), rule
        else:
            assert rule.endpoint in LIGHT or rule.endpoint.startswith(LOOKING), rule
            assert not any(weights), rule


@pytest.mark.parametrize(
    ("method", "path", "query", "expected"),
    [
        ("HEAD", "/export", "", True),
        ("GET", "/api/v1/export/", "", True),
        ("GET", "//export", "", True),
        ("GET", "/export/more", "", False),
        ("POST", "/export", "", False),
        ("OPTIONS", "/export", "", False),
        ("GET", "/exp\xc3\xa9", "", False),
        ("GET", "/\xff\xfe", "\xff", False),
        ("GET", "", "", False),
        ("GET", "/search", "view=blocks&view=headings", True),
        ("GET", "/search", "view=%68eadings", True),
        ("GET", "/search", "fillers=false", False),
    ],
)
def test_addresses_as_they_come(
    is_heavy: Callable[[str, str, str], bool], method: str, path: str, query: str, expected: bool
) -> None:
    assert is_heavy(method, path, query) is expected


@pytest.fixture(scope="module")
def hasty_client() -> FlaskClient:
    """Of an application that gives no time at all."""
    held = library([water_2023(), water_2022()])
    return create_app(lambda: held, {"LIGHT_SECONDS": 0.0, "HEAVY_SECONDS": 0.0}).test_client()


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=党建",
        "/search?q=党建&view=headings",
        "/search?q=党建&view=kwic&sort=left",
        "/export?q=党建",
        "/export?q=党建&format=xlsx",
        "/headings.txt?q=党建",
        "/check?text=党建工作要点落实到位",
        "/overview?q=党建",
        "/reports",
        "/api/v1/search?q=党建",
        "/api/v1/search?q=怎样推进党建&match=any",
        "/api/v1/export?q=党建&view=kwic&format=jsonl",
        "/api/v1/kwic?q=党建",
        "/api/v1/headings?q=党建",
        "/api/v1/reports",
    ],
)
def test_what_takes_too_long_is_a_503_that_says_what_to_narrow(hasty_client: FlaskClient, path: str) -> None:
    response = hasty_client.get(path)
    assert response.status_code == 503
    assert "单位或年份" in response.get_data(as_text=True)
    assert "Retry-After" not in response.headers
    if path.startswith("/api/"):
        told = json.loads(response.data)
        assert (told["type"], told["title"]) == ("urn:searchapp:problem:time-limit", "用时太长")


def test_what_has_gone_is_not_worked_for(client: FlaskClient) -> None:
    environ = {"waitress.client_disconnected": lambda: True}
    response = client.get("/api/v1/search?q=党建", environ_overrides=environ)
    assert (response.status_code, response.data) == (503, b"")


@pytest.mark.parametrize(
    ("refusal", "chinese", "english"),
    [
        (Refusal(10), "前面已有 10 个", "before this one: 10;"),
        (Refusal(3, waited=60), "排队等了 60 秒", "After 60 seconds in the queue"),
    ],
)
def test_a_refusal_says_how_many_are_ahead_and_when_to_come_again(
    client: FlaskClient, refusal: Refusal, chinese: str, english: str
) -> None:
    with refusing(refusal):
        page = client.get("/export?q=党建")
        problem = client.get("/api/v1/export?q=党建", headers={"Accept-Language": "en"})
    assert (page.status_code, problem.status_code) == (503, 503)
    assert chinese in page.get_data(as_text=True)
    assert english in problem.get_json()["detail"]
    assert page.headers["Retry-After"] == problem.headers["Retry-After"] == "30"
    assert client.get("/export?q=党建").status_code == 200


def test_an_export_comes_whole_from_a_file_too(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = client.get("/export?q=党建&format=jsonl").data
    monkeypatch.setattr(responses, "MEMORY_BYTES", 10)
    with client.get("/export?q=党建&format=jsonl") as response:
        assert response.data == whole
        assert response.content_length == len(whole) > 10


def test_a_file_that_is_too_large_is_refused_whole(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "MAX_FILE_BYTES", 10)
    response = client.get("/api/v1/export?q=党建&format=jsonl")
    assert response.status_code == 400
    assert "先缩小范围" in response.get_json()["detail"]
