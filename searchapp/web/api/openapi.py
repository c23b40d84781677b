"""The OpenAPI document of the API: made by SpecTree from the views and the types they are described with.

:func:`described` marks a view; :func:`document` gives the document of the running application. Views parse their own
parameters and make their own answers: nothing is checked a second time when a request is answered, and SpecTree comes
in only when the document is asked for.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request

import searchapp
from searchapp.services.payloads.types import ProblemJson

API_ROOT = "/api/v1/"
OPENAPI_VERSION = "3.1.0"
SUFFIX = "Json"
"""Names of types end so; names in the document do not."""

_JSON = "application/json"
_PARAMETERS = "Parameters"
_PROBLEM = "application/problem+json"
_REFUSED = HTTPStatus.BAD_REQUEST
_ALWAYS = (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
"""Problems that every view may have, besides ``_REFUSED``."""
_ETAG = {"ETag": {"description": "Of the build and the parameters.", "schema": {"type": "string"}}}
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
_making = threading.Lock()

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
    made: dict[str, Any] = copy.copy(_made())
    made["servers"] = [{"url": request.script_root or "/"}]
    return made


def _made() -> dict[str, Any]:
    """The document but for its servers: made when first asked for, once."""
    with _making:
        if __name__ not in current_app.extensions:
            current_app.extensions[__name__] = _finished(_written(current_app))
        return cast(dict[str, Any], current_app.extensions[__name__])


def _written(app: Flask) -> dict[str, Any]:
    """What SpecTree writes of the views of ``app`` that are described.

    SpecTree describes views by wrapping them; they are wrapped in an application of the same rules that answers nobody.
    """
    from spectree import Response, SpecTree
    from spectree.model_adapter import get_msgspec_model_adapter

    tree = SpecTree(
        "flask",
        model_adapter=get_msgspec_model_adapter(),
        naming_strategy=lambda model: str(model.__name__).removesuffix(SUFFIX),
        nested_naming_strategy=lambda parent, child: child.removesuffix(SUFFIX),
        validation_error_status=_REFUSED,
        validation_error_model=cast(Any, ProblemJson),
        mode="strict",
        annotations=False,
        title=searchapp.__name__,
        description="Exact full-text and faceted search over Chinese reports, down to the paragraph.",
        version=searchapp.__version__,
        openapi_version=OPENAPI_VERSION,
    )
    shadow = Flask(app.import_name, static_folder=None)
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if view in _described and rule.rule.startswith(API_ROOT):
            told = _described[view]
            wrapped = tree.validate(
                query=told.parameters,
                json=told.sent,
                resp=Response(HTTP_200=told.answers),
                path_parameter_descriptions=told.path,
                operation_id=view.__name__,
            )(view)
            shadow.add_url_rule(rule.rule, rule.endpoint, wrapped, methods=rule.methods)
    with shadow.app_context():
        return cast(dict[str, Any], tree.spec)


def _finished(made: dict[str, Any]) -> dict[str, Any]:
    """What SpecTree cannot say: media types other than JSON, ETags, and parameters without their struct."""
    by_name = {view.__name__: told for view, told in _described.items()}
    for operations in made["paths"].values():
        for method, operation in operations.items():
            _finish(method, operation, by_name[operation["operationId"]])
    schemas = made["components"]["schemas"]
    for name in [name for name in schemas if name.endswith(_PARAMETERS)]:
        del schemas[name]
    return made


def _finish(method: str, operation: dict[str, Any], told: _Description) -> None:
    answers = operation["responses"]
    problem = {_PROBLEM: answers[f"{_REFUSED:d}"]["content"][_JSON]}
    for status in (_REFUSED, *_ALWAYS, *told.others):
        answer = {"description": HTTPStatus(status).phrase}
        answers[f"{status:d}"] = answer | ({"content": problem} if status >= _REFUSED else {})
    if told.also_answers:
        answers["200"].setdefault("content", {}).update(_by_media_type(told.also_answers))
    if told.also_sent:
        operation["requestBody"]["content"].update(_by_media_type(told.also_sent))
    for parameter in operation["parameters"]:
        parameter["schema"].pop("description", None)
    if method == "get":
        answers["200"]["headers"] = _ETAG | {name: _header(meaning) for name, meaning in told.headers.items()}
        answers["304"] = _NOT_MODIFIED
    operation["responses"] = dict(sorted(answers.items()))


def _header(meaning: str) -> dict[str, Any]:
    return {"description": meaning, "required": True, "schema": {"type": "string"}}


def _by_media_type(schemas: Mapping[str, Schema]) -> dict[str, Any]:
    return {media_type: {"schema": schema} for media_type, schema in schemas.items()}
