"""The same kills over an index of the tantivy engine: its answers are those of the default one."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from searchapp.wiring import current_manifest

from .conftest import ForkServer, Scene, copy_of
from .test_kill import ForkedProcess, assert_unharmed, slowest_seconds

KILLS = 8

pytest.importorskip("tantivy")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL and fork are POSIX")


@pytest.fixture(scope="module")
def tantivy_scene(first_scene: Scene, forkserver: ForkServer, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The scene with its index moved to tantivy."""
    scene = copy_of(first_scene, tmp_path_factory.mktemp("tantivy"))
    ended = forkserver.run("reindex", "--from", scene.index, "--engine", "tantivy")
    assert ended.status == 0, ended.output
    assert current_manifest(scene.index).engine == "tantivy"
    return scene


@pytest.fixture(scope="module")
def writing_seconds(tantivy_scene: Scene, forkserver: ForkServer, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a run takes from the appearance of its build folder to the end."""
    folder = tmp_path_factory.mktemp("writing")
    return slowest_seconds(lambda own: ForkedProcess(copy_of(tantivy_scene, own), forkserver), folder)


@pytest.mark.parametrize("moment", range(KILLS))
def test_a_process_killed_at_a_random_moment_of_writing_harms_nothing(
    tantivy_scene: Scene, forkserver: ForkServer, tmp_path: Path, writing_seconds: float, moment: int
) -> None:
    scene = copy_of(tantivy_scene, tmp_path)
    process = ForkedProcess(scene, forkserver)
    time.sleep(random.Random(moment).uniform(0, writing_seconds))
    assert process.kill() in (-signal.SIGKILL, 0)
    assert_unharmed(scene, forkserver)
    assert current_manifest(scene.index).engine == "tantivy"
