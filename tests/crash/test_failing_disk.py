"""A disk that is full: the run fails, the old build stays, and the next run leaves nothing unfinished behind."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from .conftest import ForkServer, Scene, copy_of
from .test_kill import assert_unharmed, is_run_again
from .worlds import leftovers, truth_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="resource limits and fork are POSIX")


@pytest.mark.long
def test_no_space_at_any_fsync_or_rename_leaves_a_whole_index(
    first_scene: Scene, forkserver: ForkServer, tmp_path: Path
) -> None:
    """Also when the failure comes after the switch, while the new name is being made durable."""
    number = 0
    while True:
        number += 1
        scene = copy_of(first_scene, tmp_path / f"{number}")
        ended = forkserver.run("index", scene.source, "--index", scene.index, fail_at=number)
        if len(ended.steps) < number:
            break
        assert ended.status != 0, f"{ended.steps[-1]}: an error was passed over"
        answered = assert_unharmed(scene, forkserver, None if is_run_again(number, ended.steps) else first_scene.index)
        if "replace CURRENT" not in ended.steps:
            assert answered == "old"
        shutil.rmtree(tmp_path / f"{number}")
    assert ended.status == 0, ended.output
    assert number > 10


def test_no_space_is_told_without_a_traceback(scene: Scene, forkserver: ForkServer) -> None:
    ended = forkserver.run("index", scene.source, "--index", scene.index, fail_at=5)
    assert "Traceback" not in ended.output
    assert ended.status == 3
    assert "searchapp：" in ended.output


@pytest.mark.parametrize("limit", [0, 10, 100, 300, 1_000, 3_000, 6_000])
def test_files_that_cannot_grow_leave_the_old_index(scene: Scene, forkserver: ForkServer, limit: int) -> None:
    """A write inside an engine or an array fails, not only the steps that make files durable."""
    ended = forkserver.run("index", scene.source, "--index", scene.index, file_limit=limit)
    assert ended.status != 0, "the limit is beyond the largest file: raise none of the limits above it"
    assert truth_of(scene.index) == scene.old
    assert leftovers(scene.index) == [] or limit == 0
    assert assert_unharmed(scene, forkserver) == "old"
