"""The OpenAPI document of the API: made from the views' routes, docstrings and the types they are described with.

:func:`described` marks a view; :func:`document` gives the document of the running application. Views parse their own
parameters and make their own answers: nothing is checked a second time when a request is answered.
"""

from __future__ import annotations

import functools
import inspect
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from flask import current_app, request
from msgspec.json import schema_components

import searchapp
from searchapp.services.payloads.types import ProblemJson

API_ROOT = "/api/v1/"
OPENAPI_VERSION = "3.1.0"
SUFFIX = "Json"
"""Names of types end so; names in the document do not."""

_SCHEMAS = "#/components/schemas/"
_SUFFIXED = re.compile(rf'("{_SCHEMAS}\w+){SUFFIX}"')
_JSON = "application/json"
_PROBLEM = "application/problem+json"
_METHODS = {"GET", "POST"}
_PROBLEMS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
"""Those that every view may have."""
_ETAG = {"ETag": {"description": "Of the build and the parameters.", "schema": {"type": "string"}}}
_RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds after which to try again, of a server that is busy.",
        "required": False,
        "schema": {"type": "integer"},
    }
}
_NOT_MODIFIED = {"description": HTTPStatus.NOT_MODIFIED.phrase, "headers": _ETAG}

Schema = dict[str, Any]
"""A JSON schema."""

TEXT: Schema = {"type": "string"}
"""Of an answer that is text."""

BINARY: Schema = {}
"""Of an answer that is bytes (OpenAPI 3.1, 4.8.14.3)."""


@dataclass(frozen=True, slots=True)
class _Description:
    """What a view is described with; see :func:`described`."""

    answers: Any
    parameters: Any = None
    sent: Any = None
    others: tuple[int, ...] = ()
    path: Mapping[str, str] = field(default_factory=dict)
    also_answers: Mapping[str, Schema] = field(default_factory=dict)
    also_sent: Mapping[str, Schema] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


_described: dict[Callable[..., Any], _Description] = {}

View = TypeVar("View", bound=Callable[..., Any])


def described(
    answers: Any,
    *,
    parameters: Any = None,
    sent: Any = None,
    others: tuple[int, ...] = (),
    path: Mapping[str, str] | None = None,
    also_answers: Mapping[str, Schema] | None = None,
    also_sent: Mapping[str, Schema] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Callable[[View], View]:
    """Describes a view of the API: the type of what it ``answers``, its ``parameters``, the JSON that is ``sent``.

    ``answers`` is ``None`` for a view that answers no JSON. ``also_answers`` and ``also_sent``: JSON schemas by other
    media types. ``others``: further statuses than 200, 304, 400, 405, 500 and 503; those from 400 on are answered with
    problem details. ``path``: what the parts of the address are. ``headers``: of every answer 200 to a GET, besides
    the ETag. The docstring's first paragraph becomes the summary, the function's name the operation's id. The view
    itself stays as it is.
    """

    def mark(view: View) -> View:
        _described[view] = _Description(
            answers, parameters, sent, others, path or {}, also_answers or {}, also_sent or {}, headers or {}
        )
        return view

    return mark


def document() -> dict[str, Any]:
    """The document of the application that answers this request."""
    routes = [
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower(), current_app.view_functions[rule.endpoint])
        for rule in current_app.url_map.iter_rules()
        if rule.rule.startswith(API_ROOT)
        for method in sorted((rule.methods or set()) & _METHODS)
    ]
    paths, schemas = _described_routes(tuple(route for route in routes if route[2] in _described))
    return {
        "openapi": OPENAPI_VERSION,
        "info": {
            "title": searchapp.__name__,
            "description": "Exact full-text and faceted search over Chinese reports, down to the paragraph.",
            "version": searchapp.__version__,
        },
        "tags": [],
        "paths": paths,
        "components": {"schemas": schemas},
        "security": [],
        "servers": [{"url": request.script_root or "/"}],
    }


@functools.cache
def _described_routes(routes: tuple[tuple[str, str, Callable[..., Any]], ...]) -> tuple[Schema, Schema]:
    """The operations at these paths, by methods and views, and the schemas that they refer to: made once."""
    paths: dict[str, Any] = {}
    types: list[Any] = [ProblemJson]
    for path, method, view in routes:
        description = _described[view]
        types += filter(None, (description.answers, description.sent))
        paths.setdefault(path, {})[method] = _operation(path, method, view, description)
    _, components = schema_components(types, ref_template=_SCHEMAS + "{name}")
    return paths, {name.removesuffix(SUFFIX): _as_documented(schema) for name, schema in components.items()}


def _as_documented(schema: Schema) -> Schema:
    """The schema of an object under its names in the document, properties by name."""
    renamed: Schema = json.loads(_SUFFIXED.sub(r'\1"', json.dumps(schema)))
    properties = dict(sorted(renamed["properties"].items()))
    return renamed | {"properties": properties, "required": sorted(renamed["required"])}


def _operation(path: str, method: str, view: Callable[..., Any], description: _Description) -> dict[str, Any]:
    summary, _, more = (inspect.getdoc(view) or "").partition("\n\n")
    problem = {_PROBLEM: _content(ProblemJson)}
    answers: dict[str, Any] = {
        f"{status:d}": {"description": HTTPStatus(status).phrase}
        | ({"content": problem} if status >= HTTPStatus.BAD_REQUEST else {})
        for status in (*_PROBLEMS, *description.others)
    }
    answers["503"]["headers"] = _RETRY_AFTER
    content = _contents(description.answers, description.also_answers)
    answers["200"] = {"description": HTTPStatus.OK.phrase, "content": content}
    if method == "get":
        answers["200"]["headers"] = _ETAG | {name: _header(meaning) for name, meaning in description.headers.items()}
        answers["304"] = _NOT_MODIFIED
    operation = {
        "summary": summary.replace("\n", " "),
        "operationId": view.__name__,
        "description": more.replace("\n", " "),
        "tags": [],
        "parameters": [*_path_parameters(path, description.path), *_query_parameters(description.parameters)],
        "responses": dict(sorted(answers.items())),
    }
    if description.sent:
        sent = _contents(description.sent, description.also_sent)
        operation["requestBody"] = {"content": sent, "required": True}
    return operation


def _path_parameters(path: str, meanings: Mapping[str, str]) -> list[Schema]:
    return [
        {"name": name, "in": "path", "required": True, "schema": TEXT, "description": meanings[name]}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query_parameters(parameters: Any) -> list[Schema]:
    if parameters is None:
        return []
    _, components = schema_components((parameters,))
    struct = components[parameters.__name__]
    return [
        {
            "name": name,
            "in": "query",
            "schema": schema,
            "required": name in struct["required"],
            "description": schema.pop("description", ""),
        }
        for name, schema in struct["properties"].items()
    ]


def _content(type_: Any) -> Schema:
    return {"schema": {"$ref": _SCHEMAS + type_.__name__.removesuffix(SUFFIX)}}


def _contents(type_: Any, others: Mapping[str, Schema]) -> dict[str, Any]:
    own = {} if type_ is None else {_JSON: _content(type_)}
    return own | {media_type: {"schema": schema} for media_type, schema in others.items()}


def _header(meaning: str) -> Schema:
    return {"description": meaning, "required": True, "schema": TEXT}
