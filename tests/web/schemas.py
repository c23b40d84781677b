"""The OpenAPI document as tests use it: stricter than for clients, so that no answer says more than is documented."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from flask.testing import FlaskClient

DOCUMENT = "/api/v1/openapi.json"


def document_of(client: FlaskClient) -> dict[str, Any]:
    """The document; its objects hold nothing that they do not name."""
    document: dict[str, Any] = client.get(DOCUMENT).get_json()
    _tighten(document["components"]["schemas"])
    return document


def _tighten(value: object) -> None:
    if isinstance(value, dict):
        if "properties" in value:
            value.setdefault("additionalProperties", False)
        for each in value.values():
            _tighten(each)
    elif isinstance(value, list):
        for each in value:
            _tighten(each)


def faults(document: dict[str, Any], name: str, value: object) -> list[str]:
    """What is wrong with ``value`` by the schema ``name`` of the document."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    validator = jsonschema_rs.Draft202012Validator(schema)
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in validator.iter_errors(value)]
