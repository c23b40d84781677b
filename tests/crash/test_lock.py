"""One indexer at a time: a second is refused at once, and the lock goes with the process that held it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import ForkServer, Scene
from .worlds import truth_of

REFUSED_WITHIN_SECONDS = 30.0

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the fork server is POSIX")


def test_a_second_indexer_is_refused_and_harms_nothing(
    scene: Scene, forkserver: ForkServer, environment: dict[str, str], tmp_path: Path
) -> None:
    gate = tmp_path / "go"
    forkserver.start("index", scene.source, "--index", scene.index, hold_at=20, until=str(gate))
    try:
        _wait_for_steps(forkserver, 20)
        before = _everything(scene.index)
        began = time.perf_counter()
        second = _index(scene, environment)
        assert second.returncode == 3
        assert time.perf_counter() - began < REFUSED_WITHIN_SECONDS
        assert "另一个" in second.stderr
        assert "Traceback" not in second.stderr
        assert _everything(scene.index) == before
        assert truth_of(scene.index) == scene.old
    finally:
        gate.touch()
        first = forkserver.finish()
    assert first.status == 0, first.output
    assert truth_of(scene.index) == scene.new
    assert _index(scene, environment).returncode == 0


def test_the_lock_of_a_killed_indexer_holds_nobody_up(
    scene: Scene, forkserver: ForkServer, environment: dict[str, str]
) -> None:
    ended = forkserver.run("index", scene.source, "--index", scene.index, die_at=20)
    assert ended.status == -signal.SIGKILL
    assert _index(scene, environment).returncode == 0
    assert truth_of(scene.index) == scene.new


def test_a_lock_file_alone_is_no_lock(scene: Scene, environment: dict[str, str]) -> None:
    (scene.index / ".lock").write_bytes(b"")
    assert _index(scene, environment).returncode == 0


def _index(scene: Scene, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "searchapp", "index", str(scene.source), "--index", str(scene.index)]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False)


def _wait_for_steps(forkserver: ForkServer, count: int) -> None:
    deadline = time.monotonic() + 30
    while len(forkserver.steps()) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _everything(index: Path) -> dict[str, tuple[int, int]]:
    """Every file of an index with its size and time of change."""
    files = (path for path in index.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}
