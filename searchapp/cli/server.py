"""``searchapp serve``: the web pages and the API on waitress, with unescaped addresses accepted and a clean shutdown.

RFC 9110 requires addresses to be percent-encoded, and browsers encode them; curl sends Chinese as typed, and waitress
refuses such a line, in English. Bytes beyond ASCII mean nothing else in a request line, so they are encoded here; all
other parsing is left to waitress.
"""

from __future__ import annotations

import logging
import re
import signal
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import click
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer

from searchapp.cli.connections import CONNECTIONS, Channel, Limits, Sockets, close_overdue, open_listeners, room_for
from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import index_option, opensearch_prefix_option, opensearch_url_option
from searchapp.cli.output import say, show
from searchapp.cli.request_pools import WAITING_PER_PLACE, RequestPools
from searchapp.config import DEFAULT_HOST, DEFAULT_PORT, Settings
from searchapp.errors import LibraryError
from searchapp.web import AllowedHosts, create_app
from searchapp.web.http.limits import HEAVY_SECONDS, LIGHT_SECONDS, weigher
from searchapp.wiring import INDEXING_ENGINES, library_handle

SERVER_THREADS = 8
HEAVY_REQUESTS = 2
"""Exports, checks and the like that are made at once, by threads besides :data:`SERVER_THREADS`."""
PROXY_HEADERS = frozenset({"x-forwarded-for", "x-forwarded-proto"})
"""What a trusted proxy says of the one who asks; the name asked for reaches us as ``Host``."""
UNHELD = {"outbuf_high_watermark": sys.maxsize, "channel_request_lookahead": 1}
"""No thread waits for a reader: what is not yet taken of an answer lies in memory up to a megabyte, else in a temporary
file. And a connection is read while its request is answered, which is how one learns that the client has gone."""
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
    "--allow-host",
    "allow_hosts",
    metavar="NAME",
    multiple=True,
    help="也用这个名字打开，可多次；本机名、localhost 和 IP 地址不必写，只监听本机时 --host 以外的都要写。",
)
@click.option("--allow-any-host", is_flag=True, help="用什么名字都能打开；别的网站因此可能读到报告。")
@click.option(
    "--connections-per-address",
    metavar="N",
    default=0,
    type=click.IntRange(0),
    help="同一地址最多几个连接，0 为不限；浏览器各用 6 个。代理后面访问者都是代理的地址，改在代理上限制。",
)
@click.option(
    "--trusted-proxy",
    metavar="ADDRESS",
    help="前面的反向代理（如 nginx）的地址：它说的访问者和 https 才可信；* 为任何来者，只在外面够不到本端口时用。",
)
@click.option(
    "--heavy-requests",
    default=HEAVY_REQUESTS,
    show_default=True,
    type=click.IntRange(1, 64),
    metavar="N",
    help=f"费时的请求（导出、核对、对照等）同时做几个；另有 {WAITING_PER_PLACE} 倍可以排队，再多的请对方稍后再来。",
)
@click.option(
    "--light-seconds",
    default=LIGHT_SECONDS,
    show_default=True,
    type=click.FloatRange(0.1),
    metavar="SECONDS",
    help="一般的请求最多做几秒。",
)
@click.option(
    "--heavy-seconds",
    default=HEAVY_SECONDS,
    show_default=True,
    type=click.FloatRange(0.1),
    metavar="SECONDS",
    help="费时的请求最多做几秒。",
)
def serve_command(
    index: Path,
    *,
    engine: str | None,
    opensearch_url: str,
    opensearch_prefix: str,
    host: str,
    port: int,
    allow_hosts: tuple[str, ...],
    allow_any_host: bool,
    connections_per_address: int,
    trusted_proxy: str | None,
    heavy_requests: int,
    light_seconds: float,
    heavy_seconds: float,
) -> None:
    """打开网页和接口服务。索引更新后无需重启。"""
    # Requests that wait for a thread are no news to who runs the server: with 50 readers there are dozens a second.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    handle = library_handle(Settings(index, engine, opensearch_url, opensearch_prefix))
    try:
        handle.current()
    except LibraryError as exc:
        say(f"提醒：{exc}")
    if connections_per_address and trusted_proxy:
        raise click.UsageError(
            "--connections-per-address 不能与 --trusted-proxy 同用：代理后面所有访问者都是代理的地址。"
            "请在代理上限制（nginx：limit_conn）。"
        )
    try:
        hosts = AllowedHosts.of(host, allow_hosts, proxied=bool(trusted_proxy), every=allow_any_host)
    except ValueError as exc:
        raise click.BadParameter(
            f"不是主机名（{'、'.join(allow_hosts)}）。只写名字，如 search.example；什么名字都认用 --allow-any-host。",
            param_hint="--allow-host",
        ) from exc
    if hosts.machine and not trusted_proxy and not allow_any_host:
        say(
            "提醒：能连到本机的人都能打开，看到全部报告（没有账号，不加密）；"
            "用 IP 地址或本机名打开，别的名字要加 --allow-host。"
            "要口令或加密，请在前面放 nginx，并加 --trusted-proxy（见 docs/operating/deploy）。"
        )
    limits = Limits(room_for(CONNECTIONS), connections_per_address)
    if limits.connections < CONNECTIONS:
        say(
            f"提醒：打开文件数的上限太小，最多同时接受 {limits.connections} 个连接"
            f"（约 {limits.connections // 6} 个浏览器）。可先运行 ulimit -n 4096，或在 systemd 里写 LimitNOFILE=4096。"
        )
    sockets: Sockets = {}
    config = {"LIGHT_SECONDS": light_seconds, "HEAVY_SECONDS": heavy_seconds}
    app = create_app(handle.current, config, allowed_hosts=hosts)
    try:
        listeners = open_listeners(
            app,
            sockets,
            limits,
            channels=LenientChannel,
            dispatcher=RequestPools(weigher(app), SERVER_THREADS, heavy_requests),
            host=host,
            port=port,
            **UNHELD,
            max_request_body_size=MAX_REQUEST_BYTES,
            trusted_proxy=trusted_proxy,
            trusted_proxy_headers=PROXY_HEADERS if trusted_proxy else set(),
        )
    except (OSError, ValueError) as exc:
        say(f"searchapp：无法在 {host}:{port} 打开服务（{exc}）。可换一个端口：--port 5001")
        sys.exit(1)
    serving = Serving(sockets, limits=limits)
    # Process 1 of a container gets no signal but those that it has a handler for.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, serving.stop)
    bound = listeners[0].effective_port
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


