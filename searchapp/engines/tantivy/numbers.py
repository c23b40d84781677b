"""Which block each tantivy document is.

A document has one number for life, while ordinals change from build to build. The documents of a report have numbers
in a row, so of each report the first is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.store.mapped_arrays import open_array, save_array

if TYPE_CHECKING:
    from searchapp.engines.embedded.writer import Ids

Posting = tuple[npt.NDArray[np.uint32], npt.NDArray[np.integer]]

_REPORTS, _FIRSTS, _ORDINALS = "reports", "firsts", "documents"
_GONE = np.iinfo(np.uint32).max


def first_numbers(folder: Path) -> tuple[dict[str, int], int]:
    """The number of the first document of each report of a build, and the first number never given."""
    reports, firsts = open_array(folder, _REPORTS), open_array(folder, _FIRSTS)
    given = len(open_array(folder, _ORDINALS))
    return {report.decode(): int(first) for report, first in zip(reports, firsts, strict=True)}, given


def save_numbers(folder: Path, firsts: Mapping[str, int], given: int, block_ids: Ids) -> None:
    """Writes the numbers of a build's blocks. ``block_ids``: paragraph ids by ordinal; ``given``: all numbers ever.

    Raises ``IndexDamagedError`` for a report without documents.
    """
    reports = [block_id.partition(b"-")[0] for block_id in block_ids.tolist()]
    begins = [at for at, report in enumerate(reports) if at == 0 or report != reports[at - 1]]
    held = [reports[at] for at in begins]
    try:
        of_held = np.array([firsts[report.decode()] for report in held], dtype=np.int64)
    except KeyError as exc:
        raise IndexDamagedError(tr("tantivy 索引里的段落与报告对不上")) from exc
    sizes = np.diff([*begins, len(reports)])
    numbers = np.arange(len(reports)) + np.repeat(of_held - np.array(begins, dtype=np.int64), sizes)
    ordinals = np.full(given, _GONE, dtype=np.uint32)
    ordinals[numbers] = np.arange(len(reports), dtype=np.uint32)
    save_array(folder, _REPORTS, np.array(held, dtype="S"))
    save_array(folder, _FIRSTS, of_held)
    save_array(folder, _ORDINALS, ordinals)


class Numbering:
    """Block ordinals of a build by document number. Raises ``IndexDamagedError``."""

    def __init__(self, folder: Path) -> None:
        self._ordinals: npt.NDArray[np.uint32] = open_array(folder, _ORDINALS)
        self.blocks = int(np.count_nonzero(self._ordinals != _GONE))
        self.has_gaps = self.blocks < len(self._ordinals)

    def by_ordinal(self, posting: Posting) -> Posting:
        """A list by ascending number as one by ascending ordinal. Raises ``IndexDamagedError`` for a dead number."""
        numbers, times = posting
        if len(numbers) and int(numbers[-1]) >= len(self._ordinals):
            raise IndexDamagedError(tr("tantivy 索引与报告对不上"))
        ordinals = self._ordinals[numbers]
        order = np.argsort(ordinals, kind="stable")
        return ordinals[order], times[order]
