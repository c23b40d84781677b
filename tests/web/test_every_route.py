"""What holds for every route, now and later: strict headers, HEAD and OPTIONS, and that hostile text stays text.

The routes are read off the application, so that a new one is held to this without being named here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from searchapp.errors import NoIndexError
from searchapp.services.library import Library
from searchapp.web import create_app
from searchapp.web.http.security_headers import HEADERS

from .markup import Page
from .samples import HOSTILE, HOSTILE_FILE, hostile, library

VALUES = {"report_id": "cccc00", "paragraph_id": "cccc00-h2", "filename": "style.css"}
QUERIES = {
    "plain": "q=党建",
    "hostile query": f"q={quote(HOSTILE)}&text={quote(HOSTILE)}",
    "hostile filters": f"q=党建&unit={quote(HOSTILE)}&not_part={quote(HOSTILE)}&{quote(HOSTILE)}=1",
    "hostile value": f"page={quote(HOSTILE)}&limit={quote(HOSTILE)}&sort={quote(HOSTILE)}&format={quote(HOSTILE)}",
}
TEXT = f"党建{HOSTILE}党建。“{HOSTILE * 3}”"
MARKUP = ("text/html", "application/xml", "image/svg+xml", "text/xml", "application/opensearchdescription+xml")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def _application() -> FlaskClient:
    held = library([hostile()])
    return create_app(lambda: held).test_client()


def _no_index() -> Library:
    raise NoIndexError(f"这里{HOSTILE}还没有索引。")


def _rules() -> Iterator[Rule]:
    yield from create_app(_no_index).url_map.iter_rules()


def _paths(method: str) -> list[str]:
    """The paths of every route; those with an id also with a hostile one."""
    found: list[str] = []
    for rule in _rules():
        if method in (rule.methods or ()):
            found.append(_PARAMETER.sub(lambda match: VALUES.get(match[1], "cccc00"), rule.rule))
            if _PARAMETER.search(rule.rule):
                found.append(_PARAMETER.sub(quote(HOSTILE, safe=""), rule.rule))
    return found


GETS, POSTS = _paths("GET"), _paths("POST")


def hold_text_to_be_text(content_type: str, data: bytes) -> None:
    """Fails when markup came from texts; ``data`` is an answer's body."""
    media_type = content_type.partition(";")[0]
    if media_type == "text/html":
        page = Page(data.decode())
        for each in page.elements:
            assert not [name for name in each.attributes if name.startswith("on") or name == "style"]
            assert each.tag != "script" or each.attributes.get("src", "").startswith("/static/")
            assert each.tag != "img" or each.attributes.get("src", "").startswith("/static/")
            for name in ("href", "src", "action", "formaction"):
                link = each.attributes.get(name, "/")
                assert link.startswith(("/", "#", "?")) and not link.startswith("//"), link
    elif media_type.endswith(("jsonl", "ndjson")):
        for line in data.decode().split("\n"):
            assert not line or json.loads(line)
    elif media_type.endswith("json"):
        json.loads(data)
    elif media_type in MARKUP:
        names = {each.tag.rpartition("}")[2] for each in ElementTree.fromstring(data).iter()}
        assert not names & {"script", "img"}


@pytest.mark.parametrize("query", list(QUERIES.values()), ids=list(QUERIES))
@pytest.mark.parametrize("path", GETS)
def test_hostile_texts_and_parameters_stay_text(path: str, query: str) -> None:
    response = _application().get(f"{path}?{query}")
    assert response.status_code < 500
    hold_text_to_be_text(response.content_type, response.data)
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert "\n" not in response.headers.get("Location", "")
    response.close()


@pytest.mark.parametrize("path", POSTS)
def test_hostile_texts_that_are_sent_stay_text(path: str) -> None:
    client = _application()
    for response in (client.post(path, data={"text": TEXT}), client.post(path, json={"text": TEXT})):
        hold_text_to_be_text(response.content_type, response.data)
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", GETS)
def test_hostile_messages_stay_text(path: str) -> None:
    response = create_app(_no_index).test_client().get(path)
    hold_text_to_be_text(response.content_type, response.data)
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    response.close()


def test_hostile_texts_arrive_as_written() -> None:
    client = _application()
    hit = client.get("/api/v1/search?q=党建&block=paragraph").get_json()["hits"][0]
    assert (hit["text"], hit["source"]["file"]) == (f"党建{HOSTILE}党建", HOSTILE_FILE)
    report = client.get("/api/v1/reports/cccc00").get_json()["report"]
    assert (report["title"], report["addressee"]) == (f"标题{HOSTILE}", HOSTILE)
    assert client.get(f"/api/v1/search?page={quote(HOSTILE)}").content_type.startswith("application/problem+json")


@pytest.mark.parametrize("path", GETS)
def test_head_tells_what_get_would(path: str) -> None:
    client = _application()
    got, told = client.get(f"{path}?q=党建"), client.head(f"{path}?q=党建")
    assert told.data == b""
    assert told.status_code == got.status_code
    for name in ("Content-Type", "ETag", "Cache-Control", "Location"):
        assert told.headers.get(name) == got.headers.get(name), name
    got.close()
    told.close()


def test_options_tell_the_methods_of_every_route() -> None:
    client = _application()
    for rule in _rules():
        path = _PARAMETER.sub(lambda match: VALUES.get(match[1], "cccc00"), rule.rule)
        response = client.options(path)
        assert response.status_code == 200
        assert {each.strip() for each in response.headers["Allow"].split(",")} >= set(rule.methods or ())
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", [path for path in GETS if path.startswith("/api/") and "%" not in path])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_methods_that_there_are_not_are_problems(path: str, method: str) -> None:
    response = _application().open(path, method=method)
    assert response.status_code == 405
    assert response.content_type == "application/problem+json; charset=utf-8"
    assert response.get_json()["status"] == 405
    assert "GET" in response.headers["Allow"]


def test_a_hostile_host_stays_text() -> None:
    response = _application().get("/opensearch.xml", headers={"Host": 'x"><script>'})
    hold_text_to_be_text(response.content_type, response.data)


def test_the_policy_lets_nothing_inline_or_foreign_in() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert policy.startswith("default-src 'none'")
    for directive in ("base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert directive in policy.split("; ")
