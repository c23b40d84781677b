"""The build that answers a request, opened on first use and the same to its end, and the present ids of its reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app, g

from searchapp.errors import LibraryError, NotFoundError
from searchapp.language import tr
from searchapp.services.library import Library
from searchapp.web.http.problems import AmbiguousReportError

_OPENER = "searchapp.open_library"


def install_library(app: Flask, open_library: Callable[[], Library]) -> None:
    """Tells ``app`` where its library comes from."""
    app.extensions[_OPENER] = open_library


def current_library() -> Library:
    """This request's library, the same at every call; so is the error. Raises ``LibraryError``."""
    if "library_error" in g:
        raise g.library_error
    if "library" not in g:
        try:
            g.library = current_app.extensions[_OPENER]()
        except LibraryError as error:
            g.library_error = error
            raise
    return cast(Library, g.library)


def resolved_report(library: Library, report_id: str) -> str:
    """The one report that ``report_id`` now means.

    Raises ``NotFoundError``, or ``AmbiguousReportError`` for an id of an earlier build that means several.
    """
    known = library.resolve_report(report_id)
    if not known:
        raise NotFoundError(tr("没有这篇报告：地址可能抄错了，也可能报告已从文件夹里移走。"))
    if len(known) > 1:
        raise AmbiguousReportError(report_id, known)
    return known[0]
