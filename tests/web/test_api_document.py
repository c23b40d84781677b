"""The OpenAPI document: what it says is what the API does."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
import schemathesis
from flask.testing import FlaskClient

from searchapp.search.params import PARAMETER_NAMES
from searchapp.services.report_list import LISTING_NAMES
from searchapp.services.result_set import OWN_NAMES
from searchapp.web import create_app
from searchapp.web.api.parameters import FacetsParameters, ReportsParameters, SearchParameters

from .samples import library, water_2023
from .schemas import DOCUMENT, document_of, faults

ANSWERS = [
    ("Search", "/api/v1/search?q=党建"),
    ("Search", "/api/v1/search?q=党建&explain=true&fold=true&group=report&names=then&match=any&block=all"),
    ("Search", '/api/v1/search?q="党*建"&fillers=true&unit=none'),
    ("Search", "/api/v1/search?q=党建 子虚乌有之物&nonsense=1"),
    ("Search", "/api/v1/search?q=两个维护&punct=ignore&synonyms=true"),
    ("Search", "/api/v1/search"),
    ("Facets", "/api/v1/facets?q=党建&year_from=2022"),
    ("Suggest", "/api/v1/suggest?q=党"),
    ("Reports", "/api/v1/reports?sort=-year&per_page=1"),
    ("WholeReport", "/api/v1/reports/aaaaaaaaaaaa00000023"),
    ("LocatedBlock", "/api/v1/blocks/aaaaaaaaaaaa00000023-k4"),
    ("Stats", "/api/v1/stats"),
    ("Concordance", "/api/v1/kwic?q=党建&sort=left&width=3&nonsense=1"),
    ("Concordance", "/api/v1/kwic?year=2023"),
    ("Headings", "/api/v1/headings?q=党建&nonsense=1"),
    ("Cited", "/api/v1/cite?paragraph=aaaaaaaaaaaa00000023-k4&start=3&end=5"),
    ("Comparison", "/api/v1/compare?a=aaaaaaaaaaaa00000022&b=aaaaaaaaaaaa00000023"),
    ("Problem", "/api/v1/search?page=0"),
    ("Problem", "/api/v1/reports/aaaaaaaaaaaa"),
    ("Problem", "/api/v1/nowhere"),
    ("Problem", "/api/v1/export?build=b-old"),
    ("Problem", "/api/v1/cite?paragraph=nothing"),
    ("Problem", "/api/v1/compare?a=aaaaaaaaaaaa00000022"),
]


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> dict[str, Any]:
    return document_of(client)


def test_it_is_openapi_3_1(client: FlaskClient) -> None:
    response = client.get(DOCUMENT)
    assert response.content_type == "application/json; charset=utf-8"
    made = response.get_json()
    assert made["openapi"] == "3.1.0"
    assert made["servers"] == [{"url": "/"}]
    schemathesis.openapi.from_dict(made).validate()


@pytest.mark.parametrize(("name", "address"), ANSWERS)
def test_real_answers_are_what_it_says(client: FlaskClient, document: dict[str, Any], name: str, address: str) -> None:
    assert faults(document, name, client.get(address).get_json()) == []


def test_a_checked_text_is_what_it_says(client: FlaskClient, document: dict[str, Any]) -> None:
    text = "全年以党建引领业务，党建工作很扎实，做到“两个维护”。以党建引领业务。他说“供水改革取得较大进展”。好。"
    answer = client.post("/api/v1/check", json={"text": text}).get_json()
    assert faults(document, "Check", answer) == []
    assert {"exact", "nearest", "short"} & {each["verdict"] for each in answer["sentences"]}


def test_hostile_answers_are_what_it_says(hostile_client: FlaskClient, document: dict[str, Any]) -> None:
    for name, address in (
        ("Search", "search?q=党建&group=report"),
        ("Reports", "reports"),
        ("WholeReport", "reports/cccc00"),
        ("Concordance", "kwic?q=党建"),
        ("Headings", "headings"),
        ("Cited", "cite?paragraph=cccc00-h2"),
        ("Comparison", "compare?a=cccc00&b=cccc00"),
    ):
        assert faults(document, name, hostile_client.get(f"/api/v1/{address}").get_json()) == []


def test_an_answer_that_says_more_or_less_would_be_found(client: FlaskClient, document: dict[str, Any]) -> None:
    answer = client.get("/api/v1/stats").get_json()
    assert faults(document, "Stats", answer | {"extra": 1})
    assert faults(document, "Stats", {name: answer[name] for name in list(answer)[1:]})
    assert faults(document, "Stats", answer | {"blocks": "many"})


def test_the_parameters_are_those_that_are_read(document: dict[str, Any]) -> None:
    def names(path: str) -> set[str]:
        return {each["name"] for each in document["paths"][path]["get"]["parameters"]}

    assert names("/api/v1/search") == PARAMETER_NAMES == set(SearchParameters.__struct_fields__)
    assert names("/api/v1/reports") == LISTING_NAMES == set(ReportsParameters.__struct_fields__)
    assert names("/api/v1/facets") == set(FacetsParameters.__struct_fields__) < PARAMETER_NAMES
    shown = {"group", "fold", "explain", "fillers"}
    assert names("/api/v1/export") == PARAMETER_NAMES - shown - {"page", "per_page"} | OWN_NAMES - {"depth"}
    assert names("/api/v1/kwic") == PARAMETER_NAMES - shown | {"width"}
    assert names("/api/v1/headings") == PARAMETER_NAMES - shown | {"depth", "format"}


@pytest.mark.parametrize(("path", "sent"), [("export", False), ("headings", False), ("excerpts", True)])
def test_every_kind_of_file_it_lists_is_made(
    client: FlaskClient, document: dict[str, Any], path: str, sent: bool
) -> None:
    operation = document["paths"][f"/api/v1/{path}"]["post" if sent else "get"]
    (formats,) = (each["schema"]["enum"] for each in operation["parameters"] if each["name"] == "format")
    made = set()
    for name in formats:
        asked: dict[str, Any] = {"path": f"/api/v1/{path}", "query_string": {"format": name}}
        body = {"excerpts": [{"paragraph_id": "aaaaaaaaaaaa00000023-k4"}]}
        response = client.post(**asked, json=body) if sent else client.get(**asked)
        assert response.status_code == 200
        made.add(response.mimetype)
    assert made == set(operation["responses"]["200"]["content"])


@pytest.mark.parametrize("path", [f"/api/v1/{name}" for name in ("search", "reports", "suggest", "kwic", "headings")])
def test_every_value_it_lists_can_be_sent_and_no_other(
    client: FlaskClient, document: dict[str, Any], path: str
) -> None:
    for parameter in document["paths"][path]["get"]["parameters"]:
        schema, name = parameter["schema"], parameter["name"]
        default = schema.get("default")
        if default not in ("", [], None):
            told = client.get(
                path, query_string={name: default if not isinstance(default, bool) else str(default).lower()}
            )
            assert told.status_code == 200, name
        for value in schema.get("enum", schema.get("items", {}).get("enum", ())):
            assert client.get(path, query_string={name: value}).status_code == 200, (name, value)
        if "enum" in schema:
            assert client.get(path, query_string={name: "maybe"}).status_code == 400, name
        if "maximum" in schema:
            assert client.get(path, query_string={name: schema["maximum"]}).status_code == 200, name
            assert client.get(path, query_string={name: schema["maximum"] + 1}).status_code == 400, name


def test_every_route_of_the_api_is_described(client: FlaskClient, document: dict[str, Any]) -> None:
    rules = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert set(document["paths"]) == rules - {DOCUMENT}


def test_every_operation_tells_what_it_is(document: dict[str, Any]) -> None:
    operations = [each for path in document["paths"].values() for each in path.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)
    for each in operations:
        assert each["summary"].endswith(".")
        assert set(each["responses"]) >= {"200", "400", "405", "500", "503"}


def test_its_servers_tell_below_which_path_it_is() -> None:
    held = library([water_2023()])
    client = create_app(lambda: held, {"APPLICATION_ROOT": "/s"}).test_client()
    assert client.get(DOCUMENT, base_url="http://localhost/s/").get_json()["servers"] == [{"url": "/s"}]


def test_types_and_document_agree_on_names(document: dict[str, Any]) -> None:
    (schema,), _ = msgspec.json.schema_components((SearchParameters,))
    assert schema
    assert not [name for name in document["components"]["schemas"] if name.endswith(("Json", "Parameters"))]
    assert quote("报告") not in str(document)
