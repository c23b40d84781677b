"""Connections of a server, step by step: the clock and the one thread that answers are the test's."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from waitress import wasyncore

from searchapp.cli import connections, server
from searchapp.cli.connections import CONNECTIONS, RESERVED_DESCRIPTORS, Limits, channels_of, close_overdue, room_for
from searchapp.cli.connections import open_listeners as listen
from searchapp.web import AllowedHosts

from .conftest import Run

LIMITS = Limits(connections=3, idle=15, request=60, stalled=120)
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
LARGE = 25_000_000
"""Bytes of an answer that no buffers of a system take."""


class Server:
    """A server whose clock stands still, and which answers when it is told to."""

    def __init__(self, limits: Limits, started: ExitStack) -> None:
        self.now, self.limits, self.tasks = 1000.0, limits, []
        self.sockets: dict[int, Any] = {}
        self._started = started
        self.body = b"yes"
        application = lambda _, begin: (begin("200 OK", [("Content-Length", str(len(self.body)))]), [self.body])[1]  # noqa: E731
        (self.listener,) = listen(
            application, self.sockets, limits, dispatcher=self, host="127.0.0.1", port=0, outbuf_high_watermark=1 << 30
        )
        started.callback(lambda: wasyncore.close_all(self.sockets))

    def add_task(self, channel: Any) -> None:
        """What waitress asks of its threads."""
        self.tasks.append(channel)

    def look(self, times: int = 3) -> None:
        """Does what the sockets are ready for."""
        for _ in range(times):
            wasyncore.loop(timeout=0.002, map=self.sockets, count=1, use_poll=True)

    def answer(self) -> None:
        """Lets the thread answer everything."""
        while self.tasks:
            self.tasks.pop(0).service()
            self.look()

    def later(self, seconds: float) -> int:
        """The clock moves on in steps of a second; how many connections were closed."""
        closed = 0
        for _ in range(int(seconds)):
            self.now += 1
            closed += close_overdue(self.sockets, self.limits)
        return closed

    def connect(self, send: bytes = b"", source: str = "127.0.0.1") -> socket.socket:
        """A connection that the server has looked at."""
        address = ("127.0.0.1", int(self.listener.effective_port))
        connection = self._started.enter_context(
            socket.create_connection(address, timeout=10, source_address=(source, 0))
        )
        connection.sendall(send)
        self.look()
        return connection


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Server]]:
    """Starts such a server."""
    with ExitStack() as started:

        def make(limits: Limits = LIMITS) -> Server:
            server = Server(limits, started)
            monkeypatch.setattr(connections, "monotonic", lambda: server.now)
            monkeypatch.setattr(connections, "_quiet_until", {})
            return server

        yield make


def is_open(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1 << 20) != b""
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False


def test_seventeen_browsers_and_many_more_are_answered(start: Callable[..., Server]) -> None:
    server = start(Limits())
    idle = [server.connect() for _ in range(6 * 17)]
    newest = server.connect(REQUEST)
    server.answer()
    assert newest.recv(1000).startswith(b"HTTP/1.1 200")
    assert all(map(is_open, idle))
    assert Limits().connections >= CONNECTIONS >= 1000


def test_descriptors_beyond_those_of_select_are_looked_at(start: Callable[..., Server]) -> None:
    server = start()
    first = os.dup(0)
    dups = [first]
    try:
        try:
            dups.extend(os.dup(0) for _ in range(1100))
        except OSError:
            pytest.skip("this process may not open 1,100 files")
        connection = server.connect(REQUEST)
        assert max(server.sockets) > 1024
        server.answer()
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")
    finally:
        for each in dups:
            os.close(each)


def test_at_the_limit_the_one_that_has_been_idle_longest_makes_room(start: Callable[..., Server]) -> None:
    server = start()
    first, second, third = server.connect(), server.connect(), server.connect()
    server.later(5)
    first.sendall(REQUEST)  # the oldest connection, but not idle for as long as the others
    server.look()
    server.answer()
    assert first.recv(1000).startswith(b"HTTP/1.1 200")
    fourth = server.connect(REQUEST)
    server.answer()
    assert fourth.recv(1000).startswith(b"HTTP/1.1 200")
    assert [is_open(each) for each in (first, second, third)] == [True, False, True]


def test_at_the_limit_a_half_sent_request_makes_room_and_one_under_way_does_not(start: Callable[..., Server]) -> None:
    server = start()
    under_way = [server.connect(REQUEST), server.connect(REQUEST)]
    half = server.connect(REQUEST[:10])
    newest = server.connect(REQUEST)
    server.look()
    assert not is_open(half)
    last = server.connect(REQUEST)
    looks = len(channels_of(server.sockets))
    assert looks == LIMITS.connections
    server.answer()
    assert all(each.recv(1000).startswith(b"HTTP/1.1 200") for each in (*under_way, newest))
    server.now += 1
    server.look(5)
    server.answer()
    assert last.recv(1000).startswith(b"HTTP/1.1 200")


def test_an_idle_connection_is_closed_and_one_that_waits_for_a_thread_is_not(start: Callable[..., Server]) -> None:
    server = start()
    idle, queued = server.connect(), server.connect(REQUEST)
    assert server.later(14) == 0
    assert server.later(600) == 1
    server.answer()
    assert queued.recv(1000).startswith(b"HTTP/1.1 200")
    assert not is_open(idle)
    assert server.later(14) == 0
    assert server.later(3) == 1


@pytest.mark.parametrize(
    ("first", "drip"),
    [
        (b"GET /", b"x"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"a: b\r\n"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n", b"x"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"", b"\r\n"),
        (b"", b"\r\n\r\n"),
    ],
    ids=["address", "headers", "body", "chunks", "line ends", "empty lines"],
)
def test_a_request_that_trickles_in_for_ever_is_closed(start: Callable[..., Server], first: bytes, drip: bytes) -> None:
    server = start()
    connection = server.connect(first)
    seconds = 0
    while channels_of(server.sockets) and seconds < 1000:
        connection.sendall(drip)
        server.look(1)
        seconds += 5
        server.later(5)
    assert seconds <= LIMITS.idle + LIMITS.request + 10
    assert not server.tasks


def test_a_slow_reader_is_left_alone_and_one_that_takes_nothing_is_not(start: Callable[..., Server]) -> None:
    server = start()
    server.body = b"x" * LARGE
    connection = server.connect(REQUEST)
    server.answer()
    for _ in range(3):
        server.later(100)
        taken = 0
        while taken < 3_000_000:
            taken += len(connection.recv(1_000_000))
            server.look(1)
    assert len(channels_of(server.sockets)) == 1
    server.later(122)
    assert not channels_of(server.sockets)


def test_out_of_descriptors_it_says_so_once_pauses_and_goes_on(
    start: Callable[..., Server], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server = start()
    idle = server.connect()
    failures: list[int] = []

    def fail() -> None:
        failures.append(1)
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as broken, caplog.at_level(logging.WARNING):
        broken.setattr(server.listener, "accept", fail)
        waiting = server.connect(REQUEST)
        server.look(50)
        assert len(failures) == 1
        server.now += 1
        server.look(50)
        assert len(failures) == 2
    assert len([each for each in caplog.records if each.name.startswith("searchapp")]) == 1
    assert not is_open(idle)
    server.now += 1
    server.look()
    server.answer()
    assert waiting.recv(1000).startswith(b"HTTP/1.1 200")


def test_one_address_has_no_more_than_its_share(start: Callable[..., Server]) -> None:
    server = start(Limits(connections=10, per_address=2))
    try:
        other = server.connect(REQUEST, source="127.0.0.2")
    except OSError:
        pytest.skip("this machine has one loopback address")
    busy, idle = server.connect(REQUEST), server.connect()
    third = server.connect(REQUEST)
    assert (is_open(idle), is_open(third)) == (False, True)
    fourth = server.connect()
    assert not is_open(fourth)
    server.answer()
    assert all(each.recv(1000).startswith(b"HTTP/1.1 200") for each in (other, busy, third))


@pytest.mark.parametrize(
    ("soft", "hard", "raised", "room"),
    [
        (256, 1 << 20, 2 * 1000 + RESERVED_DESCRIPTORS, 1000),
        (1024, 2000, 2000, 1000),
        (1024, 1024, None, 1024 - RESERVED_DESCRIPTORS),
        (64, 64, None, connections.LEAST_CONNECTIONS),
        (1 << 20, 1 << 20, None, 1000),
        (256, -1, 2 * 1000 + RESERVED_DESCRIPTORS, 1000),
        (-1, -1, None, 1000),
    ],
)
def test_the_limit_of_open_files_is_raised_as_far_as_it_goes(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised: int | None, room: int
) -> None:
    resource = pytest.importorskip("resource")
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "RLIM_INFINITY", -1)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    assert room_for(1000) == room
    assert asked == ([(raised, hard)] if raised else [])


@pytest.fixture
def told_hosts(monkeypatch: pytest.MonkeyPatch) -> list[AllowedHosts]:
    """What ``searchapp serve`` tells the application to answer to; it listens nowhere."""
    found: list[AllowedHosts] = []
    monkeypatch.setattr(server, "library_handle", lambda _: SimpleNamespace(current=lambda: None))
    monkeypatch.setattr(server, "create_app", lambda *_, allowed_hosts: found.append(allowed_hosts))
    monkeypatch.setattr(server, "weigher", lambda _: None)
    monkeypatch.setattr(server, "RequestPools", lambda *_: None)
    monkeypatch.setattr(server, "open_listeners", lambda *_, **__: [SimpleNamespace(effective_port=5000)])
    monkeypatch.setattr(server, "room_for", lambda wanted: wanted)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(server.Serving, "run", lambda _: 0)
    return found


@pytest.mark.parametrize(
    ("words", "host", "warning"),
    [
        ("", "127.0.0.1", ""),
        ("--host 0.0.0.0", "10.1.2.3", "提醒：能连到本机的人都能打开"),
        ("--host 0.0.0.0 --allow-any-host", "evil.example", ""),
        ("--host 0.0.0.0 --trusted-proxy * --allow-host search.example", "search.example", ""),
    ],
)
def test_who_listens_to_the_network_is_told_so(
    run: Run, told_hosts: list[AllowedHosts], words: str, host: str, warning: str
) -> None:
    done = run("serve", *words.split())
    (hosts,) = told_hosts
    assert done.exit_code == 0
    assert hosts.allow(host)
    assert hosts.allow("evil.example") == ("--allow-any-host" in words)
    assert hosts.allow("10.1.2.3") == ("0.0.0.0" in words)
    assert done.stderr.startswith(warning)
    assert done.stderr.count("\n") == bool(warning)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--trusted-proxy 127.0.0.1 --connections-per-address 12", "limit_conn"),
        ("--allow-host *", "--allow-any-host"),
    ],
)
def test_options_that_cannot_be_are_told(run: Run, told_hosts: list[AllowedHosts], words: str, told: str) -> None:
    done = run("serve", *words.split())
    assert (done.exit_code, told_hosts) == (2, [])
    assert told in done.stderr
