"""schemathesis asks the API whatever its document allows, and what it does not: never a 5xx, every answer fits.

What it asks is drawn by hypothesis. Its own pytest plugin is not used: it costs every test run its start.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode, checks

from searchapp.config import Settings
from searchapp.errors import NoIndexError
from searchapp.indexing.run import IndexingOptions
from searchapp.services.library import Library, LibraryHandle
from searchapp.web import create_app
from searchapp.wiring import index_sources, library_handle

from .schemas import document_of

EXAMPLES = 30
"""Of each operation and mode."""
BLOCKS = 3
JSON = "application/json"
ID = "0" * 12 + "-0"
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


def _no_library() -> Library:
    raise NoIndexError("这里还没有索引。")


DOCUMENT = document_of(create_app(_no_library).test_client())
OPERATIONS = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]
REFUSABLE = [(path, method) for path, method in OPERATIONS if not path.endswith(("}", "/stats"))]
"""Operations of which something can be asked that the document does not allow."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sample_corpus: Path) -> LibraryHandle:
    """The sample corpus in the engine that people use."""
    index = tmp_path_factory.mktemp("api") / "index"
    index_sources(Settings(index), IndexingOptions(sources=[sample_corpus]))
    return library_handle(Settings(index))


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_what_the_document_allows_is_answered_by_it(served: LibraryHandle, path: str, method: str) -> None:
    _ask(served, path, method, GenerationMode.POSITIVE)


@pytest.mark.parametrize(("path", "method"), REFUSABLE)
def test_what_the_document_does_not_allow_is_no_error_of_ours(served: LibraryHandle, path: str, method: str) -> None:
    _ask(served, path, method, GenerationMode.NEGATIVE)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_without_an_index_every_answer_is_a_problem_that_fits(path: str, method: str) -> None:
    case = _operation(create_app(_no_library), path, method).Case(
        path_parameters={"report_id": "0" * 12, "paragraph_id": ID},
        query={"q": "党建", "paragraph": ID, "a": "0" * 12, "b": "1" * 12},
        body={"text": "党建", "excerpts": [{"paragraph_id": ID}]},
        media_type=JSON,
    )
    response = case.call()
    case.validate_response(response, checks=CHECKS[1:])
    assert response.status_code == 503


def test_every_report_and_its_first_blocks_fit(served: LibraryHandle) -> None:
    app = create_app(served.current)
    for summary in served.current().reader.reports():
        blocks = served.current().reader.report(summary.report_id).blocks[:BLOCKS]
        report = _operation(app, "/api/v1/reports/{report_id}", "get")
        assert _valid(report.Case(path_parameters={"report_id": summary.report_id})).status_code == 200
        for block in blocks:
            asked = {"paragraph_id": f"{summary.report_id}-{block.key}"}
            assert _valid(_operation(app, "/api/v1/blocks/{paragraph_id}", "get").Case(path_parameters=asked)).json()


@pytest.mark.parametrize(
    "query",
    [
        {"q": "党建", "per_page": 100, "explain": "true"},
        {"q": '"全面从严治党"', "group": "report", "fold": "true", "sort": "newest"},
        {"q": '"关于*精神"', "fillers": "true", "match": "any"},
        {"q": "落实 责任", "punct": "ignore", "names": "then", "block": ["all"], "not_year": ["2023"]},
        {"q": "党建 子虚乌有之物"},
        {"q": "((“ NEAR/x 重复^", "synonyms": "true"},
        {"year": ["2023", "none"], "page": 2},
    ],
)
def test_answers_with_hits_offers_and_diagnostics_fit(served: LibraryHandle, query: dict[str, Any]) -> None:
    answer = _valid(_operation(create_app(served.current), "/api/v1/search", "get").Case(query=query)).json()
    assert answer["hits"] or answer["offers"] or answer["diagnostics"]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("kwic", {"q": "落实 责任", "sort": "right", "width": 5}),
        ("kwic", {"q": '"全面*治党"', "per_page": 100, "page": 2}),
        ("kwic", {"year": "none"}),
        ("headings", {"q": "党建", "depth": 1, "sort": "newest"}),
        ("headings", {"q": "党建", "format": "text"}),
        *(("export", {"q": "党建", "format": name}) for name in ("csv", "xlsx", "jsonl")),
        ("export", {"q": "党建", "view": "kwic", "sort": "left", "format": "jsonl"}),
        ("export", {"q": "党建", "build": "b-old"}),
    ],
)
def test_what_is_taken_along_fits(served: LibraryHandle, name: str, query: dict[str, Any]) -> None:
    response = _valid(_operation(create_app(served.current), f"/api/v1/{name}", "get").Case(query=query))
    assert response.status_code == (409 if "build" in query else 200)
    assert response.content


def test_every_passage_every_document_and_comparisons_fit(served: LibraryHandle) -> None:
    app, reader = create_app(served.current), served.current().reader
    summaries = list(reader.reports())
    cite, compare = (_operation(app, f"/api/v1/{name}", "get") for name in ("cite", "compare"))
    ids = [f"{each.report_id}-{block.key}" for each in summaries for block in reader.report(each.report_id).blocks[:2]]
    for paragraph_id in ids:
        assert _valid(cite.Case(query={"paragraph": paragraph_id})).status_code == 200
        assert _valid(cite.Case(query={"paragraph": paragraph_id, "start": 0, "end": 1})).status_code == 200
    for one, other in pairwise(summaries):
        assert _valid(compare.Case(query={"a": one.report_id, "b": other.report_id})).json()["rows"]
    sent = {"excerpts": [{"paragraph_id": each, "start": 0, "end": 1, "note": "注"} for each in ids]}
    for name in ("docx", "md", "txt"):
        case = _operation(app, "/api/v1/excerpts", "post").Case(query={"format": name}, body=sent, media_type=JSON)
        assert _valid(case).content


def _ask(served: LibraryHandle, path: str, method: str, mode: GenerationMode) -> None:
    operation = _operation(create_app(served.current), path, method)

    @given(operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    def ask(case: schemathesis.Case) -> None:
        _valid(case)

    ask()


def _valid(case: schemathesis.Case) -> schemathesis.Response:
    return case.call_and_validate(checks=CHECKS)


def _operation(app: Flask, path: str, method: str) -> Any:
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.app = app
    return schema[path][method]
