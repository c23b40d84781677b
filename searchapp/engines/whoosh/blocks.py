"""Inside Whoosh: its posting lists as arrays, a block of 128 postings at a time. Nothing else touches its inside.

What is written is what Whoosh's own codec (``whoosh.codec.whoosh3``) writes, byte for byte, so that any Whoosh reads it
and goes on writing. Where the inside is not as expected, :class:`UnexpectedInsideError` says so before anything is
done, and the caller takes the public way. Figures: docs/indexing.md, docs/ranking.md.
"""

from __future__ import annotations

import functools
import pickle
import re
import struct
import zlib
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import fields
from whoosh.codec import whoosh3
from whoosh.filedb.filestore import RamStorage
from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length

from searchapp.engines.whoosh.postings import CompactPool

Numbers = npt.NDArray[np.int64]
Frequencies = npt.NDArray[np.float64]

_MAGIC = b"W3Bl"
_LENGTH = struct.Struct("!i")
_INFO = re.compile(rb"\x80\x02\((?:K.|M..|J....|G.{8}){6}tq\x00\.", re.DOTALL)
"""The pickled tuple before every block: postings, last document, greatest weight, compression, two lengths."""
_LENGTHS: npt.NDArray[np.int64] = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.int64)


_OTHERWISE = (
    struct.error,
    zlib.error,
    pickle.UnpicklingError,
    EOFError,
    TypeError,
    ValueError,
    IndexError,
    OverflowError,
)


class UnexpectedInsideError(Exception):
    """Whoosh is not made as this module knows it."""


class BlockReader:
    """Posting lists of an open Whoosh reader. Raises ``UnexpectedInsideError`` on opening.

    Whoosh's files have one position each: whoever calls :meth:`packed` sees to it that no other thread reads from them.
    What it gives is the caller's own.
    """

    def __init__(self, reader: Any) -> None:
        self._segments: list[tuple[Any, Any, int]] = []
        for leaf, first in reader.leaf_readers():
            terms = getattr(leaf, "_terms", None)
            postings = getattr(terms, "_postfile", None)
            if leaf.doc_count_all() == 0:
                continue
            if type(terms) is not whoosh3.W3TermsReader or not hasattr(postings, "get"):
                raise UnexpectedInsideError("another codec")
            self._segments.append((leaf, postings, first))

    def packed(self, field: str, word: str) -> list[tuple[bytes, int, int]]:
        """For each segment that has the word: its list as bytes, how many postings, its first document's number.

        Raises ``UnexpectedInsideError``.
        """
        try:
            return self._packed(field, word)
        except (AttributeError, TypeError, ValueError) as exc:
            raise UnexpectedInsideError("other terms") from exc

    def _packed(self, field: str, word: str) -> list[tuple[bytes, int, int]]:
        found = []
        for leaf, postings, first in self._segments:
            try:
                told = leaf.term_info(field, word)
            except TermNotFound:
                continue
            if type(told) is not whoosh3.W3TermInfo or told.is_inlined():
                raise UnexpectedInsideError("another kind of list")
            offset, length = told.extent()
            # Whoosh 2.7 forgets to take the number out of the tuple that struct gives.
            length = length[0] if isinstance(length, tuple) else length
            found.append((postings.get(offset, length), int(told.doc_frequency()), first))
        return found


def unpacked(packed: Sequence[tuple[bytes, int, int]]) -> tuple[Numbers, Frequencies]:
    """Documents, ascending (deleted ones too), and frequencies of what :meth:`BlockReader.packed` gave.

    Raises ``UnexpectedInsideError``; also where the field was indexed without frequencies.
    """
    lists = [_unpacked(data, size) for data, size, _ in packed]
    numbers = [documents + first for (documents, _), (_, _, first) in zip(lists, packed, strict=True)]
    frequencies = [of_each for _, of_each in lists]
    return np.concatenate([np.zeros(0, np.int64), *numbers]), np.concatenate([np.zeros(0), *frequencies])


def _unpacked(data: bytes, size: int) -> tuple[Numbers, Frequencies]:
    # array.array takes a tuple of numbers ten times as fast as NumPy does.
    deltas = array("I")
    values: list[bytes] = []
    ends: list[int] = []
    lasts: list[int] = []
    if data[: len(_MAGIC)] != _MAGIC:
        raise UnexpectedInsideError("another kind of list")
    at, is_last = len(_MAGIC), False
    try:
        while not is_last:
            (length,) = _LENGTH.unpack_from(data, at)
            is_last = length < 0
            info = _INFO.match(data, at + _LENGTH.size)
            at += _LENGTH.size + abs(length)
            if info is None or at > len(data):
                raise UnexpectedInsideError("another kind of block")
            _, last, _, compression, _, _ = pickle.loads(info.group())
            block = data[info.end() : at]
            ids, _, of_ids = pickle.loads(zlib.decompress(block) if compression else block)
            deltas.extend(array("I", ids))
            values.append(of_ids)
            ends.append(len(deltas))
            lasts.append(last)
        frequencies = np.frombuffer(b"".join(values), dtype=">u4")
    except _OTHERWISE as exc:
        raise UnexpectedInsideError("another kind of block") from exc
    # Each block counts on from zero: what the block before ended with is taken back at its first document.
    bounds, reached = np.array(ends, dtype=np.int64), np.array(lasts, dtype=np.int64)
    steps = np.frombuffer(deltas, dtype=np.uint32).astype(np.int64)
    if not len(steps) == len(frequencies) == size or bounds[-1] != size:
        raise UnexpectedInsideError("another number of postings")
    steps[bounds[:-1]] -= reached[:-1]
    numbers = np.cumsum(steps)
    if np.any(numbers[bounds - 1] != reached):
        raise UnexpectedInsideError("another order of postings")
    return numbers, frequencies.astype(np.float64)


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

    def _lengths_of(self, field: str, lengths: Any) -> Numbers:
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
            with storage.create_index(schema).writer(compound=False) as writer, TemporaryDirectory() as folder:
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
