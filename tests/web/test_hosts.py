"""Names that a server does not answer to are refused, by every door; its own and plain addresses are not."""

from __future__ import annotations

import socket

import pytest

from searchapp.web import create_app
from searchapp.web.http import hosts
from searchapp.web.http.hosts import AllowedHosts, host_name

from .markup import Page
from .samples import library, water_2023

LOCAL = AllowedHosts.of("127.0.0.1", ["search.example"], proxied=False, every=False)
OFFICE = AllowedHosts.of("0.0.0.0", [], proxied=False, every=False)
PROXIED = AllowedHosts.of("127.0.0.1", ["search.example"], proxied=True, every=False)
ANY = AllowedHosts.of("0.0.0.0", [], proxied=False, every=True)


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of the office."""
    monkeypatch.setattr(socket, "gethostname", lambda: "FuWuQi")
    monkeypatch.setattr(hosts, "_full_name", lambda: "fuwuqi.office.example")


@pytest.mark.parametrize("allowed", [LOCAL, OFFICE, PROXIED, ANY])
@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:5000", "localhost.", "127.0.0.1:5000", "[::1]:5000", ""])
def test_this_machine_is_always_answered(allowed: AllowedHosts, host: str) -> None:
    assert allowed.allow(host)


@pytest.mark.parametrize(
    ("host", "local", "office", "proxied"),
    [
        ("search.example", True, False, True),
        ("Search.Example.:5000", True, False, True),
        ("10.1.2.3:5000", False, True, True),
        ("[fe80::1]:5000", False, True, True),
        ("fuwuqi:5000", False, True, False),
        ("fuwuqi.local", False, True, False),
        ("fuwuqi.office.example:5000", False, True, False),
        ("fuwuqi.evil.example", False, False, False),
        ("evil.example", False, False, False),
        ("search.example.evil.example", False, False, False),
        ("localhost.evil.example", False, False, False),
        ("127.0.0.1.evil.example:5000", False, False, False),
        ("search.example@evil.example", False, False, False),
        ("search.example:80:80", False, False, False),
        ("[::1", False, False, False),
        ('x"><script>', False, False, False),
    ],
)
def test_names_are_those_of_who_may_ask(host: str, local: bool, office: bool, proxied: bool) -> None:
    assert [each.allow(host) for each in (LOCAL, OFFICE, PROXIED, ANY)] == [local, office, proxied, True]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Search.example", "search.example"),
        ("https://search.example:8443/search?q=x", "search.example"),
        ("服务器.local", "xn--zfru1ggxt.local"),
        ("10.1.2.3", "10.1.2.3"),
        ("[fe80::1]:80", "fe80::1"),
    ],
)
def test_a_name_is_known_as_it_is_typed(typed: str, name: str) -> None:
    assert host_name(typed) == name


@pytest.mark.parametrize("typed", ["", "*", "*.office.example", "a b", "-", "服务" * 100])
def test_what_is_no_name_is_refused_at_the_start(typed: str) -> None:
    with pytest.raises(ValueError):
        AllowedHosts.of("127.0.0.1", [typed], proxied=False, every=False)


def test_a_refusal_says_which_option_to_give() -> None:
    held = library([water_2023()])
    client = create_app(lambda: held, allowed_hosts=LOCAL).test_client()
    assert client.get("/search?q=党建", headers={"Host": "search.example:5000"}).status_code == 200
    evil = {"Host": "evil.example:5000"}
    for path in ("/", "/search?q=党建", "/nowhere", "/export?q=党建&format=csv", "/opensearch.xml"):
        page = client.get(path, headers=evil)
        assert page.status_code == 421
        assert "--allow-host evil.example" in Page(page.text).one("p", class_="detail").text
        assert "党组" not in page.text
    details = client.get("/api/v1/search?q=党建", headers={**evil, "Accept-Language": "en"})
    assert (details.status_code, details.get_json()["type"]) == (421, "urn:searchapp:problem:host-refused")
    assert details.get_json()["detail"].startswith("This server does not answer to the name “evil.example”")
    assert client.post("/api/v1/check", json={"text": "党建"}, headers=evil).status_code == 421
    with client.get("/static/style.css", headers=evil) as style:
        assert style.status_code == 200
    odd = client.get("/", headers={"Host": 'x"><script>'})
    assert odd.status_code == 421
    assert "--allow-host" not in odd.text


def test_an_answer_that_the_browser_has_is_refused_too() -> None:
    held = library([water_2023()])
    client = create_app(lambda: held, allowed_hosts=LOCAL).test_client()
    tag = client.get("/search?q=党建").headers["ETag"]
    headers = {"If-None-Match": tag, "Host": "evil.example"}
    assert client.get("/search?q=党建", headers=headers).status_code == 421
