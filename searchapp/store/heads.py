"""The heads of a build's reports: what is known of each but its blocks, decoded when it is asked for, then kept.

A library of a million paragraphs has 25,000 reports: to decode them all took a second of every start and a hundred MiB
of every process, and a page of hits shows ten. What a head repeats of others (units, evidence) is held once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError, NotFoundError
from searchapp.language import tr
from searchapp.search.result import ReportSummary
from searchapp.store.codec import decode_head, skim_head
from searchapp.store.files import FileBytes

REPORTS_FILE = "reports.jsonl"


class ReportHeads(Sequence[ReportSummary]):
    """The reports of a build in document order. Safe to share between threads. Raises ``IndexDamagedError``.

    ``first_blocks``: the ordinal of each report's first block, and behind the last the number of blocks.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._file = FileBytes(folder / REPORTS_FILE)
            with (folder / REPORTS_FILE).open("rb") as lines:
                skimmed = [(*skim_head(line), len(line)) for line in lines]
        except (OSError, ValueError) as exc:
            raise IndexDamagedError(tr("索引的报告文件缺失或损坏")) from exc
        ids, firsts, blocks, sizes = zip(*skimmed, strict=True) if skimmed else ((), (), (), ())
        self._starts = _begins(sizes)
        self.first_blocks = _begins(blocks)
        if list(firsts) != self.first_blocks[:-1].tolist():
            raise IndexDamagedError(tr("索引的报告文件不完整"))
        self._numbers = {report_id: number for number, report_id in enumerate(ids)}
        self._known: list[ReportSummary | None] = [None] * len(ids)

    def __len__(self) -> int:
        return len(self._known)

    @overload
    def __getitem__(self, number: int) -> ReportSummary: ...
    @overload
    def __getitem__(self, number: slice) -> list[ReportSummary]: ...
    def __getitem__(self, number: int | slice) -> ReportSummary | list[ReportSummary]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        if (known := self._known[number]) is None:
            known = self._known[number] = self._decoded(range(len(self))[number])[0]
        return known

    def __iter__(self) -> Iterator[ReportSummary]:
        return (self[number] for number in range(len(self)))

    def number(self, report_id: str) -> int:
        """The place of a report. Raises ``NotFoundError``."""
        try:
            return self._numbers[report_id]
        except KeyError:
            raise NotFoundError(tr("没有这篇报告：{report_id}", report_id=report_id)) from None

    def opening(self, number: int) -> str:
        """What the report's id is a hash of."""
        return self._decoded(number)[1]

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    def _decoded(self, number: int) -> tuple[ReportSummary, str, int]:
        try:
            return decode_head(self._file.read(int(self._starts[number]), int(self._starts[number + 1])))
        except (ValueError, KeyError, TypeError) as exc:
            raise IndexDamagedError(tr("索引的报告文件已损坏")) from exc


def _begins(sizes: Sequence[int]) -> npt.NDArray[np.int64]:
    """Where each of things in a row begins, and where the last ends."""
    begins: npt.NDArray[np.int64] = np.cumsum([0, *sizes], dtype=np.int64)
    return begins
