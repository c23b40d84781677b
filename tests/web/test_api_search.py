"""``GET /api/v1/search``: every parameter reaches the search, every value that cannot be is a problem by its name."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient


def asked(client: FlaskClient, **params: str) -> dict[str, Any]:
    response = client.get("/api/v1/search", query_string=params)
    assert response.status_code == 200
    answer: dict[str, Any] = response.get_json()
    return answer


@pytest.mark.parametrize("name", ["match", "punct", "group", "fold", "explain", "synonyms", "fillers"])
def test_a_value_that_there_is_not_is_a_problem(client: FlaskClient, name: str) -> None:
    response = client.get("/api/v1/search", query_string={"q": "党建", name: "maybe"})
    assert response.status_code == 400
    assert response.content_type.startswith("application/problem+json")
    problem = response.get_json()
    assert problem["parameter"] == name
    assert "maybe" in problem["detail"]


def test_an_empty_answer_says_why_and_what_else_there_is(client: FlaskClient) -> None:
    answer = asked(client, q="党建 子虚乌有之物", match="all")
    assert answer["total"] == 0
    assert any("“子虚乌有之物”在全库一处也没有" in told["message"] for told in answer["diagnostics"])
    for offer in answer["offers"]:
        assert set(offer) == {"kind", "label", "changes", "total"}
        changed = {"q": answer["query"], **{name: values[-1] for name, values in offer["changes"].items() if values}}
        assert asked(client, **changed)["total"] == offer["total"] > 0
    assert {offer["kind"] for offer in answer["offers"]} >= {"without", "any"}


def test_the_parameters_of_presentation_reach_the_engine(client: FlaskClient) -> None:
    answer = asked(client, q="党建", group="report", fold="true", explain="true", match="any", punct="ignore")
    assert answer["groups"] == len(answer["grouped"]) == answer["counts"]["reports"]
    assert all(hit["explanation"] for hit in answer["hits"])
    assert asked(client, q="党建", synonyms="true")["diagnostics"][0]["message"].startswith("来源文件夹里没有同义词表")
    assert asked(client, q='"党*建"', fillers="true")["fillers"][0]["clause"] == '"党*建"'
