"""Drafts: the reports of the next build while it is being made, each kept where it takes no memory.

A draft is what identity, order and retirement need of a report: hashes, keys, sources. Its text lies in the spool when
it was read in this run, else in the build that is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from searchapp.engines.base import Reader
from searchapp.engines.embedded.packed_report import PackedReport
from searchapp.indexing.lexicon_process import KeptCuts, cut_report
from searchapp.indexing.read_file import PreparedReport, analyze_report, keys_of
from searchapp.lexicon import pack_cut
from searchapp.reports import Report, ReportSource
from searchapp.reports.identity import Sketch, identify, sketch_of
from searchapp.store.files import Span, Spool
from searchapp.text.analyzer import Analyzer
from searchapp.text.word_table import BulkCutter


@dataclass(frozen=True, slots=True)
class _Laid:
    """The parts of a packed report in the spool, and what the lexicon needs of it."""

    kept: Span
    words: Span
    cut: Span


@dataclass(frozen=True, slots=True)
class Draft:
    """A report without its text and its id. ``place``: where it lies in the spool, when it was read in this run, or
    its id in the build that is there.
    """

    sketch: Sketch
    keys: str
    sources: tuple[ReportSource, ...]
    place: _Laid | str


@dataclass(frozen=True, slots=True)
class Entry:
    """A report of the next build: its id, the draft that is written, and every place where its text stands."""

    report_id: str
    draft: Draft
    sources: tuple[ReportSource, ...]


class Drafts:
    """Lays reports aside and gives them back, one at a time."""

    def __init__(self, spool: Spool, reader: Reader | None, analyzer: Analyzer) -> None:
        self._spool = spool
        self._reader = reader
        self._cutter = BulkCutter(analyzer)

    def close(self) -> None:
        """Drops what was laid aside, and the build that is there."""
        self._spool.close()
        self._reader = None

    def lay_aside(self, report: PreparedReport) -> Draft:
        """A report read in this run. Raises ``OSError`` when the disk is full."""
        packed = report.analysis.packed
        place = _Laid(*map(self._spool.add, (packed.kept, packed.words, report.analysis.cut)))
        return Draft(report.sketch, packed.keys, packed.sources, place)

    def carried(self, report_id: str, stands_in: Callable[[str], bool]) -> Draft:
        """A report of the build that is there, as standing only in those of its files that ``stands_in`` takes."""
        report = self._held(report_id)
        sources = tuple(source for source in report.sources if stands_in(source.file))
        return Draft(sketch_of(report), keys_of(report), sources, report_id)

    def entries(self, drafts: Sequence[Draft]) -> list[Entry]:
        """The drafts, in library order, with their ids; those of one whole text merged (``reports.identity``)."""
        found = identify([draft.sketch for draft in drafts], lambda number: self._report(drafts[number]))
        return [
            Entry(
                each.id,
                drafts[each.numbers[0]],
                tuple(source for number in each.numbers for source in drafts[number].sources),
            )
            for each in found
        ]

    def is_held(self, entry: Entry) -> bool:
        """Whether the build that is there holds exactly this report under its id, which must be one of its ids."""
        if entry.draft.place == entry.report_id:
            return self._known().summary(entry.report_id).sources == entry.sources
        return self._finished(entry, self._report(entry.draft)) == self._held(entry.report_id)

    def packed(self, entry: Entry) -> PackedReport:
        """The whole report, with its words."""
        place = entry.draft.place
        if isinstance(place, str):
            return analyze_report(self._finished(entry, self._held(place)), self._cutter).packed
        kept, words = self._spool.read(place.kept), self._spool.read(place.words)
        return PackedReport(entry.report_id, entry.sources, entry.draft.keys, kept, words)

    def cut(self, entry: Entry, kept: KeptCuts) -> bytes:
        """What the lexicon needs of the report, packed; ``kept``: what the build that is there keeps of its reports."""
        place = entry.draft.place
        if not isinstance(place, str):
            return self._spool.read(place.cut)
        if (known := kept.of(place)) is not None:
            return known
        return pack_cut(cut_report(self._held(place), self._cutter))

    def _finished(self, entry: Entry, report: Report) -> Report:
        return replace(report, id=entry.report_id, sources=entry.sources)

    def _report(self, draft: Draft) -> Report:
        place = draft.place
        if isinstance(place, str):
            return self._held(place)
        return PackedReport("", draft.sources, draft.keys, self._spool.read(place.kept), b"").report

    def _held(self, report_id: str) -> Report:
        return self._known().report(report_id)

    def _known(self) -> Reader:
        assert self._reader is not None
        return self._reader
