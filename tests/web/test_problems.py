"""What goes wrong is told with the right status, in Chinese, as a page or as problem details; never a traceback."""

from __future__ import annotations

import logging

import pytest
from flask.testing import FlaskClient

from searchapp.errors import IndexDamagedError, IndexVersionError, LibraryError, NoIndexError
from searchapp.search.schema import spoken
from searchapp.services.library import Library

from .conftest import client_of
from .markup import Page
from .samples import library, water_2022, water_2023

BAD_PARAMETERS = [
    ("page=-1", "page"),
    ("page=0", "page"),
    ("page=abc", "page"),
    ("page=99999999999999999999", "page"),
    ("per_page=101", "per_page"),
    ("year=abc", "year"),
    ("year_from=23", "year_from"),
    ("sort=best", "sort"),
    ("block=chapter", "block"),
]


@pytest.mark.parametrize(("query", "parameter"), BAD_PARAMETERS)
def test_a_parameter_that_cannot_be_is_named(client: FlaskClient, query: str, parameter: str) -> None:
    page = client.get(f"/search?q=党建&{query}")
    assert page.status_code == 400
    assert Page(page.text).one("p", class_="detail").text.startswith(spoken(parameter))
    assert Page(page.text).link("去掉这个参数再查") == "/search?q=党建"
    details = client.get(f"/api/v1/search?q=党建&{query}")
    assert details.status_code == 400
    assert details.content_type == "application/problem+json; charset=utf-8"
    told = details.get_json()
    assert list(told) == ["type", "title", "status", "detail", "parameter"]
    assert (told["status"], told["parameter"]) == (400, parameter)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/search?q=" + "长" * 5001, 400),
        ("/search?q=" + "a+" * 65, 400),
        ("/reports/nothing", 404),
        ("/reports/zz%00%ff%ED%A0%80", 404),
        ("/p/nothing", 404),
        ("/p/aaaaaaaaaaaa00000023-nothing", 404),
        ("/p/-", 404),
        ("/nowhere", 404),
        ("/static/nowhere.css", 404),
        ("/static/../pages.py", 404),
    ],
)
def test_pages_tell_what_is_wrong_and_lead_on(client: FlaskClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    page = Page(response.text)
    assert page.one("p", class_="status").text == str(status)
    assert page.link("全部报告") == "/reports"
    assert page.one("input", name="q")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/search?q=" + "长" * 5001, 400),
        ("/api/v1/reports/nothing", 404),
        ("/api/v1/blocks/nothing", 404),
        ("/api/v1/nowhere", 404),
    ],
)
def test_the_api_tells_by_problem_details(client: FlaskClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response.content_type.startswith("application/problem+json")
    assert response.get_json()["status"] == status


@pytest.mark.parametrize(
    "path", ["/", "/search", "/reports/aaaaaaaaaaaa00000023", "/p/aaaaaaaaaaaa00000023-k1", "/api/v1/search"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(client: FlaskClient, path: str, method: str) -> None:
    response = client.open(path, method=method)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("path", ["/", "/search?q=党建", "/reports", "/reports/x", "/p/x-y", "/api/v1/search"])
@pytest.mark.parametrize(
    ("error", "command"),
    [
        (NoIndexError("这里还没有索引。"), "searchapp index 报告文件夹"),
        (NoIndexError("这里还没有索引。先建立：searchapp index 报告文件夹"), "searchapp index 报告文件夹"),
        (IndexVersionError("索引由别的版本生成。"), "searchapp index --rebuild 报告文件夹"),
        (IndexDamagedError("索引缺文件"), "searchapp index --rebuild 报告文件夹"),
    ],
)
def test_without_an_index_the_command_to_make_one_is_shown(path: str, error: LibraryError, command: str) -> None:
    def open_library() -> Library:
        raise error

    response = client_of(open_library).get(path)
    assert response.status_code == 503
    if path.startswith("/api/"):
        assert command in response.get_json()["detail"]
    else:
        assert Page(response.text).one("pre").text == command
    assert str(error).split("。")[0] in response.text
    assert response.text.count("searchapp index") == 1


def test_an_unexpected_error_is_logged_but_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    def open_library() -> Library:
        raise ZeroDivisionError("secret detail")

    client = client_of(open_library)
    with caplog.at_level(logging.ERROR):
        page, details = client.get("/search"), client.get("/api/v1/search")
    assert page.status_code == details.status_code == 500
    for response in (page, details):
        assert "secret" not in response.text
        assert "Traceback" not in response.text
    assert "secret detail" in caplog.text


RAW_BYTES = [
    b"%00",
    b"%ff",
    b"%ed%a0%80",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"%",
    b"%zz",
    b"%u4e00",
    b"&&==;;",
    b"%0d%0aX-A:%20b",
]


@pytest.mark.parametrize("raw", RAW_BYTES)
@pytest.mark.parametrize(
    "path",
    [
        "/search",
        "/api/v1/search",
        "/reports/aaaaaaaaaaaa00000023",
        "/p/aaaaaaaaaaaa00000023-k1",
        "/reports/x",
        "/p/x",
        "/api/v1/blocks/x",
        "/x",
    ],
)
@pytest.mark.parametrize("name", ["q", "unit", "not_year", "sort", "block", "page", "moved"])
def test_no_bytes_in_an_address_break_the_server(client: FlaskClient, raw: bytes, path: str, name: str) -> None:
    query = name.encode() + b"=" + raw + b"&" + raw + b"=1"
    response = client.get(path, environ_overrides={"QUERY_STRING": query.decode("latin-1")})
    assert response.status_code < 500
    assert "X-A" not in response.headers


@pytest.mark.parametrize("raw", RAW_BYTES)
@pytest.mark.parametrize("folder", ["/reports/", "/p/", "/api/v1/reports/", "/api/v1/blocks/", "/static/", "/"])
def test_no_bytes_in_a_path_break_the_server(client: FlaskClient, raw: bytes, folder: str) -> None:
    for path in (folder + raw.decode("latin-1"), folder + "\x00", folder + "\r\n"):
        assert client.get("/", environ_overrides={"PATH_INFO": path}).status_code < 500


@pytest.mark.parametrize("path", ["/search", "/api/v1/search", "/reports", "/reports/aaaaaaaaaaaa00000023"])
def test_very_long_addresses_are_answered(client: FlaskClient, path: str) -> None:
    assert client.get(path + "?x=" + "长" * 20_000).status_code == 200
    assert client.get(path + "?q=" + "长" * 20_000).status_code in (200, 400)
    assert client.get("/search?" + "&".join(f"unit={n}" for n in range(201))).status_code == 400


class CountingOpener:
    """Opens another build each time, as if builds were exchanged faster than requests are answered."""

    def __init__(self) -> None:
        self.calls = 0
        self._builds = (library([water_2023()]), library([water_2022()]))

    def __call__(self) -> Library:
        self.calls += 1
        return self._builds[(self.calls - 1) % 2]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=党建",
        "/search?q=没有的词",
        "/search?page=-1",
        "/reports",
        "/reports/aaaaaaaaaaaa00000023?q=党建",
        "/reports/nothing",
        "/p/aaaaaaaaaaaa00000023-k4",
        "/p/nothing",
        "/api/v1/search?q=党建",
        "/api/v1/reports",
        "/api/v1/reports/aaaaaaaaaaaa00000023",
        "/api/v1/blocks/aaaaaaaaaaaa00000023-k4",
        "/api/v1/stats",
    ],
)
def test_a_request_opens_the_library_once(path: str) -> None:
    opener = CountingOpener()
    client_of(opener).get(path)
    assert opener.calls == 1


def test_the_next_request_sees_the_next_build() -> None:
    client = client_of(CountingOpener())
    assert client.get("/reports/aaaaaaaaaaaa00000023").status_code == 200
    assert client.get("/reports/aaaaaaaaaaaa00000023").status_code == 404


@pytest.mark.parametrize("path", ["/static/style.css", "/static/icon.svg", "/nowhere"])
def test_what_needs_no_library_opens_none(path: str) -> None:
    opener = CountingOpener()
    client_of(opener).get(path).close()
    assert opener.calls == 0
