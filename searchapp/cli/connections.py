"""The connections of ``searchapp serve``: how many there may be, how long one may wait, which goes when there are many.

waitress stops accepting at its limit, and closes a connection only when neither side has sent a byte for a while: a
hundred idle browsers, or one that sends a byte a second, keep everybody else out. Here a connection waits
for a whole request, is being answered, or is sending; waiting and sending are bounded as a whole, and the connection
that has been idle longest makes room for a new one.
"""

from __future__ import annotations

import errno
import importlib
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

CONNECTIONS = 1000
"""How many may be open at once; a browser keeps up to six."""
IDLE_SECONDS = 15
"""How long a connection may be open without a request: browsers open another when they need one."""
REQUEST_SECONDS = 60
"""How long a request may take to arrive, from its first byte to its last: 16 MiB at 2.2 Mbit/s."""
STALLED_SECONDS = 120
"""How long a reader may take nothing of an answer that is there for it."""
PAUSE_SECONDS = 0.25
"""For how long none is accepted when there is no room for another."""
QUIET_SECONDS = 60
"""A warning of one kind is logged once in so many seconds."""
RESERVED_DESCRIPTORS = 512
"""Files of the builds, the segmenter's, the log's: what a server may have open besides connections."""
LEAST_CONNECTIONS = 16

_NO_DESCRIPTORS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_LOG = logging.getLogger("searchapp.connections")

Sockets = dict[int, Any]
"""What a server of waitress waits for, by descriptor: whom it listens to, connections, and how its threads wake it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Connections at once, those of one address among them (0: as many), and seconds in each stage."""

    connections: int = CONNECTIONS
    per_address: int = 0
    idle: float = IDLE_SECONDS
    request: float = REQUEST_SECONDS
    stalled: float = STALLED_SECONDS


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that knows what it waits for, and since when."""

    begun = 0
    """How many of its requests have begun to be answered."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._since, self._seen = monotonic(), self._stage()

    def service(self) -> None:
        """Answers one request; called by a thread of the pool."""
        self.begun += 1
        super().service()

    @property
    def is_waiting(self) -> bool:
        """Whether neither a whole request nor an answer is in it."""
        return not self.requests and not self.total_outbufs_len

    @property
    def is_idle(self) -> bool:
        """Whether nobody would miss it: it waits, and not even a part of a request has come."""
        return self.is_waiting and self.request is None

    def waited(self, now: float) -> float:
        """Seconds in its present stage, as seen from one call to the next; ``now`` is ``monotonic``'s."""
        if (stage := self._stage()) != self._seen:
            self._seen, self._since = stage, now
        return now - self._since

    def allowed(self, limits: Limits) -> float:
        """Seconds that its present stage may last."""
        if self.total_outbufs_len:
            return limits.stalled
        if self.requests:  # it waits for a thread or is being answered, which is bounded elsewhere
            return inf
        return limits.idle if self.request is None else limits.idle + limits.request

    def _stage(self) -> tuple[str, float]:
        """What has to change: when bytes were last sent; how many requests have come whole.

        What trickles in of a request changes nothing, nor do empty lines, which are no request.
        """
        if self.total_outbufs_len:
            return "sending", self.last_activity
        return ("answering" if self.requests else "waiting"), self.begun


class Listener(TcpWSGIServer):  # type: ignore[misc]
    """Accepts connections as long as there is room for them, and makes room."""

    channel_class = Channel
    limits = Limits()
    paused_until = 0.0

    def readable(self) -> bool:
        """Whether another may be accepted. That connections end is seen to by :func:`close_overdue`."""
        return bool(self.accepting) and monotonic() >= self.paused_until

    def handle_accept(self) -> None:
        """Accepts one, or makes room for it, or pauses: it never raises, or waitress would close the listener."""
        channels = channels_of(self._map)
        if len(channels) >= self.limits.connections:
            # The next is accepted only at the next look at the sockets: the events of this one go by descriptor, and a
            # new connection may get that of the one that was closed.
            warn_seldom("connections", "连接已满（%d 个），先断开闲着最久的。", self.limits.connections)
            if not make_room(channels):
                self._pause()
            return
        try:
            accepted = self.accept()
        except OSError as error:
            warn_seldom("accept", "暂时不能接受新的连接：%s", error)
            if error.errno in _NO_DESCRIPTORS:
                make_room(channels)
                self._pause()
            return
        if accepted is not None:
            connection, address = accepted
            self._take(connection, address, channels)

    def _take(self, connection: Any, address: Any, channels: list[Channel]) -> None:
        if self.limits.per_address:
            same = [each for each in channels if each.addr[0] == address[0]]
            if len(same) >= self.limits.per_address and not make_room(same):
                warn_seldom(address[0], "%s 的连接超过 %d 个，多出的不接受。", address[0], self.limits.per_address)
                connection.close()
                return
        try:
            self.set_socket_options(connection)
            self.channel_class(self, connection, self.fix_addr(address), self.adj, map=self._map)
        except OSError:  # it is gone already
            connection.close()

    def _pause(self) -> None:
        self.paused_until = monotonic() + PAUSE_SECONDS


