"""Word postings out of a Whoosh index: by block (``blocks``), or posting after posting through its public matchers.

Whoosh's files have one position each, so one lock guards reading from them; decoding what was read takes no lock.
Postings come out as arrays and are remembered. Files are mapped: their pages are shared by all processes, their
positions by none, not even by those that a server forks.
"""

from __future__ import annotations

import contextlib
import mmap
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.reading import TermNotFound

from searchapp.engines.base import Term
from searchapp.engines.ranking import Floats
from searchapp.engines.whoosh.blocks import BlockReader, Frequencies, Numbers, UnexpectedInsideError, unpacked
from searchapp.engines.whoosh.schema import DOCUMENT_MAP, OF_REPORT, REPORT_STARTS
from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.arrays import ranges
from searchapp.literal.blocks import Ordinals
from searchapp.search.schema import WordField
from searchapp.store.arrays import open_array
from searchapp.store.cache import Sparse, SparseCache

CACHED_POSTINGS = 750_000
"""Postings remembered in all, of the lists used last (8 bytes each), in libraries of up to 250,000 blocks."""
CACHED_A_BLOCK = 3
"""In larger ones, for every block."""

Posting = tuple[Ordinals, Floats]


class MappedStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's folder, its files mapped for reading."""

    def open_file(self, name: str, **options: Any) -> StructFile:
        """One file. Raises ``OSError``."""
        path = Path(self.folder) / name
        if not path.stat().st_size:  # nothing to map
            return super().open_file(name, **options)
        with path.open("rb") as file:
            return StructFile(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), name=name, **options)


class WhooshWords:
    """The jieba words of a build. Raises ``IndexDamagedError`` on opening.

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
        self._cache = SparseCache(max(CACHED_POSTINGS, CACHED_A_BLOCK * len(self._ordinals)))

    @property
    def reads_blocks(self) -> bool:
        """Whether posting lists are decoded by block: not when Whoosh turned out to be made otherwise."""
        return self._blocks is not None

    def postings(self, field: WordField, word: str) -> Posting:
        """Ordinals of the live blocks whose ``field`` holds ``word``, ascending, and the word's frequency in each."""
        ordinals, frequencies = self._cache.get((field, word), lambda: self._read(field, word))
        return ordinals, frequencies.astype(np.float64)

    def row(self, field: WordField, word: str) -> None:
        """Whoosh has lists alone."""

    def terms(self, prefix: str, limit: int) -> Sequence[Term]:
        """Words that begin with ``prefix``. Whoosh's document frequency counts deleted documents: an upper bound."""
        with self._lock:
            words = [term.decode("utf-8") for term in self._reader.expand_prefix("words", prefix)]
            bounds = {word: int(self._reader.doc_frequency("words", word)) for word in words}
        found: list[Term] = []
        for word in sorted(words, key=lambda word: (-bounds[word], word)):
            if len(found) >= limit and bounds[word] < found[limit - 1].blocks:
                break
            if blocks := len(self.postings("words", word)[0]):
                found.append(Term(word, blocks))
                found.sort(key=lambda term: (-term.blocks, term.word))
        return found[:limit]

    def close(self) -> None:
        """Lets go of Whoosh's files."""
        with self._lock:
            self._closing()

    def _read(self, field: str, word: str) -> Sparse:
        """The same in few bytes, to remember."""
        numbers, frequencies = self._documents(field, word)
        ordinals: Ordinals = self._ordinals[numbers]
        alive = ordinals >= 0
        ordinals, frequencies = ordinals[alive], frequencies[alive]
        order = np.argsort(ordinals)
        ordinals, frequencies = ordinals[order], frequencies[order]
        if field == OF_REPORT:
            ordinals, frequencies = self._of_reports(ordinals, frequencies)
        return ordinals.astype(np.uint32), frequencies.astype(np.uint32)

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

    def _of_reports(self, firsts: Ordinals, frequencies: Floats) -> Posting:
        """What stands at the first blocks of reports, as standing at all blocks of them."""
        reports = np.searchsorted(self._report_starts, firsts)
        starts, ends = self._report_starts[reports], self._report_starts[reports + 1]
        return ranges(starts, ends), np.repeat(frequencies, ends - starts)


def _close(reader: Any, index: Any) -> None:
    reader.close()
    index.close()
