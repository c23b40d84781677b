"""The values of an indexing run: what indexes, what is asked for, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from searchapp.engines.base import Engine
from searchapp.indexing.read_all import FileBudget
from searchapp.reports import ReadWarning
from searchapp.search.result import LibraryStats
from searchapp.store.manifest import FileRecord
from searchapp.text.analyzer import Analyzer


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What indexes: the engine, the analyzer, and the fingerprint of all that decides what a text becomes."""

    engine: Engine
    analyzer: Analyzer
    fingerprint: str


@dataclass(frozen=True, slots=True)
class IndexingOptions:
    """``sources`` empty: those of the index itself. ``jobs`` None: as many processes as cores. ``budget``: what
    reading one file may take.

    ``ocr``: scanned PDFs are recognized by ``ocrmypdf``, when it is installed. ``dictionary``: a file of words for the
    analyzer; without one the index keeps the words it was made with, unless ``forget_dictionary``. ``follow_links``:
    also those that lead out of a source.
    """

    sources: Sequence[Path] = ()
    add: bool = False
    replace: bool = False
    rebuild: bool = False
    jobs: int | None = None
    budget: FileBudget = field(default_factory=FileBudget)
    ocr: bool = False
    dictionary: Path | None = None
    forget_dictionary: bool = False
    follow_links: bool = False


@dataclass(frozen=True, slots=True)
class IndexingReport:
    """What a run did. ``files`` are all source files with what became of them; ``changed`` is false when the build
    that was there already mirrors the sources. ``rebuilt_because`` is empty when the run was incremental or asked for.
    ``synonyms``: how many groups are in use, how many were before, and whether they are other ones.
    """

    build: str
    changed: bool
    files: tuple[FileRecord, ...]
    unchanged_files: int
    stats: LibraryStats
    warnings: tuple[ReadWarning, ...]
    rebuilt_because: str = ""
    synonyms: int = 0
    synonyms_before: int = 0
    synonyms_changed: bool = False

    @property
    def problems(self) -> list[FileRecord]:
        """Files that could not be read this time."""
        return [record for record in self.files if record.status != "read"]
