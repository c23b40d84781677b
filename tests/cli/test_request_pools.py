"""Heavy requests wait for each other and for nobody else; who has gone, or does not read, holds up nothing.

A real server on loopback. Views wait for events of the test, so that nothing here hangs on how quick the machine is.
"""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader

import pytest
import waitress
from flask import Flask, Response
from waitress import wasyncore

from searchapp.cli.request_pools import MOST_UNSENT, WAITING_PER_PLACE, RequestPools
from searchapp.cli.server import UNHELD, Serving, Sockets
from searchapp.errors import BusyError, ClientGoneError
from searchapp.time_limit import checkpoint
from searchapp.web.http.limits import heavy, install_limits, weigher
from searchapp.web.http.responses import made_whole

SECONDS = 60
LARGE = b"x" * (MOST_UNSENT // 2)
LARGE_BYTES = 5 * len(LARGE)
"""More than the buffers of a connection take (some ten million), and may be left before the next answer besides."""


class Site:
    """What the views of the server under test do, and have done."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = threading.Semaphore(0)
        self.gone = threading.Event()
        self.runs: list[str] = []
        self.rounds = 0

    def application(self) -> Flask:
        app = Flask(__name__)
        app.config["HEAVY_SECONDS"] = SECONDS
        app.url_map.strict_slashes = False
        install_limits(app)
        app.register_error_handler(BusyError, lambda error: (f"{error}", 503))
        app.register_error_handler(ClientGoneError, self._left)

        @app.get("/export/<name>")
        @heavy()
        def export(name: str) -> str:
            self.runs.append(name)
            self.begun.release()
            assert self.go.wait(SECONDS)
            return name

        @app.get("/loop")
        @heavy()
        def loop() -> str:
            self.begun.release()
            while True:
                checkpoint()
                self.rounds += 1
                time.sleep(0.001)

        @app.get("/light")
        def light() -> str:
            return "light"

        @app.get("/light/slow")
        def slow() -> str:
            self.begun.release()
            assert self.go.wait(SECONDS)
            return "slow"

        @app.get("/large")
        def large() -> Response:
            return made_whole(iter([LARGE] * 5), "text/plain")

        return app

    def _left(self, error: Exception) -> Response:
        self.gone.set()
        return Response(status=503)

    def wait_for(self, count: int) -> None:
        """Until so many heavy views have begun."""
        for _ in range(count):
            assert self.begun.acquire(timeout=SECONDS)


Serve = Callable[..., int]


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.go.set()


@pytest.fixture
def serve(site: Site) -> Iterator[Serve]:
    """Starts a server of ``site``; its port."""
    with ExitStack() as started:

        def start(light: int = 2, places: int = 1, patience_seconds: float = SECONDS) -> int:
            sockets: Sockets = {}
            app = site.application()
            pools = RequestPools(weigher(app), light, places, patience_seconds)
            server = waitress.create_server(app, map=sockets, host="127.0.0.1", port=0, _dispatcher=pools, **UNHELD)
            serving = Serving(sockets, patience_seconds=0)
            thread = threading.Thread(target=serving.run)
            thread.start()
            started.callback(wasyncore.close_all, sockets)
            started.callback(pools.shutdown)
            started.callback(thread.join, SECONDS)
            started.callback(serving.stop)
            started.callback(site.go.set)
            return int(server.effective_port)

        yield start


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        yield connection


def ask(connection: socket.socket, *paths: str) -> None:
    connection.sendall("".join(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n" for path in paths).encode())


def answer(connection: socket.socket) -> tuple[int, str]:
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, response.read().decode("utf-8")


def answers(connection: socket.socket, count: int) -> list[tuple[int, str]]:
    """Several that may have come at once."""
    with connection.makefile("rb") as stream:
        return [_read(stream) for _ in range(count)]


def _read(stream: BufferedReader) -> tuple[int, str]:
    status = int(stream.readline().split()[1])
    length = int(http.client.parse_headers(stream)["Content-Length"])
    return status, stream.read(length).decode("utf-8")


def get(port: int, path: str) -> tuple[int, str]:
    with connected(port) as connection:
        ask(connection, path)
        return answer(connection)


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("path", ["/export/{}", "/export/{}/", "//export/{}", "/%65xport/{}", "/export/{}?q=%E5%85%9A"])
def test_light_requests_never_wait_for_heavy_ones(site: Site, serve: Serve, path: str) -> None:
    port = serve(light=1)
    with connected(port) as first, connected(port) as second:
        for number, connection in enumerate((first, second)):
            ask(connection, path.format(number))
        site.wait_for(1)
        assert get(port, "/light") == (200, "light")
        assert len(site.runs) == 1
        site.go.set()
        assert sorted(answer(connection) for connection in (first, second)) == [(200, "0"), (200, "1")]


def test_a_full_queue_says_how_many_are_ahead(site: Site, serve: Serve) -> None:
    port = serve()
    with ExitStack() as opened:
        waiting = [opened.enter_context(connected(port)) for _ in range(1 + WAITING_PER_PLACE)]
        for number, connection in enumerate(waiting):
            ask(connection, f"/export/{number}")
        site.wait_for(1)
        refused = get(port, "/export/last")
        assert refused[0] == 503
        assert f"前面已有 {1 + WAITING_PER_PLACE} 个" in refused[1]
        site.go.set()
        assert [answer(each)[0] for each in waiting] == [200] * len(waiting)
    assert sorted(site.runs) == sorted(map(str, range(1 + WAITING_PER_PLACE)))
    assert get(port, "/export/again") == (200, "again")


def test_what_waits_too_long_is_refused(site: Site, serve: Serve) -> None:
    port = serve(patience_seconds=0.2)
    with connected(port) as first:
        ask(first, "/export/first")
        site.wait_for(1)
        status, told = get(port, "/export/second")
    assert (status, site.runs) == (503, ["first"])
    assert "排队等了 0.2 秒" in told
    assert "前面还有 1 个" in told


def test_who_has_gone_from_the_queue_is_dropped_and_leaves_room(site: Site, serve: Serve) -> None:
    port = serve()
    with connected(port) as first:
        ask(first, "/export/first")
        site.wait_for(1)
        for number in range(3 * WAITING_PER_PLACE):
            with connected(port) as gone:
                ask(gone, f"/export/gone-{number}")
        with connected(port) as second:
            wait_until(lambda: _is_taken(second, "/export/second"))
            site.go.set()
            assert answer(second) == (200, "second")
    assert site.runs == ["first", "second"]


def _is_taken(connection: socket.socket, path: str) -> bool:
    """Whether a request waits, or is refused at once."""
    ask(connection, path)
    connection.settimeout(0.5)
    try:
        return not answer(connection)
    except TimeoutError:
        return True
    finally:
        connection.settimeout(SECONDS)


def test_work_for_a_client_that_has_gone_ends(site: Site, serve: Serve) -> None:
    port = serve()
    with connected(port) as connection:
        ask(connection, "/loop")
        site.wait_for(1)
        assert not site.gone.is_set()
    assert site.gone.wait(SECONDS)
    site.go.set()
    assert get(port, "/export/next") == (200, "next")


def test_heavy_work_rests_while_a_light_request_is_there(site: Site, serve: Serve) -> None:
    port = serve()
    with connected(port) as heavy_one, connected(port) as light_one:
        ask(heavy_one, "/loop")
        site.wait_for(1)
        alone = _rounds(site)
        ask(light_one, "/light/slow")
        site.wait_for(1)
        assert _rounds(site) < alone / 2
        site.go.set()
        assert answer(light_one) == (200, "slow")
        assert _rounds(site) > 0


def _rounds(site: Site) -> int:
    """Of the heavy loop, in a second."""
    before = site.rounds
    time.sleep(1)
    return site.rounds - before


def test_each_request_of_a_connection_goes_its_own_way(site: Site, serve: Serve) -> None:
    port = serve(light=1)
    with connected(port) as connection, connected(port) as other:
        ask(connection, "/light", "/export/second", "/light")
        assert answer(connection) == (200, "light")
        site.wait_for(1)
        ask(other, "/export/third")
        assert get(port, "/light") == (200, "light")
        assert site.runs == ["second"]
        site.go.set()
        assert answers(connection, 2) == [(200, "second"), (200, "light")]
        assert answer(other) == (200, "third")


def test_a_reader_that_takes_nothing_holds_no_thread(site: Site, serve: Serve) -> None:
    port = serve(light=1)
    with ExitStack() as opened:
        slow = [opened.enter_context(connected(port)) for _ in range(2)]
        for connection in slow:
            ask(connection, "/large")
        assert get(port, "/light") == (200, "light")
        assert [len(answer(connection)[1]) for connection in slow] == [LARGE_BYTES] * 2


def test_a_connection_that_takes_nothing_gets_one_answer(site: Site, serve: Serve) -> None:
    """However many it asks for at once: each would lie on the server's disk."""
    port = serve(light=1)
    with connected(port) as connection:
        ask(connection, *["/large"] * 5)
        assert get(port, "/light") == (200, "light")
        assert len(answer(connection)[1]) == LARGE_BYTES
        assert connection.recv(1) == b""


def test_requests_that_cannot_be_read_are_answered(serve: Serve) -> None:
    port = serve()
    for line in (b"GET\r\n\r\n", b"GET /%ff%fe HTTP/1.1\r\n\r\n", b"BREW /export/1 HTTP/1.1\r\n\r\n"):
        with connected(port) as connection:
            connection.sendall(line)
            assert 400 <= answer(connection)[0] < 500
    assert get(port, "/light") == (200, "light")