def open_listeners(
    application: Callable[..., Any],
    sockets: Sockets,
    limits: Limits,
    *,
    channels: type[Channel] = Channel,
    dispatcher: Any = None,
    **options: Any,
) -> list[Listener]:
    """Listens at every address of ``host`` in ``options``, which are waitress's adjustments.

    ``channels`` reads requests; ``dispatcher`` has the threads, none: waitress's own. Raises ``OSError`` and, for a
    host that there is not, ``ValueError``.
    """
    adjustments = Adjustments(**options)
    if dispatcher is None:
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(adjustments.threads)
    listeners = []
    for address in adjustments.listen:
        listener = Listener(application, sockets, dispatcher=dispatcher, adj=adjustments, sockinfo=address)
        listener.limits, listener.channel_class = limits, channels
        listeners.append(listener)
    return listeners


def channels_of(sockets: Sockets) -> list[Channel]:
    """All connections."""
    return [each for each in sockets.values() if isinstance(each, Channel)]


def close_overdue(sockets: Sockets, limits: Limits) -> int:
    """Closes what has waited for too long: to be called every second or so, between two looks at the sockets.

    How many were closed.
    """
    now = monotonic()
    overdue = [channel for channel in channels_of(sockets) if channel.waited(now) > channel.allowed(limits)]
    for channel in overdue:
        channel.handle_close()
    return len(overdue)


def make_room(channels: list[Channel]) -> bool:
    """Closes the one that has been idle longest; when none is idle, the one whose request has been coming longest.

    Whether there was one: connections with a whole request or an answer in them stay.
    """
    now = monotonic()
    waiting = [each for each in channels if each.is_waiting]
    if not waiting:
        return False
    max(waiting, key=lambda each: (each.is_idle, each.waited(now))).handle_close()
    return True


def room_for(wanted: int) -> int:
    """How many of ``wanted`` connections this process has descriptors for, once its limit is raised as far as needed.

    A connection needs one, and a second while a large body or answer lies in a temporary file.
    """
    try:
        resource: Any = importlib.import_module("resource")
    except ImportError:  # Windows: select takes 512 sockets and has no poll
        return min(wanted, 400)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    needed = 2 * wanted + RESERVED_DESCRIPTORS
    highest = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    if highest > soft:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (highest, hard))
            soft = highest
        except (OSError, ValueError) as error:  # macOS names no limit, and has one
            _LOG.warning("不能提高打开文件数的上限（%d）：%s", soft, error)
    return min(wanted, max(LEAST_CONNECTIONS, int(soft) - RESERVED_DESCRIPTORS))


_warned: Counter[str] = Counter()
_quiet_until: dict[str, float] = {}


def warn_seldom(kind: str, message: str, *values: object) -> None:
    """Logs a warning, unless one of this ``kind`` was logged just now; the next says how many were left out."""
    now = monotonic()
    if now < _quiet_until.get(kind, 0.0):
        _warned[kind] += 1
        return
    if len(_quiet_until) > CONNECTIONS:  # kinds may be addresses
        _quiet_until.clear()
        _warned.clear()
    _quiet_until[kind] = now + QUIET_SECONDS
    more = _warned.pop(kind, 0)
    _LOG.warning(message + (f"（此前还有 {more} 次）" if more else ""), *values)
