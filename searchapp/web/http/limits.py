"""What a request may cost: which ones are heavy, how long an answer may take, and what is told when it is too much.

:func:`heavy` marks a view. Everything else follows from the mark: the deadline of its requests, and, in a server that
asks :func:`weigher`, the few threads that answer them. How long a request waits for a thread does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from werkzeug.exceptions import HTTPException

from searchapp.errors import BusyError
from searchapp.language import tr
from searchapp.search.params import Parameters
from searchapp.time_limit import limited
from searchapp.web.http.request import parameters_of

LIGHT_SECONDS = 10.0
HEAVY_SECONDS = 120.0
SECONDS: Mapping[str, float] = {"LIGHT_SECONDS": LIGHT_SECONDS, "HEAVY_SECONDS": HEAVY_SECONDS}
"""The configuration of an application: how long an answer may take, light and heavy ones."""

RETRY_SECONDS = 30

View = TypeVar("View", bound=Callable[..., Any])
Weighs = Callable[[Parameters], bool]

_heavy: dict[Callable[..., Any], Weighs] = {}


def heavy(when: Weighs = lambda params: True) -> Callable[[View], View]:
    """Marks a view whose answers may cost seconds: work on every hit, every report or a long text.

    ``when``: by the parameters of the address, for a view that has light answers too. The view itself stays as it is.
    """

    def mark(view: View) -> View:
        _heavy[view] = when
        return view

    return mark


def weigher(app: Flask) -> Callable[[str, str, str], bool]:
    """Tells of a request whether it is heavy, by method, path and query.

    Path and query are those of WSGI: bytes as Latin-1 characters, the path without ``%``. Whatever the application
    would not answer with a heavy view is light.
    """
    addresses = app.url_map.bind("localhost")

    def is_heavy(method: str, path: str, query: str) -> bool:
        if method == "OPTIONS":  # Flask answers it from its routes
            return False
        shown = "/" + path.lstrip("/").encode("latin-1", "replace").decode("utf-8", "replace")
        try:
            endpoint, _ = addresses.match(shown, method)
        except HTTPException:
            return False
        return _is_heavy(app.view_functions[endpoint], parameters_of(query.encode("latin-1", "replace")))

    return is_heavy


def _is_heavy(view: Callable[..., Any], params: Mapping[str, list[str]]) -> bool:
    when = _heavy.get(view)
    return when is not None and when(params)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered: so many heavy ones are ``ahead``, and it has ``waited`` so many seconds."""

    ahead: int
    waited: float = 0


_refusal: ContextVar[Refusal | None] = ContextVar("refusal", default=None)


@contextmanager
def refusing(refusal: Refusal) -> Iterator[None]:
    """Requests that this thread hands to the application are refused, in their own language and form."""
    token = _refusal.set(refusal)
    try:
        yield
    finally:
        _refusal.reset(token)


_others_wait: ContextVar[Callable[[], bool] | None] = ContextVar("others_wait", default=None)


@contextmanager
def giving_way(others_wait: Callable[[], bool]) -> Iterator[None]:
    """Requests that this thread hands to the application rest while ``others_wait``, if they are heavy."""
    token = _others_wait.set(others_wait)
    try:
        yield
    finally:
        _others_wait.reset(token)


def install_limits(app: Flask) -> None:
    """Gives every request of ``app`` its deadline (:data:`SECONDS`), and ends the work for clients that have gone."""
    for name, seconds in SECONDS.items():
        app.config.setdefault(name, seconds)
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    if (refusal := _refusal.get()) is not None:
        raise _busy(refusal)
    view = current_app.view_functions.get(request.endpoint or "")
    weighs = view is not None and _is_heavy(view, request.args.to_dict(flat=False))
    seconds = current_app.config["HEAVY_SECONDS" if weighs else "LIGHT_SECONDS"]
    is_gone = request.environ.get("waitress.client_disconnected") or _nobody_tells
    g.limit = limited(seconds, is_gone, others_wait=_others_wait.get() if weighs else None)
    g.limit.__enter__()


def _end(error: BaseException | None) -> None:
    if (limit := g.pop("limit", None)) is not None:
        limit.__exit__(None, None, None)


def _nobody_tells() -> bool:
    """Of a server that does not tell whether the client is still there."""
    return False


def _busy(refusal: Refusal) -> BusyError:
    told = {"count": refusal.ahead, "seconds": RETRY_SECONDS, "waited": refusal.waited}
    if refusal.waited:
        message = tr(
            "排队等了 {waited:g} 秒还没有轮到：费时的请求（导出、核对、对照、逐处排序等）前面还有 {count} 个。"
            "请过 {seconds} 秒再试。",
            **told,
        )
    else:
        message = tr(
            "服务器正忙：费时的请求（导出、核对、对照、逐处排序等）前面已有 {count} 个在做或在等，没有排上。"
            "请过 {seconds} 秒再试。",
            **told,
        )
    return BusyError(message, RETRY_SECONDS)
