"""``searchapp serve``: the web pages and the API, on waitress."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from pathlib import Path

import click
import waitress

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.listening import Serving, Sockets, be_lenient
from searchapp.cli.options import index_option, opensearch_prefix_option, opensearch_url_option
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
        click.echo(f"提醒：{exc}", err=True)
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
        click.echo(f"searchapp：无法在 {host}:{port} 打开服务（{exc}）。可换一个端口：--port 5001", err=True)
        sys.exit(1)
    be_lenient(sockets)
    serving = Serving(sockets)
    # Process 1 of a container gets no signal but those that it has a handler for.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, serving.stop)
    bound = getattr(server, "effective_port", port)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"searchapp 已就绪：http://{shown}:{bound}  （按 Ctrl+C 结束）")
    sys.stdout.flush()
    if left := serving.run():
        click.echo(f"searchapp：有 {left} 个回答没有送完。", err=True)
