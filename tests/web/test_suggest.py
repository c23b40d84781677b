"""``GET /api/v1/suggest``: completion as JSON."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from searchapp.indexing.lexicon_process import cut_report
from searchapp.lexicon import Lexicon, build_lexicon_of
from searchapp.text.word_table import BulkCutter

from .conftest import client_of
from .samples import BUILD, library, water_2022, water_2023


@pytest.fixture(scope="module")
def completing(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A library with its lexicon."""
    folder: Path = tmp_path_factory.mktemp("lexicon")
    held = library([water_2023(), water_2022()])
    cuts = (cut_report(report, BulkCutter(held.analyzer)) for report in held.reader.iterate())
    build_lexicon_of(folder, cuts, held.analyzer.words, ())
    whole = replace(held, lexicon=Lexicon(folder))
    return client_of(lambda: whole)


def test_suggestions_are_answered_as_json(completing: FlaskClient) -> None:
    response = completing.get("/api/v1/suggest?q=lgwh&limit=2")
    assert response.content_type == "application/json; charset=utf-8"
    answer = response.get_json()
    assert (answer["query"], answer["build"]) == ("lgwh", BUILD)
    assert [found["text"] for found in answer["suggestions"]] == ["两个维护"]
    assert set(answer["suggestions"][0]) == {"text", "blocks", "kind"}
    assert "\\u" not in response.text


def test_nothing_typed_is_no_error(completing: FlaskClient) -> None:
    for address in ("/api/v1/suggest", "/api/v1/suggest?q=", "/api/v1/suggest?q=%ff%fe"):
        response = completing.get(address)
        assert response.status_code == 200
        assert response.get_json()["suggestions"] == []


def test_a_limit_that_cannot_be_is_a_problem(completing: FlaskClient) -> None:
    response = completing.get("/api/v1/suggest?q=党&limit=零")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json; charset=utf-8"
    assert "limit" in response.text
