"""The writers: a build from nothing goes into new indices, a change into the existing ones.

From nothing: documents are sent as they come, into ``…-v<N+1>``; the old indices serve until both aliases are switched
in one call. A change is spooled and sent at ``commit``; none of it is visible before the refresh that ends it. While it
is being sent the indices are marked as changing: if it is broken off, the next run builds from nothing.
"""

from __future__ import annotations

import contextlib
import pickle
import secrets
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opensearchpy import OpenSearch

from searchapp.engines.opensearch.bulk import Action, Bulk
from searchapp.engines.opensearch.documents import block_documents, moved_document, report_document
from searchapp.engines.opensearch.indices import Indices, Names, Pointer, write_pointer
from searchapp.engines.opensearch.library_heads import Heads
from searchapp.engines.opensearch.snapshot import BY_PLACE, Snapshot
from searchapp.errors import LibraryError, NotFoundError
from searchapp.language import tr
from searchapp.reports.model import paragraph_id
from searchapp.store.files import Span, Spool

if TYPE_CHECKING:
    from searchapp.engines.base import AnalyzedReport
    from searchapp.engines.embedded.packed_report import PackedReport

_KEYS_AT_ONCE = 1_000


class FreshWriter:
    """A build from nothing."""

    def __init__(self, indices: Indices, folder: Path) -> None:
        self._indices = indices
        self._folder = folder
        self._names = indices.create()
        self._bulk = Bulk(indices.client)
        self._orders: dict[str, int] = {}
        self._blocks = 0

    def add_report(self, packed: PackedReport) -> None:
        analyzed = packed.analyzed()
        order = STEP * len(self._orders)
        self._orders[analyzed.report.id] = order
        self._blocks += len(analyzed.blocks)
        self._bulk.send(actions_of(self._names, analyzed, order))

    def remove_report(self, report_id: str) -> None:
        raise NotFoundError(tr("没有这篇报告：{report_id}", report_id=report_id))

    def commit(self, order: Sequence[str]) -> None:
        self._bulk.finish()
        numbers = numbered(order, self._orders)
        moved = {known: number for known, number in numbers.items() if number != self._orders[known]}
        if moved:
            self._indices.refresh(self._names)
            _move(self._indices.client, self._names, moved)
        self._indices.refresh(self._names)
        self._indices.check(self._names, len(numbers), self._blocks)
        generation = secrets.token_hex(8)
        self._indices.mark(self._names, generation, changing=False)
        self._indices.switch(self._names)
        write_pointer(self._folder, self._indices.pointer(self._names, generation))

    def abort(self) -> None:
        self._bulk.abort()
        with contextlib.suppress(LibraryError):
            self._indices.drop(self._names)


class ChangingWriter:
    """A change of the indices that ``pointer`` leads to."""

    def __init__(self, indices: Indices, folder: Path, pointer: Pointer) -> None:
        indices.check_state(pointer)
        self._indices = indices
        self._folder = folder
        self._pointer = pointer
        self._names = pointer.names
        snapshot = Snapshot(indices.client, self._names.reports)
        self._orders = Heads(snapshot).orders()
        snapshot.close()
        self._spool = Spool(folder)
        self._added: dict[str, Span] = {}
        self._removed: set[str] = set()

    def add_report(self, packed: PackedReport) -> None:
        self._added[packed.id] = self._spool.add(pickle.dumps(packed, pickle.HIGHEST_PROTOCOL))

    def remove_report(self, report_id: str) -> None:
        if report_id not in self._orders:
            raise NotFoundError(tr("没有这篇报告：{report_id}", report_id=report_id))
        self._removed.add(report_id)

    def commit(self, order: Sequence[str]) -> None:
        known = {each: number for each, number in self._orders.items() if each not in self._removed}
        missing = [each for each in order if each not in known and each not in self._added]
        if missing:
            raise NotFoundError(tr("没有这篇报告：{report_id}", report_id=missing[0]))
        numbers = numbered(order, known)
        moved = {each: number for each, number in numbers.items() if each not in self._added and number != known[each]}
        generation = secrets.token_hex(8)
        if self._removed or self._added or moved:
            self._indices.mark(self._names, generation, changing=True)
            self._send(numbers, moved)
            self._indices.refresh(self._names)
            self._indices.mark(self._names, generation, changing=False)
        else:
            generation = self._pointer.generation
        write_pointer(self._folder, self._indices.pointer(self._names, generation))
        self._spool.close()

    def abort(self) -> None:
        self._spool.close()

    def _send(self, numbers: dict[str, int], moved: dict[str, int]) -> None:
        """Every document at most once: blocks that stay under their id are written over, not removed first."""
        gone = self._keys(self._removed)
        bulk = Bulk(self._indices.client)
        try:
            for report_id, span in self._added.items():
                packed: PackedReport = pickle.loads(self._spool.read(span))
                gone.get(report_id, set()).difference_update(packed.keys.split())
                bulk.send(actions_of(self._names, packed.analyzed(), numbers[report_id]))
            for report_id, keys in gone.items():
                bulk.send(_removals(self._names, report_id, keys, whole=report_id not in self._added))
            bulk.finish()
        except BaseException:
            bulk.abort()
            raise
        _move(self._indices.client, self._names, moved)

    def _keys(self, report_ids: set[str]) -> dict[str, set[str]]:
        """The keys of the blocks of reports that the cluster holds."""
        snapshot = Snapshot(self._indices.client, self._names.reports)
        found: dict[str, set[str]] = {}
        for some in _batches(sorted(report_ids)):
            body = {"query": {"terms": {"report": some}}, "_source": ["report", "keys"]}
            for hit in snapshot.scan(body, [{"order": "asc"}]):
                found[hit["_source"]["report"]] = set(hit["_source"]["keys"].split(" "))
        snapshot.close()
        return found


