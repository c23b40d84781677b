"""The lexicon of the next build: made in a process of its own while the engine writes, from texts cut beforehand.

What it needs of every report (``lexicon.CutTexts``) is made where the report is read, and kept with the build: the next
build takes it up for all reports that stay. It is a function of the texts and the words alone all the same.

Invariant: what was cut is taken up only from the build that the next one begins with.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from searchapp.errors import IndexDamagedError, LibraryError
from searchapp.indexing.read_file import normalized_texts
from searchapp.indexing.worker_pool import WorkerDiedError, beside
from searchapp.lexicon import CutTexts, build_lexicon_of, cut_table, unpack_cut
from searchapp.reports import Report
from searchapp.store.named_pieces import PieceReader, PieceWriter
from searchapp.text.analyzer import Analyzer, bundled_terms
from searchapp.text.word_table import BulkCutter

CUT_FILE = "cut.bin"
PARALLEL_FROM_BYTES = 1_000_000
"""Below this much of it (of some two million characters), starting a process costs more than it saves."""


def cut_report(report: Report, cutter: BulkCutter) -> CutTexts:
    """What the lexicon needs of a report that is not analyzed."""
    written = [block.text for block in report.blocks]
    return cut_table(cutter.cut(normalized_texts(report)), written)


class KeptCuts:
    """What the build in ``folder`` keeps of its reports; nothing when it has no such file."""

    def __init__(self, folder: Path | None) -> None:
        self._pieces: PieceReader | None = None
        if folder is not None:
            with contextlib.suppress(IndexDamagedError):
                self._pieces = PieceReader(folder / CUT_FILE)

    def of(self, report_id: str) -> bytes | None:
        """Of the report with this id, packed."""
        return None if self._pieces is None else self._pieces.piece(report_id)


def write_cuts(folder: Path, cuts: Iterable[tuple[str, bytes]]) -> None:
    """Keeps what the lexicon needs of every report (by id, in document order) in the folder of a build."""
    with PieceWriter(folder / CUT_FILE) as pieces:
        for report_id, cut in cuts:
            pieces.add(report_id, cut)


@contextlib.contextmanager
def lexicon_beside(folder: Path, analyzer: Analyzer, jobs: int | None = None) -> Iterator[None]:
    """Makes the lexicon of the build in ``folder``, from what :func:`write_cuts` wrote, while the block runs.

    In a process of its own when there is enough to do, else afterwards. Raises ``LibraryError`` when that process dies,
    ``IndexDamagedError`` when what was taken over from the build before is damaged.
    """
    cores = os.cpu_count() or 1
    alone = jobs == 1 or cores == 1 or (folder / CUT_FILE).stat().st_size < PARALLEL_FROM_BYTES
    if alone:
        yield
        with _damage_told():
            _write(folder, analyzer)
        return
    try:
        with beside(_writer, analyzer.dictionary, task=folder) as finished:
            yield
            with _damage_told():
                finished()
    except WorkerDiedError as exc:
        raise LibraryError("建词表的进程意外结束（可能是内存不足）。索引没有改动；可加 --jobs 1 再试。") from exc


@contextlib.contextmanager
def _damage_told() -> Iterator[None]:
    """What rotted in the build before was taken over unread."""
    try:
        yield
    except ValueError as exc:
        raise IndexDamagedError(f"原有索引的文件 {CUT_FILE} 已损坏") from exc


def _writer(dictionary: tuple[str, ...]) -> Callable[[Path], None]:
    return partial(_write, analyzer=Analyzer(dictionary))


def _write(folder: Path, analyzer: Analyzer) -> None:
    pieces = map(unpack_cut, PieceReader(folder / CUT_FILE))
    build_lexicon_of(folder, pieces, analyzer.words, {*bundled_terms(), *analyzer.dictionary})
