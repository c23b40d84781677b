"""Posting lists out of a Whoosh index: by block (``blocks``), or posting after posting through its public matchers.

Whoosh's files have one position each, so one lock guards reading from them; decoding what was read takes no lock.
Files are mapped: their pages are shared by all processes, their positions by none, not even by those that a server
forks.
"""

from __future__ import annotations

import contextlib
import mmap
import threading
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.reading import TermNotFound

from searchapp.engines.ranking import Floats
from searchapp.engines.whoosh.blocks import BlockReader, Frequencies, Numbers, UnexpectedInsideError, unpacked
from searchapp.engines.whoosh.schema import DOCUMENT_MAP, OF_REPORT, REPORT_STARTS
from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.arrays import ranges
from searchapp.literal.blocks import Ordinals
from searchapp.search.schema import WordField
from searchapp.store.arrays import open_array
from searchapp.store.cache import Sparse
from searchapp.store.expecting import expect_soon, expect_stretches

_POSTINGS, _TERMS = ".pst", ".trm"


class MappedStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's folder, its files mapped for reading."""

    def open_file(self, name: str, **options: Any) -> StructFile:
        """One file. Raises ``OSError``."""
        path = Path(self.folder) / name
        if not path.stat().st_size:  # nothing to map
            return super().open_file(name, **options)
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if path.suffix == _POSTINGS:
            expect_stretches(mapped)
        elif path.suffix == _TERMS:
            expect_soon(mapped, 0, len(mapped))
        return StructFile(mapped, name=name, **options)


class WhooshLists:
    """The posting lists of a build. Raises ``IndexDamagedError`` on opening.

    ``by_block``: whether to look into Whoosh where it is made as expected.
    """

    def __init__(self, folder: Path, *, by_block: bool = True) -> None:
        self._blocks: BlockReader | None = None
        try:
            self._index = MappedStorage(str(folder), readonly=True).open_index()
            self._reader = self._index.reader()
            self._ordinals: npt.NDArray[np.int64] = open_array(folder, DOCUMENT_MAP)
            self._report_starts: npt.NDArray[np.int64] = open_array(folder, REPORT_STARTS)
            with contextlib.suppress(UnexpectedInsideError):
                self._blocks = BlockReader(self._reader) if by_block else None
        except Exception as exc:  # Whoosh raises whatever its unpickling meets
            raise IndexDamagedError(tr("Whoosh 索引缺失或损坏")) from exc
        # Whoosh holds files open and complains when they are let go unclosed.
        self._closing = weakref.finalize(self, _close, self._reader, self._index)
        self._lock = threading.Lock()

    @property
    def blocks(self) -> int:
        """How many blocks the build has."""
        return int(self._report_starts[-1]) if len(self._report_starts) else 0

    @property
    def reads_blocks(self) -> bool:
        """Whether posting lists are decoded by block: not when Whoosh turned out to be made otherwise."""
        return self._blocks is not None

    def read(self, field: WordField, word: str) -> Sparse:
        """Ordinals of the live blocks whose ``field`` holds ``word``, ascending, and the word's frequency in each."""
        numbers, frequencies = self._documents(field, word)
        ordinals: Ordinals = self._ordinals[numbers]
        alive = ordinals >= 0
        ordinals, frequencies = ordinals[alive], frequencies[alive]
        order = np.argsort(ordinals, kind="stable")
        ordinals, frequencies = ordinals[order], frequencies[order]
        if field == OF_REPORT:
            ordinals, frequencies = self._of_reports(ordinals, frequencies)
        return ordinals.astype(np.uint32), frequencies.astype(np.uint32)

    def words(self, field: WordField, prefix: str = "") -> list[tuple[str, int]]:
        """Words of ``field`` with this beginning, and for each no fewer blocks than hold it: deleted ones count too."""
        most = int(np.diff(self._report_starts).max(initial=0)) if field == OF_REPORT else 1
        with self._lock:
            terms = list(self._reader.expand_prefix(field, prefix))
            return [(term.decode("utf-8"), most * int(self._reader.doc_frequency(field, term))) for term in terms]

    def close(self) -> None:
        """Lets go of Whoosh's files."""
        with self._lock:
            self._closing()

    def _documents(self, field: str, word: str) -> tuple[Numbers, Frequencies]:
        """Numbers of Whoosh's documents, maybe deleted ones among them, and the frequency in each."""
        if (blocks := self._blocks) is not None:
            try:
                with self._lock:
                    packed = blocks.packed(field, word)
                return unpacked(packed)
            except UnexpectedInsideError:
                self._blocks = None
        try:
            with self._lock:
                return self._matched(field, word)
        except Exception as exc:  # Whoosh raises whatever its unpacking meets
            raise IndexDamagedError(tr("Whoosh 索引已损坏")) from exc

    def _matched(self, field: str, word: str) -> tuple[Numbers, Frequencies]:
        """The same through the public matcher, which leaves deleted documents out."""
        numbers: list[int] = []
        frequencies: list[float] = []
        with contextlib.suppress(TermNotFound):
            matcher = self._reader.postings(field, word)
            while matcher.is_active():
                numbers.append(matcher.id())
                frequencies.append(matcher.weight())
                matcher.next()
        return np.array(numbers, dtype=np.int64), np.array(frequencies, dtype=np.float64)

    def _of_reports(self, firsts: Ordinals, frequencies: Floats) -> tuple[Ordinals, Floats]:
        """What stands at the first blocks of reports, as standing at all blocks of them."""
        reports = np.searchsorted(self._report_starts, firsts)
        starts, ends = self._report_starts[reports], self._report_starts[reports + 1]
        return ranges(starts, ends), np.repeat(frequencies, ends - starts)


def _close(reader: Any, index: Any) -> None:
    reader.close()
    index.close()
