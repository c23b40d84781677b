"""``grep -c`` over the paragraphs as lines: the floor of honesty. It reads everything, and only counts."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.peers import GAP_MOST, Passage, PeerAnswer, Query

FILE = "paragraphs.txt"
_NOT_IN_GAPS = "。!?;⋯"


def index_lines(passages: Iterable[Passage], folder: Path, told: Callable[[int], None]) -> None:
    """One line a paragraph."""
    with (folder / FILE).open("w", encoding="utf-8") as lines:
        for number, passage in enumerate(passages, 1):
            lines.write(passage.text + "\n")
            told(number)


class GrepPeer:
    """One process a query."""

    def __init__(self, folder: Path) -> None:
        self._file = str(folder / FILE)

    def answer(self, asked: Query) -> PeerAnswer:
        raise NotImplementedError("grep only counts")

    def count(self, asked: Query) -> int:
        if asked.kind == "gap":
            # An extended expression counts characters by the locale.
            first, second = map(re.escape, asked.texts)
            sought, locale = ["-E", f"{first}[^{_NOT_IN_GAPS}]{{0,{GAP_MOST}}}{second}"], "C.UTF-8"
        else:
            sought, locale = ["-F", asked.texts[0]], "C"
        command = ["grep", "-c", *sought, self._file]
        done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "LC_ALL": locale})
        return int(done.stdout)

    def close(self) -> None:
        pass
