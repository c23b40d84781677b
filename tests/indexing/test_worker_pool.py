"""Workers: budgets of time and memory, deaths, errors; they end with their parent, and go quietly at Ctrl-C."""

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

from searchapp.indexing.worker_pool import Failure, WorkerDiedError, beside, in_workers
from tests.indexing.tasks import MEBIBYTE, doer

SECONDS = 60
"""How long anything here may take on a busy machine; it is waited for no longer than it takes."""
SCRIPT = """
import sys
from pathlib import Path
from searchapp.indexing.worker_pool import in_workers
from tests.indexing.tasks import holder

if __name__ == "__main__":
    for result in in_workers(range(6), 2, holder, Path(sys.argv[1]), seconds_of=lambda task: 600):
        pass
"""


def wait_for(path: Path) -> None:
    """Raises ``TimeoutError`` when it does not appear."""
    until = time.monotonic() + SECONDS
    while not path.exists():
        if time.monotonic() > until:
            raise TimeoutError(path.name)
        time.sleep(0.02)


def results_of(*tasks: str, workers: int = 2, seconds: float = SECONDS, memory: int = 0) -> dict[str, object]:
    done = in_workers(tasks, workers, doer, seconds_of=lambda task: seconds, memory=memory)
    return {tasks[number]: result for number, result in done}


@pytest.mark.parametrize("workers", [1, 2])
def test_of_tasks_that_misbehave_each_fails_alone(workers: int) -> None:
    tasks = ("a", "sleep 600", "b", "die", "c", "leave", "raise", "d", "raise what cannot leave", "spin", "e")
    results = results_of(*tasks, workers=workers, seconds=4)
    assert {task for task, result in results.items() if result == task} == set("abcde")
    kinds = {task: result.kind for task, result in results.items() if isinstance(result, Failure)}
    assert kinds == {
        "sleep 600": "time",
        "spin": "time",
        "die": "died",
        "leave": "died",
        "raise": "raised",
        "raise what cannot leave": "raised",
    }
    failure = results["raise"]
    assert isinstance(failure, Failure) and repr(failure.error) == repr(ValueError("no such thing"))
    late = results["spin"]
    assert isinstance(late, Failure) and late.seconds >= 4


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the limit is measured by /proc")
def test_memory_beyond_the_budget_is_refused_and_the_next_task_has_all_of_it() -> None:
    results = results_of("take 600", "take 200", workers=1, memory=400 * MEBIBYTE)
    failure = results["take 600"]
    assert isinstance(failure, Failure) and isinstance(failure.error, MemoryError)
    assert results["take 200"] == 200 * MEBIBYTE


def test_no_task_is_taken_before_a_worker_is_free_for_it() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[str]:
        for number in range(9):
            taken.append(number)
            yield str(number)

    for count, _ in enumerate(in_workers(tasks(), 2, doer, seconds_of=lambda task: SECONDS), start=1):
        assert len(taken) <= count + 2
    assert len(taken) == 9


def test_who_stops_listening_stops_the_workers() -> None:
    taken: list[int] = []
    results = in_workers(
        (taken.append(number) or "a" for number in range(30)),  # type: ignore[func-returns-value]
        2,
        doer,
        seconds_of=lambda task: SECONDS,
    )
    next(results)
    results.close()
    assert len(taken) < 6


def test_a_task_beside_a_block_gives_its_result_or_raises() -> None:
    with beside(doer, task="a") as result:
        assert result() == "a"
    with pytest.raises(ValueError, match="no such thing"), beside(doer, task="raise") as result:
        result()
    with pytest.raises(WorkerDiedError), beside(doer, task="die") as result:
        result()


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
@pytest.mark.parametrize("to_all", [True, False], ids=["terminal", "parent"])
def test_ctrl_c_ends_all_without_a_word_of_theirs(parent: subprocess.Popen[str], tmp_path: Path, to_all: bool) -> None:
    os.killpg(parent.pid, signal.SIGINT) if to_all else parent.send_signal(signal.SIGINT)
    told, _ = parent.communicate(timeout=SECONDS)
    assert parent.returncode != 0
    assert told.count("Traceback") == 1, "that of the script itself"
    assert not (tmp_path / "2.held").exists()
