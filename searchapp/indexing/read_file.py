"""Preparing a source file for the index: bytes, hash, reading, analysis. Runs in worker processes.

Whatever a file holds gives a value, never an exception: it is reported and the rest is indexed. The result is packed
in the worker: reports and their analysis as bytes for the spool, beside the little needed of all reports at once.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from searchapp.engines.embedded.packed_report import PackedReport, ReportWords, pack
from searchapp.errors import ReadError
from searchapp.indexing.metadata_table import Correction, corrected, digest_of
from searchapp.lexicon import cut_table, pack_cut
from searchapp.literal.builder import EncodedTexts
from searchapp.reports import FileReading, Report, read_report_file
from searchapp.reports.identity import Sketch, sketch_of
from searchapp.reports.readers.limits import check_file_size
from searchapp.search.weights import WordField
from searchapp.store.files import reason_of
from searchapp.text.normalize import normalize, normalize_all, without
from searchapp.text.word_table import BulkCutter, WordTable

READ_ATTEMPTS = 3
READ_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Task:
    """A file to prepare; ``known_sha256`` is that of the version already indexed, if it can be carried over.

    ``reason`` is not empty when it is already known that it cannot be read. ``ocr``: scanned pages are recognized.
    """

    file: str
    path: Path
    known_sha256: str | None
    reason: str = ""
    corrections: tuple[Correction, ...] = ()
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """What became of a task: unchanged (neither reading nor reason), a reading, or a reason.

    ``corrections`` is the digest of those that were applied to the reading.
    """

    file: str
    sha256: str
    reading: FileReading | None = None
    reason: str = ""
    corrections: str = ""

    @property
    def unchanged(self) -> bool:
        """Whether the file is as it was when it was indexed."""
        return self.reading is None and not self.reason


@dataclass(frozen=True, slots=True)
class PreparedReport:
    """A report with its analysis as bytes, and what is needed of it while all others are read."""

    sketch: Sketch
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class PackedFile:
    """What became of a task, without what only the reading of the file needed. See :class:`Prepared`."""

    file: str
    sha256: str
    unchanged: bool
    reason: str = ""
    encoding: str = ""
    corrections: str = ""
    warnings: tuple[tuple[int, str], ...] = ()
    reports: tuple[PreparedReport, ...] = ()
    blocks: int = 0


def pack_file(prepared: Prepared, cutter: BulkCutter) -> PackedFile:
    """The form in which what was prepared leaves the process that read it, analyzed."""
    reading = prepared.reading
    reports = reading.reports if reading else ()
    return PackedFile(
        file=prepared.file,
        sha256=prepared.sha256,
        unchanged=prepared.unchanged,
        reason=prepared.reason,
        encoding=reading.encoding if reading else "",
        corrections=prepared.corrections,
        warnings=tuple((warning.line, warning.message) for warning in reading.warnings) if reading else (),
        reports=tuple(PreparedReport(sketch_of(report), analyze_report(report, cutter)) for report in reports),
        blocks=sum(len(report.blocks) for report in reports),
    )


def keys_of(report: Report) -> str:
    """The keys of a report's blocks, in order, with spaces between."""
    return " ".join(block.key for block in report.blocks)


def prepare(task: Task, cutter: BulkCutter) -> PackedFile:
    """Reads, parses, corrects and analyzes one file."""
    prepared = read_task(task)
    if prepared.reading is not None:
        reading = corrected(prepared.reading, task.corrections)
        prepared = replace(prepared, reading=reading, corrections=digest_of(task.corrections))
    return pack_file(prepared, cutter)


def carried_over(task: Task) -> PackedFile | None:
    """The outcome for a file that need not be read, else ``None``: it is as it was, or is known to be unreadable."""
    if task.reason:
        return PackedFile(task.file, "", unchanged=False, reason=task.reason)
    if task.known_sha256 is None:
        return None
    data = _bytes_of(task)
    if isinstance(data, str):
        return PackedFile(task.file, "", unchanged=False, reason=data)
    if hashlib.sha256(data).hexdigest() != task.known_sha256:
        return None
    return PackedFile(task.file, task.known_sha256, unchanged=True)


