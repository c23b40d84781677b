"""The jieba words of a whoosh build: frequent ones from arrays, other posting lists by Whoosh's public matchers.

Whoosh's files have one position each, so one lock guards reading from them. Files are mapped: their pages are shared by
all processes, their positions by none, not even by those that a server forks.
"""

from __future__ import annotations

import contextlib
import mmap
import threading
import weakref
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.reading import TermNotFound

from searchapp.engines.embedded.bm25 import Floats
from searchapp.engines.embedded.word_postings import FrequentWords, HeldWords, has_frequent
from searchapp.engines.whoosh.schema import DOCUMENT_MAP, OF_REPORT, REPORT_STARTS, whoosh_schema
from searchapp.engines.whoosh.unpickling import UnknownGlobalError, guard
from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.block_counts import Holding
from searchapp.literal.block_sets import Ordinals
from searchapp.literal.text_index import ranges
from searchapp.search.weights import WordField
from searchapp.store.cache import Sparse
from searchapp.store.mapped_arrays import expect_soon, expect_stretches, open_array


class WhooshWords:
    """The jieba words of a build. Raises ``IndexDamagedError`` on opening.

    A build of an older version has no arrays of frequent words: then all lists come from Whoosh.
    """

    def __init__(self, folder: Path) -> None:
        self._lists = WhooshLists(folder)
        frequent = FrequentWords(folder) if has_frequent(folder) else None
        self._words = HeldWords(frequent, self._lists.read, self._lists.blocks)

    def holding(self, field: WordField, word: str) -> Holding:
        """How often the ``field`` of live blocks holds ``word``."""
        return self._words.holding(field, word)

    def words(self, field: WordField) -> Iterable[str]:
        """As :meth:`searchapp.engines.embedded.reader.WordIndex.words`."""
        return (word for word, _ in self._lists.words(field))

    def read(self, field: WordField, word: str) -> Sparse:
        """As :meth:`searchapp.engines.embedded.reader.WordIndex.read`."""
        return self._lists.read(field, word)

    def close(self) -> None:
        """Lets go of Whoosh's files."""
        self._lists.close()


Numbers = npt.NDArray[np.int64]

_POSTINGS, _TERMS = ".pst", ".trm"


class MappedStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's folder, its files mapped for reading. ``last``: the name of the file that was opened last."""

    last = ""

    def open_file(self, name: str, **options: Any) -> StructFile:
        """One file. Raises ``OSError``."""
        self.last = name
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
    """The posting lists of a build. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        guard()
        self._folder = folder.name
        storage = MappedStorage(str(folder), readonly=True)
        try:
            self._index = storage.open_index(schema=whoosh_schema())
            self._reader = self._index.reader()
            self._segments = list(self._reader.leaf_readers())
            self._ordinals: Numbers = open_array(folder, DOCUMENT_MAP)
            self._report_starts: Numbers = open_array(folder, REPORT_STARTS)
        except UnknownGlobalError as exc:
            raise _foreign(f"{folder.name}/{storage.last}", exc) from exc
        except Exception as exc:  # Whoosh raises whatever its unpickling meets
            raise IndexDamagedError(tr("Whoosh 索引缺失或损坏")) from exc
        # Whoosh holds files open and complains when they are let go unclosed.
        self._closing = weakref.finalize(self, _close, self._reader, self._index)
        self._lock = threading.Lock()

    @property
    def blocks(self) -> int:
        """How many blocks the build has."""
        return int(self._report_starts[-1]) if len(self._report_starts) else 0

    def read(self, field: WordField, word: str) -> Sparse:
        """Ordinals of the live blocks whose ``field`` holds ``word``, ascending, and the word's frequency in each."""
        try:
            with self._lock:
                numbers, frequencies = self._documents(field, word)
        except UnknownGlobalError as exc:
            raise _foreign(f"{self._folder}/*{_TERMS}、*{_POSTINGS}", exc) from exc
        except Exception as exc:  # Whoosh raises whatever its unpacking meets
            raise IndexDamagedError(tr("Whoosh 索引已损坏")) from exc
        ordinals: Ordinals = self._ordinals[numbers]
        order = np.argsort(ordinals, kind="stable")
        ordinals, frequencies = ordinals[order], frequencies[order]
        if field == OF_REPORT:
            ordinals, frequencies = self._of_reports(ordinals, frequencies)
        return ordinals.astype(np.uint32), frequencies.astype(np.uint32)

    def words(self, field: WordField) -> list[tuple[str, int]]:
        """Words of ``field``, and for each no fewer blocks than hold it: deleted ones count too."""
        most = int(np.diff(self._report_starts).max(initial=0)) if field == OF_REPORT else 1
        with self._lock:
            terms = list(self._reader.expand_prefix(field, ""))
            return [(term.decode("utf-8"), most * int(self._reader.doc_frequency(field, term))) for term in terms]

    def close(self) -> None:
        """Lets go of Whoosh's files."""
        with self._lock:
            self._closing()

    def _documents(self, field: str, word: str) -> tuple[Numbers, Floats]:
        """Numbers of Whoosh's live documents and the frequency in each.

        Segment by segment: Whoosh's matcher of all of them takes half as long again.
        """
        numbers, frequencies = [np.zeros(0, dtype=np.int64)], array("d")
        for segment, first in self._segments:
            with contextlib.suppress(TermNotFound):
                numbers.append(np.array(_matched(segment.postings(field, word), frequencies)) + first)
        return np.concatenate(numbers), np.array(frequencies)

    def _of_reports(self, firsts: Ordinals, frequencies: Floats) -> tuple[Ordinals, Floats]:
        """What stands at the first blocks of reports, as standing at all blocks of them."""
        reports = np.searchsorted(self._report_starts, firsts)
        starts, ends = self._report_starts[reports], self._report_starts[reports + 1]
        return ranges(starts, ends), np.repeat(frequencies, ends - starts)


def _matched(matcher: Any, frequencies: array[float]) -> array[int]:
    """The documents of a matcher, to the end; the frequency in each is appended to ``frequencies``."""
    documents = array("q")
    is_active, number, frequency, step = matcher.is_active, matcher.id, matcher.weight, matcher.next
    while is_active():
        documents.append(number())
        frequencies.append(frequency())
        step()
    return documents


def _foreign(name: str, error: UnknownGlobalError) -> IndexDamagedError:
    """What to raise for a file that refers to what no build refers to: damage, or somebody's trap."""
    return IndexDamagedError(
        tr(
            "索引文件 {name} 里有 searchapp 不会写的内容（{what}），没有执行它。请查明谁能写这个文件夹，再重建索引",
            name=name,
            what=str(error),
        )
    )


def _close(reader: Any, index: Any) -> None:
    reader.close()
    index.close()
