"""A Whoosh segment written by block: words of documents kept as numbers, their posting lists written 128 at a time.

All that touches Whoosh's inside. What is written is what Whoosh's own codec (``whoosh.codec.whoosh3``) writes, byte for
byte, so that any Whoosh reads it and goes on writing. Where the inside is not as expected,
:class:`UnexpectedInsideError` says so before anything is done, and the caller takes the public way. A word takes four
bytes as it comes, where Whoosh's own pool keeps a tuple of five objects for each. Figures: docs/inside/indexing.md.
"""

from __future__ import annotations

import functools
import pickle
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from whoosh import fields
from whoosh.codec import whoosh3
from whoosh.filedb.filestore import RamStorage
from whoosh.util.numeric import byte_to_length

Posting = tuple[str, bytes, int, float, bytes]
"""Field, term, document, weight, value: the weight is the frequency, the value says so again and is not kept."""

Numbers = npt.NDArray[np.uint32]
PostingList = tuple[str, bytes, Numbers, Numbers]
"""Field, term, documents (ascending) and the frequency in each."""

TERM_BYTES = 250
"""What a term takes beside its own bytes: an entry of a dictionary, a number. Measured as 210 to 280."""
WORD_BYTES = 24
"""What a word takes: four bytes while it waits, and twenty for a moment when its field is sorted."""
_DOCUMENT_BYTES = 8
_UNIT = "I"
_LENGTHS: npt.NDArray[np.int64] = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.int64)
"""What Whoosh's one byte of a length stands for."""


class UnexpectedInsideError(Exception):
    """Whoosh is not made as this module knows it."""


class BulkSegment:
    """The new segment of a Whoosh writer, its documents' words kept as numbers and its posting lists written by block.

    ``folder`` is for what does not fit into ``limit_bytes``. Raises ``UnexpectedInsideError`` before anything is done.
    """

    def __init__(self, writer: Any, folder: Path, limit_bytes: int, *, tried: bool = False) -> None:
        if not tried and not _bulk_works():
            raise UnexpectedInsideError("cannot be written by block")
        if type(writer.codec) is not whoosh3.W3Codec or writer.docnum != 0:
            raise UnexpectedInsideError("another codec")
        self._writer = writer
        self._pool = writer.pool = CompactPool(folder, limit_bytes)
        self._lengths: dict[str, array[int]] = {}
        self._documents = 0
        writer.fieldwriter.add_postings = self._write_postings

    def add(self, stored: Mapping[str, str], words: Mapping[str, Sequence[str]]) -> int:
        """Adds a document with ``stored`` values and indexed ``words``; gives its number in the segment."""
        writer, schema = self._writer, self._writer.schema
        document: int = writer.docnum
        per_document = writer.perdocwriter
        per_document.start_doc(document)
        for field in sorted({*stored, *words}):
            of_field = words.get(field, ())
            length = len(of_field) if schema[field].scorable else 0
            if of_field:
                self._pool.add_words(field, document, of_field)
            if length:
                lengths = self._lengths.setdefault(field, array("I"))
                lengths.extend([0] * (document - len(lengths)))
                lengths.append(length)
            per_document.add_field(field, schema[field], stored.get(field), length)
        per_document.finish_doc()
        writer._added = True
        writer.docnum = self._documents = document + 1
        return document

    def _write_postings(self, schema: Any, lengths: Any, items: object) -> None:
        """Stands in for the field writer's ``add_postings``, which takes one posting after another."""
        into = self._writer.fieldwriter
        field, of_documents = "", np.zeros(0, dtype=np.int64)
        for of_field, term, documents, frequencies in self._pool.lists():
            if of_field != field:
                if field:
                    into.finish_field()
                field, of_documents = of_field, self._lengths_of(of_field, lengths)
                into.start_field(field, schema[field])
            into.start_term(term)
            with_values = schema[field].format.fixed_value_size() != 0
            _fill(into._postwriter, documents, frequencies, of_documents[documents], with_values)
            into.finish_term()
        if field:
            into.finish_field()

    def _lengths_of(self, field: str, lengths: Any) -> npt.NDArray[np.int64]:
        """Lengths of all documents as Whoosh knows them, in one byte each; documents of merged segments come last."""
        own = np.array(self._lengths.get(field, ()), dtype=np.int64)
        known = np.zeros(self._writer.docnum, dtype=np.int64)
        known[: len(own)] = _LENGTHS[np.minimum(np.searchsorted(_LENGTHS, own), len(_LENGTHS) - 1)]
        if lengths is not None:
            for document in range(self._documents, len(known)):
                known[document] = lengths.doc_field_length(document, field) or 0
        return known


