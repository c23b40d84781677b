"""A point in time of one index: what a reader reads from, whatever is written meanwhile.

A point in time is bound to certain copies of the shards, so scores are the same from page to page. It is opened by the
first search, and again when the cluster has lost it (it expired unused, or a node has gone).
"""

from __future__ import annotations

import base64
import contextlib
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import OpenSearchException

from searchapp.engines.opensearch.client import Body, SnapshotLostError, translated, whole
from searchapp.engines.opensearch.queries import Query

KEEP_ALIVE = "30m"
"""How long the cluster keeps it after the last question."""

SCAN_SIZE = 1_000
"""Documents fetched at once when all are read."""

PAGE_VALUES = 10_000
"""Distinct values fetched at once when all are read."""

_LET_GO_SECONDS = 2
ATTEMPTS = 4
"""How often a question is asked while shards are moving to other nodes."""

PAUSE_SECONDS = 0.5


class Snapshot:
    """One index as it was when it was first asked. Safe to share between threads."""

    def __init__(self, client: OpenSearch, index: str) -> None:
        self._client = client
        self._index = index
        self._lock = threading.Lock()
        self._held: list[str] = []
        self._let_go = weakref.finalize(self, _delete, client, self._held)

    def search(self, body: Body, told: bool = False) -> Body:
        """The answer to one search; ``told``: with the scores of named parts of the query.

        Raises ``EngineUnavailableError`` unless the answer is whole.
        """
        return self._search([body], {"include_named_queries_score": "true"} if told else {})[0]

    def search_all(self, bodies: Sequence[Body]) -> list[Body]:
        """The answers to several searches, asked at once."""
        return self._search(bodies, {}) if bodies else []

    def _search(self, bodies: Sequence[Body], options: Body) -> list[Body]:
        for attempt in range(ATTEMPTS):
            point = ""
            try:
                point = self._point()
                return self._asked(bodies, point, options)
            except SnapshotLostError:
                self._forget(point)
                if attempt == ATTEMPTS - 1:
                    raise
                time.sleep(PAUSE_SECONDS * attempt)
        raise AssertionError("unreachable")

    def scan(self, body: Body, sort: list[Any], size: int = SCAN_SIZE, told: bool = False) -> Iterator[Body]:
        """Every hit of a search, in the order of ``sort``, whose values must be distinct."""
        after: list[Any] | None = None
        while True:
            asked = {**body, "size": size, "sort": sort, "track_total_hits": False}
            if after is not None:
                asked["search_after"] = after
            hits = self.search(asked, told)["hits"]["hits"]
            yield from hits
            if len(hits) < size:
                return
            after = hits[-1]["sort"]

    def composite(self, query: Body, sources: list[Any]) -> Iterator[tuple[Body, int]]:
        """Every distinct combination of values of the matching documents, ascending, with their exact number."""
        after: Body = {}
        while True:
            of_page: Body = {"size": PAGE_VALUES, "sources": sources, **({"after": after} if after else {})}
            body = {"query": query, "size": 0, "track_total_hits": False, "aggs": {"page": {"composite": of_page}}}
            page = self.search(body)["aggregations"]["page"]
            for bucket in page["buckets"]:
                yield bucket["key"], bucket["doc_count"]
            if len(page["buckets"]) < PAGE_VALUES:
                return
            after = page["after_key"]

    def close(self) -> None:
        """Lets the cluster drop it."""
        self._let_go()

    def _asked(self, bodies: Sequence[Body], point: str, options: Body) -> list[Body]:
        pointed = [{**body, "pit": {"id": point, "keep_alive": KEEP_ALIVE}} for body in bodies]
        with translated():
            if len(pointed) == 1:
                params = {"search_type": "dfs_query_then_fetch", "allow_partial_search_results": "false"}
                params.update(options)
                return [whole(self._client.search(body=pointed[0], params=params))]
            lines: list[Body] = []
            for body in pointed:
                lines += [{"search_type": "dfs_query_then_fetch", "allow_partial_search_results": False}, body]
            answers = self._client.msearch(body=lines)["responses"]
        return [whole(answer) for answer in answers]

    def _point(self) -> str:
        with self._lock:
            if not self._held:
                with translated():
                    params = {"keep_alive": KEEP_ALIVE, "allow_partial_pit_creation": "false"}
                    self._held.append(self._client.create_pit(index=self._index, params=params)["pit_id"])
            return self._held[0]

    def _forget(self, point: str) -> None:
        with self._lock:
            if self._held == [point]:
                lost = self._held.copy()
                self._held.clear()
                _delete(self._client, lost)


def _delete(client: OpenSearch, held: list[str]) -> None:
    if held:
        with contextlib.suppress(OpenSearchException, OSError):
            client.delete_pit(body={"pit_id": list(held)}, params={"request_timeout": _LET_GO_SECONDS})
        held.clear()


BY_PLACE = [{"order": "asc"}, {"position": "asc"}]
TEXTS_AT_ONCE = 2_000

COLUMNS: dict[str, Any] = {"_source": False, "stored_fields": "_none_"}
"""A search whose hits hold nothing but the columns it asks for."""


def texts(snapshot: Snapshot, query: Query) -> Iterator[tuple[str, str]]:
    """Paragraph id and normalized text of every block that matches, from columns: no document is opened."""
    body = {"query": query, **COLUMNS, "docvalue_fields": ["pid", "text"]}
    for hit in snapshot.scan(body, BY_PLACE, TEXTS_AT_ONCE):
        fields = hit["fields"]
        yield fields["pid"][0], _decoded(fields["text"][0])


def _decoded(column: str) -> str:
    """The cluster gives bytes in the other alphabet, and without padding."""
    return base64.urlsafe_b64decode(column + "=" * (-len(column) % 4)).decode("utf-8")
