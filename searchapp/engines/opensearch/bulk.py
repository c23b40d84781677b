"""Documents into the cluster, many at once: held back when the cluster is full, never given up in silence."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError, ConnectionTimeout, TransportError
from opensearchpy.helpers import streaming_bulk

from searchapp.engines.opensearch.client import translated
from searchapp.errors import EngineUnavailableError
from searchapp.language import tr

CHUNK_DOCUMENTS = 500
CHUNK_BYTES = 8 * 1024 * 1024
AT_ONCE = 2
"""Requests under way at the same time."""

ATTEMPTS = 8
"""Of a document that the cluster refuses for now: 0.5, 1, 2 … 30 seconds apart, and as long as each refusal takes."""

SHARD_SECONDS = 15
"""How long the cluster may wait for a shard that is not there before it refuses for now."""

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
_FOR_NOW = frozenset({429, 502, 503, 504})
_GONE = 404

Action = dict[str, Any]


class Bulk:
    """Sends actions, each with an id of its own, so that sending one twice does no harm.

    What fails shows at a later :meth:`send`, at the latest at :meth:`finish`.
    """

    def __init__(self, client: OpenSearch, first_pause: float = FIRST_PAUSE) -> None:
        self._client = client
        self._pause = first_pause
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="bulk")
        self._waiting: list[Action] = []
        self._under_way: deque[Future[None]] = deque()

    def send(self, actions: Iterable[Action]) -> None:
        """Raises ``EngineUnavailableError`` when earlier ones could not be written."""
        for action in actions:
            self._waiting.append(action)
            if len(self._waiting) >= CHUNK_DOCUMENTS:
                self._start()

    def finish(self) -> None:
        """Waits until everything is written. Raises ``EngineUnavailableError``."""
        if self._waiting:
            self._start()
        while self._under_way:
            self._under_way.popleft().result()
        self._pool.shutdown()

    def abort(self) -> None:
        """Drops what has not been sent."""
        self._waiting.clear()
        self._pool.shutdown(cancel_futures=True)

    def _start(self) -> None:
        while len(self._under_way) >= AT_ONCE:
            self._under_way.popleft().result()
        self._under_way.append(self._pool.submit(self._write, self._waiting))
        self._waiting = []

    def _write(self, actions: list[Action]) -> None:
        pause = self._pause
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            last = attempt == ATTEMPTS - 1
            actions = self._refused(actions, last)
            if not actions:
                return
        raise EngineUnavailableError(
            tr("搜索集群一直忙不过来，有 {count} 段没有写进去；索引没有换成新的", count=len(actions))
        )

    def _refused(self, actions: list[Action], last: bool) -> list[Action]:
        """Sends actions; those that the cluster refuses for now."""
        by_key = {(action["_index"], action["_id"]): action for action in actions}
        refused: list[Action] = []
        try:
            with translated():
                results = streaming_bulk(
                    self._client,
                    actions,
                    chunk_size=CHUNK_DOCUMENTS,
                    max_chunk_bytes=CHUNK_BYTES,
                    raise_on_error=False,
                    yield_ok=False,
                    timeout=f"{SHARD_SECONDS}s",
                    request_timeout=4 * SHARD_SECONDS,
                )
                try:
                    for _, told in results:
                        ((kind, of_item),) = told.items()
                        if of_item["status"] in _FOR_NOW:
                            refused.append(by_key[of_item["_index"], of_item["_id"]])
                        elif not (kind == "delete" and of_item["status"] == _GONE):
                            raise EngineUnavailableError(tr("搜索集群不收一段文字：{reason}", reason=_reason(of_item)))
                except (ConnectionError, ConnectionTimeout, TransportError) as exc:
                    if last or not _passes(exc):
                        raise
                    return actions
        finally:
            del by_key
        return refused


def _passes(exc: TransportError) -> bool:
    """Whether trying again may help."""
    return isinstance(exc, ConnectionError) or exc.status_code in _FOR_NOW


def _reason(of_item: dict[str, Any]) -> str:
    error = of_item.get("error", {})
    return str(error.get("reason", error)) if isinstance(error, dict) else str(error)
