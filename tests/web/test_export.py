"""Taking results along: files that are the hits of the page, problems before the first byte, one build throughout."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from searchapp.services.library import Library
from searchapp.web import create_app
from searchapp.web.http.responses import disposition

from .conftest import MakeClient
from .samples import BUILD, library, many, water_2023


def rows(client: FlaskClient, path: str = "/api/v1/export", **params: str) -> list[dict[str, Any]]:
    response = client.get(path, query_string={"format": "jsonl", **params})
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


@pytest.mark.parametrize("path", ["/api/v1/export", "/export"])
def test_the_rows_are_the_hits_of_the_api(client: FlaskClient, path: str) -> None:
    for params in ({"q": "党建"}, {"q": "党建", "sort": "oldest", "block": "all"}, {"year": "2023"}, {"q": "无此词"}):
        hits = client.get("/api/v1/search", query_string={**params, "per_page": "100"}).get_json()
        found = rows(client, path, **params)
        assert len(found) == hits["total"]
        assert [row["paragraph_id"] for row in found] == [hit["paragraph_id"] for hit in hits["hits"]]
        assert [row["text"] for row in found] == [hit["text"] for hit in hits["hits"]]


def test_addresses_lead_back_to_the_site(client: FlaskClient) -> None:
    address = rows(client, q="两个维护")[0]["address"]
    assert address == "http://localhost/p/aaaaaaaaaaaa00000023-k4"
    assert client.get(address).headers["Location"] == "/reports/aaaaaaaaaaaa00000023#p-k4"
    below = create_app(lambda: library([water_2023()]), {"APPLICATION_ROOT": "/s"}).test_client()
    response = below.get("/export?q=两个维护&format=jsonl", base_url="http://localhost/s/")
    assert json.loads(response.text)["address"] == "http://localhost/s/p/aaaaaaaaaaaa00000023-k4"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("jsonl", "application/jsonl; charset=utf-8"),
    ],
)
def test_a_file_has_its_type_its_name_and_its_headers(client: FlaskClient, name: str, media_type: str) -> None:
    response = client.get("/export", query_string={"q": '"两个维护"', "format": name})
    assert response.content_type == media_type
    told = response.headers["Content-Disposition"]
    assert told.startswith(f"attachment; filename=\"export.{name}\"; filename*=UTF-8''")
    assert told.isascii()
    assert unquote(told.rpartition("''")[2]) == f"报告检索_两个维护.{name}"
    assert response.headers["Searchapp-Build"] == BUILD
    assert response.headers["Searchapp-Total"] == "1"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    response.close()


def test_the_headers_alone_make_no_file(client: FlaskClient) -> None:
    response = client.head("/export?q=党建&format=xlsx")
    assert response.status_code == 200 and response.data == b""
    assert int(response.headers["Searchapp-Total"]) > 1
    assert client.head("/export?format=pdf").status_code == 400


def test_a_name_cannot_break_its_header() -> None:
    assert disposition("甲 乙.csv") == "attachment; filename=\"file.csv\"; filename*=UTF-8''%E7%94%B2%20%E4%B9%99.csv"
    assert disposition("..").startswith('attachment; filename="file"; ')
    assert "\n" not in disposition('a"\r\nX: y.csv') and '"\r' not in disposition('a"\r\nX: y.csv')


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/api/v1/export?format=pdf", "format"),
        ("/api/v1/export?view=x", "view"),
        ("/api/v1/export?q=党建&view=kwic&sort=up", "sort"),
        ("/api/v1/kwic?q=党建&width=0", "width"),
        ("/api/v1/kwic?q=党建&per_page=101", "per_page"),
        ("/api/v1/headings?depth=9", "depth"),
        ("/api/v1/headings?format=text&depth=9", "depth"),
        ("/api/v1/headings?year=x", "year"),
    ],
)
def test_what_cannot_be_is_a_problem(client: FlaskClient, path: str, parameter: str) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert response.content_type.startswith("application/problem+json")
    assert response.get_json()["parameter"] == parameter


def test_a_link_of_an_older_page_says_that_the_library_has_changed(client: FlaskClient) -> None:
    assert rows(client, q="党建", build=BUILD)
    response = client.get("/api/v1/export?q=党建&build=b-old")
    assert response.status_code == 409
    assert response.get_json()["type"] == "urn:searchapp:problem:build-changed"
    page = client.get("/export?q=党建&build=b-old")
    assert page.status_code == 409
    assert page.content_type.startswith("text/html") and "请刷新结果页" in page.text


def test_an_export_keeps_the_build_it_began_with() -> None:
    libraries = {"now": library(many(3000))}
    client = create_app(lambda: libraries["now"]).test_client()
    response = client.get("/export?q=党建&format=jsonl&sort=document", buffered=False)
    chunks = iter(response.response)
    first = next(chunks)
    libraries["now"] = Library("b-2", library([water_2023()]).reader, library([]).analyzer, library([]).retired)
    data = bytes(first) + b"".join(map(bytes, chunks))
    response.close()
    assert response.headers["Searchapp-Build"] == BUILD
    assert [json.loads(line)["unit"] for line in data.splitlines()] == [f"第{at}局" for at in range(1, 3001)]
    assert client.get("/export?q=党建&format=jsonl").headers["Searchapp-Build"] == "b-2"


def test_hostile_text_stays_text(hostile_client: FlaskClient, client_with: MakeClient) -> None:
    (row,) = rows(hostile_client, q="党建", block="paragraph")
    data = hostile_client.get("/export?q=党建&block=paragraph&format=csv").data.decode("utf-8-sig")
    heads, cells = csv.reader(io.StringIO(data, newline=""))
    assert dict(zip(heads, cells, strict=True))["原文"] == row["text"]
    book = load_workbook(io.BytesIO(hostile_client.get("/export?q=党建&block=paragraph&format=xlsx").data))
    assert row["text"] in [cell.value for cell in book["结果"][2]]


def test_the_concordance_as_json(client: FlaskClient) -> None:
    answer = client.get("/api/v1/kwic?q=党建&sort=right&width=2&per_page=5").get_json()
    assert answer["total"] == answer["counts"]["occurrences"] > 5
    assert [len(line["right"]) <= 2 and line["keyword"] for line in answer["lines"]] == ["党建"] * 5
    assert answer["build"] == BUILD
    whole = rows(client, q="党建", view="kwic", sort="right", width="2")
    assert len(whole) == answer["total"]
    assert [(line["left"], line["start"]) for line in answer["lines"]] == [
        (row["left"], row["start"]) for row in whole[:5]
    ]


def test_headings_as_json_and_text(client: FlaskClient) -> None:
    answer = client.get("/api/v1/headings?q=党建").get_json()
    assert [report["report_id"] for report in answer["reports"]] == ["aaaaaaaaaaaa00000023", "aaaaaaaaaaaa00000022"]
    assert [heading["text"] for heading in answer["reports"][0]["headings"]] == [
        "一、加强党的建设",
        "（一）坚持党建引领",
    ]
    for path in ("/headings.txt?q=党建", "/api/v1/headings?q=党建&format=text"):
        response = client.get(path)
        assert response.content_type == "text/plain; charset=utf-8"
        assert "　　一、加强党的建设\n　　　　（一）坚持党建引领\n" in response.text
