"""Errors as answers: a page in the reader's language, or problem details (RFC 9457) below ``/api/``.

Knows which status an error has and what a reader can do about it; never shows what only a programmer can read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request
from msgspec import UNSET
from werkzeug.exceptions import HTTPException

from searchapp.errors import (
    BusyError,
    ClientGoneError,
    EngineUnavailableError,
    GoneError,
    IndexDamagedError,
    IndexVersionError,
    LibraryError,
    NoIndexError,
    NotFoundError,
    ParameterError,
    QueryRefusedError,
    RequestError,
    SearchappError,
    TimeLimitError,
)
from searchapp.language import later, tr
from searchapp.services.library import Library
from searchapp.services.payloads.types import ProblemJson
from searchapp.web.http.hosts import HostRefusedError
from searchapp.web.http.responses import PROBLEM_TYPE, json_answer, page
from searchapp.web.links import search_url
from searchapp.web.search_state import SearchState

INDEX_COMMAND = later("searchapp index 报告文件夹")
REBUILD_COMMAND = later("searchapp index --rebuild 报告文件夹")

_COMMAND_AT_END = re.compile(r"(?:(?<=[。.])|^)[^。.]*(?:：|: )(?P<command>searchapp index[^。.\n]*)[。.]?$")
"""How a message names the command itself: its last sentence; pages set the command apart."""

_API_PREFIX = "/api/"
_NO_TYPE = "about:blank"


class AmbiguousReportError(NotFoundError):
    """An id of an earlier build that now means several reports: ``choices``."""

    def __init__(self, report_id: str, choices: tuple[str, ...]) -> None:
        super().__init__(
            tr(
                "编号“{report_id}”现在对应 {count} 篇报告，请从 choices 里选一篇。",
                report_id=report_id,
                count=len(choices),
            )
        )
        self.choices = choices


@dataclass(frozen=True, slots=True)
class Problem:
    """What to tell of an error. ``command`` makes it go away; ``parameter`` is at fault; ``choices`` are report ids.

    In ``retry_after`` seconds it is worth trying again; 0: that would help nothing.
    """

    status: int
    title: str
    detail: str
    type: str = _NO_TYPE
    command: str = ""
    parameter: str = ""
    choices: tuple[str, ...] = ()
    retry_after: int = 0


_KINDS: tuple[tuple[type[SearchappError], int, str, str, str], ...] = (
    (ParameterError, 400, later("参数不对"), "parameter", ""),
    (QueryRefusedError, 400, later("检索式超出限度"), "query-refused", ""),
    (HostRefusedError, 421, later("不认这个名字"), "host-refused", ""),
    (RequestError, 400, later("请求无法处理"), "request", ""),
    (GoneError, 410, later("已经不在了"), "gone", ""),
    (NotFoundError, 404, later("没有找到"), "not-found", ""),
    (NoIndexError, 503, later("还没有索引"), "no-index", INDEX_COMMAND),
    (IndexVersionError, 503, later("索引需要重建"), "index-version", REBUILD_COMMAND),
    (IndexDamagedError, 503, later("索引已损坏"), "index-damaged", REBUILD_COMMAND),
    (EngineUnavailableError, 503, later("搜索集群没有完整回答"), "engine-unavailable", ""),
    (LibraryError, 503, later("索引暂时不能用"), "library", ""),
    (BusyError, 503, later("服务器正忙"), "busy", ""),
    (TimeLimitError, 503, later("用时太长"), "time-limit", ""),
)
"""Error, status, title, last part of the problem's type, command; the first that fits."""

_HTTP: dict[int, tuple[str, str]] = {
    400: (later("请求无法处理"), later("浏览器发来的请求不完整或不合规矩。")),
    404: (later("没有这个页面"), later("地址可能抄错了，也可能页面已经改名。")),
    405: (later("不能这样访问"), later("这个地址不接受这种请求方法；接受哪些，见响应头 Allow。")),
    413: (later("请求太大"), later("请缩短后再试。")),
    414: (later("地址太长"), later("请缩短检索式，或去掉一些筛选条件。")),
    500: (later("出错了"), later("服务器遇到了没有料到的问题，详情已记入服务器的日志。请稍后再试。")),
}


def install_problems(app: Flask) -> None:
    """Registers the handlers of every error."""
    app.register_error_handler(SearchappError, _on_known_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_unexpected_error)


def problem_of(error: SearchappError) -> Problem:
    """What to tell of one of searchapp's own errors."""
    for kind, status, title, name, usual_command in _KINDS:
        if isinstance(error, kind):
            detail, command = str(error), tr(usual_command) if usual_command else ""
            if command and (named := _COMMAND_AT_END.search(detail)):
                detail, command = detail[: named.start()], named["command"]
            return Problem(
                status=status,
                title=tr(title),
                detail=detail,
                type=f"urn:searchapp:problem:{name}",
                command=command,
                parameter=error.name if isinstance(error, ParameterError) else "",
                choices=error.choices if isinstance(error, AmbiguousReportError) else (),
                retry_after=error.seconds if isinstance(error, BusyError) else 0,
            )
    return _http_problem(500)


def answer(problem: Problem) -> Response:
    """The answer to this request that tells of ``problem``."""
    if request.path.startswith(_API_PREFIX):
        response = json_answer(_details(problem), problem.status, PROBLEM_TYPE)
    else:
        response = page("error.html", problem.status, problem=problem, query=_query(), retry_url=_retry_url(problem))
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _details(problem: Problem) -> ProblemJson:
    detail = problem.detail
    if problem.command:
        detail = tr("{detail}请先运行：{command}", detail=detail, command=problem.command)
    return ProblemJson(
        type=problem.type,
        title=problem.title,
        status=problem.status,
        detail=detail,
        parameter=problem.parameter or UNSET,
        choices=list(problem.choices) or UNSET,
    )


def _query() -> str:
    return request.args.get("q", "")


def _retry_url(problem: Problem) -> str | None:
    """The same search without the parameter at fault."""
    if not problem.parameter or problem.parameter == "q":
        return None
    params = request.args.to_dict(flat=False)
    params.pop(problem.parameter, None)
    return search_url(SearchState.of(params))


def _http_problem(status: int) -> Problem:
    title, detail = _HTTP.get(status, _HTTP[400] if status < 500 else _HTTP[500])
    return Problem(status, tr(title), tr(detail))


def _on_known_error(error: SearchappError) -> Response:
    if isinstance(error, ClientGoneError):
        return Response(status=503)
    problem = problem_of(error)
    if problem.status >= 500:
        current_app.logger.warning("%s: %s", type(error).__name__, error)
    return answer(problem)


def _on_http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    response = answer(_http_problem(error.code))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _on_unexpected_error(error: Exception) -> Response:
    current_app.logger.error("unexpected error", exc_info=error)
    library: Library | None = g.get("library")
    if library is not None and (damage := library.damage()):
        return _on_known_error(damage)
    return answer(_http_problem(500))
