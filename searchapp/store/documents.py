"""The documents of a build: every report and block as written, read from their files when they are needed.

``blocks.jsonl`` holds one block a line in document order, ``blocks.npy`` where each line begins; ``reports.jsonl``
holds the reports' heads. A block's number in that order is its *ordinal*, the key of all arrays of the build.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, overload

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError, NotFoundError
from searchapp.language import tr
from searchapp.reports.model import Block, Metadata, Report, ReportSource, paragraph_id
from searchapp.search.result import LocatedBlock, ReportSummary
from searchapp.store.codec import decode_block, decode_head, encode_block, encode_head, skim_head
from searchapp.store.files import FileBytes
from searchapp.store.mapped_arrays import open_array, save_array
from searchapp.time_limit import watched

BLOCKS_FILE = "blocks.jsonl"
BLOCK_OFFSETS = "blocks"


def summarize(report: Report) -> ReportSummary:
    """A report without its text."""
    kinds = [block.kind for block in report.blocks]
    return ReportSummary(
        report_id=report.id,
        meta=report.meta,
        sources=report.sources,
        blocks=len(kinds),
        paragraphs=kinds.count("paragraph"),
        headings=kinds.count("heading"),
    )


@dataclass(frozen=True, slots=True)
class PackedBlocks:
    """The blocks of a report as they are kept: ``lines``, with the bytes of each (its end counted)."""

    lines: bytes
    sizes: tuple[int, ...]
    paragraphs: int
    headings: int

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> PackedBlocks:
        """Of the blocks themselves."""
        lines = [encode_block(block) + b"\n" for block in blocks]
        kinds = [block.kind for block in blocks]
        return cls(b"".join(lines), tuple(map(len, lines)), kinds.count("paragraph"), kinds.count("heading"))

    def unpacked(self) -> tuple[Block, ...]:
        """The blocks themselves."""
        return tuple(map(decode_block, self.lines.split(b"\n")[:-1]))

    def summary(self, report_id: str, meta: Metadata, sources: tuple[ReportSource, ...]) -> ReportSummary:
        """The report that they are the blocks of, without its text."""
        return ReportSummary(report_id, meta, sources, len(self.sizes), self.paragraphs, self.headings)


class DocumentWriter:
    """Writes the documents of a build, report by report in document order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._blocks: BinaryIO = (folder / BLOCKS_FILE).open("wb")
        self._heads: BinaryIO = (folder / REPORTS_FILE).open("wb")
        self._offsets = array("q", [0])

    def add(self, summary: ReportSummary, opening: str, blocks: PackedBlocks) -> None:
        """Appends a report."""
        self._add(summary, opening, blocks.lines, blocks.sizes)

    def copy(self, documents: DocumentReader, report_id: str) -> None:
        """Appends a report as another build holds it. Raises ``NotFoundError``."""
        summary, opening, lines, sizes = documents.raw(report_id)
        self._add(summary, opening, lines, sizes)

    def _add(self, summary: ReportSummary, opening: str, lines: bytes, sizes: Sequence[int]) -> None:
        self._heads.write(encode_head(summary, opening, len(self._offsets) - 1) + b"\n")
        self._blocks.write(lines)
        self._offsets.extend(islice(accumulate(sizes, initial=self._offsets[-1]), 1, None))

    def __enter__(self) -> DocumentWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._blocks.close()
        self._heads.close()
        if error is None:
            save_array(self._folder, BLOCK_OFFSETS, np.frombuffer(self._offsets, dtype=np.int64))


class DocumentReader:
    """Reads the documents of a build. Safe to share between threads. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        self._heads = ReportHeads(folder)
        try:
            self._blocks = FileBytes(folder / BLOCKS_FILE)
        except OSError as exc:
            raise IndexDamagedError(tr("索引的报告文件缺失或损坏")) from exc
        self._offsets: npt.NDArray[np.int64] = open_array(folder, BLOCK_OFFSETS)
        if self._blocks.size != int(self._offsets[-1]) or int(self._heads.first_blocks[-1]) != len(self):
            raise IndexDamagedError(tr("索引的报告文件不完整"))

    def __len__(self) -> int:
        """The number of blocks."""
        return len(self._offsets) - 1

    @property
    def summaries(self) -> Sequence[ReportSummary]:
        """Every report, in document order, decoded when it is asked for."""
        return self._heads

    def summary(self, report_id: str) -> ReportSummary:
        """Raises ``NotFoundError``."""
        return self._heads[self._heads.number(report_id)]

    def report(self, report_id: str) -> Report:
        """Raises ``NotFoundError``."""
        return self._report(self._heads.number(report_id))

    def iterate(self) -> Iterator[Report]:
        """Every report in document order, read as it is asked for."""
        return (self._report(number) for number in range(len(self._heads)))

    def raw(self, report_id: str) -> tuple[ReportSummary, str, bytes, list[int]]:
        """The report's summary, opening, the lines of its blocks and the bytes of each, for the next build.

        Raises ``NotFoundError``.
        """
        number = self._heads.number(report_id)
        offsets = self._offsets[self._span(number)]
        lines = self._blocks.read(int(offsets[0]), int(offsets[-1]))
        return self._heads[number], self._heads.opening(number), lines, np.diff(offsets).tolist()

    def first_block(self, report_id: str) -> int:
        """The ordinal of the report's first block. Raises ``NotFoundError``."""
        return int(self._heads.first_blocks[self._heads.number(report_id)])

    def block(self, ordinal: int) -> Block:
        """The block with this ordinal."""
        return decode_block(self._blocks.read(int(self._offsets[ordinal]), int(self._offsets[ordinal + 1])))

    def located(self, ordinal: int, report_number: int) -> LocatedBlock:
        """The block with this ordinal, in the report with this number."""
        position = ordinal - int(self._heads.first_blocks[report_number])
        return LocatedBlock(self._heads[report_number], self.block(ordinal), position)

    def find(self, report_id: str, key: str) -> LocatedBlock:
        """The block ``key`` of a report. Raises ``NotFoundError``."""
        number = self._heads.number(report_id)
        for position, block in enumerate(self._blocks_of(number)):
            if block.key == key:
                return LocatedBlock(self._heads[number], block, position)
        raise NotFoundError(tr("没有这个段落：{paragraph_id}", paragraph_id=paragraph_id(report_id, key)))

    def close(self) -> None:
        """Lets go of the files."""
        self._blocks.close()
        self._heads.close()

    def _report(self, number: int) -> Report:
        summary, blocks = self._heads[number], tuple(self._blocks_of(number))
        return Report(summary.report_id, summary.meta, blocks, summary.sources, self._heads.opening(number))

    def _blocks_of(self, number: int) -> Iterator[Block]:
        """The blocks of a report, read at once."""
        offsets = self._offsets[self._span(number)].tolist()
        lines = self._blocks.read(offsets[0], offsets[-1])
        return (decode_block(lines[start - offsets[0] : end - offsets[0]]) for start, end in watched(pairwise(offsets)))

    def _span(self, number: int) -> slice:
        """Where in ``_offsets`` the beginnings of a report's blocks are, and the end of the last."""
        first, behind = self._heads.first_blocks[number : number + 2].tolist()
        return slice(first, behind + 1)


REPORTS_FILE = "reports.jsonl"


class ReportHeads(Sequence[ReportSummary]):
    """The reports of a build in document order. Safe to share between threads. Raises ``IndexDamagedError``.

    Heads are decoded on first use, then cached; what they repeat (units, evidence) is in memory once. A library of a
    million paragraphs has 25,000, and a page of hits shows ten: to decode all took a second of every start and a
    hundred MiB of every process.

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
