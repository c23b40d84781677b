"""A report's id as asked for, to the id it has now."""

from __future__ import annotations

from searchapp.errors import NotFoundError
from searchapp.language import tr
from searchapp.services.library import Library
from searchapp.web.http.problems import AmbiguousReportError


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
