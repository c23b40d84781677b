"""SIGKILL at thirty random moments of a real ``searchapp index``, and after every single fsync and rename."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from searchapp.errors import NoIndexError
from searchapp.store import builds, files
from tests.indexes import IN_PROCESS

from .conftest import ForkServer, Scene, copy_of
from .worlds import build_count, leftovers, retired_of, truth_of

KILLS = 30
LONGEST_RUN_SECONDS = 60.0

pytestmark = [pytest.mark.long, pytest.mark.skipif(os.name != "posix", reason="SIGKILL and fork are POSIX")]


RUN_AGAIN_EVERY = 5
"""Of checkpoints in a row that leave an unfinished build: after which the next run is made, not only what it finds."""


def is_run_again(number: int, steps: list[str]) -> bool:
    """Whether the next run is tried after this checkpoint: for every fifth, and all from ``CURRENT.new`` on."""
    return number % RUN_AGAIN_EVERY == 1 or any("CURRENT" in step for step in steps)


def clear(index: Path) -> None:
    """What an indexing run does first of all."""
    with builds.index_lock(index):
        builds.recover(index)
        builds.discard_stale(index)
        files.discard_spools(index)


def tree_of(index: Path) -> dict[str, bytes]:
    """Every file of an index but its lock."""
    paths = [path for path in index.rglob("*") if path.is_file() and path.name != builds.LOCK_FILE]
    return {path.relative_to(index).as_posix(): path.read_bytes() for path in paths}


def assert_unharmed(scene: Scene, forkserver: ForkServer, undisturbed: Path | None = None) -> str:
    """The index answers one truth whole; the next run succeeds and makes it equal to a build from nothing.

    With ``undisturbed``, an index that no run has touched, nothing is asked and the next run is not made: what readers
    open is byte for byte the same, and so is what the next run begins with.
    """
    if undisturbed is not None:
        before = tree_of(undisturbed)
        assert before.items() <= tree_of(scene.index).items(), "readers open something else"
        clear(scene.index)
        assert tree_of(scene.index) == before, "the next run begins with something else"
        return "old"
    answered = truth_of(scene.index)
    assert answered in (scene.old, scene.new)
    ended = forkserver.run("index", scene.source, "--index", scene.index)
    assert ended.status == 0, ended.output
    assert truth_of(scene.index) == scene.new
    assert retired_of(scene.index) == scene.retired
    assert leftovers(scene.index) == []
    assert build_count(scene.index) <= 2
    return "old" if answered == scene.old else "new"


class FreshProcess:
    """``python -m searchapp index`` as anyone starts it."""

    def __init__(self, scene: Scene, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "searchapp", "index", str(scene.source), "--index", str(scene.index)]
        command += IN_PROCESS
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end(self) -> int:
        return self._process.wait(timeout=LONGEST_RUN_SECONDS)

    def kill(self) -> int:
        self._process.send_signal(signal.SIGKILL)
        return self.end()


class ForkedProcess:
    """The same command from the moment its modules are imported; counted from when its build folder is there."""

    def __init__(self, scene: Scene, forkserver: ForkServer) -> None:
        self._forkserver = forkserver
        before = build_count(scene.index)
        self._pid = forkserver.start("index", scene.source, "--index", scene.index, fsync=True)
        deadline = time.monotonic() + LONGEST_RUN_SECONDS
        while build_count(scene.index) <= before:
            assert time.monotonic() < deadline
            time.sleep(0.0002)

    def end(self) -> int:
        return self._forkserver.finish().status

    def kill(self) -> int:
        # The pid stays this command's until the fork server has waited for it; a zombie takes the signal in silence.
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        return self.end()


def slowest_seconds(begin: Callable[[Path], FreshProcess | ForkedProcess], folder: Path) -> float:
    """How long an undisturbed process takes at most, of three."""
    taken = []
    for number in range(3):
        process = begin(folder / f"{number}")
        began = time.perf_counter()
        assert process.end() == 0
        taken.append(time.perf_counter() - began)
    return max(taken)


@pytest.fixture(scope="module")
def whole_seconds(first_scene: Scene, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a fresh process takes."""
    folder = tmp_path_factory.mktemp("whole")
    return slowest_seconds(lambda own: FreshProcess(copy_of(first_scene, own), environment), folder)


