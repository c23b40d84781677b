"""SIGTERM and Ctrl-C: a server sends the answers under way and ends; a command gives up, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import waitress

from searchapp.cli.connections import Sockets
from searchapp.cli.server import Serving

from .conftest import FARM_2024, Run

SECONDS = 120
"""How long anything here may take on a busy machine; it is waited for no longer than it takes."""
FORKSERVER_AND_TRACKER = 2
"""Processes that an indexing run starts before its workers."""
REPEATED = 8_000
"""Occurrences of a word, each a line of the export: more bytes than the buffers between two processes take."""
EXPORT = "/api/v1/export?q=%E5%85%9A&view=kwic&width=200"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")


@pytest.fixture(scope="module")
def long_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of one report, whose export is long."""
    top = tmp_path_factory.mktemp("stopping")
    (top / "a.txt").write_text(f"{FARM_2024}\n{'党建' * REPEATED}。\n", encoding="utf-8")
    command = [sys.executable, "-m", "searchapp", "index", str(top / "a.txt"), "--index", str(top / "index")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return top / "index"


Start = Callable[..., tuple[subprocess.Popen[str], int]]


@pytest.fixture
def start(environment: dict[str, str], long_index: Path) -> Iterator[Start]:
    """Starts a server, after words that start it; the process and the port."""
    with contextlib.ExitStack() as started:

        def serve(*words: str) -> tuple[subprocess.Popen[str], int]:
            command = [*words, sys.executable, "-m", "searchapp", "serve", "--index", str(long_index), "--port", "0"]
            process = started.enter_context(
                subprocess.Popen(
                    command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
                )
            )
            started.callback(process.kill)
            assert process.stdout
            address = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
            assert address
            return process, int(address[1])

        yield serve


def connection_to(port: int) -> socket.socket:
    """A connection whose reader takes little at a time."""
    made = socket.socket()
    made.settimeout(SECONDS)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(("127.0.0.1", port))
    return made


def ask(connection: socket.socket) -> http.client.HTTPResponse:
    """The answer to an export, of which no more than the head has been read."""
    connection.sendall(f"GET {EXPORT} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    response = http.client.HTTPResponse(connection)
    response.begin()
    assert response.status == 200
    return response


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=SECONDS).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_answer_under_way_arrives_whole_and_no_other_begins(start: Start, number: signal.Signals) -> None:
    process, port = start()
    with connection_to(port) as idle, connection_to(port) as connection:
        expected = ask(idle).read()
        assert len(expected) > 10_000_000
        response = ask(connection)
        process.send_signal(number)
        wait_until(lambda: refuses(port))
        assert process.poll() is None
        assert response.read() == expected
        assert process.wait(SECONDS) == 0
        assert idle.recv(1) == b""
    assert process.stderr and process.stderr.read() == ""


def test_a_second_signal_ends_it_at_once(start: Start) -> None:
    process, port = start()
    with connection_to(port) as connection:
        ask(connection)
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: refuses(port))
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    assert process.stderr and process.stderr.read() == "searchapp：有 1 个回答没有送完。\n"


def _descendants(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except FileNotFoundError:
        return []
    return [each for child in map(int, children) for each in (child, *_descendants(child))]


def test_process_1_ends_too(start: Start) -> None:
    """The kernel keeps signals without a handler from it."""
    unshare = ["unshare", "--pid", "--fork"]
    if not shutil.which("unshare") or subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no process can be process 1 of its own here")
    process, _ = start(*unshare)
    (server,) = _descendants(process.pid)
    os.kill(server, signal.SIGTERM)
    assert process.wait(SECONDS) == 0


def test_patience_ends() -> None:
    """Of a reader that takes nothing."""
    sockets: Sockets = {}
    server = waitress.create_server(
        lambda _, begin: (begin("200 OK", []), [b"x" * 30_000_000])[1], map=sockets, host="127.0.0.1", port=0
    )
    serving = Serving(sockets, patience_seconds=0.2)
    left: list[int] = []
    running = threading.Thread(target=lambda: left.append(serving.run()))
    running.start()
    with connection_to(int(server.effective_port)) as connection:
        ask(connection)
        serving.stop()
        running.join(SECONDS)
    assert left == [1]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are seen on Linux")
@pytest.mark.parametrize("whom", ["parent", "all"])
def test_an_indexing_run_gives_up_and_leaves_the_old_index(
    run: Run, environment: dict[str, str], reports: Path, tmp_path: Path, whom: str
) -> None:
    index = tmp_path / "index"
    assert run("index", reports, "--index", index).exit_code == 0
    before = sorted(path.name for path in index.iterdir())
    for number in range(12):
        text = f"{FARM_2024}\n" + f"第{number}次党建工作会议研究部署融合发展。\n" * 2_000
        (reports / f"{number}.txt").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "searchapp", "index", "--index", str(index), "--jobs", "2"]
    with subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        wait_until(lambda: len(_descendants(process.pid)) > FORKSERVER_AND_TRACKER)
        workers = _descendants(process.pid)
        if whom == "all":
            os.killpg(process.pid, signal.SIGTERM)
        else:
            process.send_signal(signal.SIGTERM)
        printed, told = process.communicate(timeout=SECONDS)
    assert (process.returncode, printed, told) == (128 + signal.SIGTERM, "", "已中断。\n")
    wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    assert "2 篇报告" in run("stats", "--index", index).output
    assert sorted(path.name for path in index.iterdir()) == before