def actions_of(names: Names, analyzed: AnalyzedReport, order: int) -> Iterator[Action]:
    """What writes a report: its blocks, then itself."""
    for known, document in block_documents(analyzed, order):
        yield {
            "_op_type": "index",
            "_index": names.blocks,
            "_id": known,
            "routing": analyzed.report.id,
            **_body(document),
        }
    characters = sum(len(block.text) for block in analyzed.blocks)
    document = report_document(analyzed.report, order, characters)
    yield {"_op_type": "index", "_index": names.reports, "_id": analyzed.report.id, **_body(document)}


def _body(document: dict[str, Any]) -> dict[str, Any]:
    return {"_source": document}


def _removals(names: Names, report_id: str, keys: set[str], whole: bool) -> Iterator[Action]:
    for key in sorted(keys):
        known = paragraph_id(report_id, key)
        yield {"_op_type": "delete", "_index": names.blocks, "_id": known, "routing": report_id}
    if whole:
        yield {"_op_type": "delete", "_index": names.reports, "_id": report_id}


def _move(client: OpenSearch, names: Names, moved: dict[str, int]) -> None:
    """Gives reports that stay other places: their documents are read and written again."""
    blocks, reports = Snapshot(client, names.blocks), Snapshot(client, names.reports)
    heads, bulk = Heads(reports), Bulk(client)
    try:
        for some in _batches(sorted(moved)):
            query = {"terms": {"report": some}}
            for hit in blocks.scan({"query": query}, BY_PLACE):
                source = hit["_source"]
                report_id = source["report"]
                document = moved_document(source, heads.summary(report_id).meta, moved[report_id])
                yielded = {"_op_type": "index", "_index": names.blocks, "_id": hit["_id"], "routing": report_id}
                bulk.send([{**yielded, **_body(document)}])
            for hit in reports.scan({"query": query}, [{"order": "asc"}]):
                document = {**hit["_source"], "order": moved[hit["_id"]]}
                bulk.send([{"_op_type": "index", "_index": names.reports, "_id": hit["_id"], **_body(document)}])
        bulk.finish()
    except BaseException:
        bulk.abort()
        raise
    finally:
        blocks.close()
        reports.close()


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[at : at + _KEYS_AT_ONCE] for at in range(0, len(values), _KEYS_AT_ONCE))


STEP = 1 << 20
"""Between the order numbers of two new reports: such gaps let most reports keep theirs when others are added."""


def numbered(order: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """A number for every report of ``order``, ascending; as many as possible keep the one that is ``known``.

    New ones are spread evenly between their neighbours. Where no room is left all get new numbers.
    """
    kept = _ascending([known.get(report_id) for report_id in order])
    numbers: dict[str, int] = {}
    before: int | None = None
    waiting: list[str] = []
    for at, report_id in enumerate(order):
        if at not in kept:
            waiting.append(report_id)
            continue
        number = known[report_id]
        start = number - STEP * (len(waiting) + 1) if before is None else before
        if number - start <= len(waiting):
            return {each: STEP * place for place, each in enumerate(order)}
        for place, each in enumerate(waiting, 1):
            numbers[each] = start + (number - start) * place // (len(waiting) + 1)
        numbers[report_id] = before = number
        waiting = []
    for place, each in enumerate(waiting, 1):
        numbers[each] = (-STEP if before is None else before) + STEP * place
    return numbers


def _ascending(values: Sequence[int | None]) -> set[int]:
    """The places of a longest run of known values that ascends; the others must move."""
    ends: list[int] = []
    places: list[int] = []
    previous: dict[int, int | None] = {}
    for at, value in enumerate(values):
        if value is None:
            continue
        length = bisect_left(ends, value)
        previous[at] = places[length - 1] if length else None
        ends[length:] = [value, *ends[length + 1 :]]
        places[length:] = [at, *places[length + 1 :]]
    found: set[int] = set()
    at_end = places[-1] if places else None
    while at_end is not None:
        found.add(at_end)
        at_end = previous[at_end]
    return found
