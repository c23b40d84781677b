"""``searchapp serve`` as a real process: it says where it is, answers there, and follows the index."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from searchapp.cli.server import MAX_REQUEST_BYTES

from .conftest import Run, RunProcess

READY_WITHIN_SECONDS = 30


@contextmanager
def serving(environment: dict[str, str], index: Path) -> Iterator[http.client.HTTPConnection]:
    """A server on a free port, and a connection to the address it printed."""
    command = [sys.executable, "-m", "searchapp", "serve", "--index", str(index), "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    ) as process:
        assert process.stdout
        try:
            printed = process.stdout.readline()
            address = re.search(r"http://(127\.0\.0\.1):(\d+)", printed)
            assert address, printed
            connection = http.client.HTTPConnection(address[1], int(address[2]), timeout=READY_WITHIN_SECONDS)
            yield connection
            connection.close()
        finally:
            process.send_signal(signal.SIGTERM)


def get(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", quote(path, safe="/?=&%"))
    response = connection.getresponse()
    return response.status, response.read()


def test_it_answers_at_the_address_that_it_prints(environment: dict[str, str], index: Path) -> None:
    with serving(environment, index) as connection:
        status, body = get(connection, '/api/v1/search?q="两个维护"')
        assert status == 200
        assert json.loads(body)["total"] == 3
        assert get(connection, "/")[0] == 200


def test_it_begins_without_an_index_and_finds_the_first_one(
    environment: dict[str, str], run: Run, reports: Path, tmp_path: Path
) -> None:
    with serving(environment, tmp_path / "ix") as connection:
        status, body = get(connection, "/")
        assert status == 503
        assert "searchapp index" in body.decode("utf-8")
        assert run("index", reports, "--index", tmp_path / "ix").exit_code == 0
        status, body = get(connection, '/api/v1/search?q="两个维护"')
        assert status == 200
        assert json.loads(body)["total"] == 3


@pytest.mark.parametrize(
    ("path", "total"),
    [
        ('/api/v1/search?q="两个维护"', 3),
        ('/api/v1/search?q="两个维护"&unit=临江区水务局&year=2023', 3),
        ('/api/v1/search?q="两个维护"&unit=没有的局', 0),
    ],
)
def test_an_address_may_be_sent_as_it_is_typed(environment: dict[str, str], index: Path, path: str, total: int) -> None:
    """As curl sends it: UTF-8, not percent-encoded."""
    with serving(environment, index) as connection:
        assert connection.port
        with socket.create_connection((connection.host, connection.port), timeout=READY_WITHIN_SECONDS) as raw:
            raw.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            response = http.client.HTTPResponse(raw)
            response.begin()
            assert response.status == 200
            assert json.loads(response.read())["total"] == total


def test_bytes_that_are_no_text_are_no_error_either(environment: dict[str, str], index: Path) -> None:
    with serving(environment, index) as connection:
        assert connection.port
        with socket.create_connection((connection.host, connection.port), timeout=READY_WITHIN_SECONDS) as raw:
            raw.sendall(b"GET /search?q=\xff\xfe\xb5 HTTP/1.0\r\n\r\n")
            response = http.client.HTTPResponse(raw)
            response.begin()
            assert response.status == 200


def test_very_large_bodies_are_refused_before_they_are_taken_in(environment: dict[str, str], index: Path) -> None:
    with serving(environment, index) as connection:
        connection.putrequest("POST", "/api/v1/check")
        connection.putheader("Content-Type", "text/plain")
        connection.putheader("Content-Length", str(MAX_REQUEST_BYTES + 1))
        connection.endheaders(b"x")
        assert connection.getresponse().status == 413


def test_a_port_in_use_is_told(run_process: RunProcess, index: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_process("serve", "--index", index, "--port", str(port))
    assert done.returncode == 1
    assert str(port) in done.stderr.decode("utf-8")
    assert "--port" in done.stderr.decode("utf-8")
