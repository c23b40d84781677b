"""The seam: what every engine can be asked and told, in searchapp's own types.

A :class:`Reader` is one finished build, never changing and safe to share between threads. A :class:`Writer` makes the
next build; nothing of it can be seen before ``commit``. Scores never decide membership.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from searchapp.reports.model import Report
from searchapp.search.request import SearchRequest
from searchapp.search.result import Counts, Hit, LibraryStats, LocatedBlock, ReportSummary, SearchResult

if TYPE_CHECKING:
    from searchapp.engines.embedded.packed_report import PackedReport


@dataclass(frozen=True, slots=True)
class Passage:
    """A hit's normalized text; ``located`` reads the block itself, with its text as written, in its report."""

    text: str
    located: Callable[[], LocatedBlock]


class Reader(Protocol):
    """One build, open for reading."""

    def search(self, request: SearchRequest) -> SearchResult:
        """One page of hits with exact totals, counts and facets over all pages."""

    def counts(self, request: SearchRequest, occurrences: bool = False) -> Counts:
        """The ``counts`` of :meth:`search` alone; those of occurrences, which cost the most, only when asked for."""

    def stream(self, request: SearchRequest) -> Iterator[Hit]:
        """Every hit of ``request`` in its order, whatever its page."""

    def hits_by_report(self, request: SearchRequest) -> Mapping[str, int]:
        """The number of hits of ``request`` in every report that holds any, by report id, in document order."""

    def passages(self, request: SearchRequest) -> Iterator[Passage]:
        """The text of every hit of ``request``, in document order, whatever its page."""

    def sharing_bigrams(self, bigrams: Sequence[str], least: int, most: int) -> Iterator[tuple[int, Passage]]:
        """Blocks of every kind that hold the most of ``bigrams``, read without punctuation, and how many each holds.

        ``bigrams``: distinct, each of two characters, none punctuation. ``least``: how many of them a block must hold,
        one or more. The block that holds the most comes first, equals in document order; ``most`` blocks at most.
        """

    def report(self, report_id: str) -> Report:
        """The whole report. Raises ``NotFoundError``."""

    def summary(self, report_id: str) -> ReportSummary:
        """The report without its text. Raises ``NotFoundError``."""

    def block(self, paragraph_id: str) -> LocatedBlock:
        """One block in its report. Raises ``NotFoundError``."""

    def reports(self) -> Sequence[ReportSummary]:
        """Every report, in document order."""

    def iterate(self) -> Iterator[Report]:
        """The whole library in document order, for indexing it elsewhere."""

    def stats(self) -> LibraryStats:
        """The size of the library."""

    def close(self) -> None:
        """Lets go of files. A reader that is not closed lets go when it is no longer used."""


@dataclass(frozen=True, slots=True)
class AnalyzedBlock:
    """A block as it is indexed: normalized text, its jieba words, and those of its heading path."""

    text: str
    words: tuple[str, ...]
    heading_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnalyzedReport:
    """A report and its analyzed blocks, one for each of ``report.blocks``, in order."""

    report: Report
    title_words: tuple[str, ...]
    blocks: tuple[AnalyzedBlock, ...]


class Writer(Protocol):
    """The next build in the making: begins with what its base build holds."""

    def add_report(self, packed: PackedReport) -> None:
        """Adds a report. Its id must be new, or have been removed first."""

    def remove_report(self, report_id: str) -> None:
        """Removes a report. Raises ``NotFoundError`` when the base does not hold it."""

    def commit(self, order: Sequence[str]) -> None:
        """Finishes the build. ``order``: the ids of all its reports, in document order."""

    def abort(self) -> None:
        """Drops what was done; the base build is untouched."""


class Engine(Protocol):
    """An engine adapter. Folders are those of builds; what is inside is the adapter's own."""

    name: str

    def open_reader(self, folder: Path) -> Reader:
        """Opens a finished build. Raises ``IndexDamagedError``."""

    def open_writer(self, folder: Path, base: Path | None) -> Writer:
        """Begins a build in the empty ``folder``, from the finished build in ``base`` or from nothing."""