@pytest.fixture(scope="module")
def writing_seconds(first_scene: Scene, forkserver: ForkServer, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a run takes from the appearance of its build folder to the end."""
    folder = tmp_path_factory.mktemp("writing")
    return slowest_seconds(lambda own: ForkedProcess(copy_of(first_scene, own), forkserver), folder)


@pytest.mark.parametrize("moment", range(KILLS // 3))
def test_a_fresh_process_killed_at_a_random_moment_harms_nothing(
    scene: Scene, forkserver: ForkServer, environment: dict[str, str], whole_seconds: float, moment: int
) -> None:
    process = FreshProcess(scene, environment)
    time.sleep(random.Random(moment).uniform(0, whole_seconds))
    assert process.kill() in (-signal.SIGKILL, 0)
    assert_unharmed(scene, forkserver)


@pytest.mark.parametrize("moment", range(KILLS // 3, KILLS))
def test_a_process_killed_at_a_random_moment_of_writing_harms_nothing(
    scene: Scene, forkserver: ForkServer, writing_seconds: float, moment: int
) -> None:
    process = ForkedProcess(scene, forkserver)
    time.sleep(random.Random(moment).uniform(0, writing_seconds))
    assert process.kill() in (-signal.SIGKILL, 0)
    assert_unharmed(scene, forkserver)


def test_a_run_killed_after_any_fsync_or_rename_harms_nothing(
    first_scene: Scene, forkserver: ForkServer, tmp_path: Path
) -> None:
    """Every checkpoint in turn until a run comes through; before the switch the old index answers, then the new."""
    answers: list[tuple[str, str]] = []
    number = 0
    while True:
        number += 1
        scene = copy_of(first_scene, tmp_path / f"{number}")
        ended = forkserver.run("index", scene.source, "--index", scene.index, die_at=number)
        if ended.status != -signal.SIGKILL:
            break
        undisturbed = None if is_run_again(number, ended.steps) else first_scene.index
        answers.append((ended.steps[-1], assert_unharmed(scene, forkserver, undisturbed)))
        shutil.rmtree(tmp_path / f"{number}")
    assert ended.status == 0, ended.output
    assert number - 1 == len(ended.steps) > 10
    last_before, switch = "fsync CURRENT.new", "replace CURRENT"
    assert (last_before, "old") in answers
    assert (switch, "new") in answers
    order = [answered for _, answered in answers]
    assert order == sorted(order, reverse=True), "the index went back to the old build"


def test_a_first_run_killed_after_any_fsync_or_rename_leaves_none_or_the_whole_index(
    first_scene: Scene, forkserver: ForkServer, tmp_path: Path
) -> None:
    number = 0
    while True:
        number += 1
        index = tmp_path / f"{number}"
        ended = forkserver.run("index", first_scene.source, "--index", index, die_at=number)
        if ended.status != -signal.SIGKILL:
            break
        switched = "replace CURRENT" in ended.steps
        if not is_run_again(number, ended.steps):
            with pytest.raises(NoIndexError):
                builds.current_build(index)
            clear(index)
            if not tree_of(index):
                continue  # the next run begins with nothing, as this one did
            switched = True
        stats = forkserver.run("stats", "--index", index)
        assert stats.status == (0 if switched else 3), stats.output
        again = forkserver.run("index", first_scene.source, "--index", index)
        assert again.status == 0, again.output
        assert truth_of(index) == first_scene.new
        assert leftovers(index) == []
        shutil.rmtree(index)
    assert ended.status == 0, ended.output
    assert number > 10


def test_a_run_killed_again_and_again_still_leaves_one_truth(scene: Scene, forkserver: ForkServer) -> None:
    """Unfinished builds of several killed runs do not add up, nor push out the current one."""
    for number in (45, 3, 20, 46, 30):
        ended = forkserver.run("index", scene.source, "--index", scene.index, die_at=number)
        assert ended.status == -signal.SIGKILL, f"{number}: {ended.output}"
        assert truth_of(scene.index) == scene.old
        assert build_count(scene.index) <= 3
    assert assert_unharmed(scene, forkserver) == "old"
