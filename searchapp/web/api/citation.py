"""Citing and taking along over HTTP: ``GET /api/v1/cite`` and ``POST /api/v1/excerpts``. Nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Callable

from flask import Blueprint, Response, request, url_for

from searchapp.errors import ParameterError, RequestError
from searchapp.language import later, tr
from searchapp.services.citation.cited_passage import cited, cited_json, span_of
from searchapp.services.citation.excerpt_files import as_markdown, as_text
from searchapp.services.citation.excerpts import (
    MAX_EXCERPTS,
    MAX_NOTE_CHARACTERS,
    Excerpts,
    TooManyExcerptsError,
    collect,
    wanted_of,
)
from searchapp.services.payloads.listings import CitedJson, ExcerptsJson
from searchapp.web.api.openapi import BINARY, TEXT, described
from searchapp.web.api.parameters import MAX_OFFSET, CiteParameters, ExcerptsFormat, ExcerptsParameters
from searchapp.web.http.caching import of_its_day, today
from searchapp.web.http.library_of_request import current_library
from searchapp.web.http.limits import heavy
from searchapp.web.http.problems import Problem, answer
from searchapp.web.http.responses import attachment, json_answer

blueprint = Blueprint("citation", __name__, url_prefix="/api/v1")

MAX_BODY_BYTES = 2 * 1024 * 1024
"""``MAX_EXCERPTS`` notes of usual length; more is refused unread."""

_TOO_MUCH = later("一次最多导出 {most} 条摘录，每条批注最多 {most_characters:,} 字；请分几次导出。")


def _as_docx(excerpts: Excerpts) -> bytes:
    """What writes Word documents is imported when the first one is asked for."""
    from searchapp.services.citation.word_document import as_docx

    return as_docx(excerpts)


_FORMS: dict[ExcerptsFormat, tuple[Callable[[Excerpts], str | bytes], str]] = {
    "docx": (_as_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "md": (as_markdown, "text/markdown"),
    "txt": (as_text, "text/plain"),
}
_FILES = {media_type: BINARY if name == "docx" else TEXT for name, (_, media_type) in _FORMS.items()}


@blueprint.get("/cite")
@of_its_day
@described(CitedJson, parameters=CiteParameters, others=(404,))
def cite_passage() -> Response:
    """A passage of a paragraph, or all of it, and its source.

    Of a long paragraph it is the item, or the sentences, that hold what stands from `start` to `end`.
    """
    paragraph_id = request.args.get("paragraph", "").strip()
    if not paragraph_id:
        raise ParameterError("paragraph", tr("要有 paragraph：段落编号。"))
    library = current_library()
    span = span_of(_offset("start"), _offset("end"))
    return json_answer(cited_json(library.build, cited(library, paragraph_id, span, _address, today())))


@blueprint.post("/excerpts")
@heavy()
@described(None, parameters=ExcerptsParameters, sent=ExcerptsJson, also_answers=_FILES, others=(404, 413, 415))
def take_excerpts() -> Response:
    """A document of the excerpts that are sent.

    The list may be sent by itself as well.
    """
    if (request.content_length or 0) > MAX_BODY_BYTES:
        return _problem_too_much(tr(_TOO_MUCH, most=MAX_EXCERPTS, most_characters=MAX_NOTE_CHARACTERS))
    name = request.args.get("format", "docx").strip() or "docx"
    if name not in _FORMS:
        raise ParameterError("format", tr("format 只能是 docx、md 或 txt。"))
    if request.mimetype != "application/json":
        return answer(Problem(415, tr("不收这种内容"), tr("请用 application/json 发送摘录的列表。")))
    try:
        wanted = wanted_of(_sent())
    except TooManyExcerptsError as error:
        return _problem_too_much(str(error))
    write, content_type = _FORMS[name]
    written = write(collect(current_library(), wanted, _address, today()))
    name = tr("摘录") + f".{name}"
    if isinstance(written, str):
        return attachment(written.encode("utf-8", "replace"), name, f"{content_type}; charset=utf-8")
    return attachment(written, name, content_type)


def _sent() -> object:
    try:
        return json.loads(request.get_data())
    except (ValueError, RecursionError) as exc:
        raise RequestError(tr("发来的不是 JSON。")) from exc


def _offset(name: str) -> int | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_OFFSET))):
        raise ParameterError(name, tr("{name} 要是从 0 数的整数。", name=name))
    return int(text)


def _address(paragraph_id: str) -> str:
    """The whole address of a paragraph, as this server is asked for it."""
    return url_for("report.paragraph", paragraph_id=paragraph_id, _external=True)


def _problem_too_much(told: str) -> Response:
    return answer(Problem(413, tr("摘录太多"), told, "urn:searchapp:problem:too-many-excerpts", parameter="excerpts"))
