"""``searchapp serve`` as a process of its own on loopback, and what it takes of the machine."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_SECONDS = 300
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its ``port`` on loopback, and its process."""

    port: int
    pid: int

    def processor_seconds(self) -> float:
        """What its process has used until now (Linux)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def resident_mib(self) -> float:
        """Its resident memory (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii", errors="replace")
        return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)

    def connection(self) -> http.client.HTTPConnection:
        """One that is not open yet."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)

    def status(self, path: str, body: bytes | None = None, most: int | None = None) -> int:
        """Asks on a connection of its own and reads the answer, or ``most`` bytes of it; then closes."""
        with closing(self.connection()) as connection:
            kind = {"Content-Type": "application/json"} if body else {}
            connection.request("POST" if body else "GET", path, body, kind)
            response = connection.getresponse()
            response.read(most)
            return response.status

    def timed(self, path: str, body: bytes | None = None) -> tuple[float, int]:
        """Seconds to the last byte of an answer, and its status."""
        began = time.perf_counter()
        status = self.status(path, body)
        return time.perf_counter() - began, status


def program(checkout: Path | None, *arguments: str | Path) -> tuple[list[str], dict[str, str]]:
    """The command line of searchapp, this one or that of another ``checkout``, and its environment."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    if checkout is not None:
        environment["PYTHONPATH"] = str(checkout)
    return [sys.executable, "-m", "searchapp", *map(str, arguments)], environment


@contextmanager
def running(index: Path, options: Sequence[str] = (), checkout: Path | None = None) -> Iterator[Server]:
    """A server on a free port. Raises ``RuntimeError`` when it does not start."""
    command, environment = program(checkout, "serve", "--index", index, "--port", "0", *options)
    where = Path.cwd() if checkout is None else checkout
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=environment, cwd=where) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            address = next((word for word in line.split() if "http://" in word), None)
            if address is None:
                raise RuntimeError(f"searchapp serve says: {line!r}")
            yield Server(int(address.rpartition(":")[2].strip("/")), process.pid)
        finally:
            process.terminate()
