"""Who of waitress's requests is answered when: light ones by threads of their own, heavy ones a few at a time.

A heavy request (``web.http.limits.heavy``) that waits holds no thread. As many wait as are allowed; one more, or one
that has waited too long, goes to the light threads, where the application tells why it is refused. What a client that
has gone was waiting for is dropped. Heavy work rests while light requests are there: threads share one interpreter, and
a light answer beside two heavy ones would take three times as long.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

from waitress.task import ThreadedTaskDispatcher

from searchapp.web.http.limits import Refusal, giving_way, refusing

WAITING_PER_PLACE = 4
"""So many heavy requests wait for each that is answered at once: more would wait longer than anybody does."""
PATIENCE_SECONDS = 60.0
"""A heavy request that has waited so long is told to come again."""
MOST_UNSENT = 1 << 24
"""Bytes of earlier answers that a connection may leave untaken and still be given the next one."""

Channel = Any
"""A connection of waitress, whose first request in ``requests`` is to be answered by its ``service()``."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    channel: Channel
    until: float


@dataclass(frozen=True, slots=True)
class _Task:
    """What a thread of waitress does; ``cancel`` when the server ends before."""

    channel: Channel
    service: Callable[[], None]

    def cancel(self) -> None:
        self.channel.cancel()


class RequestPools:
    """In place of waitress's own dispatcher. ``is_heavy``: by method, path and query, as waitress has them.

    ``light`` threads, and ``heavy`` ones besides, for as many heavy requests at once.
    """

    def __init__(
        self,
        is_heavy: Callable[[str, str, str], bool],
        light: int,
        heavy: int,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._is_heavy = is_heavy
        self._light, self._heavy = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
        self._light.set_thread_count(light)
        self._heavy.set_thread_count(heavy)
        self._free = heavy
        self._most_ahead = heavy * (1 + WAITING_PER_PLACE)
        self._places = heavy
        self._lights = 0
        self._patience = patience_seconds
        self._waiting: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        threading.Thread(target=self._refuse_late_ones, name="searchapp-queue", daemon=True).start()

    def add_task(self, channel: Channel) -> None:
        """Sees to it that ``channel`` is served, now or later; may be called by any thread."""
        if channel.total_outbufs_len > MOST_UNSENT:
            self._light.add_task(_Task(channel, partial(_end, channel)))
        elif self._weighs(channel.requests[0]):
            self._add_heavy(channel)
        else:
            self._add_light(channel)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> None:
        """Ends the threads, and what still waits."""
        with self._changed:
            waiting = list(self._waiting)
            self._waiting.clear()
        for each in waiting:
            each.channel.cancel()
        for pool in (self._light, self._heavy):
            pool.shutdown(cancel_pending, timeout)

    def _add_light(self, channel: Channel) -> None:
        with self._changed:
            self._lights += 1
        self._light.add_task(_Task(channel, partial(self._serve_light, channel)))

    def _serve_light(self, channel: Channel) -> None:
        try:
            channel.service()
        finally:
            with self._changed:
                self._lights -= 1

    def _light_ones_wait(self) -> bool:
        return self._lights > 0

    def _weighs(self, request: Any) -> bool:
        # What cannot be read as a request has no path; waitress itself answers it.
        return not request.error and self._is_heavy(request.command, request.path, request.query or "")

    def _add_heavy(self, channel: Channel) -> None:
        with self._changed:
            gone = self._without_gone()
            refused = self._ahead() >= self._most_ahead
            if not refused:
                self._waiting.append(_Waiting(channel, monotonic() + self._patience))
                self._begin()
                self._changed.notify()
        for each in gone:
            self._light.add_task(each.channel)
        if refused:
            self._refuse(channel, Refusal(self._most_ahead))

    def _ahead(self) -> int:
        return self._places - self._free + len(self._waiting)

    def _without_gone(self) -> list[_Waiting]:
        """Takes those whose clients have gone out of the queue. Serving them is no more than closing them."""
        gone = [each for each in self._waiting if not each.channel.connected]
        if gone:
            self._waiting = deque(each for each in self._waiting if each.channel.connected)
        return gone

    def _begin(self) -> None:
        """Gives free places to those who wait, the first first."""
        while self._free and self._waiting:
            self._free -= 1
            channel = self._waiting.popleft().channel
            self._heavy.add_task(_Task(channel, partial(self._serve, channel)))

    def _serve(self, channel: Channel) -> None:
        try:
            with giving_way(self._light_ones_wait):
                channel.service()
        finally:
            with self._changed:
                self._free += 1
                self._begin()

    def _refuse(self, channel: Channel, refusal: Refusal) -> None:
        def service() -> None:
            with refusing(refusal):
                channel.service()

        self._light.add_task(_Task(channel, service))

    def _refuse_late_ones(self) -> None:
        while True:
            with self._changed:
                left = self._waiting[0].until - monotonic() if self._waiting else None
                if left is None or left > 0:
                    self._changed.wait(left)
                    continue
                late = self._waiting.popleft()
                ahead = self._ahead()
            self._refuse(late.channel, Refusal(ahead, self._patience))


def _end(channel: Channel) -> None:
    """Answers no more on a connection that takes nothing; what has been answered is sent if it is taken after all."""
    with channel.requests_lock:
        channel.close_when_flushed = True
        for request in channel.requests:
            request.close()
        channel.requests = []
    channel.server.pull_trigger()
