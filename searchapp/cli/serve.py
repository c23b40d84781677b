"""``searchapp serve``: the web pages and the API, on waitress."""

from __future__ import annotations

import logging
import socket
import sys
from pathlib import Path

import click
import waitress

from searchapp.cli.chinese import ChineseCommand
from searchapp.cli.listening import be_lenient
from searchapp.cli.options import index_option
from searchapp.config import DEFAULT_HOST, DEFAULT_PORT, Settings
from searchapp.errors import LibraryError
from searchapp.web import create_app
from searchapp.wiring import library_handle

SERVER_THREADS = 8
MAX_REQUEST_BYTES = 1 << 24
"""What the server takes in before it refuses, in its own words; the pages tell of far smaller limits in Chinese."""


@click.command("serve", cls=ChineseCommand)
@index_option
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="监听的地址；0.0.0.0 供局域网访问。")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(0, 65535), help="端口。")
def serve_command(index: Path, host: str, port: int) -> None:
    """打开网页和接口服务。索引更新后无需重启。"""
    # Requests that wait for a thread are no news to who runs the server: with 50 readers there are dozens a second.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    handle = library_handle(Settings(index))
    try:
        handle.current()
    except LibraryError as exc:
        click.echo(f"提醒：{exc}", err=True)
    try:
        server = waitress.create_server(
            create_app(handle.current),
            host=host,
            port=port,
            threads=SERVER_THREADS,
            max_request_body_size=MAX_REQUEST_BYTES,
        )
    except (OSError, socket.gaierror) as exc:
        click.echo(f"searchapp：无法在 {host}:{port} 打开服务（{exc}）。可换一个端口：--port 5001", err=True)
        sys.exit(1)
    be_lenient(server)
    bound = getattr(server, "effective_port", port)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"searchapp 已就绪：http://{shown}:{bound}  （按 Ctrl+C 结束）")
    sys.stdout.flush()
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()
