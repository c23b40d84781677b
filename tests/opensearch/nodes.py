"""One OpenSearch process: its folder, its configuration, its start and its end.

A process is known by the file ``pid`` in its folder and by its own command line, which names that folder: a number
that the system has since given to another process is never taken for it.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.opensearch.java import Java

USER = "searchapp-opensearch"
"""Who runs the servers when root starts them: OpenSearch refuses to run as root."""
STOP_SECONDS = 20
JVM = "-XX:TieredStopAtLevel=1"
"""A server that lives for minutes: what the optimizing compiler costs at the start of three at once, it never earns."""


class NodeError(Exception):
    """A node cannot be started; the message (Chinese) says why."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node ``name`` in ``folder``; it answers at ``http`` and speaks with the others at ``transport`` (ports)."""

    name: str
    folder: Path
    http: int
    transport: int

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.http}"

    @property
    def log(self) -> Path:
        """What the process says."""
        return self.folder / "output.log"

    def pid(self) -> int | None:
        """The number of the running process, if it runs."""
        try:
            pid = int((self.folder / "pid").read_text())
        except (OSError, ValueError):
            return None
        return pid if self._mark in _command_line(pid) else None

    @property
    def _mark(self) -> str:
        """An argument that no other process has."""
        return f"-Epath.logs={self.folder / 'logs'}"

    def check_ports(self) -> None:
        """Raises ``NodeError`` when something else listens where this node would."""
        for port in (self.http, self.transport):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    raise NodeError(
                        f"端口 {port} 被别的程序占着。换一组：OPENSEARCH_HTTP_PORT=… OPENSEARCH_TRANSPORT_PORT=…"
                    ) from None

    def start(self, home: Path, java: Java, heap: str, peers: Sequence[Node]) -> None:
        """Starts the process, which lives on when its starter ends. Its data is what it left behind."""
        self.check_ports()
        user = server_user()
        self._configure(home, peers)
        if user is not None:
            _give(self.folder, user)
        environment = {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "HOME": str(self.folder),
            "OPENSEARCH_JAVA_HOME": str(java.home),
            "OPENSEARCH_JAVA_OPTS": f"-Xms{heap} -Xmx{heap} {JVM}",
            "OPENSEARCH_PATH_CONF": str(self.folder / "config"),
            "OPENSEARCH_TMPDIR": str(self.folder / "tmp"),
        }
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [str(home / "bin" / "opensearch"), self._mark],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=self.folder,
                start_new_session=True,
                user=None if user is None else user.pw_uid,
                group=None if user is None else user.pw_gid,
                extra_groups=None if user is None else [],
            )
        _STARTED[process.pid] = process
        (self.folder / "pid").write_text(f"{process.pid}\n")

    def _configure(self, home: Path, peers: Sequence[Node]) -> None:
        config = self.folder / "config"
        for part in (config, self.folder / "data", self.folder / "logs", self.folder / "tmp"):
            part.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(home / "config" / "log4j2.properties", config / "log4j2.properties")
        options = (home / "config" / "jvm.options").read_text(encoding="utf-8").splitlines()
        kept = (line for line in options if "gc.log" not in line and not line.startswith("8"))
        jvm = "\n".join(kept).replace("=logs/", f"={self.folder}/logs/").replace("=data", f"={self.folder}/logs")
        (config / "jvm.options").write_text(jvm + "\n", encoding="utf-8")
        settings = {
            "cluster.name": "searchapp-test",
            "node.name": self.name,
            "network.host": "127.0.0.1",
            "http.port": self.http,
            "transport.port": self.transport,
            "discovery.seed_hosts": _listed(f"127.0.0.1:{peer.transport}" for peer in peers),
            "cluster.initial_cluster_manager_nodes": _listed(peer.name for peer in peers),
            "path.data": self.folder / "data",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }
        lines = (f"{name}: {value}\n" for name, value in settings.items())
        (config / "opensearch.yml").write_text("".join(lines), encoding="utf-8")

    def kill(self) -> None:
        """Ends the process at once (SIGKILL), as a failing machine would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends the process in good order; one that does not end in time is killed."""
        self._end(signal.SIGTERM)
        if self.pid() is not None:
            self.kill()

    def _end(self, how: signal.Signals) -> None:
        pid = self.pid()
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        deadline = time.monotonic() + STOP_SECONDS
        while self.pid() is not None and time.monotonic() < deadline:
            if pid in _STARTED:
                _STARTED[pid].poll()
            time.sleep(0.1)


_STARTED: dict[int, subprocess.Popen[bytes]] = {}
"""Processes that this one has started, and must take leave of when they end."""


def server_user() -> pwd.struct_passwd | None:
    """Who is to run the servers: nobody else (None) unless this is root; then a user made for it."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER]
        try:
            subprocess.run(command, check=True, capture_output=True, env={"PATH": f"/usr/sbin:/sbin:{os.defpath}"})
        except (OSError, subprocess.CalledProcessError):
            raise NodeError(f"OpenSearch 不能以 root 运行，用户 {USER} 又建不了；请换一个普通用户") from None
        return pwd.getpwnam(USER)


def can_reach(folder: Path) -> bool:
    """Whether the user who is to run the servers can work below ``folder``."""
    user = server_user()
    if user is None:
        return os.access(folder, os.W_OK | os.X_OK)
    command = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)]
    done = subprocess.run(command, check=False, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/")
    return done.returncode == 0


def _give(folder: Path, user: pwd.struct_passwd) -> None:
    for current, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            os.chown(Path(current) / name, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _listed(values: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


def _command_line(pid: int) -> str:
    """The command line of a process; nothing for one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    done = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout
