"""Peers in processes of their own, from the side that asks. Knows processes and what Linux tells of them."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.peers import Query, files_below
from benchmarks.registry import Entry, python_of

_KIBIBYTE = 1024


class Running:
    """One peer that is asked; see :mod:`benchmarks.child`. ``started`` is when its process was begun."""

    def __init__(self, entry: Entry, folder: Path, serving: bool = False) -> None:
        self.started = time.perf_counter()
        command = [str(python_of(entry)), "-m", "benchmarks.child", entry.name, str(folder)]
        self._process = subprocess.Popen(
            [*command, "serving"] if serving else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.ready: dict[str, float] = self._heard()

    def answer(self, asked: Query) -> dict[str, Any]:
        """The whole answer, with ``ms`` that the peer took."""
        return self._told({"do": "answer", "asked": asked.plain()})

    def count(self, asked: Query) -> dict[str, Any]:
        """The number of blocks alone, with ``ms``."""
        return self._told({"do": "count", "asked": asked.plain()})

    def reopen(self) -> None:
        """Opens the index anew, with nothing remembered by the peer."""
        self._told({"do": "reopen"})

    def jieba_loaded(self) -> bool:
        """Whether jieba's own dictionary is in the process."""
        return bool(self._told({"do": "status"})["jieba_loaded"])

    def memory(self) -> dict[str, int]:
        """Bytes by the names of ``smaps_rollup``: ``Rss``, ``Pss``, ``Private_Clean`` …"""
        lines = Path(f"/proc/{self._process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        return {name.rstrip(":"): int(size) * _KIBIBYTE for name, size, *_ in map(str.split, lines)}

    def close(self) -> None:
        """Ends the process."""
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()

    def _told(self, told: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(told, ensure_ascii=False) + "\n")
        self._process.stdin.flush()
        return self._heard()

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a peer ended before it answered: {' '.join(map(str, self._process.args))}")
        heard: dict[str, Any] = json.loads(line)
        return heard


@contextmanager
def running(entry: Entry, folder: Path, serving: bool = False) -> Iterator[Running]:
    """A process that ends with the block."""
    peer = Running(entry, folder, serving)
    try:
        yield peer
    finally:
        peer.close()


def forget_files(folder: Path) -> None:
    """Asks the system to drop the files below ``folder`` from its cache: none of them may be open or mapped."""
    for path in files_below(folder):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
