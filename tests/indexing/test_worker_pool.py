"""Worker processes end with their parent, killed or not, and go quietly when somebody presses Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import filelock
import pytest

from searchapp.indexing.worker_pool import worker_pool

SECONDS = 30
"""How long anything here may take on a busy machine; it is waited for no longer than it takes."""
SCRIPT = """
import sys
from pathlib import Path
from searchapp.indexing.worker_pool import worker_pool
from tests.indexing.test_worker_pool import hold

if __name__ == "__main__":
    with worker_pool(2) as workers:
        held = [workers.submit(hold, Path(sys.argv[1]), number) for number in range(6)]
        held[0].result()
"""


def hold(folder: Path, number: int) -> None:
    """Holds a lock for as long as the process lives."""
    with filelock.FileLock(folder / f"{number}.lock"):
        (folder / f"{number}.held").touch()
        time.sleep(10 * SECONDS)


def process_id() -> int:
    """The worker's own."""
    return os.getpid()


def loop_until(folder: Path) -> str:
    """Says that it has begun; ends when a file appears."""
    (folder / "begun").touch()
    wait_for(folder / "end")
    return "done"


def wait_for(path: Path) -> None:
    """Raises ``TimeoutError`` when it does not appear."""
    until = time.monotonic() + SECONDS
    while not path.exists():
        if time.monotonic() > until:
            raise TimeoutError(path.name)
        time.sleep(0.02)


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process whose two workers each hold a lock."""
    script = tmp_path / "parent.py"
    script.write_text(SCRIPT, encoding="utf-8")
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, script, tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
        start_new_session=True,
    ) as process:
        for number in (0, 1):
            wait_for(tmp_path / f"{number}.held")
        yield process
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM"])
def test_workers_end_with_a_parent_that_is_killed(parent: subprocess.Popen[str], tmp_path: Path, how: str) -> None:
    parent.send_signal(getattr(signal, how))
    assert parent.wait(SECONDS) < 0
    for number in (0, 1):
        with filelock.FileLock(tmp_path / f"{number}.lock", timeout=SECONDS):
            pass
    assert not (tmp_path / "2.held").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_ctrl_c_ends_all_without_a_word_of_theirs(parent: subprocess.Popen[str], tmp_path: Path) -> None:
    os.killpg(parent.pid, signal.SIGINT)
    told, _ = parent.communicate(timeout=SECONDS)
    assert parent.returncode != 0
    assert told.count("Traceback") == 1, "that of the script itself"
    assert not (tmp_path / "2.held").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_an_interrupt_of_the_parent_alone_ends_what_the_workers_are_at(
    parent: subprocess.Popen[str], tmp_path: Path
) -> None:
    parent.send_signal(signal.SIGINT)
    told, _ = parent.communicate(timeout=SECONDS)
    assert parent.returncode != 0
    assert told.count("Traceback") == 1, "that of the script itself"
    assert not (tmp_path / "2.held").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_an_interrupted_worker_gives_up_its_task_and_every_later_one(tmp_path: Path) -> None:
    with worker_pool(1) as workers:
        number = workers.submit(process_id).result()
        task = workers.submit(loop_until, tmp_path)
        wait_for(tmp_path / "begun")
        os.kill(number, signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            task.result(SECONDS)
        with pytest.raises(KeyboardInterrupt):
            workers.submit(process_id).result(SECONDS)


def test_tasks_that_have_begun_are_waited_for(tmp_path: Path) -> None:
    with worker_pool(1) as workers:
        task = workers.submit(loop_until, tmp_path)
        wait_for(tmp_path / "begun")
        (tmp_path / "end").touch()
    assert task.result(0) == "done"
