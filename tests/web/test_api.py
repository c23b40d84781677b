"""The JSON API answers in the shapes of docs/inside/semantics.md, section 5."""

from __future__ import annotations

import json
from pathlib import Path

from flask.testing import FlaskClient

from searchapp.store.retired_ids import RetiredRecord

from .conftest import client_of
from .samples import BUILD, library, retired_ids, water_2023


def test_a_search_answers_with_hits_counts_and_facets(client: FlaskClient) -> None:
    response = client.get("/api/v1/search?q=“两个维护”")
    assert response.content_type == "application/json; charset=utf-8"
    answer = response.get_json()
    assert list(answer)[:6] == ["query", "build", "total", "page", "per_page", "counts"]
    assert (answer["query"], answer["build"], answer["total"]) == ("“两个维护”", BUILD, 1)
    (hit,) = answer["hits"]
    assert hit["paragraph_id"] == "aaaaaaaaaaaa00000023-k4"
    assert hit["url"] == "/reports/aaaaaaaaaaaa00000023#p-k4"
    (start, end) = hit["highlights"][0]
    assert hit["text"][start:end] == "两个维护"


def test_chinese_is_written_as_it_is(client: FlaskClient) -> None:
    for address in ("/api/v1/search?q=党建", "/api/v1/reports", "/api/v1/search?page=零"):
        assert "\\u" not in client.get(address).text


def test_reports_are_listed_and_given_whole(client: FlaskClient) -> None:
    listed = client.get("/api/v1/reports").get_json()
    assert listed["build"] == BUILD
    assert [each["report_id"] for each in listed["reports"]] == ["aaaaaaaaaaaa00000023", "aaaaaaaaaaaa00000022"]
    whole = client.get("/api/v1/reports/aaaaaaaaaaaa00000023").get_json()
    assert whole["report"] == listed["reports"][0]
    assert [each["text"] for each in whole["blocks"]] == [each.text for each in water_2023().blocks]
    assert whole["blocks"][3]["run_in"] == [0, 10]
    assert whole["blocks"][4]["marks"] == [[4, 8]]


def test_a_block_is_given_in_its_report(client: FlaskClient) -> None:
    answer = client.get("/api/v1/blocks/aaaaaaaaaaaa00000023-k4").get_json()
    assert (answer["moved"], answer["position"], answer["block"]) == (False, 3, "paragraph")
    assert answer["report"]["report_id"] == "aaaaaaaaaaaa00000023"
    assert answer["source"] == {"file": "reports/水务局2023.txt", "line": 4, "column": 1, "page": None}


def test_a_retired_block_is_answered_by_the_nearest(tmp_path: Path) -> None:
    held = library(
        [water_2023()], retired_ids(tmp_path, RetiredRecord("aaaaaaaaaaaa00000023-gone", "aaaaaaaaaaaa00000023-k5"))
    )
    answer = client_of(lambda: held).get("/api/v1/blocks/aaaaaaaaaaaa00000023-gone").get_json()
    assert (answer["moved"], answer["paragraph_id"]) == (True, "aaaaaaaaaaaa00000023-k5")


def test_an_old_report_id_leads_on_or_names_the_choices(client: FlaskClient) -> None:
    assert (
        client.get("/api/v1/reports/aaaaaaaaaaaa00000023ffffffff").headers["Location"]
        == "/api/v1/reports/aaaaaaaaaaaa00000023"
    )
    several = client.get("/api/v1/reports/aaaaaaaaaaaa")
    assert several.status_code == 404
    assert several.get_json()["choices"] == ["aaaaaaaaaaaa00000023", "aaaaaaaaaaaa00000022"]


def test_stats_tell_the_size_of_the_library(client: FlaskClient) -> None:
    answer = client.get("/api/v1/stats").get_json()
    assert (answer["reports"], answer["paragraphs"], answer["units"], answer["years"]) == (2, 3, 1, [2022, 2023])


def test_keys_keep_their_order(client: FlaskClient) -> None:
    answer = json.loads(client.get("/api/v1/search").text)
    assert list(answer["facets"]) == ["unit", "year", "section", "part", "kind"]
