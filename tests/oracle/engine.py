"""The oracle's doors: builds that live as long as the process."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from searchapp.engines.base import AnalyzedReport, Reader, Writer
from searchapp.errors import NotFoundError
from searchapp.language import tr
from searchapp.text.analyzer import Analyzer
from tests.oracle.reader import OracleReader

if TYPE_CHECKING:
    from searchapp.engines.embedded.packed_report import PackedReport

__all__ = ["OracleEngine", "OracleReader", "OracleWriter"]


class OracleEngine:
    """See :class:`searchapp.engines.base.Engine`. Builds live as long as the process, by the name of their folder."""

    name = "oracle"

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._builds: dict[str, list[AnalyzedReport]] = {}

    def open_reader(self, folder: Path) -> Reader:
        return OracleReader(self._builds[folder.name], self._analyzer.words)

    def open_writer(self, folder: Path, base: Path | None) -> Writer:
        return OracleWriter(self._builds, folder, [] if base is None else self._builds[base.name])


class OracleWriter:
    """See :class:`searchapp.engines.base.Writer`."""

    def __init__(self, builds: dict[str, list[AnalyzedReport]], folder: Path, base: list[AnalyzedReport]) -> None:
        self._builds = builds
        self._folder = folder
        self._reports = {analyzed.report.id: analyzed for analyzed in base}

    def add_report(self, packed: PackedReport) -> None:
        self._reports[packed.id] = packed.analyzed()

    def remove_report(self, report_id: str) -> None:
        if self._reports.pop(report_id, None) is None:
            raise NotFoundError(tr("没有这篇报告：{report_id}", report_id=report_id))

    def commit(self, order: Sequence[str]) -> None:
        self._builds[self._folder.name] = [self._reports[report_id] for report_id in order]
        (self._folder / "oracle.json").write_text(json.dumps(list(order)), encoding="utf-8")

    def abort(self) -> None:
        self._reports = {}