class LenientChannel(Channel):
    """A connection whose requests are read by :class:`LenientParser`."""

    parser_class = LenientParser


def percent_encoded(line: bytes) -> bytes:
    """``line`` with every byte beyond ASCII as ``%XX``."""
    return _BEYOND_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line)


class Serving:
    """A server of waitress at work until it is told to stop, and then until the answers under way are out.

    waitress itself gives its threads five seconds and drops what they have left to be sent.
    """

    def __init__(
        self, sockets: Sockets, patience_seconds: float = PATIENCE_SECONDS, limits: Limits | None = None
    ) -> None:
        self._sockets = sockets
        self._limits = limits or Limits()
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
        due = monotonic()
        while self._until is None:
            self._look()
            if monotonic() >= due:
                close_overdue(self._sockets, self._limits)
                due = monotonic() + _LOOK_SECONDS
        for listener in _listeners(self._sockets):
            # Its trigger stays: by it the threads tell that there is something to send.
            wasyncore.dispatcher.close(listener)
        self._look(0)  # requests that have come meanwhile
        while (left := self._under_way()) and monotonic() < self._until:
            self._look()
        return left

    def _look(self, seconds: float = _LOOK_SECONDS) -> None:
        """Waits for the sockets once, and does what they are ready for; ``select`` knows 1024 descriptors only."""
        wasyncore.loop(timeout=seconds, map=self._sockets, count=1, use_poll=True)

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
