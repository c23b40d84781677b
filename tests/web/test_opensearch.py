"""A browser can add the search: ``/opensearch.xml`` and suggestions in its format."""

from __future__ import annotations

from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from searchapp.web import create_app
from searchapp.web.site import NAMESPACE

from .samples import library, water_2023
from .test_suggest import completing

__all__ = ["completing"]


def urls(client: FlaskClient, base: str = "http://localhost/") -> dict[str, str]:
    response = client.get("/opensearch.xml", base_url=base)
    assert response.content_type == "application/opensearchdescription+xml; charset=utf-8"
    root = ElementTree.fromstring(response.data)
    assert root.tag == f"{{{NAMESPACE}}}OpenSearchDescription"
    name = root.findtext(f"{{{NAMESPACE}}}ShortName")
    assert name and len(name) <= 16
    return {each.attrib["type"]: each.attrib["template"] for each in root.iter(f"{{{NAMESPACE}}}Url")}


def test_its_addresses_answer(completing: FlaskClient) -> None:
    found = urls(completing)
    assert all(template.startswith("http://localhost/") for template in found.values())
    page = found["text/html"].replace("{searchTerms}", quote("党建"))
    assert "党建" in completing.get(page).text
    suggested = completing.get(found["application/x-suggestions+json"].replace("{searchTerms}", "lgwh"))
    assert suggested.content_type == "application/x-suggestions+json; charset=utf-8"
    assert suggested.get_json() == ["lgwh", ["两个维护"], ["1 段"]]
    assert completing.get(found["application/opensearchdescription+xml"]).status_code == 200


def test_suggestions_in_an_unknown_format_are_a_problem(completing: FlaskClient) -> None:
    response = completing.get("/api/v1/suggest?q=党&format=xml")
    assert response.status_code == 400
    assert response.get_json()["parameter"] == "format"
    assert completing.get("/api/v1/suggest?q=党&format=json").is_json


@pytest.mark.parametrize("base", ["http://reports.local:5000/", "http://localhost/s/"])
def test_its_addresses_are_of_the_host_and_path_that_were_asked(base: str) -> None:
    held = library([water_2023()])
    client = create_app(lambda: held, {"APPLICATION_ROOT": urlsplit(base).path}).test_client()
    assert all(template.startswith(base) for template in urls(client, base).values())


def test_it_needs_no_library() -> None:
    from searchapp.errors import NoIndexError
    from searchapp.services.library import Library

    def nothing() -> Library:
        raise NoIndexError("这里还没有索引。")

    assert urls(create_app(nothing).test_client())
