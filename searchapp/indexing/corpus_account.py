"""A corpus before it is indexed: the account of its characters, and its metadata as a table to correct.

Reads sources only; knows no index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from searchapp.indexing.metadata_table import corrected, read_corrections
from searchapp.indexing.read_file import Task, read_task
from searchapp.indexing.sources import list_sources, roots_for
from searchapp.reports import BLOCK_KINDS, FileReading, Report

ACCOUNT_KINDS: tuple[str, ...] = (*BLOCK_KINDS, "contents", "furniture", "marks")
"""Every kind of text that a character of a source can belong to."""


_NO_INDEX = Path(".no-index")
"""Stands where sources are seen from; nothing is read or written there."""


@dataclass(frozen=True, slots=True)
class FileAccount:
    """Where the characters of one file went, white space aside; ``reason`` is not empty when it could not be read.

    Characters are those that a reader yields: automatic numbers and the bars between cells are among them, what is
    deleted or hidden and a web page's navigation are not. ``marks`` counts marks on lines of their own and marks inside
    blocks, which are not counted with the block. ``notes`` say what of the file was not read: (display name, Chinese
    sentence), the name being that of a member for an archive.
    """

    file: str
    encoding: str = ""
    reports: int = 0
    characters: int = 0
    kinds: Mapping[str, int] | None = None
    reason: str = ""
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def lost(self) -> int:
        """Characters that nothing accounts for; anything but 0 is a bug."""
        return self.characters - sum((self.kinds or {}).values())


def read_sources(sources: Sequence[Path]) -> Iterator[tuple[str, FileReading | str]]:
    """Every file below ``sources`` with its reading, corrections applied, or the reason why there is none.

    Raises ``SourceError`` when a source is missing or holds no file.
    """
    listing = list_sources(_NO_INDEX, roots_for(_NO_INDEX, sources, (), False, False))
    corrections = read_corrections(listing.companions, listing.files)
    for file in listing.files:
        prepared = read_task(Task(file.file, file.path, None, file.reason))
        if prepared.reading is None:
            yield file.file, prepared.reason
        else:
            yield file.file, corrected(prepared.reading, corrections.of(file.file))


def accounts(sources: Sequence[Path]) -> Iterator[FileAccount]:
    """The account of every file. Raises ``SourceError``."""
    for file, reading in read_sources(sources):
        if isinstance(reading, str):
            yield FileAccount(file, reason=reading)
        else:
            yield account(reading)


def account(reading: FileReading) -> FileAccount:
    """The account of one file that was read."""
    kinds: Counter[str] = Counter()
    for report in reading.reports:
        for block in report.blocks:
            marked = sum(_visible(block.text[start:end]) for start, end in block.marks)
            kinds[block.kind] += _visible(block.text) - marked
            kinds["marks"] += marked
    for piece in reading.pieces:
        kinds[piece.kind] += _visible(piece.text)
    # Warnings about the file as a whole; those about a line are remarks on its metadata.
    notes = tuple((warning.file, warning.message) for warning in reading.warnings if warning.line == 0)
    return FileAccount(reading.file, reading.encoding, len(reading.reports), reading.characters, kinds, notes=notes)


def reports_of_sources(sources: Sequence[Path]) -> Iterator[Report]:
    """Every report, as read and corrected, in document order, without ids. Raises ``SourceError``."""
    for _, reading in read_sources(sources):
        if not isinstance(reading, str):
            yield from reading.reports


def _visible(text: str) -> int:
    return len("".join(text.split()).replace("\ufeff", ""))
