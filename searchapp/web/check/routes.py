"""The quote checker over HTTP: the page ``/check`` and ``POST /api/v1/check``.

Nothing is kept of what is sent, so there is nothing to protect from other sites but the time it takes: bodies and texts
have limits.
"""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from searchapp.errors import ParameterError, RequestError
from searchapp.language import later, tr
from searchapp.services.payloads.quote_check import CheckedTextJson, CheckJson, check_json
from searchapp.services.quote_check.check import check
from searchapp.web.api.openapi import described
from searchapp.web.check.view import check_view
from searchapp.web.http.library_of_request import current_library
from searchapp.web.http.problems import Problem, answer
from searchapp.web.http.responses import json_answer, page

blueprint = Blueprint("check", __name__)

MAX_CHARACTERS = 20_000
MAX_BODY_BYTES = 20 * MAX_CHARACTERS
"""As much as ``MAX_CHARACTERS`` can take: twelve bytes each in a form or as escapes of JSON, and room around them."""

_TOO_LONG = later("一次最多核对 {most:,} 字；请分几次核对，或在命令行里用 searchapp check。")


@blueprint.get("/check")
def form() -> Response:
    """The form; ``?text=`` checks a short text, so that a check can be a link."""
    return _checked_page(request.args["text"]) if "text" in request.args else _page("")


@blueprint.post("/check")
def checked() -> Response:
    """The form with what was found of the text in it."""
    if _is_too_large():
        return _page("", 413, told=_too_long())
    return _checked_page(request.form.get("text", ""))


def _checked_page(text: str) -> Response:
    if len(text) > MAX_CHARACTERS:
        return _page(
            text[:MAX_CHARACTERS],
            413,
            told=tr("文字有 {count:,} 字。{too_long}", count=len(text), too_long=_too_long()),
        )
    library = current_library()
    try:
        found = check(library, text)
    except RequestError as error:
        return _page(text, 400, told=tr("{message}。", message=error))
    return page("check.html", text=text, told="", limit=f"{MAX_CHARACTERS:,}", view=check_view(found))


def _page(text: str, status: int = 200, told: str = "") -> Response:
    return page("check.html", status, text=text, told=told, limit=f"{MAX_CHARACTERS:,}", view=None)


@blueprint.post("/api/v1/check")
@described(CheckJson, sent=CheckedTextJson, also_sent={"text/plain": {"type": "string"}}, others=(413, 415))
def check_text() -> Response:
    """Checks the quotations of a text, sentence by sentence.

    The text is sent as JSON, or as itself in UTF-8.
    """
    if _is_too_large():
        return _problem_too_long()
    match request.mimetype:
        case "application/json":
            text = _json_text(request.get_data())
        case "text/plain":
            text = _plain_text(request.get_data())
        case _:
            told = tr('请用 application/json（{"text": …}）或 text/plain（UTF-8）发送文字。')
            return answer(Problem(415, tr("不收这种内容"), told))
    if len(text) > MAX_CHARACTERS:
        return _problem_too_long()
    return json_answer(check_json(check(current_library(), text)))


def _too_long() -> str:
    return tr(_TOO_LONG, most=MAX_CHARACTERS)


def _is_too_large() -> bool:
    return (request.content_length or 0) > MAX_BODY_BYTES


def _problem_too_long() -> Response:
    return answer(Problem(413, tr("文字太长"), _too_long(), "urn:searchapp:problem:text-too-long", parameter="text"))


def _json_text(data: bytes) -> str:
    try:
        sent = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise RequestError(tr("发来的不是 JSON。")) from exc
    text = sent.get("text") if isinstance(sent, dict) else None
    if not isinstance(text, str):
        raise ParameterError("text", tr("JSON 里要有 text，值是要核对的文字。"))
    return text


def _plain_text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise RequestError(tr("发来的文字不是 UTF-8。")) from exc
