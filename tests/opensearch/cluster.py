"""Three OpenSearch processes as one cluster: ``python -m tests.opensearch.cluster COMMAND``.

    fetch           find Java, fetch and unpack OpenSearch; no process is started
    start           fetch, start what does not run, wait until all three are one green cluster
    status          which nodes run
    stop            end all three; their data stays
    remove          stop, and delete all that was made
    kill NODE       end one at once (SIGKILL); NODE is 1, 2 or 3
    restart NODE    start one again, wait for green
    run -- COMMAND  run a command with SEARCHAPP_OPENSEARCH_URL set, on the cluster there is or on one for its time

Environment: ``OPENSEARCH_VERSION``, ``OPENSEARCH_FOLDER``, ``OPENSEARCH_HTTP_PORT`` and ``OPENSEARCH_TRANSPORT_PORT``
(the first of three each), ``OPENSEARCH_HEAP``, ``OPENSEARCH_JAVA_HOME``. Exit status 77: it cannot run on this machine,
and why is said in one line.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests.opensearch.archive import NoArchiveError, unpacked
from tests.opensearch.java import NoJavaError, find_java
from tests.opensearch.nodes import Node, NodeError, can_reach, server_user

VERSION = "3.2.0"
"""The newest of which the archive is the bare server (76 MB); later ones hold the modules of the full distribution."""
FOLDER = Path(__file__).resolve().parents[2] / ".opensearch"
URL_VARIABLE = "SEARCHAPP_OPENSEARCH_URL"
NODES = 3
GREEN_SECONDS = 300
"""Twenty seconds do on an idle machine; a starved one has taken over 150."""
CANNOT = 77
TIMED_OUT = 124
RUN_SECONDS = 900
ENDED = "ended"
"""The file in the folder of a cluster with the exit status of the last command that was run on it."""


class NotGreenError(Exception):
    """The nodes did not become one green cluster in time; the message (Chinese) says what to read."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Three nodes below ``folder``."""

    folder: Path
    version: str
    heap: str
    nodes: tuple[Node, ...]

    @property
    def urls(self) -> str:
        """The addresses of all nodes, with commas between."""
        return ",".join(node.url for node in self.nodes)

    def fetch(self) -> Path:
        """Everything that starting needs but the ports. Raises ``NoJavaError``, ``NoArchiveError`` or ``NodeError``."""
        find_java()
        server_user()
        self._make_folder()
        return unpacked(self.folder, self.version)

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / ".gitignore").write_text("*\n")
        if not can_reach(self.folder):
            raise NodeError(f"运行服务器的用户进不了 {self.folder}；请设 OPENSEARCH_FOLDER=别处的文件夹")

    def start(self) -> bool:
        """Starts the nodes that do not run and waits for green; whether any had to be started."""
        resting = [node for node in self.nodes if node.pid() is None]
        if resting:
            java, home = find_java(), self.fetch()
            for node in resting:
                node.check_ports()
            for node in resting:
                node.start(home, java, self.heap, self.nodes)
        self.wait_for_green()
        return bool(resting)

    def restart(self, node: Node) -> None:
        """Starts one node again, with the data it had, and waits until it belongs to the cluster."""
        node.stop()
        node.start(self.fetch(), find_java(), self.heap, self.nodes)
        self.wait_for_green()

    def stop(self) -> None:
        """Ends every node that runs."""
        for node in self.nodes:
            node.stop()

    def wait_for_green(self, seconds: float = GREEN_SECONDS) -> None:
        """Waits until the cluster has all its nodes, and every shard all its copies. Raises ``NotGreenError``."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for node in self.nodes:
                if node.pid() is None:
                    told = f"最后说的是：{_last_line(node.log)}（全文在 {node.log}）"
                    raise NotGreenError(f"{node.name} 没有运行，{told}")
            health = self.health(self.nodes[0])
            if health.get("status") == "green" and health.get("number_of_nodes") == len(self.nodes):
                return
            time.sleep(0.5)
        raise NotGreenError(f"{seconds:.0f} 秒内集群没有就绪；看 {self.folder}/node-*/output.log")

    def health(self, node: Node) -> Mapping[str, object]:
        """What a node says of the cluster; nothing when it does not answer."""
        try:
            with urllib.request.urlopen(f"{node.url}/_cluster/health", timeout=5) as answer:
                found: Mapping[str, object] = json.load(answer)
                return found
        except (OSError, ValueError):
            return {}

    def node(self, number: int) -> Node:
        """The node with a number, from 1."""
        return self.nodes[number - 1]


def cluster(environment: Mapping[str, str] = os.environ) -> Cluster:
    """The cluster that the environment describes. Raises ``ValueError`` for a port that is no number."""
    folder = Path(environment.get("OPENSEARCH_FOLDER") or FOLDER).resolve()
    http = int(environment.get("OPENSEARCH_HTTP_PORT") or 9221)
    transport = int(environment.get("OPENSEARCH_TRANSPORT_PORT") or 9331)
    nodes = tuple(
        Node(f"node-{number + 1}", folder / f"node-{number + 1}", http + number, transport + number)
        for number in range(NODES)
    )
    version = environment.get("OPENSEARCH_VERSION") or VERSION
    return Cluster(folder, version, environment.get("OPENSEARCH_HEAP") or "512m", nodes)


def _start(ours: Cluster) -> None:
    begun = time.monotonic()
    running = sum(node.pid() is not None for node in ours.nodes)
    if running < len(ours.nodes):
        java = find_java()
        print(f"启动 OpenSearch {ours.version}，用 Java {java.version}（{java.home}）", flush=True)
    started = ours.start()
    told = f"集群就绪（{time.monotonic() - begun:.0f} 秒）" if started else "集群已在运行"
    print(f"{told}：{URL_VARIABLE}={ours.urls}", flush=True)


def _status(ours: Cluster) -> None:
    for node in ours.nodes:
        pid = node.pid()
        told = "没有运行" if pid is None else f"进程 {pid}，{ours.health(node).get('status', '还没有应答')}"
        print(f"{node.name}  {node.url}  {told}")


def _stop(ours: Cluster) -> None:
    running = [node for node in ours.nodes if node.pid() is not None]
    ours.stop()
    print("集群已停止" if running else "集群没有在运行")


def _run(ours: Cluster, command: Sequence[str], limit: float) -> int:
    """The exit status of ``command``; what had to be started for it is stopped whatever comes."""
    deadline = time.monotonic() + limit
    (ours.folder / ENDED).unlink(missing_ok=True)
    resting = [node for node in ours.nodes if node.pid() is None]
    with _ended_by_signals():
        try:
            _start(ours)
            environment = {**os.environ, URL_VARIABLE: ours.urls}
            left = max(1.0, deadline - time.monotonic())
            status = subprocess.run(command, env=environment, check=False, timeout=left).returncode
        except subprocess.TimeoutExpired:
            print(f"{limit:.0f} 秒内没有做完，已中止", file=sys.stderr)
            status = TIMED_OUT
        finally:
            for node in resting:
                node.stop()
    (ours.folder / ENDED).write_text(f"{status}\n", encoding="utf-8")
    return status


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Lets a polite end of this process (SIGTERM) do what is to be done in the end."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _last_line(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else "什么也没说"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.opensearch.cluster", description="三个 OpenSearch 进程的集群。")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("fetch", "start", "status", "stop", "remove"):
        commands.add_parser(name)
    for name in ("kill", "restart"):
        commands.add_parser(name).add_argument("node", type=int, choices=range(1, NODES + 1))
    run = commands.add_parser("run")
    run.add_argument("--limit", type=float, default=RUN_SECONDS, help="秒；连同启动")
    run.add_argument("rest", nargs="+", metavar="COMMAND")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of one command."""
    asked = _parser().parse_args(arguments)
    ours = cluster()
    try:
        match asked.command:
            case "fetch":
                print(ours.fetch())
            case "start":
                _start(ours)
            case "status":
                _status(ours)
            case "stop":
                _stop(ours)
            case "remove":
                _stop(ours)
                shutil.rmtree(ours.folder, ignore_errors=True)
            case "kill":
                ours.node(asked.node).kill()
            case "restart":
                ours.restart(ours.node(asked.node))
            case "run":
                return _run(ours, asked.rest, asked.limit)
    except (NoJavaError, NoArchiveError, NodeError, PermissionError) as exc:
        print(exc, file=sys.stderr)
        return CANNOT
    except NotGreenError as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