def _bytes_of(task: Task) -> bytes | str:
    """The bytes of a file, or why they cannot be had."""
    try:
        check_file_size(task.file, task.path.stat().st_size)
        data = _read_at_rest(task.path)
    except ReadError as exc:
        return exc.reason
    except OSError as exc:
        return f"读不出来：{reason_of(exc)}"
    return "读取时文件还在变动，等写完后再索引" if data is None else data


def read_task(task: Task) -> Prepared:
    """Reads and parses one file, without corrections and analysis."""
    if task.reason:
        return Prepared(task.file, "", reason=task.reason)
    data = _bytes_of(task)
    if isinstance(data, str):
        return Prepared(task.file, "", reason=data)
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 == task.known_sha256:
        return Prepared(task.file, sha256)
    try:
        reading = read_report_file(data, task.file, ocr=task.ocr)
    except Exception as exc:  # one strange file must not stop the others
        return Prepared(task.file, sha256, reason=_reason(exc))
    return Prepared(task.file, sha256, reading)


def _reason(error: Exception) -> str:
    """Why a file has not been read."""
    if isinstance(error, MemoryError) or isinstance(error.__cause__, MemoryError):
        return "内存不够，读不下这个文件；可用 --file-memory 放宽"
    if isinstance(error, ReadError):
        return error.reason
    return f"读取时出错（{type(error).__name__}: {error}）"


def _read_at_rest(path: Path) -> bytes | None:
    """The file's bytes, when nobody wrote to it meanwhile; one more look is taken at a file that changes."""
    for _ in range(READ_ATTEMPTS):
        before = path.stat()
        data = path.read_bytes()
        after = path.stat()
        if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size) and len(data) == after.st_size:
            return data
        time.sleep(READ_PAUSE_SECONDS)
    return None


@dataclass(frozen=True, slots=True)
class Analysis:
    """A report packed, and what the lexicon needs of it (``lexicon.pack_cut``)."""

    packed: PackedReport
    cut: bytes


def analyze_report(report: Report, cutter: BulkCutter) -> Analysis:
    """Normalized text and jieba words of a report's blocks, headings and title: all its texts are cut at once."""
    texts = normalized_texts(report)
    paths = _paths(report)
    heads = [_PATH_BREAK.join(map(normalize, path)) for path in paths]
    return _packed(report, cutter.cut([*texts, *heads, normalize(report.meta.title)]), paths)


def normalized_texts(report: Report) -> list[str]:
    """The normalized text of every block, all made at once."""
    return normalize_all([without(block.text, block.marks) for block in report.blocks])


_PATH_BREAK = " "
"""Between the headings of a path: no word goes on over it."""


def _paths(report: Report) -> dict[tuple[str, ...], int]:
    """The distinct heading paths of a report, with the places of their texts, which follow those of the blocks."""
    paths: dict[tuple[str, ...], int] = {}
    for block in report.blocks:
        paths.setdefault(block.headings, len(report.blocks) + len(paths))
    return paths


def _packed(report: Report, table: WordTable, paths: dict[tuple[str, ...], int]) -> Analysis:
    """``table``: the texts of the blocks, of their heading paths, and of the title."""
    size = len(report.blocks)
    text_of: dict[WordField, Sequence[int]] = {
        "words": range(size),
        "headings": [paths[block.headings] for block in report.blocks],
        "title": [size + len(paths)] * size,
    }
    words = ReportWords.of_table(table, text_of)
    texts = EncodedTexts.of(table.points[: table.begins[size]])
    cut = pack_cut(cut_table(table, [block.text for block in report.blocks]))
    return Analysis(pack(report, texts, words), cut)
