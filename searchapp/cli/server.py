"""``searchapp serve``: the web pages and the API on waitress, with unescaped addresses accepted and a clean shutdown.

RFC 9110 requires addresses to be percent-encoded, and browsers encode them; curl sends Chinese as typed, and waitress
refuses such a line, in English. Bytes beyond ASCII mean nothing else in a request line, so they are encoded here; all
other parsing is left to waitress.
"""

from __future__ import annotations

import logging
import re
import signal
import socket
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import click
import waitress
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import index_option, opensearch_prefix_option, opensearch_url_option
from searchapp.cli.output import say, show
from searchapp.config import DEFAULT_HOST, DEFAULT_PORT, Settings
from searchapp.errors import LibraryError
from searchapp.web import create_app
from searchapp.wiring import INDEXING_ENGINES, library_handle

SERVER_THREADS = 8
PROXY_HEADERS = frozenset({"x-forwarded-for", "x-forwarded-proto"})
"""What a trusted proxy says of the one who asks; the name asked for reaches us as ``Host``."""
MAX_REQUEST_BYTES = 1 << 24
"""What the server takes in before it refuses, in its own words; the pages tell of far smaller limits in Chinese."""


@click.command("serve", cls=ChineseCommand)
@index_option
@click.option(
    "--engine",
    type=click.Choice(INDEXING_ENGINES),
    help="写 opensearch 时只读搜索集群，不要索引文件夹；其余引擎看索引文件夹本身。",
)
@opensearch_url_option
@opensearch_prefix_option
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="监听的地址；0.0.0.0 供局域网访问。")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(0, 65535), help="端口。")
@click.option(
    "--trusted-proxy",
    metavar="ADDRESS",
    help="前面的反向代理（如 nginx）的地址：它说的访问者和 https 才可信；* 为任何来者，只在外面够不到本端口时用。",
)
def serve_command(
    index: Path,
    *,
    engine: str | None,
    opensearch_url: str,
    opensearch_prefix: str,
    host: str,
    port: int,
    trusted_proxy: str | None,
) -> None:
    """打开网页和接口服务。索引更新后无需重启。"""
    # Requests that wait for a thread are no news to who runs the server: with 50 readers there are dozens a second.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    handle = library_handle(Settings(index, engine, opensearch_url, opensearch_prefix))
    try:
        handle.current()
    except LibraryError as exc:
        say(f"提醒：{exc}")
    sockets: Sockets = {}
    try:
        server = waitress.create_server(
            create_app(handle.current),
            map=sockets,
            host=host,
            port=port,
            threads=SERVER_THREADS,
            max_request_body_size=MAX_REQUEST_BYTES,
            trusted_proxy=trusted_proxy,
            trusted_proxy_headers=PROXY_HEADERS if trusted_proxy else set(),
        )
    except (OSError, socket.gaierror) as exc:
        say(f"searchapp：无法在 {host}:{port} 打开服务（{exc}）。可换一个端口：--port 5001")
        sys.exit(1)
    be_lenient(sockets)
    serving = Serving(sockets)
    # Process 1 of a container gets no signal but those that it has a handler for.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, serving.stop)
    bound = getattr(server, "effective_port", port)
    shown = f"[{host}]" if ":" in host else host
    show(f"searchapp 已就绪：http://{shown}:{bound}  （按 Ctrl+C 结束）")
    sys.stdout.flush()
    if left := serving.run():
        say(f"searchapp：有 {left} 个回答没有送完。")


PATIENCE_SECONDS = 30
"""For how long a server that is told to stop goes on with the answers under way."""
_LOOK_SECONDS = 0.5

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_LINE_END = b"\r\n"


class LenientParser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A parser that takes bytes beyond ASCII in the request line for percent-encoded ones."""

    def parse_header(self, header_plus: bytes) -> None:
        """Raises waitress's ``ParsingError``."""
        line, end, rest = header_plus.partition(_LINE_END)
        super().parse_header(percent_encoded(line) + end + rest)


class LenientChannel(HTTPChannel):  # type: ignore[misc]
    """A connection whose requests are read by :class:`LenientParser`."""

    parser_class = LenientParser


def percent_encoded(line: bytes) -> bytes:
    """``line`` with every byte beyond ASCII as ``%XX``."""
    return _BEYOND_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line)


Sockets = dict[int, Any]
"""What a server of waitress waits for, by descriptor: whom it listens to, connections, and how its threads wake it."""


def be_lenient(sockets: Sockets) -> None:
    """Makes a server of waitress, or each of several for a name with several addresses, read requests so."""
    for listener in _listeners(sockets):
        listener.channel_class = LenientChannel


class Serving:
    """A server of waitress at work until it is told to stop, and then until the answers under way are out.

    waitress itself gives its threads five seconds and drops what they have left to be sent.
    """

    def __init__(self, sockets: Sockets, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._sockets = sockets
        self._patience = patience_seconds
        self._until: float | None = None

    def stop(self, *_: object) -> None:
        """Takes no more connections, and ends when its patience does; at once when it is told so again.

        A signal handler: it may come at any moment, so it raises nothing and leaves the work to the loop.
        """
        self._until = monotonic() + (self._patience if self._until is None else 0)
        for listener in _listeners(self._sockets):
            listener.pull_trigger()

    def run(self) -> int:
        """Answers until stopped. How many answers have been cut off."""
        while self._until is None:
            wasyncore.loop(timeout=_LOOK_SECONDS, map=self._sockets, count=1)
        for listener in _listeners(self._sockets):
            # Its trigger stays: by it the threads tell that there is something to send.
            wasyncore.dispatcher.close(listener)
        wasyncore.loop(timeout=0, map=self._sockets, count=1)  # requests that have come meanwhile
        while (left := self._under_way()) and monotonic() < self._until:
            wasyncore.loop(timeout=_LOOK_SECONDS, map=self._sockets, count=1)
        return left

    def _under_way(self) -> int:
        """Connections with a request or an answer in them; others are closed."""
        left = 0
        for channel in [each for each in self._sockets.values() if isinstance(each, HTTPChannel)]:
            # In this order: a thread takes the request away when all of the answer is there to be sent.
            if channel.requests or channel.request is not None or channel.total_outbufs_len:
                left += 1
            else:
                channel.handle_close()
        return left


def _listeners(sockets: Sockets) -> list[Any]:
    return [each for each in sockets.values() if isinstance(each, BaseWSGIServer)]
