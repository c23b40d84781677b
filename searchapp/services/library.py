"""The open library: one build to read from, exchanged for the next when there is one.

A request takes :meth:`LibraryHandle.current` once and keeps what it got: answers are never mixed from two builds.
"""

from __future__ import annotations

import gc
import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic

from searchapp.engines.base import Reader
from searchapp.errors import IndexDamagedError, LibraryError, NotFoundError
from searchapp.lexicon import Lexicon
from searchapp.query.synonyms import Synonyms
from searchapp.search.result import LocatedBlock
from searchapp.services.originals import FindOriginal, no_originals
from searchapp.store.builds import current_build
from searchapp.store.retired_ids import RetiredIds
from searchapp.text.analyzer import Analyzer

RETRY_SECONDS = 10.0
"""So long the next build is not tried again after it could not be opened."""

logger = logging.getLogger(__name__)

REPORT_ID = re.compile(r"[0-9a-f]{12}([0-9a-f]{8})*")
"""A hash of the opening, and further hashes while openings are alike (docs/inside/semantics.md, section 6)."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where an address leads. ``moved``: the addressed text is gone; ``located`` is the nearest that is left."""

    located: LocatedBlock
    moved: bool = False


def _nothing_near(word: str) -> tuple[str, ...]:
    """No library of words to ask."""
    return ()


def _no_damage() -> None:
    """No files to be damaged."""


@dataclass(frozen=True, slots=True)
class Library:
    """One build, open: its id, its reader, the analyzer it was made with, the ids it no longer holds, its lexicon.

    ``synonyms``: the user's groups of expressions that say the same. ``nearest``: words of the library that are spelled
    nearly as a normalized text, the best first. ``original``: the source file of a report, as it was given.
    ``damage``: what to raise when files of the build are no longer what they were; reads all of them.
    ``is_behind``: a newer build cannot be opened, so that this one still answers.
    """

    build: str
    reader: Reader
    analyzer: Analyzer
    retired: RetiredIds
    lexicon: Lexicon = field(default_factory=lambda: Lexicon(None))
    synonyms: Synonyms = field(default_factory=lambda: Synonyms(()))
    nearest: Callable[[str], tuple[str, ...]] = _nothing_near
    original: FindOriginal = no_originals
    damage: Callable[[], IndexDamagedError | None] = _no_damage
    is_behind: bool = False

    def locate(self, paragraph_id: str) -> Location:
        """The block with this id; for an id of an earlier build the nearest block. Raises ``NotFoundError``."""
        try:
            return Location(self.reader.block(paragraph_id))
        except NotFoundError:
            for successor in self.retired.successors(paragraph_id):
                try:
                    return Location(self.reader.block(successor.paragraph_id), moved=not successor.same_text)
                except NotFoundError:
                    continue
            raise

    def resolve_report(self, report_id: str) -> tuple[str, ...]:
        """Ids of the reports an address of an earlier build now means: none, one, or several to choose from.

        A report id grows when another report with the same opening joins the library, and shrinks when it leaves.
        """
        try:
            return (self.reader.summary(report_id).report_id,)
        except NotFoundError:
            ids = [summary.report_id for summary in self.reader.reports()]
            if not REPORT_ID.fullmatch(report_id):
                return ()
            related = [known for known in ids if known.startswith(report_id) or report_id.startswith(known)]
            if related:
                return tuple(related)
            return tuple(known for known in self.retired.report_successors(report_id) if known in set(ids))


class LibraryHandle:
    """Opens the current build of an index folder, and the next one as soon as it is current.

    A build that cannot be opened never takes the place of one that is open: that one says so (``Library.is_behind``),
    and opening is tried again from time to time.
    """

    def __init__(self, index: Path, open_library: Callable[[Path], Library]) -> None:
        self._index = index
        self._open_library = open_library
        self._lock = threading.Lock()
        self._library: Library | None = None
        self._next_try = 0.0

    def current(self) -> Library:
        """The newest build that can be opened.

        Raises ``NoIndexError``, and without an open build also ``IndexVersionError``, ``IndexDamagedError`` or another
        ``LibraryError``.
        """
        try:
            build = current_build(self._index)
        except IndexDamagedError as error:
            return self._stay(error)
        library = self._library
        if library is not None and (library.build == build or monotonic() < self._next_try):
            return library
        with self._lock:
            if self._library is None or self._library.build != build:
                try:
                    self._library = self._open_library(self._index)
                except LibraryError as error:
                    return self._stay(error)
                _set_aside()
            return self._library

    def _stay(self, error: LibraryError) -> Library:
        """The build that is open, marked; the log has the reason. Raises ``error`` when none is open."""
        library = self._library
        if library is None:
            raise error
        if not library.is_behind:
            logger.error("the next build cannot be opened, %s still answers: %s", library.build, error)
            library = self._library = replace(library, is_behind=True)
        self._next_try = monotonic() + RETRY_SECONDS
        return library


def _set_aside() -> None:
    """Takes what is open now out of the sight of the collector of cycles, until the next build is opened.

    It lives as long as the build does, and going through it again and again held up one page in twenty by 40 ms.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
