"""An index of ``worlds.BEFORE`` whose folder has become ``worlds.AFTER``, and a fork server to index it with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.indexes import IN_PROCESS

from .worlds import AFTER, BEFORE, Truth, retired_of, truth_of, write_folder


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit status (negative: the signal), output, names of the checkpoints it passed."""

    status: int
    output: str
    steps: list[str]


class ForkServer:
    """Runs searchapp commands as processes of their own, without paying for their start-up."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._log = folder / "steps.log"

    def run(self, *args: str | Path, **request: Any) -> Ended:
        """Runs ``searchapp args`` to its end."""
        self.start(*args, **request)
        return self.finish()

    def start(self, *args: str | Path, **request: Any) -> int:
        """Begins a command and gives its process id; :meth:`finish` waits for it.

        Files are read in the command's own process; its workers are those of ``tests/indexing/test_worker_pool.py``.
        """
        self._log.unlink(missing_ok=True)
        args = (*args, *(IN_PROCESS if args[0] == "index" else ()))
        assert self._process.stdin
        line = json.dumps({"args": [str(arg) for arg in args], "log": str(self._log), **request})
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return int(self._answer()["pid"])

    def finish(self) -> Ended:
        """Waits for the command begun last."""
        answer = self._answer()
        return Ended(answer["status"], answer["output"], self.steps())

    def steps(self) -> list[str]:
        """The checkpoints passed so far."""
        return self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@dataclass(frozen=True)
class Scene:
    """``index`` mirrors the folder as it was; ``source`` has changed since. ``old`` and ``new`` are the two truths,
    ``retired`` the retired addresses after an undisturbed run."""

    source: Path
    index: Path
    old: Truth
    new: Truth
    retired: object


@pytest.fixture(scope="package")
def forkserver(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    if not hasattr(os, "fork"):
        pytest.skip("no fork on this system")
    # One thread: forking is then sound, whatever numpy brings along.
    single = {**environment, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    command = [sys.executable, str(Path(__file__).with_name("forkserver.py"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=single, text=True, encoding="utf-8"
    ) as process:
        yield ForkServer(process, tmp_path_factory.mktemp("forkserver"))
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=30) == 0


@pytest.fixture(scope="package")
def first_scene(forkserver: ForkServer, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    top = tmp_path_factory.mktemp("scene")
    source, index = top / "报告", top / "index"
    truths = []
    for name, files in (("before", BEFORE), ("after", AFTER)):
        write_folder(source, files)
        assert forkserver.run("index", source, "--index", top / name).status == 0
        truths.append(truth_of(top / name))
    write_folder(source, BEFORE)
    for _ in range(2):
        assert forkserver.run("index", source, "--index", index, "--rebuild").status == 0
    write_folder(source, AFTER)
    shutil.copytree(index, top / "undisturbed")
    assert forkserver.run("index", source, "--index", top / "undisturbed").status == 0
    return Scene(source, index, truths[0], truths[1], retired_of(top / "undisturbed"))


@pytest.fixture
def scene(first_scene: Scene, tmp_path: Path) -> Scene:
    """A scene of one's own."""
    return copy_of(first_scene, tmp_path)


def copy_of(scene: Scene, folder: Path) -> Scene:
    """The same scene in ``folder``: an index finds its source from where it stands, so both move together."""
    source, index = folder / scene.source.name, folder / scene.index.name
    shutil.copytree(scene.source, source)
    shutil.copytree(scene.index, index)
    return Scene(source, index, scene.old, scene.new, scene.retired)
