"""An index that another process rebuilds on demand."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchapp.config import DEFAULT_ENGINE

ENGINES = (DEFAULT_ENGINE, "tantivy")


class Builder:
    """Makes version after version current; ``versions`` is which version each build holds."""

    def __init__(self, process: subprocess.Popen[str], index: Path) -> None:
        self._process = process
        self.index = index
        self.versions: dict[str, int] = {}

    def build(self, version: int) -> str:
        """Writes and indexes a version; gives the name of the build, which is then current."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{version}\n")
        self._process.stdin.flush()
        build = self._process.stdout.readline().strip()
        assert build, "the indexing process ended"
        self.versions[build] = version
        return build

    def build_until_gone(self, build: str) -> None:
        """Makes versions from 1 on current until the folder of ``build`` has been removed."""
        for version in range(1, 20):
            self.build(version)
            if not (self.index / build).exists():
                return
        raise AssertionError(f"{build} is never removed")


@pytest.fixture
def builder(
    request: pytest.FixtureRequest, tmp_path: Path, environment: dict[str, str], checkout: Path
) -> Iterator[Builder]:
    """Begins with version 0. The parameter is the engine."""
    engine = getattr(request, "param", DEFAULT_ENGINE)
    if engine != DEFAULT_ENGINE:
        pytest.importorskip(engine)
    source, index = tmp_path / "报告", tmp_path / "index"
    source.mkdir()
    command = [sys.executable, "-m", "tests.concurrency.builder", str(source), str(index), engine]
    path = os.pathsep.join([environment["PYTHONPATH"], str(checkout)])
    with subprocess.Popen(
        command,
        cwd=checkout,
        env={**environment, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        made = Builder(process, index)
        made.build(0)
        yield made
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=30) == 0
