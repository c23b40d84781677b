"""Whatever is asked for, in whatever way: never an error of the server; refusals are Chinese pages or problems."""

from __future__ import annotations

import json
from urllib.parse import quote_from_bytes

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp.search.params import PARAMETER_NAMES

REPORT = "aaaaaaaaaaaa00000023"
PATHS = (
    *("/", "/search", "/reports", f"/reports/{REPORT}", "/reports/x", f"/p/{REPORT}-k1", "/p/-", "/help", "/check"),
    *("/api/v1/search", "/api/v1/suggest", "/api/v1/reports", f"/api/v1/reports/{REPORT}", "/api/v1/reports/x"),
    *(f"/api/v1/blocks/{REPORT}-k1", "/api/v1/blocks/-", "/api/v1/stats", "/api/v1/check", "/api/v1/", "/api/"),
    *("/static/style.css", "/static/x", "//", "/./search", "/search/", "/favicon.ico", "/\x00", "/\r\nX-Injected: 1"),
)
METHODS = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "ODD")
NAMES = sorted(PARAMETER_NAMES | {"text", "limit", "moved", "unknown", ""})
VALUES = (
    *(b"", b"0", b"1", b"-1", b"99999999999999999999", b"2023", b"none", b"all", b"any", b"ignore", b"true", b"report"),
    *(
        b"newest",
        b"\xff",
        b"\xed\xa0\x80",
        b"\x00",
        b"\r\nX-Injected: 1",
        b"<script>",
        b"(((",
        b'"',
        b"NEAR/",
        b"*" * 600,
    ),
    *('"党*建"~3 年份:2023 -"的" OR 单位:'.encode(), "党建".encode(), "长".encode() * 5001, "党建".encode("gbk")),
)
BODIES = (
    *(
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"NaN",
        b'{"text": 1}',
        b'{"text": "\\ud800"}',
        b'{"text": "\\u0000"}',
        b"[" * 99_999,
    ),
    *("text=党建工作很重要。".encode(), "党建工作很重要。".encode(), b"text=%FF", b"x" * 500_000),
)
TYPES = ("application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x/y", "", "/")

pairs = st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.binary(max_size=12))
queries = st.lists(pairs, max_size=5).map(
    lambda chosen: "&".join(f"{name}={quote_from_bytes(value)}" for name, value in chosen)
) | st.binary(max_size=30).map(lambda raw: raw.decode("latin-1"))


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(PATHS),
    query=queries,
    sent=st.tuples(st.sampled_from(BODIES), st.sampled_from(TYPES)),
)
def test_nothing_that_is_asked_for_breaks_the_server(
    client: FlaskClient, method: str, path: str, query: str, sent: tuple[bytes, str]
) -> None:
    told: dict[str, object] = (
        dict(zip(("data", "content_type"), sent, strict=True)) if method in ("POST", "PUT") else {}
    )
    response = client.open("/", method=method, environ_overrides={"PATH_INFO": path, "QUERY_STRING": query}, **told)
    assert response.status_code < 500
    assert "X-Injected" not in response.headers
    if response.status_code >= 400 and method != "HEAD":
        if path.startswith("/api/"):
            assert response.content_type.startswith("application/problem+json")
            assert json.loads(response.data)["status"] == response.status_code
        else:
            assert '<html lang="zh-CN">' in response.text
    response.close()