def _fill(into: Any, documents: Any, frequencies: Any, lengths: Any, with_values: bool) -> None:
    """Writes a posting list by block; the last one stays in the buffers of the postings writer, for it to finish."""
    if len(documents) == 1:  # most words of a library stand in one block
        _fill_one(into, int(documents[0]), int(frequencies[0]), int(lengths[0]), with_values)
        return
    limit = into._blocklimit
    packed = frequencies.astype(">u4").tobytes() if with_values else b""
    weights = frequencies.astype(np.float32)
    for at in range(0, len(documents), limit):
        if at:
            into._write_block()
        part = slice(at, at + limit)
        into._ids = array("I", documents[part].astype(np.uint32).tobytes())
        into._weights = array("f", weights[part].tobytes())
        into._values = [packed[at * 4 : (at + limit) * 4]] if with_values else []
        into._maxweight = float(weights[part].max())
        of_part = lengths[part]
        longest = int(of_part.max())
        into._maxlength = longest
        into._minlength = int(of_part[of_part > 0].min()) if longest else None


def _fill_one(into: Any, document: int, frequency: int, length: int, with_values: bool) -> None:
    into._ids = array("I", (document,))
    into._weights = array("f", (frequency,))
    into._values = [frequency.to_bytes(4, "big")] if with_values else []
    into._maxweight = float(frequency)
    into._minlength, into._maxlength = length or None, length


@functools.cache
def _bulk_works() -> bool:
    """Whether a segment written by block is, byte for byte, the one that Whoosh writes from posting after posting."""
    schema = fields.Schema(id=fields.ID(), name=fields.STORED(), words=fields.KEYWORD(scorable=True))
    try:
        written = []
        for in_bulk in (False, True):
            storage = RamStorage()
            with storage.create_index(schema).writer(compound=False) as writer, tempfile.TemporaryDirectory() as folder:
                bulk = BulkSegment(writer, Path(folder), 1 << 20, tried=True) if in_bulk else None
                for number in range(150):
                    words = ["党", "建"][: 1 + number % 2] * (1 + number % 3) + [f"词{number % 7}", f"{number}"]
                    if bulk is None:
                        writer.add_document(name="名", id=str(number), words=words)
                    else:
                        bulk.add({"name": "名"}, {"id": [str(number)], "words": words})
            names = [name for name in storage.list() if name.endswith((".pst", ".trm"))]
            written.append([bytes(storage.files[name]) for name in sorted(names)])
        return written[0] == written[1] and len(written[0]) == 2
    except Exception:  # whatever it is, the public way is there
        return False


