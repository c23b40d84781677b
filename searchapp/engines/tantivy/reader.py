"""The jieba words of a tantivy build: posting lists by document number, and the block that each document is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import tantivy

from searchapp.engines.embedded.word_postings import FrequentWords, HeldWords
from searchapp.engines.tantivy.files import NUMBER, SEPARATOR, opened, times_field
from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.block_counts import Holding
from searchapp.reports.model import split_paragraph_id
from searchapp.search.weights import WordField
from searchapp.store.cache import Sparse
from searchapp.store.mapped_arrays import open_array, save_array

if TYPE_CHECKING:
    from searchapp.engines.embedded.writer import Ids


class TantivyWords:
    """The jieba words of a build. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        self._lists = PostingLists(folder)
        self._numbering = Numbering(folder)
        self._words = HeldWords(
            FrequentWords(folder), partial(_read, self._lists, self._numbering), self._numbering.blocks
        )
        if self._lists.documents != self._numbering.blocks:
            raise IndexDamagedError(tr("tantivy 索引与报告对不上"))

    def holding(self, field: WordField, word: str) -> Holding:
        """How often the ``field`` of live blocks holds ``word``."""
        return self._words.holding(field, word)

    def words(self, field: WordField) -> Iterable[str]:
        """As :meth:`searchapp.engines.embedded.reader.WordIndex.words`."""
        return (word for word, _ in self._lists.words(field))

    def read(self, field: WordField, word: str) -> Sparse:
        """As :meth:`searchapp.engines.embedded.reader.WordIndex.read`."""
        return _read(self._lists, self._numbering, field, word)

    def close(self) -> None:
        """tantivy lets go of its files when nothing refers to them any more."""


def _read(lists: PostingLists, numbering: Numbering, field: WordField, word: str) -> Sparse:
    """Refers to no reader: what refers to itself is let go of late, with its files."""
    return numbering.by_ordinal(lists.read(field, word))


Numbers = npt.NDArray[np.uint32]


class PostingLists:
    """The lists of one commit; safe to share between threads. Raises ``IndexDamagedError``.

    A document costs 0.2 µs, nearly all of it the Python objects on the way (docs/operating/tantivy.md).
    """

    def __init__(self, folder: Path) -> None:
        with damage_told(), opened(folder) as index:
            # Builds never change: no thread need watch for a new commit.
            index.config_reader("manual")
            self._schema = index.schema
            self._searcher = index.searcher()

    @property
    def documents(self) -> int:
        """How many are live."""
        return int(self._searcher.num_docs)

    def read(self, field: WordField, word: str) -> tuple[Numbers, Numbers]:
        """Numbers of the live documents whose ``field`` holds ``word``, ascending, and the word's frequencies."""
        with damage_told():
            numbers = self._numbers(field, word)
            times = np.ones(len(numbers), dtype=np.uint32)
            for token, _ in self._searcher.terms_with_prefix(times_field(field), word + SEPARATOR):
                often = self._numbers(times_field(field), token)
                times[np.searchsorted(numbers, often)] = int(token.rpartition(SEPARATOR)[2])
        return numbers, times

    def words(self, field: WordField) -> list[tuple[str, int]]:
        """Words of ``field``, and for each no fewer documents than hold it: deleted ones count too."""
        with damage_told():
            return list(self._searcher.terms_with_prefix(field, ""))

    def _numbers(self, field: str, token: str) -> Numbers:
        most = self._searcher.doc_freq(field, token)
        if not most:
            return np.zeros(0, dtype=np.uint32)
        query = tantivy.Query.term_query(self._schema, field, token)
        found = self._searcher.search(query, most, count=False, order_by_field=NUMBER, order=tantivy.Order.Asc)
        return np.array([number for number, _ in found.hits], dtype=np.uint32)


@contextmanager
def damage_told() -> Iterator[None]:
    """Whatever tantivy says of its files, panics included, as ``IndexDamagedError``."""
    try:
        yield
    except Exception as exc:
        raise IndexDamagedError(tr("tantivy 索引缺失或损坏")) from exc
    except BaseException as exc:
        # A Rust panic is no Exception, and its class has no importable name.
        if type(exc).__name__ != "PanicException":
            raise
        raise IndexDamagedError(tr("tantivy 索引已损坏")) from exc


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
    reports = [split_paragraph_id(block_id)[0] for block_id in block_ids.astype(str).tolist()]
    begins = [at for at, report in enumerate(reports) if at == 0 or report != reports[at - 1]]
    held = [reports[at] for at in begins]
    try:
        of_held = np.array([firsts[report] for report in held], dtype=np.int64)
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
    """Block ordinals of a build by document number. Raises ``IndexDamagedError``.

    A document has one number for life, while ordinals change from build to build. The documents of a report have
    consecutive numbers, so the first of each report is stored.
    """

    def __init__(self, folder: Path) -> None:
        self._ordinals: npt.NDArray[np.uint32] = open_array(folder, _ORDINALS)
        self.blocks = int(np.count_nonzero(self._ordinals != _GONE))

    def by_ordinal(self, posting: Posting) -> Posting:
        """A list by ascending number as one by ascending ordinal. Raises ``IndexDamagedError`` for a dead number."""
        numbers, times = posting
        if len(numbers) and int(numbers[-1]) >= len(self._ordinals):
            raise IndexDamagedError(tr("tantivy 索引与报告对不上"))
        ordinals = self._ordinals[numbers]
        order = np.argsort(ordinals, kind="stable")
        return ordinals[order], times[order]
