"""``GET /api/v1/reports``: whole reports by the filters of a search, in an order, page by page; and ``/facets``."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from searchapp.reports.model import Metadata, Report, ReportSource

from .conftest import MakeClient
from .samples import block, plans, water_2022, water_2023


def report(report_id: str, title: str, unit: str | None, year: int | None, **known: str) -> Report:
    meta = Metadata(title=title, unit=unit, department=unit, year=year, **known)  # type: ignore[arg-type]
    body = (block("paragraph", f"{title}正文。", f"{report_id}1", 1, topic="作风建设", part="安排"),)
    return Report(report_id, meta, body, (ReportSource("reports/x.txt", 1, 1),), title)


@pytest.fixture(scope="module")
def listed(client_with: MakeClient) -> FlaskClient:
    return client_with(
        [
            water_2023(),
            water_2022(),
            report("b1", "八里镇总结", "八里镇", 2022, place="八里", level="乡级", unit_type="乡镇"),
            report("b2", "啊", None, None, addressee="市委"),
            *plans(),
        ]
    )


def ids(client: FlaskClient, query: str) -> list[str]:
    response = client.get(f"/api/v1/reports?{query}")
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.get_json()
    assert answer["total"] >= len(answer["reports"])
    return [each["report_id"] for each in answer["reports"]]


A23, A22 = "aaaaaaaaaaaa00000023", "aaaaaaaaaaaa00000022"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [A23, A22, "b1", "b2", "eeee01", "eeee02"]),
        ("unit=甲县水务局党组", [A23, A22]),
        ("unit=甲县水务局&unit=八里镇", [A23, A22, "b1"]),
        ("department=八里镇&unit=甲县水务局", [A23, A22, "b1"]),
        ("year=2022", [A22, "b1"]),
        ("year=none", ["b2"]),
        ("year_from=2023", [A23, "eeee01", "eeee02"]),
        ("year_from=2024&year=none", ["b2", "eeee01"]),
        ("not_year=2022&not_unit=none", [A23, "eeee01", "eeee02"]),
        ("kind=党建工作报告", [A23]),
        ("place=八里&level=乡级&unit_type=乡镇", ["b1"]),
        ("addressee=市委", ["b2"]),
        ("section=组织建设", [A23]),
        ("section=组织建设&section=作风建设", [A23, "b1", "b2"]),
        ("part=安排&not_unit=none", ["b1"]),
        ("section=none&year=2023", [A23, "eeee02"]),
        ("section=作风建设&year=2023", []),
        ("sort=year", [A22, "b1", A23, "eeee02", "eeee01", "b2"]),
        ("sort=-year", ["eeee01", A23, "eeee02", A22, "b1", "b2"]),
        ("sort=unit", ["b1", "eeee02", A23, A22, "eeee01", "b2"]),
        ("sort=-kind&year=2023", ["eeee02", A23]),
        ("sort=-unit", ["eeee01", A23, A22, "eeee02", "b1", "b2"]),
        ("sort=title", ["b2", "b1", "eeee02", A22, A23, "eeee01"]),
        ("sort=paragraphs&per_page=3&year=none&year=2022", [A22, "b1", "b2"]),
        ("per_page=2&page=2", ["b1", "b2"]),
        ("per_page=2&page=9", []),
    ],
)
def test_reports_are_filtered_sorted_and_paged(listed: FlaskClient, query: str, found: list[str]) -> None:
    assert ids(listed, query) == found


@pytest.mark.parametrize(
    "query", ["sort=relevance", "sort=-document", "page=0", "per_page=101", "year=abc", "year_to=1"]
)
def test_a_value_that_cannot_be_is_a_problem_by_its_name(listed: FlaskClient, query: str) -> None:
    response = listed.get(f"/api/v1/reports?{query}")
    assert response.status_code == 400
    assert response.get_json()["parameter"] == query.split("=", maxsplit=1)[0]


def test_unknown_parameters_are_passed_over_and_told(listed: FlaskClient) -> None:
    answer = listed.get("/api/v1/reports?q=党建&block=title&per_page=1").get_json()
    assert [told["message"] for told in answer["diagnostics"]] == [
        "不认识的参数“block”，已略去",
        "不认识的参数“q”，已略去",
    ]
    assert (answer["total"], answer["page"], answer["per_page"]) == (6, 1, 1)


def test_pages_of_the_holding_reports_are_all_read(crowded_client: FlaskClient) -> None:
    answer = crowded_client.get("/api/v1/reports?section=none&per_page=100").get_json()
    assert answer["total"] == len(answer["reports"]) == 30


@pytest.mark.parametrize(
    "query", ["q=党建", "q=党建&year=2023", "q=不在这里", "", "q=党建&unit=none&names=then", "block=all"]
)
def test_facets_are_those_of_the_search(client: FlaskClient, query: str) -> None:
    whole = client.get(f"/api/v1/search?{query}").get_json()
    answer = client.get(f"/api/v1/facets?{query}").get_json()
    assert "hits" not in answer
    for name in set(answer) - {"took_ms"}:
        assert answer[name] == whole[name], name


def test_facets_pass_over_what_only_changes_what_is_shown(client: FlaskClient) -> None:
    plain = client.get("/api/v1/facets?q=党建").get_json()
    shown = client.get("/api/v1/facets?q=党建&page=7&per_page=3&group=report&fold=true&explain=true&fillers=true")
    assert shown.get_json()["facets"] == plain["facets"]
    assert client.get("/api/v1/facets?page=0").status_code == 400