class _Terms(dict[str, int]):
    """Numbers of terms in the order in which they came."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class _Field:
    """The words of one field: numbers of terms, and for each document how many of them are its own."""

    def __init__(self) -> None:
        self.terms = _Terms()
        self.words = array(_UNIT)
        self.documents = array(_UNIT)
        self.sizes = array(_UNIT)

    def lists(self, field: str) -> Iterator[PostingList]:
        """All posting lists, by term."""
        terms = sorted(self.terms)
        places = np.empty(len(terms), dtype=np.uint64)
        places[[self.terms[term] for term in terms]] = np.arange(len(terms), dtype=np.uint64)
        keys = places[np.frombuffer(self.words, dtype=np.uint32)] << np.uint64(32)
        keys |= np.repeat(np.array(self.documents, dtype=np.uint64), np.array(self.sizes))
        keys.sort()
        begins = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        frequencies = np.diff(np.append(begins, len(keys))).astype(np.uint32)
        keys = keys[begins]
        documents = (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
        ends = np.searchsorted(keys, np.arange(1, len(terms) + 1, dtype=np.uint64) << np.uint64(32)).tolist()
        start = 0
        for term, end in zip(terms, ends, strict=True):
            yield field, term.encode("utf-8"), documents[start:end], frequencies[start:end]
            start = end


class CompactPool:
    """Postings of one segment; ``folder`` is for what does not fit into ``limit_bytes``.

    Stands in for ``whoosh.writing.PostingPool``, for what Whoosh itself adds (``add``, when it merges segments); words
    of documents come many at a time (``add_words``), documents in ascending order, and leave by list (``lists``). What
    grows beyond the limit goes to disk, a sorted run at a time, and the runs are merged in the end.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._size = 0
        self._fields: dict[str, _Field] = {}
        self._runs: list[IO[bytes]] = []

    @property
    def fieldnames(self) -> set[str]:
        """The fields that have postings in memory."""
        return set(self._fields)

    def add_words(self, field: str, document: int, words: Iterable[str]) -> None:
        """The words of a document's field, repeats and all; no document comes before an earlier one."""
        into = self._fields.get(field)
        if into is None:
            into = self._fields[field] = _Field()
        terms, size = len(into.terms), len(into.words)
        into.words.extend(map(into.terms.__getitem__, words))
        size = len(into.words) - size
        into.documents.append(document)
        into.sizes.append(size)
        self._size += (len(into.terms) - terms) * TERM_BYTES + size * WORD_BYTES + _DOCUMENT_BYTES
        if self._size > self._limit:
            self.save()

    def add(self, item: Posting) -> None:
        """One posting, as Whoosh gives it. Its weight must be its frequency."""
        field, term, document, weight, _ = item
        self.add_words(field, document, [term.decode("utf-8")] * int(weight))

    def iter_postings(self) -> Iterator[Posting]:
        """Nothing: whoever stands in for this pool's reader takes :meth:`lists`."""
        return iter(())

    def lists(self) -> Iterator[PostingList]:
        """All posting lists by field and term. The pool is empty afterwards."""
        runs = [*map(_read, self._runs), self._taken()]
        if len(runs) == 1:
            yield from runs[0]
            return
        for (field, term), parts in groupby(merge(*runs, key=itemgetter(0, 1)), key=itemgetter(0, 1)):
            found = list(parts)
            # A run ends between two documents or in the middle of one: then its last document begins the next run.
            documents = np.concatenate([part[2] for part in found])
            yield field, term, *_summed(documents, np.concatenate([part[3] for part in found]))

    def save(self) -> None:
        """Puts what is in memory on disk, as a sorted run."""
        if self._size:
            run = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - it lives until cleanup
            self._runs.append(run)
            for entry in self._taken():
                pickle.dump(entry, run, pickle.HIGHEST_PROTOCOL)
            self._size = 0

    def cleanup(self) -> None:
        """Drops everything."""
        for run in self._runs:
            run.close()
        self._runs = []
        self._fields = {}

    def _taken(self) -> Iterator[PostingList]:
        """What is in memory, by field and term, taken out field by field."""
        for field in sorted(self._fields):
            yield from self._fields.pop(field).lists(field)


def _summed(documents: Numbers, frequencies: Numbers) -> tuple[Numbers, Numbers]:
    """Each document once."""
    begins = np.flatnonzero(np.concatenate(([True], documents[1:] != documents[:-1])))
    return documents[begins], np.add.reduceat(frequencies, begins).astype(np.uint32)


def _read(run: IO[bytes]) -> Iterator[PostingList]:
    run.seek(0)
    try:
        while True:
            entry: PostingList = pickle.load(run)
            yield entry
    except EOFError:
        return
